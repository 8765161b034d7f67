import { tzOffset } from '@date-fns/tz'
import { dayMs } from './civil-date.ts'

/** A time during which the wall clock of a zone runs `offsetMs` ahead of UTC, the end not included. */
export interface Segment {
  readonly start: number
  readonly end: number
  readonly offsetMs: number
}

const secondMs = 1_000
const minuteMs = 60_000

/** Whether a zone is one that the machine knows, by its name. An offset is none: it knows no summer time. */
export const isTimeZone = (name: string): boolean => {
  try {
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

const offsetAt = (timeZone: string, at: number): number =>
  Math.round(tzOffset(timeZone, new Date(at)) * minuteMs)

/** The second from which on the offset is another one; it lies in `(from, to]`. */
const findChange = (timeZone: string, from: number, to: number): number => {
  const before = offsetAt(timeZone, from)
  let [low, high] = [from, to]
  while (high - low > secondMs) {
    const middle = low + Math.floor((high - low) / 2 / secondMs) * secondMs
    if (offsetAt(timeZone, middle) === before) low = middle
    else high = middle
  }
  return high
}

/** The segments of `[start, end)`, both on a second. Clocks are not changed twice within a day. */
const readSegments = (timeZone: string, start: number, end: number): readonly Segment[] => {
  const segments: Segment[] = []
  let begun = start
  let offsetMs = offsetAt(timeZone, start)
  // Not `tzScan`: it looks at full hours only, and Lord Howe changes its clocks by half an hour.
  for (let at = start; at < end; at += dayMs) {
    const next = Math.min(at + dayMs, end)
    const offset = offsetAt(timeZone, next)
    if (offset === offsetMs) continue
    const change = findChange(timeZone, at, next)
    segments.push({ start: begun, end: change, offsetMs })
    begun = change
    offsetMs = offset
  }
  return [...segments, { start: begun, end, offsetMs }]
}

const known = new Map<string, readonly Segment[]>()

/** The segments of a UTC year in a zone. */
export const segmentsOf = (timeZone: string, year: number): readonly Segment[] => {
  const key = `${timeZone} ${String(year)}`
  const segments = known.get(key) ?? readSegments(timeZone, Date.UTC(year, 0), Date.UTC(year + 1, 0))
  known.set(key, segments)
  return segments
}

/** What the wall clock of a zone shows, as milliseconds since its own 1970-01-01 00:00. */
export const wallClock = (timeZone: string, at: Date): number =>
  at.getTime() + offsetAt(timeZone, at.getTime())
