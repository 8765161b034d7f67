import { createHash } from 'node:crypto'
import type { BlobStore } from '../core/blobs.ts'
import type { CopiedTable, CopySource } from '../core/copying.ts'
import { createTableSum } from '../core/table-sum.ts'
import { unwritable } from './faults.ts'
import {
  backupFormat,
  backupVersion,
  manifestHashName,
  manifestName,
  type Manifest,
  type Part,
} from './manifest.ts'
import type { Progress } from './progress.ts'
import { openArchiveWriter, type ArchiveWriter } from './write-archive.ts'

/** What a backup is made of. */
export interface BackupOptions {
  readonly path: string
  readonly source: CopySource
  readonly blobs: Pick<BlobStore, 'get'>
  readonly facts: Pick<Manifest, 'product' | 'madeAt' | 'database' | 'keyMark'> & {
    readonly store: Manifest['files']['store']
  }
  /** Copies the bytes of files too. */
  readonly withFiles: boolean
  readonly progress: Progress
  /** Aborted: nothing is left of it. */
  readonly signal: AbortSignal
}

/** A part of a table is held in memory before it is written. */
const partBytes = 2_097_152

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const addPart = async (writer: ArchiveWriter, name: string, bytes: Buffer): Promise<Part> => {
  await writer.add(name, bytes)
  return { name, bytes: bytes.byteLength, sha256: hashOf(bytes) }
}

const writeTable = async (
  table: CopiedTable,
  { source, progress, signal }: BackupOptions,
  writer: ArchiveWriter,
): Promise<Manifest['tables'][number]> => {
  const sum = createTableSum()
  const parts: Part[] = []
  let held: string[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    if (held.length === 0) return
    const name = `tables/${table.name}/${String(parts.length + 1).padStart(6, '0')}.ndjson`
    parts.push(await addPart(writer, name, Buffer.from(`${held.join('\n')}\n`)))
    held = []
    size = 0
  }
  for await (const lines of source.rows(table)) {
    signal.throwIfAborted()
    for (const line of lines) {
      sum.add(line)
      held.push(line)
      size += line.length
      if (size >= partBytes) await flush()
    }
    progress({ table: table.name, rows: sum.value().rows })
  }
  await flush()
  return { ...table, ...sum.value(), parts }
}

const writeFiles = async (
  { source, blobs, withFiles, progress, signal }: BackupOptions,
  writer: ArchiveWriter,
): Promise<Omit<Manifest['files'], 'store'>> => {
  const parts: Part[] = []
  const missing: string[] = []
  let known = 0
  for await (const files of source.files()) {
    signal.throwIfAborted()
    known += files.length
    for (const { id, sha256 } of withFiles ? files : []) {
      const bytes = await blobs.get(id)
      // Cleared away since the moment of the backup, or gone for long: a doctor's question.
      if (bytes === undefined || hashOf(Buffer.from(bytes)) !== sha256) missing.push(id)
      else parts.push(await addPart(writer, `media/${id}`, Buffer.from(bytes)))
    }
    progress({ files: parts.length })
  }
  return { included: withFiles, known, parts, missing }
}

const writeAll = async (options: BackupOptions, writer: ArchiveWriter): Promise<Manifest> => {
  const { source, facts } = options
  const { schema, sequences, queues, tables } = source.frame
  const { store, ...made } = facts
  const written: Manifest['tables'][number][] = []
  for (const table of tables) written.push(await writeTable(table, options, writer))
  const manifest: Manifest = {
    ...{ format: backupFormat, version: backupVersion, ...made },
    ...{ schema, tables: written, sequences, queues, waiting: source.waiting },
    files: { store, ...(await writeFiles(options, writer)) },
  }
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
  await writer.add(manifestName, bytes)
  await writer.add(manifestHashName, Buffer.from(`${hashOf(bytes)}\n`))
  return manifest
}

/**
 * Writes one moment of a database and its files into an archive; memory stays the same however much there is. It has its
 * name once it is whole; otherwise nothing is left.
 */
export const makeBackup = async (options: BackupOptions): Promise<Manifest> => {
  const { path, facts, signal } = options
  const writer = await openArchiveWriter(path, facts.madeAt)
  try {
    const manifest = await writeAll(options, {
      ...writer,
      add: (name, bytes) =>
        writer.add(name, bytes).catch((error: unknown) => {
          throw unwritable(path, error)
        }),
    })
    signal.throwIfAborted()
    await writer.finish().catch((error: unknown) => {
      throw unwritable(path, error)
    })
    return manifest
  } catch (error) {
    await writer.abandon()
    throw error
  }
}
