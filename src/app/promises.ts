import { z } from 'zod'
import type { Config } from '../config.ts'
import { createBell } from '../core/bell.ts'
import { topics } from '../core/bus.ts'
import { keepLooking } from '../core/keep-looking.ts'
import type { PromiseAlarm, PromiseBook, PromiseCourse, PromiseName, Promises } from '../core/promise.ts'
import { onTimer, type TimerHandler, type TimerKind } from '../core/timers.ts'
import { alarmsAt, createReckon, isFirstBroken, warningStep } from '../promises/index.ts'
import { alarmRobot } from './alarm-robot.ts'
import type { Parts } from './parts.ts'

/** The next moment at which somebody hears of a ticket's promises; its key is the ticket's id. */
const promiseAlarm: TimerKind<Record<string, never>> = { name: 'promise-alarm', payload: z.strictObject({}) }

const robotsOf = ({ promises }: Config, step: number): readonly string[] =>
  (step === warningStep ? promises.warn : promises.chain[step])?.robots ?? []
const tellOf = ({ promises }: Config, step: number) =>
  (step === warningStep ? promises.warn : promises.chain[step])?.tell ?? []

/** What happens when a ticket's time has come: people and robots are told, and the next moment is set. */
export const promiseTimer = (
  parts: Parts & { readonly promiseBroken: (promise: PromiseName) => void },
): TimerHandler => {
  const { config, clock, calendars, work, backbone, stores } = parts
  const book = stores.promises
  const reckon = createReckon(config.promises, calendars)
  const tellRobots = async (
    transaction: Parameters<typeof work.jobs.enqueueIn>[0],
    { number, topic, facts }: PromiseCourse,
    { promise, dueAt, step }: PromiseAlarm,
  ): Promise<void> => {
    const about = { number, topic, priority: facts.priority, promise, dueAt: dueAt.toISOString() }
    for (const robot of robotsOf(config, step))
      await work.jobs.enqueueIn(transaction, alarmRobot, { ...about, robot, broken: step !== warningStep })
  }
  return onTimer(promiseAlarm, async (transaction, { key: ticketId }) => {
    // Locked, so that nobody answers between the look and the alarm.
    const course = await book.lock(transaction, ticketId)
    if (course === undefined) return undefined
    const now = clock.now()
    const { due, nextAt } = alarmsAt(course, reckon(course), { chain: config.promises.chain, now })
    for (const alarm of due) {
      await book.raise(transaction, { ...alarm, ticketId, tell: tellOf(config, alarm.step) }, now)
      await tellRobots(transaction, course, alarm)
      if (isFirstBroken(course, alarm)) transaction.afterCommit(() => parts.promiseBroken(alarm.promise))
    }
    if (due.length > 0) transaction.afterCommit(() => backbone.bus.publish(topics.ticket, { ticketId }))
    return nextAt
  })
}

/** What another process did without telling is found so late at most. */
const lookEveryMs = 1_000
/** However many messages come, changed tickets are looked for no more often. */
const gatherMs = 50
const atOnce = 50

const same = (one: Date | undefined, other: Date | undefined): boolean => one?.getTime() === other?.getTime()

/** Whether anything is otherwise than it was shown. */
const differs = (course: PromiseCourse, promises: Promises): boolean =>
  !same(course.firstReplyDueAt, promises.firstReplyDueAt) ||
  !same(course.nextReplyDueAt, promises.nextReplyDueAt) ||
  !same(course.resolutionDueAt, promises.resolutionDueAt) ||
  !same(course.dangerAt, promises.dangerAt) ||
  !same(course.pausedAt, promises.pausedAt)

type Reckoned = Parameters<PromiseBook['reckonChanged']>[2]

/** Sets the next moment of a ticket that was reckoned, and tells open desks. */
const afterReckoning = ({ config, clock, work, backbone }: Parts): Reckoned => {
  const { chain } = config.promises
  return async (transaction, course, promises) => {
    const now = clock.now()
    const { due, nextAt } = alarmsAt(course, promises, { chain, now })
    const dueAt = due.length > 0 ? now : nextAt
    const { ticketId: key } = course
    if (dueAt === undefined) await work.timers.cancel(transaction, promiseAlarm, key)
    else await work.timers.set(transaction, promiseAlarm, { key, dueAt, payload: {} })
    if (differs(course, promises))
      transaction.afterCommit(() => backbone.bus.publish(topics.ticket, { ticketId: key }))
  }
}

/** Keeps the promised times of tickets as they change, and sets the moments at which people hear of them. Gives its end. */
export const startPromises = async (parts: Parts): Promise<() => Promise<void>> => {
  const { config, log, calendars, stores, backbone } = parts
  const book = stores.promises
  const reckon = createReckon(config.promises, calendars)
  const then = afterReckoning(parts)
  const bell = createBell()
  const forget = async (): Promise<void> => {
    try {
      await book.forgetReckoning()
      bell.ring()
    } catch (error) {
      log.warn(
        { error },
        'promised times could not be reckoned by the new calendars; restart to have them so',
      )
    }
  }

  const stopWatching = calendars.onChange(() => void forget())
  await book.forgetIncomplete()
  const stopLooking = await keepLooking({
    ...{ bell, bus: backbone.bus, topics: [topics.ticket], gatherMs, everyMs: lookEveryMs },
    look: async () => (await book.reckonChanged(atOnce, reckon, then)) >= atOnce,
    onFault: (error) => log.warn({ error }, 'promised times could not be reckoned; tried again in a second'),
  })
  return async () => {
    stopWatching()
    await stopLooking()
  }
}
