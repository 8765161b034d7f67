import { randomUUID } from 'node:crypto'
import { aheadMs } from '../core/clock.ts'
import type { HearStep } from '../core/journey.ts'
import type { PromiseName } from '../core/promise.ts'
import type { WatchJourney } from '../core/trace.ts'
import { createFlowReading, createSentOf } from '../store/index.ts'
import { startSpans } from '../telemetry/index.ts'
import type { Inboxes } from './inboxes.ts'
import type { Metrics } from './metrics.ts'
import type { Parts } from './parts.ts'
import { productVersion } from './version.ts'

/** Who hears what the product does, for those who watch it. */
export interface Watching {
  readonly watch: WatchJourney
  readonly hear: HearStep
  readonly promiseBroken: (promise: PromiseName) => void
  /** Sends what is still to be told. */
  stop(): Promise<void>
}

/** Traces messages where a collector is configured; else nothing is loaded, and nothing leaves this machine. */
const startTracing = async (
  { config, stores, log }: Parts,
  inboxes: Inboxes,
): Promise<Pick<Watching, 'hear' | 'stop'> | undefined> => {
  const { otlp } = config.telemetry
  const { url } = otlp
  if (url === undefined) return undefined
  return startSpans({
    ...otlp,
    ...{ url, version: productVersion, nodeId: randomUUID(), log: log.child({ part: 'telemetry' }) },
    channelOf: (inboxId) => inboxes.channelOf(inboxId),
    sentOf: createSentOf(stores.database),
  })
}

/** Begins to count and measure one node. */
export const startWatching = async (metrics: Metrics, parts: Parts, inboxes: Inboxes): Promise<Watching> => {
  const { clock, stores, work, backbone } = parts
  const { hear, promiseBroken } = metrics.watch({
    ...{ clock, database: stores.database, pauses: stores.pauses, retention: stores.retention, inboxes },
    ...{ ...work, flow: createFlowReading(stores.database), aheadMs: () => aheadMs(clock) },
    ...(parts.config.redis.url === undefined ? {} : { redisUp: () => backbone.isConnected() }),
  })
  const tracing = await startTracing(parts, inboxes)
  return {
    watch: metrics.journey,
    hear: (step) => {
      hear(step)
      tracing?.hear(step)
    },
    promiseBroken,
    stop: async () => tracing?.stop(),
  }
}
