import { aheadMs } from '../core/clock.ts'
import type { HearStep } from '../core/journey.ts'
import type { PromiseName } from '../core/promise.ts'
import type { WatchJourney } from '../core/trace.ts'
import { createFlowReading } from '../store/index.ts'
import type { Inboxes } from './inboxes.ts'
import type { Metrics } from './metrics.ts'
import type { Parts } from './parts.ts'

/** Who hears what the product does, for those who watch it. */
export interface Watching {
  readonly watch: WatchJourney
  readonly hear: HearStep
  readonly promiseBroken: (promise: PromiseName) => void
  /** Sends what is still to be told. */
  stop(): Promise<void>
}

/** Begins to count and measure one node. */
export const startWatching = (metrics: Metrics, parts: Parts, inboxes: Inboxes): Promise<Watching> => {
  const { clock, stores, work, backbone } = parts
  const { hear, promiseBroken } = metrics.watch({
    ...{ clock, database: stores.database, pauses: stores.pauses, retention: stores.retention, inboxes },
    ...{ ...work, flow: createFlowReading(stores.database), aheadMs: () => aheadMs(clock) },
    ...(backbone.isUp === undefined ? {} : { redisUp: backbone.isUp }),
  })
  return Promise.resolve({ watch: metrics.journey, hear, promiseBroken, stop: () => Promise.resolve() })
}
