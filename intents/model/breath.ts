/** Lets other work run: resolves at once while the last pause is recent, else after the event loop went round. */
export interface Breath {
  /** True when it is time for a pause. Cheap; asked inside hot loops. */
  due(): boolean
  pause(): Promise<void>
}

/** Longest stretch of work between two pauses, in milliseconds. */
const stretchMs = 8

/** Training may have to share the thread with message handling, so it pauses often. */
export const createBreath = (): Breath => {
  let since = performance.now()
  return {
    due: () => performance.now() - since > stretchMs,
    pause: () =>
      new Promise((resolve) => {
        setImmediate(() => {
          since = performance.now()
          resolve()
        })
      }),
  }
}
