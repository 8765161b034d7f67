import type { ThreadStanding } from '../core/channel.ts'
import { createQueueNews } from '../queues/index.ts'
import type { Parts } from './parts.ts'
import { createServiceHours } from './service-hours.ts'

/** Tells channels where a contact stands with people: who leads, how many come before, when people are back. */
export const createStanding = ({ config, clock, log, stores, calendars }: Parts) => {
  const hours = createServiceHours(config, calendars)
  const queueNews = createQueueNews({ outlook: stores.outlook, config: config.queues, log })
  return async (inboxId: string, threadKey: string): Promise<ThreadStanding> => {
    const now = clock.now()
    const peopleBackAt = hours.peopleBackAt(now)
    const { mode = 'bot', ticketId } = (await stores.threadStanding(inboxId, threadKey)) ?? {}
    const shared = { mode, ...(peopleBackAt === undefined ? {} : { peopleBackAt }) }
    if (ticketId === undefined || mode !== 'human') return shared
    const place = (await queueNews.places([ticketId], now)).get(ticketId)
    return { ...shared, waits: place === undefined ? {} : { place } }
  }
}
