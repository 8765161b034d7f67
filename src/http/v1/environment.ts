import type { ApiKeyStore } from '../../core/api-key.ts'
import type { ApiReading } from '../../core/api-reading.ts'
import type { Bus, Limiter, Limiters } from '../../core/bus.ts'
import type { ComplaintService } from '../../core/complaint.ts'
import type { Clock } from '../../core/clock.ts'
import type { ContactStore } from '../../core/contact.ts'
import type { EventLog } from '../../core/event-log.ts'
import type { IdempotencyStore } from '../../core/idempotency.ts'
import type { Logger } from '../../core/log.ts'
import type { RelationService, TicketStore, TicketUpkeep } from '../../core/ticket.ts'
import type { WebhookDeliveries, WebhookEndpoints } from '../../core/webhook.ts'
import type { Origins } from '../origins.ts'
import type { SignIn } from '../sign-in/sign-in.ts'

/** What the public API's routes work with. */
export interface ApiServices {
  readonly keys: ApiKeyStore
  readonly reading: ApiReading
  readonly tickets: Pick<TicketStore, 'get'>
  readonly upkeep: TicketUpkeep
  readonly relations: RelationService
  readonly contacts: Pick<ContactStore, 'get'>
  readonly complaints: ComplaintService
  readonly events: EventLog
  readonly idempotency: IdempotencyStore
  readonly webhooks: WebhookEndpoints
  readonly deliveries: WebhookDeliveries
  /** Why a webhook may not go to this address, as far as it can be told without DNS; undefined: it may. */
  readonly addressFault: (url: string) => string | undefined
  readonly limiters: Limiters
  readonly bus: Bus
  readonly clock: Clock
  readonly signIn: Pick<SignIn, 'sessions'>
  /** Requests one key, or one signed-in agent, may make in a minute. */
  readonly requestsPerMinute: number
}

/** The Hono environment of the public API. */
export interface ApiEnv {
  readonly Variables: { readonly requestId: string }
}

/** What the server adds to it. */
export interface ApiSurroundings extends ApiServices {
  readonly log: Logger
  readonly origins: () => Origins
  /** Aborts when the server stops; open event streams end. */
  readonly stopping: AbortSignal
  /** Milliseconds between heartbeats of event streams. */
  readonly heartbeatMs: number
  readonly limiter: Limiter
  /** Open event streams of this node, by caller. */
  readonly streams: Map<string, number>
}
