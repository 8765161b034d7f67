import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type Check, reasonOf } from '../core/check.ts'
import type { Encoder } from '../core/encoder.ts'
import { type Logger, silentLog } from '../core/log.ts'
import {
  type ModelPlace,
  openEncoder,
  placeOfModel,
  readModelFolder,
  shippedModel,
} from '../encoder/index.ts'

/** Where pulled models lie. */
export const pulledFolder = ({ dataDir, encoder }: Config): string =>
  encoder.folder ?? join(dataDir, 'models')

/** Where the configured model lies; undefined when there is to be none. */
export const configuredModel = (config: Config): ModelPlace | undefined =>
  config.encoder.model === 'none' ? undefined : placeOfModel(config.encoder.model, pulledFolder(config))

/** Whether nothing was configured and nothing ships: no fault, but answers go by words alone. */
export const lacksShippedModel = ({ encoder }: Config, place: ModelPlace): boolean =>
  encoder.model === shippedModel && !place.present

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

/**
 * Opens the configured encoder. Without one that works the product answers by words alone: the log says why and what to
 * do, and there is none.
 */
export const openConfiguredEncoder = async (config: Config, log: Logger): Promise<Encoder | undefined> => {
  const place = configuredModel(config)
  if (place === undefined) return undefined
  const { folder, fix } = place
  if (lacksShippedModel(config, place)) {
    log.warn({ folder, fix }, 'there is no encoder; answers go by words alone')
    return undefined
  }
  try {
    return await open(config, place, log)
  } catch (error) {
    log.error(
      { problem: reasonOf(error), folder, fix },
      'the encoder cannot be used; answers go by words alone',
    )
    return undefined
  }
}

/** Which encoder is in use, and whether it works: it is opened and closed again. */
export const checkEncoder = async (config: Config): Promise<Check> => {
  const title = `编码模型 encoder ${config.encoder.model}`
  const place = configuredModel(config)
  if (place === undefined) return { title, passed: true, remark: '只按词回答 answers go by words alone' }
  if (lacksShippedModel(config, place))
    return {
      title: '没有编码模型 no encoder',
      passed: true,
      remark: `只按词回答 answers go by words alone; ${place.folder} 不存在 is missing: ${place.fix}`,
    }
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
