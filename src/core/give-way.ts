import { constants, setPriority } from 'node:os'

/** Lets all else on the machine go before a process; where that may not be said, it competes: slower for others, not wrong. */
export const giveWay = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    return
  }
}
