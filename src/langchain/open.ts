import { tryConfiguredEncoder } from '../app/encoder.ts'
import { openContent } from '../app/content.ts'
import { createKnowledgeSearch } from '../app/knowledge-search.ts'
import { todayIn } from '../app/published.ts'
import { parseConfig } from '../config.ts'
import { systemClock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import type { TongdaSource } from './source.ts'

/** Content of your own, answered from in this process. Paths as the configuration has them. */
export interface OpenOptions {
  /** Folder of the articles. Default `knowledge/articles`. */
  readonly articles?: string
  /** Folder of `taxonomy/` and `lexicon/`. Default `intents`. */
  readonly intents?: string
  /** Folder for what is learned from them, so that it is learned once. Default `data`. */
  readonly dataDir?: string
  /** The encoder's name; `none`: by words alone, and texts have no vectors. Default: the one that is shipped. */
  readonly encoder?: string
  /** Where the help centre stands, e.g. `https://help.example.com`. Default none: articles have no address. */
  readonly helpUrl?: string
}

const configOf = ({ articles, intents, dataDir, encoder, helpUrl }: OpenOptions) => {
  const parsed = parseConfig({
    ...(dataDir === undefined ? {} : { dataDir }),
    content: {
      ...(articles === undefined ? {} : { articles }),
      ...(intents === undefined ? {} : { intents }),
    },
    ...(encoder === undefined ? {} : { encoder: { model: encoder } }),
    ...(helpUrl === undefined ? {} : { help: { publicUrl: helpUrl } }),
  })
  if (!('faults' in parsed)) return parsed.config
  const faults = parsed.faults.map(({ key, expected }) => `${key}: ${expected}`)
  throw new TongdaError('bad_config', faults.join('; '))
}

/**
 * Learns a content folder in this process: no server, no database, nothing leaves the machine. The first time takes about a
 * minute with the encoder; what was learned is kept in `dataDir`. Changed files are read when it is opened again. Throws
 * `bad_config`, also where the encoder cannot be used.
 */
export const openTongda = async (options: OpenOptions = {}): Promise<TongdaSource> => {
  const config = configOf(options)
  const { encoder, encoderProblem } = await tryConfiguredEncoder(config, silentLog)
  // A product goes on by words alone and logs it; here nobody would see that.
  if (encoderProblem !== undefined) throw new TongdaError('bad_config', encoderProblem)
  try {
    const content = await openContent(config, silentLog, {
      ...{ watch: false, encoder },
      today: todayIn(config, systemClock),
    })
    const knowledge = createKnowledgeSearch({ config, content, encoder })
    return {
      search: (question, limit) => knowledge.search(question, limit),
      embed: (texts) => knowledge.embed(texts),
      close: async () => {
        content.stop()
        await encoder?.stop()
      },
    }
  } catch (error) {
    await encoder?.stop()
    throw error
  }
}
