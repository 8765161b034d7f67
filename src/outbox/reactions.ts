import { ChannelError, type ChannelErrorCode } from '../core/errors.ts'
import type { DispatchResult } from '../core/stores.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** What a refusal leads to. */
type Reaction =
  | { readonly kind: 'retry'; readonly firstMs: number }
  /** Nothing goes out of this inbox for a while. */
  | { readonly kind: 'pause'; readonly pauseMs: number }
  /** Goes out when the contact writes again. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'give-up' }

const giveUp: Reaction = { kind: 'give-up' }
const retrySoon: Reaction = { kind: 'retry', firstMs: secondMs }

const reactions: Readonly<Record<ChannelErrorCode, Reaction>> = {
  temporary: retrySoon,
  token_expired: retrySoon,
  media_expired: retrySoon,
  rate_limited: { kind: 'pause', pauseMs: 5 * secondMs },
  daily_quota: { kind: 'pause', pauseMs: hourMs },
  needs_operator: { kind: 'pause', pauseMs: 5 * minuteMs },
  quota_exhausted: { kind: 'wait' },
  window_closed: { kind: 'wait' },
  unreachable: giveUp,
  too_long: giveUp,
  no_permission: giveUp,
  rejected_content: giveUp,
  permanent: giveUp,
  // Codes of refused requests; a delivery that throws one is broken in itself.
  unauthorized: giveUp,
  stale: giveUp,
  replayed: giveUp,
  malformed: giveUp,
  too_large: giveUp,
  too_many: retrySoon,
}

/** Refusals that somebody must look at. */
const alarming: readonly ChannelErrorCode[] = ['needs_operator', 'no_permission', 'daily_quota']

/** True when an operator should hear of it. */
export const isAlarming = (error: unknown): boolean =>
  error instanceof ChannelError && alarming.includes(error.code)

/** Attempts before a message is given up and shown as failed. */
export const maxAttempts = 9
const longestBackoffMs = 5 * minuteMs

/** Exponential backoff with full jitter. `random` is in [0, 1). */
const backoffMs = (firstMs: number, attempt: number, random: () => number): number => {
  const ceiling = Math.min(longestBackoffMs, firstMs * 2 ** (attempt - 1))
  return Math.round(ceiling / 2 + (random() * ceiling) / 2)
}

const describe = (error: unknown): { code: ChannelErrorCode; message: string; providerCode?: string } => {
  if (!(error instanceof ChannelError)) {
    return { code: 'temporary', message: error instanceof Error ? error.message : 'unknown failure' }
  }
  const { providerCode, hint } = error.facts
  return {
    code: error.code,
    message: hint ?? error.message,
    ...(providerCode === undefined ? {} : { providerCode: String(providerCode) }),
  }
}

/** What becomes of a message whose delivery failed at attempt number `attempt`. */
export const reactTo = (failure: unknown, attempt: number, random: () => number): DispatchResult => {
  const error = describe(failure)
  const reaction = reactions[error.code]
  const facts = failure instanceof ChannelError ? failure.facts : {}
  // A numbered refusal was not counted as a send; after a broken connection nobody knows.
  const refundAllowance = facts.providerCode !== undefined
  switch (reaction.kind) {
    case 'retry':
      if (attempt >= maxAttempts) return { status: 'failed', error, refundAllowance }
      return {
        status: 'queued',
        error,
        refundAllowance,
        retryInMs: facts.retryAfterMs ?? backoffMs(reaction.firstMs, attempt, random),
      }
    case 'pause': {
      if (attempt >= maxAttempts) return { status: 'failed', error, refundAllowance }
      const pauseMs = facts.retryAfterMs ?? reaction.pauseMs
      return { status: 'queued', error, refundAllowance, retryInMs: pauseMs, pauseInboxMs: pauseMs }
    }
    case 'wait':
      return { status: 'waiting', error }
    case 'give-up':
      return { status: 'failed', error, refundAllowance }
    default:
      return reaction satisfies never
  }
}
