/** Milliseconds of work this process has done: unlike a clock, it does not run on while others hold the processor. */
export const busyMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/**
 * What reading 50 kB may cost at most. Linear work takes a few milliseconds on a quiet machine and a hundred on a busy
 * one; what goes back and forth takes 2.5 · 10⁹ steps, many seconds.
 */
export const linearMs = 1_500
