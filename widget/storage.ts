/** The browser's storage, which is allowed to be missing or full: then things last as long as the page. */
export interface Shelf {
  get(name: string): string | undefined
  /** `undefined` takes it away. */
  set(name: string, value: string | undefined): void
  /** Names that begin so. */
  names(prefix: string): readonly string[]
}

const reach = (which: 'localStorage' | 'sessionStorage'): Storage | undefined => {
  try {
    return window[which]
  } catch {
    // Forbidden by the visitor's settings.
    return undefined
  }
}

/** Keeps things of one inbox apart from everything else that the page keeps. */
export const createShelf = (which: 'localStorage' | 'sessionStorage', base: URL): Shelf => {
  const storage = reach(which)
  const prefix = `tongda:${base.host}${base.pathname}:`
  const memory = new Map<string, string>()
  return {
    get: (name) => memory.get(name) ?? storage?.getItem(prefix + name) ?? undefined,
    set(name, value) {
      memory.delete(name)
      try {
        if (value === undefined) storage?.removeItem(prefix + name)
        else storage?.setItem(prefix + name, value)
        if (value !== undefined && storage === undefined) memory.set(name, value)
      } catch {
        // Full: what stood there is old, and the copy in memory serves until the page is left.
        storage?.removeItem(prefix + name)
        if (value !== undefined) memory.set(name, value)
      }
    },
    names: (start) => [
      ...new Set([
        ...Object.keys(storage ?? {})
          .filter((key) => key.startsWith(prefix + start))
          .map((key) => key.slice(prefix.length)),
        ...[...memory.keys()].filter((key) => key.startsWith(start)),
      ]),
    ],
  }
}

/** A version 4 UUID; `crypto.randomUUID` is missing on pages without https. */
export const createId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = [...bytes].map((byte, at) => {
    if (at === 6) return ((byte & 0x0f) | 0x40).toString(16).padStart(2, '0')
    return (at === 8 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, '0')
  })
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
