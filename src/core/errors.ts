/** What went wrong, as a word that code branches on. Messages are for people. */
export type ErrorCode =
  | 'bad_config'
  | 'bad_input'
  | 'conflict'
  | 'data_folder_locked'
  | 'database_too_new'
  | 'database_unavailable'
  | 'encoder_unavailable'
  | 'forbidden'
  | 'media_unavailable'
  | 'model_over_budget'
  | 'model_unavailable'
  | 'not_found'
  | 'unauthenticated'

/** An error of Tongda's own: a code to branch on, a sentence that says what to do, and the facts. */
export class TongdaError extends Error {
  readonly code: ErrorCode
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, facts: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TongdaError'
    this.code = code
    this.facts = facts
  }
}

/**
 * What a provider's refusal means to us. The outbox's reaction to each is data in `src/outbox/reactions.ts`;
 * the request-side codes (`unauthorized` … `replayed`) become HTTP answers in the webhook mount.
 */
export type ChannelErrorCode =
  // A request we refuse
  | 'unauthorized'
  | 'stale'
  | 'replayed'
  | 'malformed'
  | 'too_large'
  | 'too_many'
  // A call the provider refuses
  | 'temporary'
  /** Nothing reached the provider: it does not answer at all. */
  | 'provider_down'
  | 'rate_limited'
  | 'token_expired'
  | 'daily_quota'
  | 'quota_exhausted'
  | 'window_closed'
  | 'unreachable'
  | 'media_expired'
  | 'too_long'
  | 'no_permission'
  | 'rejected_content'
  | 'needs_operator'
  | 'permanent'

/** Facts of a provider's refusal; never a token, an openid or message text. */
export interface ChannelErrorFacts {
  /** The provider's own number or word, e.g. `45047`. */
  readonly providerCode?: string | number
  /** Milliseconds the provider asks us to wait. */
  readonly retryAfterMs?: number
  /** True when the provider may have done what was asked: the request left, no answer came. */
  readonly outcomeUnknown?: boolean
  /** What the operator should do, when there is something. */
  readonly hint?: string
  /** The error underneath. */
  readonly cause?: unknown
}

/** A channel's failure. `channel` is the adapter's name, `code` what it means, `facts` what is known. */
export class ChannelError extends Error {
  readonly channel: string
  readonly code: ChannelErrorCode
  readonly facts: ChannelErrorFacts

  constructor(channel: string, code: ChannelErrorCode, message: string, facts: ChannelErrorFacts = {}) {
    super(`${channel}: ${message}`, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'ChannelError'
    this.channel = channel
    this.code = code
    this.facts = facts
  }
}
