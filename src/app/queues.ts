import { topics } from '../core/bus.ts'
import type { QueueParts } from '../http/index.ts'
import { createPresenceService, createQueueService, startQueues } from '../queues/index.ts'
import type { Parts } from './parts.ts'

const publisher =
  ({ backbone }: Parts) =>
  (ticketId: string): void => {
    backbone.bus.publish(topics.ticket, { ticketId })
    // Who leads may have changed: what is pending is looked at again.
    backbone.bus.publish(topics.wake, {})
  }

/** What the desk and the API know of queues. */
export const openQueues = (parts: Parts): QueueParts => {
  const { config, clock, stores, backbone } = parts
  return {
    teams: stores.teams,
    members: stores.members,
    outlook: stores.outlook,
    presence: createPresenceService({
      store: stores.presence,
      config: config.queues,
      clock,
      publish: () => backbone.bus.publish(topics.presence, {}),
    }),
    work: createQueueService({
      store: stores.tickets,
      assignment: stores.assignment,
      clock,
      publish: publisher(parts),
    }),
  }
}

/** Starts giving tickets to people. */
export const startAssigning = (parts: Parts): Promise<() => Promise<void>> => {
  const { config, clock, log, stores, backbone } = parts
  const { assignment, presence, handBackSilent } = stores
  return startQueues({
    ...{ assignment, presence, handBackSilent, clock },
    config: config.queues,
    bus: backbone.bus,
    log: log.child({ part: 'queues' }),
    publish: publisher(parts),
  })
}
