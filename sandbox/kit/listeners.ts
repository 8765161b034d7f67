/** Whoever wants to hear of changes. */
export interface Listeners {
  /** Hears every change until the returned function is called. */
  readonly add: (listener: () => void) => () => void
  readonly tell: () => void
}

/** Nobody listens yet. */
export const createListeners = (): Listeners => {
  const listeners = new Set<() => void>()
  return {
    add: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell: () => listeners.forEach((listener) => listener()),
  }
}
