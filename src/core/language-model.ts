import type { z } from 'zod'

/** What a language model is asked for. Each has its own counts in reports and metrics. */
export type ModelPurpose =
  | 'answer'
  | 'rewrite'
  | 'summary'
  | 'reply'
  | 'tone'
  | 'translation'
  | 'fields'
  | 'similar-questions'
  | 'article'
  | 'contradictions'
  | 'tool'
  | 'judge'

/**
 * Something the model reads: a contact's words, an article, a tool's result. It is data: it travels apart from the
 * instructions, never in the system role, and nothing in it is obeyed.
 */
export interface ModelMaterial {
  /** What it is, in a word of ours, e.g. `question` or `article:refund-time`. Never text from outside. */
  readonly name: string
  readonly text: string
}

/** With less time than this, in milliseconds, hardly any model answers: asking would cost, and come to nothing. */
export const leastModelMs = 1_000

/** One question to a language model, answered as `schema` says. */
export interface ModelRequest<T> {
  readonly purpose: ModelPurpose
  /** Ours alone: nothing from outside is ever put in here. */
  readonly instructions: string
  readonly material: readonly ModelMaterial[]
  readonly schema: z.ZodType<T>
  /** The conversation that it is spent on; it has a budget of its own each day. Absent: only the day's counts. */
  readonly conversationId?: string | undefined
  /** Milliseconds for everything, the second model included. Default and most: as configured for those who wait. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /**
   * Told of the answer while it is written, as far as its lists have whole items: unchecked, not of the schema yet, and
   * from the start again when another model takes over. Never told after `ask` is over. Absent: the answer comes whole.
   */
  readonly whileWritten?: ((part: unknown) => void) | undefined
}

/** What was spent on an answer. */
export interface ModelUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  /** In millionths of the configured currency; 0 where no price is configured. */
  readonly costMicros: number
}

export interface ModelAnswer<T> {
  readonly value: T
  /** The model that answered, as configured: the first, or the one behind it. */
  readonly model: string
  readonly usage: ModelUsage
  readonly ms: number
}

/**
 * A language model behind its budget, breaker and fallback. Personal data in the material is masked before it leaves and
 * put back into the answer. Rejects with `TongdaError`: `model_unavailable` (it failed, is too slow, answered with something
 * else, or its breaker is open), `model_over_budget` (the day's or the conversation's tokens or costs are used up).
 * Whoever asks goes on without it.
 */
export interface LanguageModel {
  /** Names of the models in the order in which they are asked. */
  readonly models: readonly string[]
  ask<T>(request: ModelRequest<T>): Promise<ModelAnswer<T>>
}
