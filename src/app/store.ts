import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { BlobStore } from '../core/blobs.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import {
  createFolderBlobs,
  createS3Blobs,
  openEmbedded,
  openPostgres,
  type Database,
} from '../store/index.ts'

/** Opens the configured database: PostgreSQL where there is an address, else the embedded one. */
export const openStore = (config: Config, log: Logger): Promise<Database> => {
  const { url, maxConnections, timeoutMs } = config.database
  return url === undefined
    ? openEmbedded({ folder: config.dataDir, log })
    : openPostgres({ url, maxConnections, timeoutMs, log })
}

/** Opens it for reading alone: makes nothing and leaves an older schema as it is. Throws `not_found` when there is none. */
export const openStoreAsItIs = (config: Config, log: Logger): Promise<Database> => {
  const { url, maxConnections, timeoutMs } = config.database
  return url === undefined
    ? openEmbedded({ folder: config.dataDir, log, asItIs: true })
    : openPostgres({ url, maxConnections, timeoutMs, log, asItIs: true })
}

/** Where the bytes of files lie, by the configuration. */
export const openBlobs = ({ media, dataDir }: Config): BlobStore => {
  const { endpoint, bucket, accessKeyId, secretAccessKey, region, pathStyle } = media.s3
  if (media.store === 'folder') return createFolderBlobs(join(dataDir, 'media'))
  if (
    endpoint === undefined ||
    bucket === undefined ||
    accessKeyId === undefined ||
    secretAccessKey === undefined
  )
    throw new TongdaError('bad_config', 'media.store is s3, but media.s3 is not complete')
  return createS3Blobs({ endpoint, bucket, accessKeyId, secretAccessKey, region, pathStyle })
}

/** The key that encrypts stored secrets: configured, or made at first start and kept beside the data. */
export const masterKey = ({ masterKey: configured, dataDir }: Config): Buffer => {
  if (configured !== undefined) return Buffer.from(configured, 'hex')
  const path = join(dataDir, 'master.key')
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  }
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
}
