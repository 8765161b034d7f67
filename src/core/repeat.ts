/** Does something now and then until its end is called, which waits for what is under way. `work` must not reject. */
export const repeat = (everyMs: number, work: () => Promise<void>): (() => Promise<void>) => {
  let working: Promise<void> | undefined
  const timer = setInterval(() => {
    // One that hangs says enough; the next ones would only queue up behind it.
    working ??= work().finally(() => (working = undefined))
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await working
  }
}

/** The same, beginning at once. */
export const repeatFromNow = (everyMs: number, work: () => Promise<void>): (() => Promise<void>) => {
  const first = work()
  const stop = repeat(everyMs, () => first.then(work))
  return async () => {
    await Promise.all([first, stop()])
  }
}
