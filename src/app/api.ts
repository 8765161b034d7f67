import type { ApiServices, SignIn } from '../http/index.ts'
import type { Parts } from './parts.ts'
import { startRetiring } from './retire-records.ts'
import { createAddressFault, openWebhooks } from './webhooks.ts'

/** What the public API stands on. */
export const openApi = ({ config, clock, stores, backbone }: Parts, signIn: SignIn): ApiServices => ({
  keys: stores.apiKeys,
  reading: stores.apiReading,
  tickets: stores.tickets,
  contacts: stores.contacts,
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
})

/** Starts to tell systems outside what happens, and to forget it in time. Gives its end. */
export const startTelling = async (parts: Parts): Promise<() => Promise<void>> => {
  const { config, stores, log } = parts
  const stopRetiring = startRetiring(stores, config.api.eventDays, log)
  const stopWebhooks = await openWebhooks(parts)
  return async () => {
    await stopRetiring()
    await stopWebhooks()
  }
}
