import type { TicketsConfig } from './config.ts'

/**
 * Opening hours of the hotline, the same every day. There is no holiday calendar yet: on public holidays and swapped
 * working days (调休) these functions still answer as on any day.
 */
export type OpeningHours = Pick<TicketsConfig, 'openingHours' | 'timezone'>

const minuteMs = 60_000
const dayMs = 86_400_000

/** The wall clock of a zone, as if it were UTC: the difference to the moment is the zone's offset. */
const wallClock = (at: Date, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const field = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
    field('second'),
  )
}

const minutesOf = (time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}

/** The moment at which a zone's wall clock shows `wall`; a second look settles a change of offset in between. */
const momentOf = (wall: number, timeZone: string): Date => {
  const offsetAt = (at: number): number => wallClock(new Date(at), timeZone) - at
  const guess = wall - offsetAt(wall)
  return new Date(wall - offsetAt(guess))
}

/** Whether the hotline is answered at this moment; the closing minute is not. */
export const isOpen = (now: Date, { openingHours, timezone }: OpeningHours): boolean => {
  const minute = Math.floor((wallClock(now, timezone) % dayMs) / minuteMs)
  return minute >= minutesOf(openingHours.opens) && minute < minutesOf(openingHours.closes)
}

/** When the hotline is answered next: `now` itself while it is open. */
export const nextOpening = (now: Date, hours: OpeningHours): Date => {
  if (isOpen(now, hours)) return now
  const { openingHours, timezone } = hours
  const wall = wallClock(now, timezone)
  const today = wall - (wall % dayMs) + minutesOf(openingHours.opens) * minuteMs
  return momentOf(wall < today ? today : today + dayMs, timezone)
}
