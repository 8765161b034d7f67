import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { masterKey } from './store.ts'

/** Where the master key is kept, for people; undefined: there is none yet. */
export const placeOfKey = ({ masterKey: configured, dataDir }: Config): string | undefined => {
  if (configured !== undefined) return 'TONGDA_MASTER_KEY'
  const path = join(dataDir, 'master.key')
  return existsSync(path) ? path : undefined
}

/** Tells one master key from another without showing it; undefined: there is none yet. */
export const keyMark = (config: Config): string | undefined =>
  placeOfKey(config) === undefined
    ? undefined
    : createHmac('sha256', masterKey(config)).update('tongda-backup').digest('hex').slice(0, 16)
