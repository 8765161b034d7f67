import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openContent } from '../src/app/content.ts'
import { openConfiguredEncoder } from '../src/app/encoder.ts'
import { parseConfig } from '../src/config.ts'
import { silentLog } from '../src/core/log.ts'

/**
 * Learns the content that ships, by words and by meaning, unless the data folder holds that already; gives the folder of
 * what was learned, for nodes to begin with. A first start learns behind its answers for a minute, on all cores. `sections`
 * of the configuration may name other content, or no encoder.
 */
export const learnContent = async (
  dataDir: string,
  sections: Readonly<Record<string, object>> = {},
): Promise<string> => {
  const parsed = parseConfig({ dataDir, ...sections })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const encoder = await openConfiguredEncoder(parsed.config, silentLog)
  for (const meaning of [undefined, encoder])
    (await openContent(parsed.config, silentLog, { watch: false, encoder: meaning })).stop()
  await encoder?.stop()
  return join(dataDir, 'cache')
}

/** What all experiments begin with: kept beside the packages, for it takes a minute. */
export const learnOnce = (): Promise<string> =>
  learnContent(fileURLToPath(new URL('../node_modules/.cache/tongda-torture/data', import.meta.url)))
