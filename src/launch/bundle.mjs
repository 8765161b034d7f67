// Makes and keeps the bundles of what plain Node runs: the command, and what other packages import. Plain JavaScript,
// because nothing has read TypeScript yet.
import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL, URL } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'tongda')
const folders = ['src', 'channels', 'intents', 'knowledge', 'sandbox']
/** The file of a bundle that is run. */
const mainName = 'main'
/** Bundles of one entry that are kept, so that going back to another version is quick. */
const kept = 3
/** However many there are, one that was started in this time is not removed, in milliseconds. */
const keptMs = 7 * 24 * 3_600_000
/** Older drafts are what killed starts left, in milliseconds. */
const draftMs = 3_600_000

// Installed packages are passed by: reading their folders took longer than everything else here.
const sourcesIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesIn(name)
    return name.endsWith('.ts') ? [name] : []
  })

const sources = () => folders.flatMap(sourcesIn).sort()

/** What a bundle is known by: every source, this file, the bundler's version, and where all that lies. */
const keyOfSources = () => {
  const hash = createHash('sha256').update(root)
  for (const name of ['package.json', 'src/launch/bundle.mjs', ...sources()]) {
    const text = readFileSync(join(root, name))
    hash.update(`${name}\n${text.length}\n`).update(text)
  }
  return hash.digest('hex').slice(0, 24)
}

/** The files beside a module (pages, migrations, threads) are found from where its source lies. */
const keepAddresses = {
  name: 'keep-addresses',
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return {
        loader: 'ts',
        contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      }
    })
  },
}

const make = async (entry, folder) => {
  const { build, stop } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: { [mainName]: entry },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What is imported when it is wanted is a file of its own.
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [keepAddresses],
    logLevel: 'silent',
  })
  await stop()
}

/** As far as it can be. */
const remove = (folder) => {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Another start is at it, or it is not ours.
  }
}

/** Whether what lies in the cache may go: a draft of a killed start, or a bundle that was long not started. */
const isOver = (file, idleMs) => Date.now() - statSync(file).mtimeMs > idleMs

/** Removes what is no longer needed, as far as it can: that is no fault. A running product still reads from its bundle. */
const prune = (name) => {
  const below = (prefix) =>
    readdirSync(cache)
      .filter((folder) => folder.startsWith(prefix))
      .map((folder) => join(cache, folder))
  try {
    const byAge = below(`${name}-`).sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
    const old = byAge.slice(kept).filter((folder) => isOver(folder, keptMs))
    const drafts = below(`draft-${name}-`).filter((folder) => isOver(folder, draftMs))
    for (const folder of [...old, ...drafts]) remove(folder)
  } catch {
    // Another start is at it.
  }
}

/** A bundle's age is the time since its last start. */
const touch = (folder) => {
  const now = new Date()
  try {
    utimesSync(folder, now, now)
  } catch {
    // Read-only, or another user's.
  }
}

/** Puts a made bundle where it is looked for, whole or not at all: another start may look at this moment. */
const place = (draft, folder) => {
  try {
    renameSync(draft, folder)
  } catch (error) {
    remove(draft)
    // Another process has made the same.
    if (!existsSync(folder)) throw error
  }
}

/** What an entry's bundles are called by: `main` for src/main.ts, `langchain` for src/langchain/index.ts. */
const nameOf = (entry) => {
  const name = basename(entry, '.ts')
  return name === 'index' ? basename(dirname(entry)) : name
}

const readKey = () => {
  try {
    return { key: keyOfSources() }
  } catch (error) {
    return { problem: `the source could not be read below ${root} (${error.code ?? error.message})` }
  }
}

const findOrMake = async (entry) => {
  const name = nameOf(entry)
  const { key, problem } = readKey()
  if (key === undefined) return { problem }
  const folder = join(cache, `${name}-${key}`)
  const file = join(folder, `${mainName}.mjs`)
  if (existsSync(file)) {
    touch(folder)
    return { file }
  }
  const draft = join(cache, `draft-${name}-${randomUUID()}`)
  try {
    mkdirSync(cache, { recursive: true })
    await make(entry, draft)
    place(draft, folder)
    prune(name)
    return { file }
  } catch (error) {
    remove(draft)
    return { problem: `${cache} could not be filled (${error.code ?? error.message})` }
  }
}

let lastFound = Promise.resolve()

/**
 * The bundle of `entry` with the source as it is now, made first where there is none: `{ file }`, which lies in a folder
 * with the others of the bundle, else `{ problem }`.
 * Those of one process are made one after the other, as the end of one stops the bundler under all.
 */
export const findBundle = (entry) => {
  const found = lastFound.then(() => findOrMake(entry))
  lastFound = found
  return found
}
