import type { ApiServices, SignIn } from '../http/index.ts'
import type { Parts } from './parts.ts'

/** What the public API stands on. */
export const openApi = ({ config, clock, stores, backbone }: Parts, signIn: SignIn): ApiServices => ({
  keys: stores.apiKeys,
  reading: stores.apiReading,
  tickets: stores.tickets,
  contacts: stores.contacts,
  events: stores.events,
  idempotency: stores.idempotency,
  limiters: backbone.limiters,
  bus: backbone.bus,
  clock,
  signIn,
  requestsPerMinute: config.api.requestsPerMinute,
})
