import type { EventType } from './event-log.ts'

/** An address outside that is told of events. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  readonly description: string
  /** Which events; none: all, also those that come with later versions. */
  readonly types: readonly EventType[]
  readonly createdBy: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
  /** Until then signatures are made with the older secret too. */
  readonly oldSecretUntil?: Date
  /** Since when nothing arrives. */
  readonly failingSince?: Date
  readonly disabledAt?: Date
  /** `operator`: somebody did; `failing`: nothing arrived for days; `gone`: the other side said 410. */
  readonly disabledReason?: 'operator' | 'failing' | 'gone'
}

/** An endpoint to be. */
export interface NewWebhook {
  readonly url: string
  readonly description: string
  readonly types: readonly EventType[]
  readonly createdBy: string
  readonly now: Date
  readonly idempotencyKey?: string
}

/** What is changed of an endpoint; what is undefined stays. */
export interface WebhookChange {
  readonly url?: string
  readonly description?: string
  readonly types?: readonly EventType[]
  /** Enabling begins with what happens from now on. */
  readonly disabled?: boolean
  /** A new secret; the one before goes on for so many milliseconds. */
  readonly rotate?: { readonly overlapMs: number }
  /** Undefined: any; else `conflict` when the endpoint has moved on. */
  readonly expectedVersion?: number
  readonly now: Date
}

/** The endpoint with its newest secret, `whsec_…`. */
export interface WebhookWithSecret {
  readonly endpoint: WebhookEndpoint
  readonly secret: string
}

/** Who is told. Those that name an endpoint throw `not_found`. */
export interface WebhookEndpoints {
  create(webhook: NewWebhook): Promise<WebhookWithSecret>
  list(): Promise<readonly WebhookEndpoint[]>
  get(id: string): Promise<WebhookEndpoint>
  change(id: string, change: WebhookChange): Promise<WebhookWithSecret>
  /** With all its deliveries. */
  remove(id: string): Promise<void>
}

export const deliveryStates = ['pending', 'delivered', 'dead'] as const
export type WebhookDeliveryState = (typeof deliveryStates)[number]

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  readonly id: string
  /** Its place in the list. */
  readonly position: number
  readonly type: string
  /** `dead`: given up; it can be sent again by hand. */
  readonly state: WebhookDeliveryState
  readonly attempts: number
  readonly createdAt: Date
  /** Of one that is pending. */
  readonly nextAttemptAt?: Date
  readonly attemptedAt?: Date
  readonly lastStatus?: number
  /** The first 2 kB of the last answer. */
  readonly lastBody?: string
  /** Why there was no answer. */
  readonly lastError?: string
}

/** What was, or is to be, delivered. */
export interface WebhookDeliveries {
  /** The newest first. */
  list(
    endpointId: string,
    page: { readonly before?: number; readonly limit: number; readonly state?: WebhookDeliveryState },
  ): Promise<readonly WebhookDelivery[]>
  /** Sends an event that nothing happened for. */
  test(endpointId: string, now: Date, idempotencyKey?: string): Promise<WebhookDelivery>
  /** Sends one again, or without a name all that are dead; gives how many. Throws `not_found`. */
  replay(endpointId: string, deliveryId: string | undefined): Promise<number>
}

/** A delivery leased to one sender. */
export interface WebhookClaim {
  readonly id: string
  readonly endpointId: string
  /** Grows with every claim; a settle with an older number has no effect. */
  readonly fence: number
  readonly url: string
  /** The newest first. */
  readonly secrets: readonly string[]
  readonly payload: string
  /** 1 for the first. */
  readonly attempt: number
}

/** How an attempt ended. */
export interface WebhookOutcome {
  /** `retry` after `retryInMs`; `gone`: the endpoint is disabled. */
  readonly kind: 'delivered' | 'retry' | 'dead' | 'gone'
  readonly retryInMs?: number
  readonly status?: number
  readonly body?: string
  readonly error?: string
}

/** Deliveries in work. */
export interface WebhookQueue {
  /** Makes deliveries of what has happened; true when there may be more. */
  spread(): Promise<boolean>
  /** Leases what is due; of one endpoint few at a time, so that a slow one does not hold up the others. */
  claim(limit: number, leaseMs: number): Promise<readonly WebhookClaim[]>
  /** Records an end. True when the endpoint was disabled by it: gone, or failing for `disableAfterMs`. */
  settle(claim: WebhookClaim, outcome: WebhookOutcome, disableAfterMs: number): Promise<boolean>
  /** Forgets deliveries that ended before `before`. */
  retire(before: Date): Promise<void>
}
