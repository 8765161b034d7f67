import type { Encoder } from '../core/encoder.ts'
import type { LanguageModel } from '../core/language-model.ts'
import type { Logger } from '../core/log.ts'
import type { Helped, ModelHelp } from '../core/model-help.ts'
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
const orFailed = async <Found>(
  work: Promise<Helped<Found>>,
  conversationId: string,
  log: Logger,
): Promise<Helped<Found>> => {
  try {
    return await work
  } catch (error) {
    log.debug({ conversationId, error }, 'the language model was of no help')
    return { reason: { code: 'model-failed', values: {} } }
  }
}

/** What a language model does for contacts' turns, as configured. */
export const createModelHelp = (deps: ModelHelpDeps): ModelHelp => {
  const { config, log } = deps
  const answer = createAnswer(deps)
  const reword = createReword(deps)
  return {
    ...(config.rewrites === 'on'
      ? { reword: (doubt, ms) => orFailed(reword(doubt, ms), doubt.conversationId, log) }
      : {}),
    ...(config.answers === 'on'
      ? { answer: (doubt, ms, show) => orFailed(answer(doubt, ms, show), doubt.conversationId, log) }
      : {}),
  }
}
