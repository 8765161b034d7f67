import { type Bus, topics } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { ringTogether } from '../core/gather-rings.ts'
import type { Logger } from '../core/log.ts'
import type { Post } from '../core/post.ts'
import { startPump } from '../core/pump.ts'
import type { WebhookClaim, WebhookQueue } from '../core/webhook.ts'
import { attempt } from './send.ts'

/** What sending webhooks stands on. */
export interface WebhookSenderOptions {
  readonly queue: WebhookQueue
  readonly post: Post
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly disableAfterMs: number
  /** Milliseconds between looks when nothing rings. Default 2 000. */
  readonly pollMs?: number
}

/** Longer than an attempt can take. */
const leaseMs = 30_000
const concurrency = 32

/** Whoever writes events rings one of these. */
const ringing = [topics.wake, topics.turn, topics.ticket] as const
/** However many messages come, the log is looked at no more often: most products have no webhook at all. */
const gatherMs = 250

/** Starts to tell endpoints what happens; several nodes share the work. Gives its end. */
export const startWebhooks = async (options: WebhookSenderOptions): Promise<() => Promise<void>> => {
  const { queue, post, bus, clock, log, disableAfterMs, pollMs = 2_000 } = options

  const handle = async (claim: WebhookClaim): Promise<void> => {
    try {
      const outcome = await attempt(post, claim, clock.now())
      const disabled = await queue.settle(claim, outcome, disableAfterMs)
      const { kind, status, error } = outcome
      const facts = {
        webhookId: claim.endpointId,
        deliveryId: claim.id,
        attempt: claim.attempt,
        status,
        error,
      }
      if (kind !== 'delivered') log.info({ ...facts, outcome: kind }, 'webhook not delivered')
      if (disabled) log.warn(facts, 'webhook disabled: nothing arrives there any more')
    } catch (error) {
      // The lease ends by itself, and another attempt is made.
      log.warn({ deliveryId: claim.id, error }, 'the end of a webhook delivery could not be recorded')
    }
  }

  const pump = startPump<WebhookClaim>({
    claim: async (room) => {
      while (await queue.spread());
      return queue.claim(room, leaseMs)
    },
    handle,
    onClaimError: (error) => log.warn({ error }, 'webhooks could not be looked for'),
    concurrency,
    pollMs,
  })
  const leaving = await Promise.all([
    bus.subscribe(topics.webhooks, () => pump.ring()),
    ringTogether(bus, { topics: ringing, gatherMs, ring: () => pump.ring() }),
  ])
  return async () => {
    for (const leave of leaving) leave()
    await pump.stop()
  }
}
