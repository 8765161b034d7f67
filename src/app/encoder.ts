import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type Check, reasonOf } from '../core/check.ts'
import type { Encoder } from '../core/encoder.ts'
import { type Logger, silentLog } from '../core/log.ts'
import { type ModelPlace, openEncoder, placeOfModel, readModelFolder } from '../encoder/index.ts'

/** Where pulled models lie. */
export const pulledFolder = ({ dataDir, encoder }: Config): string =>
  encoder.folder ?? join(dataDir, 'models')

/** Where the configured model lies; undefined when there is to be none. */
export const configuredModel = (config: Config): ModelPlace | undefined =>
  config.encoder.model === 'none' ? undefined : placeOfModel(config.encoder.model, pulledFolder(config))

const open = async (
  { encoder: { threads } }: Config,
  { folder, fix }: ModelPlace,
  log: Logger,
): Promise<Encoder> =>
  openEncoder({
    model: await readModelFolder(folder, fix),
    log,
    ...(threads === undefined ? {} : { threads }),
  })

/** The configured encoder, or why there is none, with what to do; neither where there is to be none. */
export interface OpenedEncoder {
  readonly encoder: Encoder | undefined
  readonly encoderProblem: string | undefined
}

/**
 * Opens the configured encoder. Without one that works the product answers by words alone: the log says why and what to
 * do, and there is none.
 */
export const tryConfiguredEncoder = async (config: Config, log: Logger): Promise<OpenedEncoder> => {
  const place = configuredModel(config)
  if (place === undefined) return { encoder: undefined, encoderProblem: undefined }
  const { folder, fix } = place
  try {
    return { encoder: await open(config, place, log), encoderProblem: undefined }
  } catch (error) {
    const problem = reasonOf(error)
    log.error({ problem, folder, fix }, 'the encoder cannot be used; answers go by words alone')
    return { encoder: undefined, encoderProblem: problem.includes(fix) ? problem : `${problem}; ${fix}` }
  }
}

/** The configured encoder alone. */
export const openConfiguredEncoder = async (config: Config, log: Logger): Promise<Encoder | undefined> =>
  (await tryConfiguredEncoder(config, log)).encoder

/** Which encoder is in use, and whether it works: it is opened and closed again. */
export const checkEncoder = async (config: Config): Promise<Check> => {
  const title = `编码模型 encoder ${config.encoder.model}`
  const place = configuredModel(config)
  if (place === undefined) return { title, passed: true, remark: '只按词回答 answers go by words alone' }
  try {
    const startedAt = performance.now()
    const encoder = await open(config, place, silentLog)
    await encoder.stop()
    const ms = Math.round(performance.now() - startedAt)
    return {
      title: `${title} (${encoder.version}, ${String(encoder.dimensions)} 维 numbers, ${String(ms)} ms)`,
      passed: true,
    }
  } catch (error) {
    return { title, passed: false, fix: `${reasonOf(error)} (目前只按词回答 answers go by words alone)` }
  }
}
