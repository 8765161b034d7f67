import { setTimeout as delay } from 'node:timers/promises'

const giveUpMs = 60_000

/** Waits for a condition where no test is running yet. */
export const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + giveUpMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${String(holds)}`)
    await delay(10)
  }
}
