import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { createTarPacker } from 'modern-tar'
import { TongdaError } from '../core/errors.ts'
import { unwritable } from './faults.ts'

/** An archive while it is written: under a name of its own, until it is whole. */
export interface ArchiveWriter {
  /** Throws what the disk says. */
  add(name: string, bytes: Buffer): Promise<void>
  /** Gives it its name. */
  finish(): Promise<void>
  /** Leaves nothing of it. */
  abandon(): Promise<void>
}

/** Whether a name means one compressed file; else a folder is meant. */
export const isArchiveFile = (path: string): boolean => /\.(tar\.gz|tgz)$/.test(path)

/** Pictures and voices do not shrink, and texts shrink well enough. */
const level = 4

const draftOf = (path: string): string => `${path}.part-${randomUUID().slice(0, 8)}`

const openFile = (path: string, at: Date): ArchiveWriter => {
  const draft = draftOf(path)
  const { readable, controller } = createTarPacker()
  const written = pipeline(
    readable,
    createGzip({ level }),
    createWriteStream(draft, { mode: 0o600, flags: 'wx' }),
  )
  // Whoever waits below hears what the disk says.
  written.catch(() => undefined)
  const put = async (name: string, bytes: Buffer): Promise<void> => {
    const entry = controller.add({ name, size: bytes.byteLength, mode: 0o600, mtime: at, type: 'file' })
    const writer = entry.getWriter()
    await writer.write(bytes)
    await writer.close()
  }
  return {
    add: async (name, bytes) => {
      // A disk that fails ends the writing; what it said tells more than that.
      await put(name, bytes).catch(async (error: unknown) => {
        await written
        throw error
      })
    },
    finish: async () => {
      controller.finalize()
      await written
      const file = await open(draft, 'r+')
      await file.sync().finally(() => file.close())
      await rename(draft, path)
    },
    abandon: async () => {
      controller.error(new Error('given up'))
      await written.catch(() => undefined)
      await rm(draft, { force: true })
    },
  }
}

const openFolder = async (path: string): Promise<ArchiveWriter> => {
  const draft = draftOf(path)
  await mkdir(draft, { mode: 0o700 })
  return {
    add: async (name, bytes) => {
      const place = join(draft, name)
      await mkdir(dirname(place), { recursive: true, mode: 0o700 })
      await writeFile(place, bytes, { mode: 0o600, flag: 'wx', flush: true })
    },
    finish: () => rename(draft, path),
    abandon: () => rm(draft, { recursive: true, force: true }),
  }
}

/** An empty folder may be filled; nothing else is touched. */
const isTaken = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return false
  return isArchiveFile(path) || !found.isDirectory() || (await readdir(path)).length > 0
}

/** Begins an archive. Throws `bad_input` when there is something under its name. */
export const openArchiveWriter = async (path: string, at: Date): Promise<ArchiveWriter> => {
  if (await isTaken(path))
    throw new TongdaError(
      'bad_input',
      `${path} 已经存在，没有覆盖 exists already and was not touched; choose another name`,
    )
  try {
    return isArchiveFile(path) ? openFile(path, at) : await openFolder(path)
  } catch (error) {
    throw unwritable(path, error)
  }
}
