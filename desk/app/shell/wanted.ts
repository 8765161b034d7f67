const storageKey = 'tongda.wanted'
const base = '/desk/app/'

/** Remembers, in this window alone, what was asked for before somebody had to sign in. */
export const rememberWanted = (path: string): void => {
  try {
    sessionStorage.setItem(storageKey, path)
  } catch {
    // Switched off: signing in then leads to the inbox.
  }
}

/** What was asked for, once; only pages of ours. */
export const takeWanted = (): string | undefined => {
  try {
    const path = sessionStorage.getItem(storageKey)
    sessionStorage.removeItem(storageKey)
    return path?.startsWith(base) === true ? path : undefined
  } catch {
    return undefined
  }
}

/** The ticket that a link names behind `#`: `#/t/<id>`, as older links, robots and the sandbox write it. */
export const ticketOfLink = (hash: string): string | undefined => /^#?\/t\/([\w-]+)$/.exec(hash)?.[1]
