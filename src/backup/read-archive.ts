import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { createTarDecoder } from 'modern-tar'
import { TongdaError } from '../core/errors.ts'
import { damaged } from './faults.ts'
import {
  backupFormat,
  backupVersion,
  Manifest,
  manifestHashName,
  manifestName,
  type Part,
} from './manifest.ts'

/** More than any file of a contact or a part of a table; the manifest of a million files is smaller too. */
const maxBytes = 268_435_456

/** A file of an archive. */
interface ArchivedFile {
  readonly name: string
  readonly bytes: Buffer
}

async function* readFolder(path: string): AsyncGenerator<ArchivedFile> {
  const found = await readdir(path, { recursive: true, withFileTypes: true })
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort())
    yield { name: relative(path, file).split(sep).join('/'), bytes: await readFile(file) }
}

async function* readTar(path: string): AsyncGenerator<ArchivedFile> {
  const { readable, writable } = createTarDecoder({ strict: true })
  const fed = pipeline(createReadStream(path), createGunzip(), Writable.fromWeb(writable))
  // Told by the reading below, or once all is read.
  fed.catch(() => undefined)
  for await (const { header, body } of readable) {
    if (header.size > maxBytes) throw new Error('a file of the archive is too large')
    yield { name: header.name, bytes: await buffer(body) }
  }
  await fed
}

/** The files of an archive, in order. Throws `bad_input` when there is none, or it is damaged. */
export async function* readArchive(path: string): AsyncGenerator<ArchivedFile> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) throw new TongdaError('bad_input', `没有这个备份 there is no such backup: ${path}`)
  try {
    if (found.isDirectory()) yield* readFolder(path)
    else yield* readTar(path)
  } catch (error) {
    if (error instanceof TongdaError) throw error
    throw damaged(path, error instanceof Error ? error.message : 'unknown', error)
  }
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Whether bytes are what the manifest says. */
export const isPart = (bytes: Buffer, part: Part): boolean =>
  bytes.byteLength === part.bytes && hashOf(bytes) === part.sha256

/** All that a manifest names. */
export const partsOf = ({ tables, files }: Manifest): readonly Part[] => [
  ...tables.flatMap(({ parts }) => parts),
  ...files.parts,
]

const parseManifest = (path: string, bytes: Buffer): Manifest => {
  let json: unknown
  try {
    json = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw damaged(path, 'the manifest cannot be read', error)
  }
  const parsed = Manifest.safeParse(json)
  if (parsed.success) return parsed.data
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown }
  if (format === backupFormat && version !== backupVersion)
    throw new TongdaError(
      'bad_input',
      `备份 ${path} 由更新的版本所做 the backup was made by a newer version; restore it with that version`,
    )
  throw damaged(path, 'the manifest is not of this format', parsed.error)
}

/** Reads all of an archive and holds it against its manifest; nothing is written. Throws `bad_input`. */
export const verifyArchive = async (path: string): Promise<Manifest> => {
  const found = new Map<string, Omit<Part, 'name'>>()
  let manifest: Buffer | undefined
  let manifestHash: string | undefined
  for await (const { name, bytes } of readArchive(path)) {
    if (name === manifestName) manifest = Buffer.from(bytes)
    else if (name === manifestHashName) manifestHash = bytes.toString('utf8').trim()
    else found.set(name, { bytes: bytes.byteLength, sha256: hashOf(bytes) })
  }
  if (manifest === undefined) throw damaged(path, `it has no ${manifestName}`)
  if (hashOf(manifest) !== manifestHash) throw damaged(path, `${manifestName} is not what was written`)
  const parsed = parseManifest(path, manifest)
  for (const part of partsOf(parsed)) {
    const { bytes, sha256 } = found.get(part.name) ?? {}
    if (bytes !== part.bytes || sha256 !== part.sha256)
      throw damaged(
        path,
        bytes === undefined ? `${part.name} is missing` : `${part.name} is not what was written`,
      )
    found.delete(part.name)
  }
  const [stranger] = found.keys()
  if (stranger !== undefined) throw damaged(path, `${stranger} does not belong to it`)
  return parsed
}
