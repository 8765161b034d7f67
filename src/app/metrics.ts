import { getConnInfo } from '@hono/node-server/conninfo'
import type { Hono } from 'hono'
import { Counter, Registry, collectDefaultMetrics } from 'prom-client'
import { addWorkMetrics, type WatchedWork } from './work-metrics.ts'

/** What is counted, and where it is read. */
export interface Metrics {
  /** Warnings and errors of the log by event and code. */
  readonly logEvents: Counter<'level' | 'event' | 'code'>
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
  return {
    logEvents,
    watch: (work) => addWorkMetrics(registry, work),
    mount: (app) => {
      app.get('/metrics', async (context) => {
        if (!loopback.test(getConnInfo(context).remote.address ?? '')) return context.notFound()
        return context.body(await registry.metrics(), 200, { 'content-type': registry.contentType })
      })
    },
  }
}
