/** Milliseconds of work this process has done: unlike a clock, it does not run on while others hold the processor. */
export const busyMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
