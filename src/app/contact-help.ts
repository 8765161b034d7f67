import type { ModelHelp } from '../core/model-help.ts'
import { createModelHelp } from '../llm/index.ts'
import type { Parts } from './parts.ts'

/** What a language model does for contacts' turns; undefined: there is none, or it is switched off for them. */
export const contactHelp = ({
  config,
  content,
  encoder,
  languageModel,
  log,
}: Pick<Parts, 'config' | 'content' | 'encoder' | 'languageModel' | 'log'>): ModelHelp | undefined =>
  languageModel === undefined || (config.llm.answers === 'off' && config.llm.rewrites === 'off')
    ? undefined
    : createModelHelp({
        model: languageModel,
        encoder,
        understand: content.understand,
        config: config.llm,
        log: log.child({ part: 'llm' }),
      })
