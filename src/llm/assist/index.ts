import { createProposeFields } from './fields.ts'
import { createSuggestReply } from './reply.ts'
import {
  asDraft,
  asReading,
  type BrandTone,
  createNameLanguage,
  createRetone,
  createTranslate,
} from './rewrite.ts'
import { createSummary } from './summary.ts'
import type { Encoder } from '../../core/encoder.ts'
import type { LanguageModel } from '../../core/language-model.ts'
import type { Logger } from '../../core/log.ts'

export { asDraft, asReading, createSummary }
export type { Said } from './conversation.ts'
export type { FieldChoice } from './fields.ts'
export type { Target } from './rewrite.ts'

/** What help for agents is made with. */
export interface AssistDeps {
  readonly model: LanguageModel
  /** Compares meanings; absent: words alone do. */
  readonly encoder?: Encoder | undefined
  /** How the brand speaks. */
  readonly tone: BrandTone
  readonly log: Logger
}

/** What a language model writes for agents, each from the material it is given alone. */
export const createAssistWriter = ({ model, encoder, tone, log }: AssistDeps) => ({
  summarise: createSummary(model),
  suggestReply: createSuggestReply({ model, encoder, log }),
  retone: createRetone({ model, tone }),
  nameLanguage: createNameLanguage(model),
  translate: createTranslate(model),
  proposeFields: createProposeFields(model),
})
