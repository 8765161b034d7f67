import { buildCalendars, warnBefore, type CalendarsConfig } from '../calendar/index.ts'
import { topics, type Bus } from '../core/bus.ts'
import type { Calendar, Calendars, HolidayStore } from '../core/calendar.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'

/** Without Redis another process cannot tell of its import: it is found by looking. */
const lookEveryMs = 60_000
const dayMs = 86_400_000

/** The calendars of a running product. */
export interface LiveCalendars extends Calendars {
  /** Hears whenever holidays were imported, until the returned function is called. */
  onChange(hear: () => void): () => void
  stop(): Promise<void>
}

export interface CalendarsOptions {
  readonly config: CalendarsConfig
  readonly store: HolidayStore
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
}

/** A store that tells all nodes what it did. */
export const tellingHolidays = (store: HolidayStore, bus: Bus): HolidayStore => ({
  list: () => store.list(),
  apply: async (change) => {
    await store.apply(change)
    bus.publish(topics.calendars, {})
  },
})

/** Finds a calendar by name. */
export const findCalendar = (calendars: readonly Calendar[], name: string): Calendar => {
  const found = calendars.find((calendar) => calendar.name === name)
  if (found !== undefined) return found
  const names = calendars.map((calendar) => calendar.name).join(', ')
  throw new TongdaError('not_found', `没有日历 there is no calendar ${name}; 有 there are: ${names}`)
}

interface Loaded {
  readonly version: string
  readonly calendars: readonly Calendar[]
}

/** Kept while nothing was imported: what was computed from a calendar is kept with it. */
const load = async ({ config, store }: CalendarsOptions, before?: Loaded): Promise<Loaded> => {
  const imported = await store.list()
  const version = imported.map((one) => `${one.set} ${String(one.version)}`).join(', ')
  return before?.version === version ? before : { version, calendars: buildCalendars(config, imported) }
}

const warn = ({ clock, log }: CalendarsOptions, { calendars }: Loaded): void => {
  for (const calendar of calendars) {
    const warning = warnBefore(calendar, clock.now())
    if (warning === undefined) continue
    const { message, ...facts } = warning
    log.warn({ ...facts }, message)
  }
}

/** Reads the calendars, and again whenever holidays are imported; warns once a day of those that run out. */
export const startCalendars = async (options: CalendarsOptions): Promise<LiveCalendars> => {
  const { bus, log } = options
  let loaded = await load(options)
  warn(options, loaded)
  const hearers = new Set<() => void>()
  let looking = Promise.resolve()
  const look = async (): Promise<void> => {
    try {
      const before = loaded
      loaded = await load(options, before)
      if (loaded === before) return
      log.info({}, 'holidays were imported; the calendars were read again')
      for (const hear of hearers) hear()
    } catch (error) {
      log.warn({ error }, 'the calendars could not be read again; tried again within a minute')
    }
  }
  const lookAgain = (): void => {
    looking = looking.then(look)
  }
  const unsubscribe = await bus.subscribe(topics.calendars, lookAgain)
  const timers = [setInterval(lookAgain, lookEveryMs), setInterval(() => warn(options, loaded), dayMs)]
  for (const timer of timers) timer.unref()
  return {
    get: (name) => findCalendar(loaded.calendars, name),
    list: () => loaded.calendars,
    onChange: (hear) => {
      hearers.add(hear)
      return () => hearers.delete(hear)
    },
    stop: async () => {
      unsubscribe()
      for (const timer of timers) clearInterval(timer)
      await looking
    },
  }
}
