import type { PastBegin } from '../../sandbox/index.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Minutes by which a zone is ahead of UTC at a moment. */
const aheadMinutes = (at: Date, timeZone: string): number => {
  const written = at.toLocaleString('sv-SE', { timeZone })
  return Math.round((Date.parse(`${written.replace(' ', 'T')}Z`) - at.getTime()) / minuteMs)
}

/** When something of the past began. */
export const beginOf = (began: PastBegin, now: Date, timeZone: string): Date => {
  if ('hoursAgo' in began) return new Date(now.getTime() - began.hoursAgo * hourMs)
  const ahead = aheadMinutes(now, timeZone) * minuteMs
  const today = Math.floor((now.getTime() + ahead) / dayMs) * dayMs - ahead
  return new Date(today - began.daysAgo * dayMs + Math.round(began.at * hourMs))
}

/** When each line was said, from the minutes since the one before. */
export const timesOf = (pauses: readonly number[], begin: Date): readonly Date[] => {
  let at = begin.getTime()
  return pauses.map((minutes) => {
    // A second at least: what is said later stands later.
    at += Math.max(1_000, minutes * minuteMs)
    return new Date(at)
  })
}
