import type { ModelPurpose } from './language-model.ts'

/** What became of one call of a language model, as reports and metrics count it. */
export const modelOutcomes = [
  'answered',
  /** No answer in time. */
  'timeout',
  /** Whoever asked wanted it no longer. */
  'aborted',
  /** No connection, or it broke off. */
  'unreachable',
  'rate_limited',
  /** The provider wants another key, name or request; it will refuse the next one too. */
  'refused',
  /** The provider's own fault: it says so, or what it sends is none of its API's answers. */
  'failed',
  'too_large',
  'empty',
  /** It was cut at its greatest length. */
  'truncated',
  /** The provider's filter took the answer away. */
  'filtered',
  /** No JSON, or not what the schema says. */
  'malformed',
] as const
export type ModelOutcome = (typeof modelOutcomes)[number]

/** Tokens, and costs in millionths of the configured currency. */
export interface ModelSpending {
  readonly tokens: number
  readonly costMicros: number
}

/** One call of one model, whatever came of it. */
export interface ModelCall {
  readonly at: Date
  readonly purpose: ModelPurpose
  /** As configured. */
  readonly model: string
  readonly conversationId: string | undefined
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costMicros: number
  readonly ms: number
  readonly outcome: ModelOutcome
}

/** Calls for one conversation, of those purposes that share a part of its budget. */
export interface ConversationShare {
  readonly conversationId: string
  readonly purposes: readonly ModelPurpose[]
}

/** What language models were asked and what it took, shared by all nodes. */
export interface ModelLedger {
  record(call: ModelCall): Promise<void>
  /** What all calls took since a moment, and what those of one conversation's share did. */
  spent(
    since: Date,
    share: ConversationShare | undefined,
  ): Promise<{ readonly day: ModelSpending; readonly conversation: ModelSpending }>
  /** Forgets calls from before a moment. */
  retire(before: Date): Promise<void>
}
