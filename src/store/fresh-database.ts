import { fork } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { constants, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TongdaError } from '../core/errors.ts'
import { packageCache } from '../core/package-cache.ts'

/** How a fresh database is made, and where one is kept for the next. */
export interface FreshDatabaseOptions {
  /** What the server is started with. */
  readonly startParams: readonly string[]
  /** Where one fresh database per version is kept; need not be writable. Default: beside the installed packages. */
  readonly cache?: string
}

const maker = fileURLToPath(new URL('./create-embedded.mjs', import.meta.url))

/** In a process of its own, because making one takes hundreds of megabytes that would stay with the product. */
const make = async (folder: string, startParams: readonly string[]): Promise<void> => {
  const child = fork(maker, [folder, ...startParams], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exit: unknown[] = await once(child, 'exit')
  if (exit[0] !== 0) {
    throw new TongdaError(
      'database_unavailable',
      `the embedded database could not be made in ${folder}; check that the disk has 200 MB free and the folder is writable`,
    )
  }
}

const prefix = 'database-'

/** What a fresh database is known by: the version of what makes it, how that is called, and what it is started with. */
const nameOf = (startParams: readonly string[]): string => {
  const module = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const hash = createHash('sha256')
    .update(readFileSync(join(dirname(module), '..', 'package.json')))
    .update(readFileSync(maker))
    .update(JSON.stringify(startParams))
  return `${prefix}${hash.digest('hex').slice(0, 16)}`
}

/** Every folder below a folder, and every file with its hash: what a copy that is not whole differs in. */
const list = async (folder: string): Promise<string> => {
  const lines: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (entry.isDirectory()) lines.push(`${name}/`)
    else
      lines.push(
        `${name}\t${createHash('sha256')
          .update(await readFile(path))
          .digest('hex')}`,
      )
  }
  return lines.sort().join('\n')
}

/** Who may read and write what is copied, in the file system's terms. */
interface Modes {
  readonly file: number
  readonly folder: number
}
/** What is kept, others may start from, whoever made it; none of them may change it. */
const keptModes: Modes = { file: 0o644, folder: 0o755 }
/** A database is its owner's alone. What makes one lets everybody write into its files. */
const ownModes: Modes = { file: 0o600, folder: 0o700 }

const setModes = async (folder: string, modes: Modes): Promise<void> => {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? modes.folder : modes.file)
  await chmod(folder, modes.folder)
}

const copy = async (from: string, to: string): Promise<void> => {
  await cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE })
}

const filesName = 'files.txt'
/** Older drafts are what a killed process left. */
const oldDraftMs = 60 * 60_000

const keptUnder = async (cache: string, name: string): Promise<readonly string[]> =>
  (await readdir(cache)).filter((one) => one.startsWith(`${name}-`)).sort()

/** Copies a database that is kept under `name`; false where there is none. One that is not whole is removed. */
const copyKept = async (cache: string, name: string, target: string): Promise<boolean> => {
  try {
    const [kept] = await keptUnder(cache, name)
    if (kept === undefined) return false
    const files = await readFile(join(cache, kept, filesName), 'utf8')
    await copy(join(cache, kept, 'database'), target)
    if ((await list(target)) === files) return true
    await rm(join(cache, kept), { recursive: true, force: true })
    return false
  } catch {
    return false
  }
}

const isOldDraft = async (cache: string, name: string): Promise<boolean> =>
  name.startsWith(`draft-${prefix}`) && Date.now() - (await stat(join(cache, name))).mtimeMs > oldDraftMs

/** Removes what other versions and killed processes left, and all but one of this version. */
const clear = async (cache: string, name: string): Promise<void> => {
  // Of those that keep one at once, all agree on the same.
  const [kept] = await keptUnder(cache, name)
  for (const other of await readdir(cache)) {
    if ((other.startsWith(prefix) && other !== kept) || (await isOldDraft(cache, other)))
      await rm(join(cache, other), { recursive: true, force: true })
  }
}

/**
 * Keeps a copy for the next. That it cannot be kept is no fault. No two ever have the same path: whoever copies one that
 * goes away must not go on with files of another.
 */
const keep = async (made: string, cache: string, name: string): Promise<void> => {
  const kept = `${name}-${randomUUID()}`
  const draft = join(cache, `draft-${kept}`)
  const database = join(draft, 'database')
  try {
    await mkdir(draft, { recursive: true })
    await copy(made, database)
    await writeFile(join(draft, filesName), await list(database))
    await setModes(draft, keptModes)
    await rename(draft, join(cache, kept))
    await clear(cache, name)
  } catch {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined)
  }
}

/**
 * Lays the files of a new database at `target`, whole or not at all and its owner's alone: copied from the one that is kept (less than a
 * second), else made (3–6 s) and kept. Throws `database_unavailable`.
 */
export const createDatabaseFiles = async (
  target: string,
  { startParams, cache = packageCache }: FreshDatabaseOptions,
): Promise<void> => {
  const building = `${target}.building`
  const name = nameOf(startParams)
  await rm(building, { recursive: true, force: true })
  if (!(await copyKept(cache, name, building))) {
    await rm(building, { recursive: true, force: true })
    await make(building, startParams)
    await keep(building, cache, name)
  }
  await setModes(building, ownModes)
  await rename(building, target)
}
