import { getConnInfo } from '@hono/node-server/conninfo'
import type { Hono } from 'hono'
import { Counter, Registry, collectDefaultMetrics } from 'prom-client'
import { retainedKinds } from '../core/personal-data.ts'
import type { WatchJourney } from '../core/trace.ts'
import { addJourneyMetrics } from './journey-metrics.ts'
import type { CountRemoved } from './retention.ts'
import { addWorkMetrics, type WatchedWork } from './work-metrics.ts'

/** What is counted, and where it is read. */
export interface Metrics {
  /** Warnings and errors of the log by event and code. */
  readonly logEvents: Counter<'level' | 'event' | 'code'>
  /** Counts what went because it is older than it is kept. */
  readonly removed: CountRemoved
  /** Keeps how long each part of a message's way takes. */
  readonly journey: WatchJourney
  /** Tells of background work too. */
  watch(work: WatchedWork): void
  /** Mounts `/metrics` for readers on this machine; a proxy must not pass it on. */
  mount(app: Hono): void
}

const loopback = /^(?:127\.|::1$|::ffff:127\.)/

/** Makes the metrics of one node, in Prometheus' text format. */
export const createMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'tongda_' })
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
    removed: (kind, rows) => removed.inc({ kind }, rows),
    watch: (work) => addWorkMetrics(registry, work),
    mount: (app) => {
      app.get('/metrics', async (context) => {
        if (!loopback.test(getConnInfo(context).remote.address ?? '')) return context.notFound()
        return context.body(await registry.metrics(), 200, { 'content-type': registry.contentType })
      })
    },
  }
}
