import { topics } from '../core/bus.ts'
import { startRules } from './automation.ts'
import type { RunningComplaints } from './complaints.ts'
import { startMessageSearch } from './message-search.ts'
import { handoffHandler, startHandoffs } from './handoffs.ts'
import type { Parts } from './parts.ts'
import { personalHandlers } from './privacy.ts'
import { startPromises } from './promises.ts'
import { startPush } from './push.ts'
import { startAssigning } from './queues.ts'
import type { Stage } from './stage.ts'
import { startWork } from './start-work.ts'
import { startTides } from './turn-tides.ts'
import { openWebhooks } from './webhooks.ts'

/** What goes on without anybody asking. */
export interface Upkeep {
  /** Takes no new jobs and timers, and ends those under way. */
  finish(): Promise<void>
  /** Ends the rest; after `finish`. */
  stop(): Promise<void>
}

/** What goes on by itself: tickets that time changes, news for systems outside. */
const startTending = async (parts: Parts, complaints: RunningComplaints): Promise<() => Promise<void>> => {
  const { config, clock, log, stores, backbone } = parts
  const stopCases = complaints.startUpkeep()
  const stopTides = startTides({
    ...{ tides: stores.tides, clock, log },
    reopenMs: config.tickets.reopenHours * 3_600_000,
    publish: (ticketId) => backbone.bus.publish(topics.ticket, { ticketId }),
  })
  const stopPromises = await startPromises(parts)
  const stopRules = await startRules(parts)
  const stopWebhooks = await openWebhooks(parts)
  const stopAssigning = await startAssigning(parts)
  const stopSearch = await startMessageSearch(parts)
  const stopPush = await startPush(parts)
  const stopHandoffs = await startHandoffs(parts)
  return async () => {
    await stopCases()
    await stopPush()
    await stopHandoffs()
    await stopSearch()
    await stopAssigning()
    await stopTides()
    await stopPromises()
    await stopRules()
    await stopWebhooks()
  }
}

/** Looks after everything on this node: jobs, timers, what time changes. */
export const upkeepHere = async ({
  parts,
  inboxes,
  complaints,
  metrics,
  watching: { promiseBroken },
}: Stage): Promise<Upkeep> => {
  const stop = await startTending(parts, complaints)
  const jobs = [...complaints.jobs, ...personalHandlers(parts, metrics.removed), handoffHandler(parts)]
  return { stop, finish: await startWork({ ...parts, promiseBroken }, inboxes, jobs) }
}

/** Leaves it to other nodes. */
export const upkeepElsewhere = (): Promise<Upkeep> =>
  Promise.resolve({ finish: () => Promise.resolve(), stop: () => Promise.resolve() })
