import type { Span } from '../core/calendar.ts'

const dayMinutes = 1_440
const span = /^([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~～至]\s*([01]?\d|2[0-4]):([0-5]\d)$/u

/** Hours that were read, or what is wrong with them and how to write them. */
export type ReadHours = { readonly spans: readonly Span[] } | { readonly problem: string }

const minutes = (hour: string | undefined, minute: string | undefined): number =>
  Number(hour) * 60 + Number(minute)

const readSpan = (text: string): Span | string => {
  const found = span.exec(text)
  if (found === null) return `"${text}" is no span of hours; write e.g. 09:00-18:00, or closed`
  const from = minutes(found[1], found[2])
  const to = minutes(found[3], found[4])
  if (to > dayMinutes) return `"${text}" ends after 24:00; hours past midnight are written e.g. 22:00-06:00`
  if (from === to) return `"${text}" begins and ends at once; the whole day is 00:00-24:00`
  return { from, to: to > from ? to : to + dayMinutes }
}

/** The first of two spans, in order of their beginning, that meet. */
export const findOverlap = (spans: readonly Span[]): Span | undefined =>
  spans.find(({ to }, place) => to > (spans[place + 1]?.from ?? Number.POSITIVE_INFINITY))

/** Reads `09:00-12:00, 13:00-18:00`, `22:00-06:00` (into the next day), `00:00-24:00` or `closed`. */
export const readHours = (text: string): ReadHours => {
  const plain = text.normalize('NFKC').trim()
  if (/^(?:closed|休)$/i.test(plain)) return { spans: [] }
  const read = plain.split(/\s*[,、;]\s*/u).map(readSpan)
  const problem = read.find((one) => typeof one === 'string')
  if (problem !== undefined) return { problem }
  const spans = read.filter((one) => typeof one !== 'string').toSorted((one, other) => one.from - other.from)
  const overlap = findOverlap(spans)
  return overlap === undefined
    ? { spans }
    : { problem: `"${text}": the hours from ${writeTime(overlap.from)} run into the next ones; join them` }
}

const writeTime = (minute: number): string => {
  const hours = String(Math.floor(minute / 60)).padStart(2, '0')
  return `${hours}:${String(minute % 60).padStart(2, '0')}`
}

/** The hours as `readHours` reads them. */
export const writeHours = (spans: readonly Span[]): string =>
  spans.length === 0
    ? 'closed'
    : spans
        .map(({ from, to }) => `${writeTime(from)}-${writeTime(to > dayMinutes ? to - dayMinutes : to)}`)
        .join(', ')
