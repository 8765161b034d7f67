import type { Calendar } from '../core/calendar.ts'
import { addOpenTime, openTimeBetween } from './open-time.ts'

/** A time during which the clock of a promise stands still. Without `to` it goes on. */
export interface Pause {
  readonly from: Date
  readonly to?: Date
}

/** Something promised within `targetMs`: around the clock, or in the open time of a calendar. */
export type Promised = {
  readonly start: Date
  readonly targetMs: number
  /** In any order; they may overlap. */
  readonly pauses: readonly Pause[]
} & (
  | { readonly mode: 'calendar'; readonly calendar?: Calendar }
  | { readonly mode: 'business'; readonly calendar: Calendar }
)

/** When it is due; `paused`: nobody can say before the pause ends; `never`: the calendar does not open long enough. */
export type Due = { readonly kind: 'due'; readonly at: Date } | { readonly kind: 'paused' | 'never' }

/** Share of the time that is left when a promise is in danger. */
const dangerShare = 0.25

const elapsed = (promised: Promised, from: Date, to: Date): number =>
  promised.mode === 'business'
    ? openTimeBetween(promised.calendar, from, to)
    : Math.max(0, to.getTime() - from.getTime())

const add = (promised: Promised, from: Date, ms: number): Due => {
  const at =
    promised.mode === 'business'
      ? addOpenTime(promised.calendar, from, ms)
      : new Date(from.getTime() + Math.max(0, ms))
  return at === undefined ? { kind: 'never' } : { kind: 'due', at }
}

const inOrder = (pauses: readonly Pause[]): readonly Pause[] =>
  pauses.length < 2 ? pauses : pauses.toSorted((one, other) => one.from.getTime() - other.from.getTime())

interface Run {
  readonly from: Date
  /** Absent: it goes on. */
  readonly to?: Date
}

/** The stretches, from the start on, during which the clock runs. The last one has no end unless a pause has none. */
const runsOf = ({ start, pauses }: Promised): readonly Run[] => {
  const runs: Run[] = []
  let from = start
  for (const pause of inOrder(pauses)) {
    if (pause.from > from) runs.push({ from, to: pause.from })
    if (pause.to === undefined) return runs
    if (pause.to > from) from = pause.to
  }
  return [...runs, { from }]
}

/** When so much of a promise's time has run. */
const momentAfter = (promised: Promised, ms: number): Due => {
  let left = ms
  for (const { from, to } of runsOf(promised)) {
    const runs = to === undefined ? Number.POSITIVE_INFINITY : elapsed(promised, from, to)
    if (runs >= left) return add(promised, from, left)
    left -= runs
  }
  return { kind: 'paused' }
}

/** When a promise is due. A pause that begins after that changes nothing. */
export const dueAt = (promised: Promised): Due => momentAfter(promised, promised.targetMs)

/** When only `share` of the time is left, by default a quarter. */
export const inDangerAt = (promised: Promised, share = dangerShare): Due =>
  momentAfter(promised, Math.round(promised.targetMs * (1 - share)))

/** Milliseconds of the promise's own time that are left at a moment; negative when it is overdue. */
export const remainingMs = (promised: Promised, at: Date): number => {
  const runs = runsOf(promised)
    .filter(({ from }) => from < at)
    .map(({ from, to }) => elapsed(promised, from, to === undefined || to > at ? at : to))
  return promised.targetMs - runs.reduce((sum, ms) => sum + ms, 0)
}
