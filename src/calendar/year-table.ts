import type { Calendar } from '../core/calendar.ts'
import { dayMs } from './civil-date.ts'
import { hoursOn } from './day-hours.ts'
import { segmentsOf, type Segment } from './zone.ts'

/**
 * When a calendar is open in one UTC year: moments in milliseconds, in order, apart from each other. `before` counts the
 * open time of the year before each of them.
 */
export interface YearTable {
  readonly starts: Float64Array
  readonly ends: Float64Array
  readonly before: Float64Array
  readonly total: number
}

type Interval = readonly [start: number, end: number]

const minuteMs = 60_000

/**
 * The open times within a segment: those at which the wall clock shows a time within the hours. So an hour that clocks
 * skip is not there, and one that they show twice counts twice.
 */
const openIn = (calendar: Calendar, { start, end, offsetMs }: Segment): readonly Interval[] => {
  const found: Interval[] = []
  const last = Math.floor((end + offsetMs - 1) / dayMs)
  // From the day before: its hours may reach past midnight.
  for (let day = Math.floor((start + offsetMs) / dayMs) - 1; day <= last; day += 1) {
    const midnight = day * dayMs - offsetMs
    for (const { from, to } of hoursOn(calendar, day)) {
      const opens = Math.max(start, midnight + from * minuteMs)
      const closes = Math.min(end, midnight + to * minuteMs)
      if (opens < closes) found.push([opens, closes])
    }
  }
  return found
}

/** Joins what meets: a night's hours may reach into a holiday with hours of its own. */
const join = (intervals: readonly Interval[]): readonly Interval[] => {
  const joined: [number, number][] = []
  for (const [start, end] of intervals.toSorted(([one], [other]) => one - other)) {
    const last = joined.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else joined.push([start, end])
  }
  return joined
}

const buildTable = (calendar: Calendar, year: number): YearTable => {
  const open = join(segmentsOf(calendar.timeZone, year).flatMap((segment) => openIn(calendar, segment)))
  const before = new Float64Array(open.length)
  let total = 0
  for (const [place, [start, end]] of open.entries()) {
    before[place] = total
    total += end - start
  }
  return {
    starts: Float64Array.from(open, ([start]) => start),
    ends: Float64Array.from(open, ([, end]) => end),
    before,
    total,
  }
}

// By the object: a calendar that was replaced takes its tables with it.
const tables = new WeakMap<Calendar, Map<number, YearTable>>()

/** The table of a year, made when it is first asked for. */
export const yearTable = (calendar: Calendar, year: number): YearTable => {
  const years = tables.get(calendar) ?? new Map<number, YearTable>()
  tables.set(calendar, years)
  const table = years.get(year) ?? buildTable(calendar, year)
  years.set(year, table)
  return table
}
