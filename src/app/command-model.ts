import type { Config } from '../config.ts'
import { systemClock } from '../core/clock.ts'
import type { Encoder } from '../core/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { ModelHelp } from '../core/model-help.ts'
import type { ModelCall } from '../core/model-ledger.ts'
import { createMemoryLedger, openLanguageModel, type OpenLanguageModel, type Tape } from '../llm/index.ts'
import { contactHelp } from './contact-help.ts'
import type { Content } from './content.ts'
import { startOfDayIn } from './language-model.ts'

/** A language model for a command that needs no database. */
export interface CommandModel {
  readonly model: OpenLanguageModel
  /** What it does for contacts' turns, as in a conversation. */
  readonly help: ModelHelp | undefined
  /** Every call so far, oldest first. */
  readonly calls: readonly ModelCall[]
  /** How many questions were not asked because the budget is used up. */
  readonly overBudget: () => number
}

export interface CommandModelParts {
  readonly config: Config
  readonly content: Content
  readonly encoder: Encoder | undefined
  readonly log: Logger
  readonly tape?: Tape
}

/** As configured; what is switched on nowhere is tried as a whole. */
export const withHelpOn = (config: Config): Config =>
  config.llm.answers === 'on' || config.llm.rewrites === 'on'
    ? config
    : { ...config, llm: { ...config.llm, answers: 'on', rewrites: 'on' } }

/**
 * Opens the configured language model for a command. Its budget counts what this command takes, since the ledger stands in
 * the database. Throws `bad_input` where none is configured.
 */
export const openCommandModel = async (parts: CommandModelParts): Promise<CommandModel> => {
  const { content, encoder, log, tape } = parts
  const config = withHelpOn(parts.config)
  const calls: ModelCall[] = []
  const ledger = createMemoryLedger()
  let overBudget = 0
  const model = await openLanguageModel(config.llm, {
    ...{ clock: systemClock, log, ledger, tape },
    startOfDay: startOfDayIn(config.dialogue.timezone),
    watch: {
      called: (call) => void calls.push(call),
      withheld: (_purpose, why) => {
        if (why === 'over_budget') overBudget += 1
      },
    },
  })
  if (model === undefined)
    throw new TongdaError(
      'bad_input',
      '没有配置语言模型 no language model is configured; set llm.model (docs/llm.md)',
    )
  const help = contactHelp({ config, content, encoder, languageModel: model, log })
  return { model, help, calls, overBudget: () => overBudget }
}
