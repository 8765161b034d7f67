/** Rings no more often than every `gatherMs`, and never less than once after the last call. */
export const gatherRings = (ring: () => void, gatherMs: number) => {
  let timer: NodeJS.Timeout | undefined
  return {
    ring: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        ring()
      }, gatherMs)
    },
    stop: () => clearTimeout(timer),
  }
}
