import { dueAt, inDangerAt, type Due, type Pause, type Promised } from '../calendar/index.ts'
import type { Calendars } from '../core/calendar.ts'
import { isOwed } from '../core/ticket-lifecycle.ts'
import type {
  PromiseCourse,
  PromiseFacts,
  PromiseName,
  Promises,
  PromiseStanding,
  PromiseTerms,
  PromiseTimes,
  Reckon,
  TermsSince,
} from '../core/promise.ts'
import type { PromisesConfig } from './config.ts'
import { openedAt, pausesOf, waitingSince } from './course.ts'
import { termsFor } from './policy.ts'

const targetOf: Readonly<Record<PromiseName, (terms: PromiseTerms) => number>> = {
  'first-reply': ({ firstReplyMs }) => firstReplyMs,
  'next-reply': ({ nextReplyMs }) => nextReplyMs,
  resolution: ({ resolutionMs }) => resolutionMs,
}

const promised = (
  terms: PromiseTerms,
  clock: { readonly start: Date; readonly targetMs: number; readonly pauses: readonly Pause[] },
  calendars: Calendars,
): Promised =>
  terms.calendar === undefined
    ? { ...clock, mode: 'calendar' }
    : { ...clock, mode: 'business', calendar: calendars.get(terms.calendar) }

/** The moment, where there is one. A calendar that never opens long enough promises around the clock instead. */
const momentOf = (due: Due, otherwise: () => Due): Date | undefined => {
  const counted = due.kind === 'never' ? otherwise() : due
  return counted.kind === 'due' ? counted.at : undefined
}

interface Moments {
  readonly dueAt: Date | undefined
  readonly dangerAt: Date | undefined
}

const momentsOf = (given: Promised): Moments => {
  const around: Promised = { ...given, mode: 'calendar' }
  return {
    dueAt: momentOf(dueAt(given), () => dueAt(around)),
    dangerAt: momentOf(inDangerAt(given), () => inDangerAt(around)),
  }
}

const sooner = (one: Moments, other: Moments): Moments => {
  if (one.dueAt === undefined) return other
  return other.dueAt === undefined || one.dueAt <= other.dueAt ? one : other
}

interface ClockFacts {
  readonly name: PromiseName
  readonly since: Date
  readonly pauses: readonly Pause[]
  readonly terms: readonly TermsSince[]
}

/**
 * When a promise is due under terms that changed: other terms are counted from the moment they were agreed on, and no
 * promise is taken back. What a contact was told stands when the ticket turns out to be less urgent.
 */
const reckonClock = (clock: ClockFacts, calendars: Calendars): PromiseStanding => {
  const { name, since, pauses } = clock
  // What was agreed on before the clock was set going is its beginning.
  const begins = Math.max(
    0,
    clock.terms.findLastIndex(({ from }) => from <= since),
  )
  const [first, ...changes] = clock.terms.slice(begins)
  const count = (terms: PromiseTerms, start: Date): Moments =>
    momentsOf(promised(terms, { start, targetMs: targetOf[name](terms), pauses }, calendars))
  const { dueAt: due, dangerAt: danger } = changes.reduce(
    (soonest, terms) => sooner(soonest, count(terms, terms.from)),
    first === undefined ? { dueAt: undefined, dangerAt: undefined } : count(first, since),
  )
  return {
    name,
    since,
    ...(due === undefined ? {} : { dueAt: due }),
    ...(danger === undefined ? {} : { dangerAt: danger }),
  }
}

/** The terms as they are agreed on now: those that were, and what another policy says from the last change on. */
const agreed = (config: PromisesConfig, course: PromiseCourse): readonly TermsSince[] => {
  const { facts, terms, createdAt, updatedAt } = course
  const now = termsFor(config, facts)
  const last = terms.at(-1)
  if (last === undefined) return [{ ...now, from: createdAt }]
  return last.policy === now.policy ? terms : [...terms, { ...now, from: updatedAt }]
}

const earliest = (moments: readonly (Date | undefined)[]): Date | undefined =>
  moments
    .filter((moment) => moment !== undefined)
    .toSorted((one, other) => one.getTime() - other.getTime())[0]

/** What is still to be kept of a ticket, and since when. */
const openClocks = (course: PromiseCourse): readonly Pick<ClockFacts, 'name' | 'since'>[] => {
  if (!isOwed(course.state)) return []
  const waiting = waitingSince(course.history)
  const opened = openedAt(course)
  return [
    ...(course.firstRepliedAt === undefined ? [{ name: 'first-reply', since: opened } as const] : []),
    ...(waiting === undefined || course.firstRepliedAt === undefined
      ? []
      : [{ name: 'next-reply', since: waiting } as const]),
    { name: 'resolution', since: opened },
  ]
}

/** The moment at which a clock stopped shows what it was then. */
const shown = (
  open: readonly PromiseStanding[],
  name: PromiseName,
): { readonly isOpen: boolean; readonly at: Date | undefined } => {
  const found = open.find((standing) => standing.name === name)
  return { isOpen: found !== undefined, at: found?.dueAt }
}

/** Makes the one that reckons by a configuration; calendars are asked each time. Pure but for them. */
export const createReckon =
  (config: PromisesConfig, calendars: Calendars): Reckon =>
  (course): Promises => {
    const terms = agreed(config, course)
    const pauses = pausesOf(course.history)
    const open = openClocks(course).map((clock) => reckonClock({ ...clock, pauses, terms }, calendars))
    const paused = isOwed(course.state) ? pauses.find(({ to }) => to === undefined)?.from : undefined
    const next = shown(open, 'next-reply')
    const nextDueAt = next.at ?? (next.isOpen ? course.nextReplyDueAt : undefined)
    const soonest = paused === undefined ? earliest(open.map((standing) => standing.dueAt)) : undefined
    const danger = paused === undefined ? earliest(open.map((standing) => standing.dangerAt)) : undefined
    return {
      terms,
      open: paused === undefined ? open : [],
      firstReplyDueAt: shown(open, 'first-reply').at ?? course.firstReplyDueAt,
      ...(nextDueAt === undefined ? {} : { nextReplyDueAt: nextDueAt }),
      resolutionDueAt: shown(open, 'resolution').at ?? course.resolutionDueAt,
      ...(paused === undefined ? {} : { pausedAt: paused }),
      ...(soonest === undefined ? {} : { dueAt: soonest }),
      ...(danger === undefined ? {} : { dangerAt: danger }),
    }
  }

/** Makes what says the times promised for a ticket that is opened now. */
export const createPromiseTimes =
  (config: PromisesConfig, calendars: Calendars): PromiseTimes =>
  (facts: PromiseFacts, now) => {
    const terms = [{ ...termsFor(config, facts), from: now }]
    const due = (name: PromiseName): Date => {
      const { dueAt: at } = reckonClock({ name, since: now, pauses: [], terms }, calendars)
      if (at === undefined) throw new Error('a clock without pauses is due some day')
      return at
    }
    return { firstReplyDueAt: due('first-reply'), resolutionDueAt: due('resolution') }
  }
