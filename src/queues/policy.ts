import type { AssignPolicy, PresenceLimits } from '../core/queue.ts'
import type { QueuesConfig } from './config.ts'

const minuteMs = 60_000
const ago = (now: Date, ms: number): Date => new Date(now.getTime() - ms)

/** Before when silence counts, as of `now`. */
export const presenceLimits = (
  { offlineAfterSeconds, awayAfterMinutes }: QueuesConfig,
  now: Date,
): PresenceLimits => ({
  silentBefore: ago(now, offlineAfterSeconds * 1_000),
  ...(awayAfterMinutes === 0 ? {} : { idleBefore: ago(now, awayAfterMinutes * minuteMs) }),
})

/** What assigning goes by, as of `now`. */
export const assignPolicy = (config: QueuesConfig, now: Date): AssignPolicy => ({
  ...presenceLimits(config, now),
  capacity: config.capacity,
  countedAfter: ago(now, config.pendingCountsMinutes * minuteMs),
})
