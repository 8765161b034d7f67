import { setTimeout as delay } from 'node:timers/promises'
import { createBell } from '../core/bell.ts'
import { topics, type Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Assignment, HandBackSilent, PresenceStore } from '../core/queue.ts'
import type { QueuesConfig } from './config.ts'
import { assignPolicy, presenceLimits } from './policy.ts'

export interface QueuesOptions {
  readonly config: QueuesConfig
  readonly assignment: Assignment
  readonly presence: Pick<PresenceStore, 'lapse'>
  readonly handBackSilent: HandBackSilent
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  /** Tells open desks that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

const atOnce = 200
/** Looked at anyway: time frees places, and what one node says another may miss. */
const sweepMs = 15_000
/** Every message makes a ticket change: so many changes become one look. */
const gapMs = 200

/** Gives every ticket that nobody has its team. */
const routeAll = async ({ assignment, clock, publish }: QueuesOptions): Promise<void> => {
  for (let after = 0; ;) {
    const page = await assignment.route({ after, limit: atOnce }, clock.now())
    if (page === undefined) return
    for (const id of page.ticketIds) publish(id)
    after = page.last
  }
}

/** Gives tickets away until nobody is free or nothing waits. */
const assignAll = async (options: QueuesOptions, stopped: () => boolean): Promise<void> => {
  const { config, assignment, clock, log, publish } = options
  while (!stopped()) {
    const now = clock.now()
    const assigned = await assignment.assignNext(assignPolicy(config, now), now)
    if (assigned === undefined) return
    log.info({ ...assigned }, 'ticket assigned')
    publish(assigned.ticketId)
  }
}

/** What time alone does: people fall silent, tickets come back, conversations go back to the bot. */
const followTime = async (options: QueuesOptions): Promise<void> => {
  const { config, assignment, presence, handBackSilent, clock, publish } = options
  const now = clock.now()
  await presence.lapse(presenceLimits(config, now), now)
  const back = async (hours: number, work: typeof handBackSilent): Promise<void> => {
    if (hours === 0) return
    const before = new Date(now.getTime() - hours * 3_600_000)
    for (const id of await work(before, now, atOnce)) publish(id)
  }
  await back(config.returnAfterMinutes / 60, (...facts) => assignment.returnAbsent(...facts))
  await back(config.handBackHours, handBackSilent)
}

const look = async (options: QueuesOptions, stopped: () => boolean): Promise<void> => {
  if (!options.config.assign || !(await options.assignment.isNeeded())) return
  await routeAll(options)
  await assignAll(options, stopped)
}

/**
 * Gives tickets to teams and people: when one appears, somebody comes online or has room again, and every 15 seconds.
 * Several nodes may do so at once. Gives its end, which waits for what is under way.
 */
export const startQueues = async (options: QueuesOptions): Promise<() => Promise<void>> => {
  const { bus, log } = options
  const bell = createBell()
  let stopped = false
  const isStopped = (): boolean => stopped
  const rings = await Promise.all(
    [topics.ticket, topics.presence].map((topic) => bus.subscribe(topic, () => bell.ring())),
  )
  const loop = async (): Promise<void> => {
    for (let sweepAt = 0; !stopped;) {
      try {
        if (performance.now() >= sweepAt) {
          sweepAt = performance.now() + sweepMs
          await followTime(options)
        }
        await look(options, isStopped)
      } catch (error) {
        log.warn({ error }, 'waiting tickets could not be looked at; tried again in 15 seconds at the latest')
      }
      await bell.wait(Math.max(0, sweepAt - performance.now()))
      if (!isStopped()) await delay(gapMs)
    }
  }
  const looping = loop()
  return async () => {
    stopped = true
    for (const leave of rings) leave()
    bell.ring()
    await looping
  }
}
