import { z } from 'zod'
import {
  promiseNames,
  type PromiseAlarm,
  type PromiseCourse,
  type Promises,
  type PromiseStanding,
} from '../core/promise.ts'
import type { PromisesConfig } from './config.ts'

/** The step of a warning; those of the chain are numbered from 0. */
export const warningStep = -1

const minuteMs = 60_000

interface Moment extends PromiseAlarm {
  readonly at: Date
}

/** Everything that is told of a promise, in order of time. */
const momentsOf = (standing: PromiseStanding, chain: PromisesConfig['chain']): readonly Moment[] => {
  const { name: promise, since, dueAt, dangerAt } = standing
  if (dueAt === undefined) return []
  const alarm = { promise, since, dueAt }
  return [
    ...(dangerAt === undefined || dangerAt >= dueAt ? [] : [{ ...alarm, step: warningStep, at: dangerAt }]),
    ...chain.map(({ afterMinutes }, step) => ({
      ...alarm,
      step,
      at: new Date(dueAt.getTime() + afterMinutes * minuteMs),
    })),
  ]
}

const told = z.object({ promise: z.enum(promiseNames), since: z.coerce.date(), step: z.number().int() })

/** The last step that was told of a promise in this round; what came before it is not told any more. */
const lastTold = (
  history: PromiseCourse['history'],
  { name, since }: Pick<PromiseStanding, 'name' | 'since'>,
): number =>
  history
    .filter(({ change }) => change === 'promise-in-danger' || change === 'promise-broken')
    .map(({ detail }) => told.safeParse(detail).data)
    .filter((one) => one?.promise === name && one.since.getTime() === since.getTime())
    .reduce((last, one) => Math.max(last, one?.step ?? last), warningStep - 1)

/** Whether an alarm is the first word that a promise was not kept in its round. */
export const isFirstBroken = (
  { history }: Pick<PromiseCourse, 'history'>,
  { promise: name, since, step }: PromiseAlarm,
): boolean => step !== warningStep && lastTold(history, { name, since }) <= warningStep

/** What is to be told now, and when there is something again. */
export interface Alarms {
  /** Of each promise the last that is due: who was away meanwhile hears how it stands, not how it came. */
  readonly due: readonly PromiseAlarm[]
  readonly nextAt?: Date
}

/** The alarms of a ticket at a moment. Pure. */
export const alarmsAt = (
  { history }: Pick<PromiseCourse, 'history'>,
  { open }: Pick<Promises, 'open'>,
  { chain, now }: { readonly chain: PromisesConfig['chain']; readonly now: Date },
): Alarms => {
  const untold = open.map((standing) => {
    const last = lastTold(history, standing)
    return momentsOf(standing, chain).filter(({ step }) => step > last)
  })
  const due = untold.flatMap((moments) => moments.findLast(({ at }) => at <= now) ?? [])
  const ahead = untold.flat().filter(({ at }) => at > now)
  const nextAt = ahead.toSorted((one, other) => one.at.getTime() - other.at.getTime())[0]?.at
  return {
    due: due.map(({ promise, since, dueAt, step }) => ({ promise, since, dueAt, step })),
    ...(nextAt === undefined ? {} : { nextAt }),
  }
}
