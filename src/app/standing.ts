import { topics } from '../core/bus.ts'
import type { ThreadStanding } from '../core/channel.ts'
import { TongdaError } from '../core/errors.ts'
import { createQueueNews } from '../queues/index.ts'
import type { Parts } from './parts.ts'
import { createServiceHours } from './service-hours.ts'

/** Where contacts stand with people, as channels show it to them. */
export interface Standings {
  readonly standing: (inboxId: string, threadKey: string) => Promise<ThreadStanding>
  readonly stopWaiting: (inboxId: string, threadKey: string) => Promise<void>
}

const createStanding = ({ config, clock, log, stores, calendars }: Parts): Standings['standing'] => {
  const hours = createServiceHours(config, calendars)
  const queueNews = createQueueNews({ outlook: stores.outlook, config: config.queues, log })
  return async (inboxId, threadKey) => {
    const now = clock.now()
    const peopleBackAt = hours.peopleBackAt(now)
    const { mode = 'bot', ticket } = (await stores.threadStanding(inboxId, threadKey)) ?? {}
    const shared = { mode, ...(peopleBackAt === undefined ? {} : { peopleBackAt }) }
    if (ticket === undefined || mode !== 'human') return shared
    const place = (await queueNews.places([ticket.id], now)).get(ticket.id)
    return { ...shared, waits: { mayStop: ticket.isPlain, ...(place === undefined ? {} : { place }) } }
  }
}

const createStopWaiting =
  ({ clock, stores, backbone }: Parts): Standings['stopWaiting'] =>
  async (inboxId, threadKey) => {
    const { ticket } = (await stores.threadStanding(inboxId, threadKey)) ?? {}
    if (ticket?.isPlain !== true) return
    const now = clock.now()
    try {
      await stores.tickets.apply(
        {
          ticketId: ticket.id,
          actor: { author: 'system', rule: 'contact-stopped-waiting' },
          change: 'closed',
          detail: {},
          set: { state: 'closed', closedAt: now, mode: 'bot' },
          onlyIfUnassigned: true,
        },
        now,
      )
    } catch (error) {
      // Somebody has just taken it: then they help.
      if (error instanceof TongdaError && error.code === 'conflict') return
      throw error
    }
    backbone.bus.publish(topics.ticket, { ticketId: ticket.id })
    backbone.bus.publish(topics.wake, {})
  }

/** Tells channels where contacts stand with people, and takes contacts out of line who wait no longer. */
export const openStandings = (parts: Parts): Standings => ({
  standing: createStanding(parts),
  stopWaiting: createStopWaiting(parts),
})
