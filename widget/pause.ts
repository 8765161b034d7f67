/** Work that waits: at most one of it at a time. */
export interface Pause {
  /** Runs after `ms`, counted from now. */
  begin(ms: number): void
  end(): void
}

export const createPause = (work: () => void): Pause => {
  let timer: number | undefined
  const end = (): void => clearTimeout(timer)
  return {
    begin(ms) {
      end()
      timer = window.setTimeout(work, ms)
    },
    end,
  }
}
