/** What this browser keeps under a name; undefined: nothing, or it keeps nothing at all. */
export const readLocal = (name: string): string | undefined => {
  try {
    return localStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

/** Keeps it; undefined takes it away. Private windows and full ones forget: nothing may depend on it. */
export const keepLocal = (name: string, value: string | undefined): void => {
  try {
    if (value === undefined) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {
    // Said above.
  }
}
