import type { Encoder } from '../core/encoder.ts'
import type { LanguageModel } from '../core/language-model.ts'
import type { Logger } from '../core/log.ts'
import type { ModelHelp } from '../core/model-help.ts'
import type { Reason } from '../core/reason.ts'
import type { Understand } from '../core/understanding.ts'
import { createAnswer } from './answer.ts'
import type { AnswersConfig } from './answers-config.ts'
import { createReword } from './rewrite.ts'

/** What help for contacts' turns is made with. */
export interface ModelHelpDeps {
  readonly model: LanguageModel
  /** Compares meanings; absent: words alone do. */
  readonly encoder?: Encoder | undefined
  readonly understand: Understand
  readonly config: AnswersConfig
  readonly log: Logger
}

/** A failure is no answer; what it was stands in the log. */
const orReason = async <Found>(
  work: Promise<Found>,
  reason: Reason,
  { conversationId, log }: { readonly conversationId: string; readonly log: Logger },
): Promise<Found | { readonly reason: Reason }> => {
  try {
    return await work
  } catch (error) {
    log.debug({ conversationId, error }, 'the language model was of no help')
    return { reason }
  }
}

const failed: Reason = { code: 'model-failed', values: {} }
const notReworded: Reason = { code: 'not-reworded', values: { why: 'failed' } }

/** What a language model does for contacts' turns, as configured. */
export const createModelHelp = (deps: ModelHelpDeps): ModelHelp => {
  const { config, log } = deps
  const notice = { zh: config.answerNotice, en: config.answerNoticeEn }
  const answer = createAnswer({ ...deps, notice, purpose: 'answer' })
  const reword = createReword(deps)
  return {
    ...(config.rewrites === 'on'
      ? { reword: (doubt, ms) => orReason(reword(doubt, ms), notReworded, { ...doubt, log }) }
      : {}),
    ...(config.answers === 'on'
      ? { answer: (doubt, ms, show) => orReason(answer(doubt, ms, show), failed, { ...doubt, log }) }
      : {}),
  }
}
