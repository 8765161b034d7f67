// Before the first paint, so that nobody is dazzled.
try {
  const theme = globalThis.localStorage.getItem('tongda.sandbox.theme')
  if (theme === 'light' || theme === 'dark') globalThis.document.documentElement.dataset.theme = theme
} catch {
  // Storage is blocked: the system's colours it is.
}
