import type { Logger } from '../core/log.ts'
import type { QueueNews, QueueOutlook, QueuePlace } from '../core/queue.ts'
import type { QueuesConfig } from './config.ts'
import { presenceLimits } from './policy.ts'

export interface QueueNewsOptions {
  readonly outlook: Pick<QueueOutlook, 'ahead' | 'places'>
  readonly config: QueuesConfig
  readonly log: Logger
}

/** Tells contacts where they stand; where people take tickets by hand nobody stands in line. */
export const createQueueNews = ({ outlook, config, log }: QueueNewsOptions): QueueNews => {
  const unless = async <Found>(nothing: Found, find: () => Promise<Found>): Promise<Found> => {
    if (!config.assign) return nothing
    try {
      return await find()
    } catch (error) {
      log.warn({ error }, 'where a ticket stands in the queue could not be read; its contact is not told')
      return nothing
    }
  }
  const silentBefore = (now: Date): Date => presenceLimits(config, now).silentBefore
  return {
    ahead: (ticket, now) => unless(undefined, () => outlook.ahead(ticket, silentBefore(now), now)),
    places: (ticketIds, now) =>
      unless<ReadonlyMap<string, QueuePlace>>(new Map(), () =>
        outlook.places(ticketIds, silentBefore(now), now),
      ),
  }
}
