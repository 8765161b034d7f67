import type { BlobStore } from '../core/blobs.ts'
import type { CopiedTable, CopySource, CopyTarget, TableSum } from '../core/copying.ts'
import { TongdaError } from '../core/errors.ts'
import { createTableSum } from '../core/table-sum.ts'
import { damaged } from './faults.ts'
import type { Manifest } from './manifest.ts'
import type { Progress } from './progress.ts'
import { isPart, partsOf, readArchive } from './read-archive.ts'

const differs = (table: string, wanted: TableSum, found: TableSum): Error =>
  new Error(
    `表 ${table} 写入后与来源不同，已全部撤回 what was written differs from its source (${String(found.rows)} rows instead of ${String(wanted.rows)}, or other values); all of it was taken back. Try again; if it comes again, report it with both versions`,
  )

/** Every table of the source must be there to be filled. */
const checkTables = (tables: readonly CopiedTable[], { tables: known }: CopyTarget): void => {
  for (const { name, columns } of tables) {
    const there = known.find((table) => table.name === name)
    const lacking = columns.find(({ name: column }) => !there?.columns.some((own) => own.name === column))
    if (there === undefined || lacking !== undefined)
      throw new TongdaError(
        'bad_input',
        `这个版本没有 this version does not have ${name}${lacking === undefined ? '' : `.${lacking.name}`}; 请用做备份的版本恢复 restore with the version that made it`,
      )
  }
}

const compare = async (target: CopyTarget, table: CopiedTable, wanted: TableSum): Promise<void> => {
  const found = await target.sum(table)
  if (found.rows !== wanted.rows || found.checksum !== wanted.checksum)
    throw differs(table.name, wanted, found)
}

/** What an archive is restored into, and the files it brings. */
export interface ArchiveFill {
  readonly path: string
  readonly manifest: Manifest
  readonly target: CopyTarget
  /** Undefined: files of the archive are left where they are. */
  readonly blobs: BlobStore | undefined
  readonly progress: Progress
}

const idOf = (name: string): string => name.slice('media/'.length)

/** Files that are there already stay; those that were written go again when the rest fails. */
const createFileWriter = (blobs: BlobStore, progress: Progress) => {
  const written: string[] = []
  return {
    put: async (id: string, bytes: Buffer): Promise<void> => {
      const there = await blobs.get(id)
      if (there !== undefined && bytes.equals(there)) return
      if (there === undefined) written.push(id)
      await blobs.put(id, bytes)
      progress({ files: written.length })
    },
    undo: async (): Promise<void> => {
      for (const id of written) await blobs.delete(id)
    },
  }
}

/** Fills a database from an archive that was verified, and holds what stands there against the manifest. */
export const fillFromArchive = async (fill: ArchiveFill): Promise<void> => {
  const { path, manifest, target, blobs, progress } = fill
  checkTables(manifest.tables, target)
  const parts = new Map(partsOf(manifest).map((part) => [part.name, part]))
  const tableOf = new Map(manifest.tables.flatMap((table) => table.parts.map(({ name }) => [name, table])))
  const files = blobs === undefined ? undefined : createFileWriter(blobs, progress)
  try {
    for await (const { name, bytes } of readArchive(path)) {
      const part = parts.get(name)
      if (part === undefined) continue
      // It may have been changed since it was verified.
      if (!isPart(bytes, part)) throw damaged(path, `${name} changed while it was read`)
      const table = tableOf.get(name)
      if (table === undefined) await files?.put(idOf(name), bytes)
      else {
        await target.write(table, bytes.toString('utf8').trimEnd().split('\n'))
        progress({ table: table.name, rows: table.rows })
      }
    }
    for (const table of manifest.tables) await compare(target, table, table)
  } catch (error) {
    await files?.undo()
    throw error
  }
}

/** Fills a database from another, and holds both against each other. */
export const fillFromSource = async (
  source: CopySource,
  target: CopyTarget,
  progress: Progress,
): Promise<number> => {
  checkTables(source.frame.tables, target)
  let rows = 0
  for (const table of source.frame.tables) {
    const sum = createTableSum()
    for await (const lines of source.rows(table)) {
      for (const line of lines) sum.add(line)
      await target.write(table, lines)
      progress({ table: table.name, rows: sum.value().rows })
    }
    await compare(target, table, sum.value())
    rows += sum.value().rows
  }
  return rows
}
