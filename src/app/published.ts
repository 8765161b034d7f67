import type { Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { VersionReading } from '../core/editing.ts'
import type { Published } from './content.ts'

/** What is published, from a store that may still be opening. */
export const publishedIn = (
  versions: () => Promise<Pick<VersionReading, 'current' | 'list'>>,
): Published => ({
  number: async () => (await (await versions()).list({ limit: 1 }))[0]?.number ?? 0,
  state: async () => (await versions()).current(),
})

/** The day by which articles begin and end. */
export const todayIn = (
  { dialogue: { timezone } }: Pick<Config, 'dialogue'>,
  clock: Clock,
): (() => string) => {
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' })
  return () => days.format(clock.now())
}
