import { join } from 'node:path'
import { loadLexicons } from '../../../intents/index.ts'
import type { Lexicons } from '../../../intents/index.ts'
import type { Config } from '../../config.ts'
import type { Encoder } from '../../core/encoder.ts'
import { TongdaError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { openConfiguredEncoder } from '../encoder.ts'

/** What every evaluation reads texts with: the product's own word lists, and its encoder where it has one. */
export interface EvalTools {
  readonly lexicons: Lexicons
  readonly encoder?: Encoder | undefined
}

/**
 * Does `work` with the tools of the configuration in force, its encoder among them, and puts them away. Throws
 * `bad_config` when a word list is faulty.
 */
export const withEvalTools = async <Result>(
  config: Config,
  log: Logger,
  work: (tools: EvalTools) => Promise<Result>,
): Promise<Result> => {
  const { lexicons, faults } = await loadLexicons(join(config.content.intents, 'lexicon'))
  const [first] = faults
  if (first !== undefined)
    throw new TongdaError(
      'bad_config',
      `${first.file}:${String(first.line)}  ${first.problem}; ${first.fix}. All of them: tongda kb check`,
    )
  const encoder = await openConfiguredEncoder(config, log)
  try {
    return await work({ lexicons, encoder })
  } finally {
    await encoder?.stop()
  }
}
