import { ChannelError, type ChannelErrorCode } from '../core/errors.ts'
import type { DispatchResult } from '../core/stores.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** What a refusal leads to. */
type Reaction =
  | { readonly kind: 'retry'; readonly firstMs: number }
  /** Nothing goes out of this inbox for a while; from attempt to attempt twice as long, up to `longestMs`. */
  | { readonly kind: 'pause'; readonly firstMs: number; readonly longestMs: number }
  /** Goes out when the contact writes again. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'give-up' }

const giveUp: Reaction = { kind: 'give-up' }
const retrySoon: Reaction = { kind: 'retry', firstMs: secondMs }

const reactions: Readonly<Record<ChannelErrorCode, Reaction>> = {
  temporary: retrySoon,
  token_expired: retrySoon,
  media_expired: retrySoon,
  provider_down: { kind: 'pause', firstMs: 2 * secondMs, longestMs: minuteMs },
  rate_limited: { kind: 'pause', firstMs: 5 * secondMs, longestMs: minuteMs },
  daily_quota: { kind: 'pause', firstMs: hourMs, longestMs: hourMs },
  needs_operator: { kind: 'pause', firstMs: 5 * minuteMs, longestMs: 5 * minuteMs },
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

/** Tries before a message is given up and shown as failed. */
export const maxTries = 9
const longestBackoffMs = 5 * minuteMs

/** Exponential backoff with full jitter. `random` is in [0, 1). */
const backoffMs = (firstMs: number, tries: number, random: () => number): number => {
  const ceiling = Math.min(longestBackoffMs, firstMs * 2 ** (tries - 1))
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

/** What is known of a message when its delivery fails. */
export interface DeliveryHistory {
  /** Number of this attempt, 1 for the first. */
  readonly attempt: number
  /** Attempts that count, this one included: all but those that ended in a pause. */
  readonly tries: number
  /** True when it has waited as long as a message may. */
  readonly tooOld: boolean
}

/** What becomes of a message whose delivery failed. Waiting in a pause is limited by age, everything else by tries. */
export const reactTo = (
  failure: unknown,
  { attempt, tries, tooOld }: DeliveryHistory,
  random: () => number,
): DispatchResult => {
  const error = describe(failure)
  const reaction = reactions[error.code]
  const facts = failure instanceof ChannelError ? failure.facts : { outcomeUnknown: true }
  const uncertain = facts.outcomeUnknown ?? false
  const ended = {
    error,
    uncertain,
    // A numbered refusal was not counted as a send; after a broken connection nobody knows.
    refundAllowance: facts.providerCode !== undefined && !uncertain,
  }
  switch (reaction.kind) {
    case 'retry': {
      if (tries >= maxTries) return { status: 'failed', ...ended }
      const retryInMs = facts.retryAfterMs ?? backoffMs(reaction.firstMs, tries, random)
      return { status: 'queued', ...ended, retryInMs }
    }
    case 'pause': {
      const pauseMs =
        facts.retryAfterMs ?? Math.min(reaction.longestMs, reaction.firstMs * 2 ** Math.min(attempt - 1, 20))
      // What the provider asks for holds for the others, too, when this one is given up.
      if (tooOld) return { status: 'expired', ...ended, pauseInboxMs: pauseMs }
      return { status: 'queued', ...ended, retryInMs: pauseMs, pauseInboxMs: pauseMs }
    }
    case 'wait':
      return { status: 'waiting', error }
    case 'give-up':
      return { status: 'failed', ...ended }
    default:
      return reaction satisfies never
  }
}
