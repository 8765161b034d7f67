import type { ModelPurpose } from '../core/language-model.ts'

/**
 * For whom a model works. A contact's turn waits for its answer; agents and editors wait longer for longer texts, or nobody
 * waits at all. Each has a time, a breaker and a part of a conversation's budget of its own.
 */
export type Work = 'contacts' | 'staff'

const works: Readonly<Record<ModelPurpose, Work>> = {
  ...{ answer: 'contacts', rewrite: 'contacts', tool: 'contacts' },
  ...{ summary: 'staff', reply: 'staff', tone: 'staff', translation: 'staff', fields: 'staff' },
  ...{ 'similar-questions': 'staff', article: 'staff', contradictions: 'staff', judge: 'staff' },
}

/** For whom a question is asked. */
export const workOf = (purpose: ModelPurpose): Work => works[purpose]

/** Everything that is asked for the same people as this. */
export const purposesLike = (purpose: ModelPurpose): readonly ModelPurpose[] =>
  (Object.keys(works) as ModelPurpose[]).filter((one) => works[one] === works[purpose])
