import { getConnInfo } from '@hono/node-server/conninfo'
import type { Hono } from 'hono'
import { Counter, Registry, collectDefaultMetrics } from 'prom-client'
import { retainedKinds } from '../core/personal-data.ts'
import { sameSecret } from '../core/same-secret.ts'
import type { WatchJourney } from '../core/trace.ts'
import { addJourneyMetrics } from './journey-metrics.ts'
import type { CountRemoved } from './retention.ts'
import { addModelMetrics, type ModelMetrics } from './model-metrics.ts'
import { addFlowCounters, type FlowCounters } from './flow-metrics.ts'
import { addStateMetrics, type WatchedState } from './state-metrics.ts'
import { addWorkMetrics, type WatchedWork } from './work-metrics.ts'

/** What is counted, and where it is read. */
export interface Metrics {
  /** Warnings and errors of the log by event and code. */
  readonly logEvents: Counter<'level' | 'event' | 'code'>
  /** Counts what went because it is older than it is kept. */
  readonly removed: CountRemoved
  /** Keeps how long each part of a message's way takes. */
  readonly journey: WatchJourney
  /** Counts what language models are asked. */
  readonly models: ModelMetrics
  /** Tells of queues, inboxes, stores and background work too; gives who counts messages. */
  watch(watched: WatchedState & WatchedWork): FlowCounters
  /**
   * Mounts `/metrics` for readers on this machine, and for whoever bears `token`, where there is one; a proxy must not
   * pass it on.
   */
  mount(app: Hono, token: string | undefined): void
}

const bearing = /^Bearer (\S+)$/i
const loopback = /^(?:127\.|::1$|::ffff:127\.)/

/** Of the process, whatever runs in it: they watch it for as long as it lives, so that one registry is enough. */
let ofProcess: Registry | undefined
const processMetrics = (): Registry => {
  if (ofProcess === undefined) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess, prefix: 'tongda_' })
  }
  return ofProcess
}

/** Makes the metrics of one node, in Prometheus' text format. */
export const createMetrics = (): Metrics => {
  const registry = new Registry()
  const general = processMetrics()
  const logEvents = new Counter({
    name: 'tongda_log_events_total',
    help: 'Warnings and errors by event and code.',
    labelNames: ['level', 'event', 'code'] as const,
    registers: [registry],
  })
  const removed = new Counter({
    name: 'tongda_retention_removed_total',
    help: 'Messages, tickets, complaint cases, questions and sentences of suggestions that this node removed because they were older than they are kept.',
    labelNames: ['kind'] as const,
    registers: [registry],
  })
  for (const kind of retainedKinds) removed.inc({ kind }, 0)
  return {
    logEvents,
    journey: addJourneyMetrics(registry),
    models: addModelMetrics(registry),
    removed: (kind, rows) => removed.inc({ kind }, rows),
    watch: (watched) => {
      // First: how connections stand is read before the others take some.
      addStateMetrics(registry, watched)
      addWorkMetrics(registry, watched)
      return addFlowCounters(registry, (inboxId) => watched.inboxes.channelOf(inboxId))
    },
    mount: (app, token) => {
      app.get('/metrics', async (context) => {
        const isHere = loopback.test(getConnInfo(context).remote.address ?? '')
        const bearer = bearing.exec(context.req.header('authorization') ?? '')?.[1]
        const isKnown = token !== undefined && bearer !== undefined && sameSecret(bearer, token)
        if (!isHere && !isKnown) return context.notFound()
        const told = [await registry.metrics(), await general.metrics()]
        return context.body(told.join(''), 200, { 'content-type': registry.contentType })
      })
    },
  }
}
