import { join } from 'node:path'
import type { Config } from '../config.ts'
import { reasonOf } from '../core/check.ts'
import type { Encoder } from '../core/encoder.ts'
import type { Logger } from '../core/log.ts'
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
    const model = await readModelFolder(folder, fix)
    const { threads } = config.encoder
    return await openEncoder({ model, log, ...(threads === undefined ? {} : { threads }) })
  } catch (error) {
    log.error(
      { problem: reasonOf(error), folder, fix },
      'the encoder cannot be used; answers go by words alone',
    )
    return undefined
  }
}
