/** A bell that a loop waits for: rings are never lost, also when nobody waits yet. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring, at once when it rang since the last wait, or after `timeoutMs`; true: it rang. */
  wait(timeoutMs: number): Promise<boolean>
}

/** Makes a silent bell. */
export const createBell = (): Bell => {
  let rung = false
  let wakeUp: (() => void) | undefined
  return {
    ring: () => {
      rung = true
      wakeUp?.()
    },
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          wakeUp = undefined
          resolve(rung)
          rung = false
        }
        const timer = setTimeout(done, timeoutMs)
        wakeUp = done
        if (rung) done()
      }),
  }
}
