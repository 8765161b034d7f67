import { topics } from '../core/bus.ts'
import type { ComplaintService } from '../core/complaint.ts'
import type { ApiServices, SignIn } from '../http/index.ts'
import { createRelationService, createUpkeep } from '../tickets/index.ts'
import type { Parts } from './parts.ts'
import { createAddressFault } from './webhooks.ts'

/** What is done to tickets beside speaking to their contacts. */
const openTicketWork = ({
  config,
  clock,
  stores,
  backbone,
}: Parts): Pick<ApiServices, 'upkeep' | 'relations'> => {
  const { tickets: store, relations } = stores
  const policy = config.tickets
  const publish = (ticketId: string): void => backbone.bus.publish(topics.ticket, { ticketId })
  return {
    upkeep: createUpkeep({ store, clock, policy, publish }),
    relations: createRelationService({ store, relations, clock, policy, publish }),
  }
}

/** What the public API stands on. */
export const openApi = (parts: Parts, signIn: SignIn, complaints: ComplaintService): ApiServices => {
  const { config, clock, stores, backbone } = parts
  return {
    ...openTicketWork(parts),
    keys: stores.apiKeys,
    reading: stores.apiReading,
    tickets: stores.tickets,
    contacts: stores.contacts,
    complaints,
    events: stores.events,
    idempotency: stores.idempotency,
    webhooks: stores.webhooks,
    deliveries: stores.webhookDeliveries,
    addressFault: createAddressFault(config),
    limiters: backbone.limiters,
    bus: backbone.bus,
    clock,
    signIn,
    requestsPerMinute: config.api.requestsPerMinute,
  }
}
