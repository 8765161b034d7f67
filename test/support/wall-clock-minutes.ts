/**
 * Open time counted minute by minute on the wall clock, by `Intl` alone: slow, plain, and written apart from the
 * product, whose arithmetic it checks.
 */

/** Hours of one day, `HH:MM` as a person writes them; `24:00` and ends past midnight are allowed. */
export interface PlainHours {
  readonly opens: string
  readonly closes: string
}

/** A calendar in words that share nothing with the product's. `sunday` is 0. */
export interface PlainCalendar {
  readonly zone: string
  readonly byWeekday: readonly (readonly PlainHours[])[]
  /** By date: its hours, an empty list when closed, or the number of the weekday it works like. */
  readonly special: Readonly<Record<string, readonly PlainHours[] | number>>
}

const minuteMs = 60_000

const formatOf = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })

const minuteOf = (time: string): number => {
  const [hour, minute] = time.split(':')
  return Number(hour) * 60 + Number(minute)
}

const dayBefore = (date: string): string => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10)

const hoursOf = ({ byWeekday, special }: PlainCalendar, date: string): readonly PlainHours[] => {
  const found = special[date]
  if (Array.isArray(found)) return found as readonly PlainHours[]
  const weekday = typeof found === 'number' ? found : new Date(date).getUTCDay()
  return byWeekday[weekday] ?? []
}

/** Whether a wall clock that shows this date and minute stands within the hours. */
const isOpenOnWall = (calendar: PlainCalendar, date: string, minute: number): boolean =>
  hoursOf(calendar, date).some(({ opens, closes }) => {
    const overnight = minuteOf(closes) <= minuteOf(opens)
    return minute >= minuteOf(opens) && (overnight || minute < minuteOf(closes))
  }) ||
  hoursOf(calendar, dayBefore(date)).some(
    ({ opens, closes }) => minuteOf(closes) <= minuteOf(opens) && minute < minuteOf(closes),
  )

/** Stretches of time in milliseconds, their ends not included. */
export type Stretches = readonly (readonly [from: number, to: number])[]

/** Looks at every minute of `[from, to)` once, and counts what it saw. */
export const createMinuteCounter = (
  calendar: PlainCalendar,
  [from, to]: readonly [from: number, to: number],
) => {
  const format = formatOf(calendar.zone)
  const open = Uint8Array.from({ length: (to - from) / minuteMs }, (_, minute) => {
    const [date = '', time = ''] = format.format(from + minute * minuteMs).split(' ')
    return Number(isOpenOnWall(calendar, date, minuteOf(time)))
  })
  const placeOf = (at: number): number => (at - from) / minuteMs
  const isPaused = (at: number, pauses: Stretches): boolean =>
    pauses.some(([begins, ends]) => at >= begins && at < ends)
  const runs = (at: number, pauses: Stretches): boolean => open[placeOf(at)] === 1 && !isPaused(at, pauses)
  return {
    isOpen: (at: number): boolean => open[placeOf(at)] === 1,
    /** The first open minute from then on; undefined when none was seen. */
    nextOpening: (since: number): number | undefined => {
      const place = open.indexOf(1, placeOf(since))
      return place < 0 ? undefined : from + place * minuteMs
    },
    /** Open minutes outside the pauses in `[since, until)`. */
    count: (since: number, until: number, pauses: Stretches = []): number => {
      let minutes = 0
      for (let at = since; at < until; at += minuteMs) if (runs(at, pauses)) minutes += 1
      return minutes
    },
    /** When so many open minutes outside the pauses have passed; undefined when not within what was seen. */
    after: (since: number, minutes: number, pauses: Stretches = []): number | undefined => {
      let left = minutes
      for (let at = since; at < to; at += minuteMs) {
        if (left === 0) return at
        if (runs(at, pauses)) left -= 1
      }
      return undefined
    },
  }
}
