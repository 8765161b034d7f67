import { join } from 'node:path'
import { loadLexicons } from '../../../intents/index.ts'
import type { Lexicons } from '../../../intents/index.ts'
import type { Config } from '../../config.ts'
import type { Encoder } from '../../core/encoder.ts'
import { TongdaError } from '../../core/errors.ts'

/** What every evaluation reads texts with: the product's own word lists, and its encoder where it has one. */
export interface EvalTools {
  readonly lexicons: Lexicons
  readonly encoder?: Encoder | undefined
}

/** Loads the tools of the configuration in force. Throws `bad_config` when a word list is faulty. */
export const openEvalTools = async ({ content }: Config): Promise<EvalTools> => {
  const { lexicons, faults } = await loadLexicons(join(content.intents, 'lexicon'))
  const [first] = faults
  if (first !== undefined)
    throw new TongdaError(
      'bad_config',
      `${first.file}:${String(first.line)}  ${first.problem}; ${first.fix}. All of them: tongda kb check`,
    )
  return { lexicons }
}
