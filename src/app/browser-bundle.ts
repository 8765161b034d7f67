import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Metafile, Plugin } from 'esbuild'
import { z } from 'zod'
import type { BrowserBundle, BundledFile } from '../core/browser-bundle.ts'
import { packageCache } from '../core/package-cache.ts'
import { withBundler } from '../core/with-bundler.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const Manifest = z.object({ scripts: z.array(z.string()), styles: z.array(z.string()) })
type Manifest = z.infer<typeof Manifest>
const manifestName = 'manifest.json'

export interface BundleOptions {
  /** Names the app in the cache. */
  readonly name: string
  /** Folder of its sources and the file in it that starts it. */
  readonly folder: string
  readonly entry: string
  /** File in the folder that is loaded before every part that is fetched later. */
  readonly first: string
  /** Where built apps are kept. Default: beside the installed packages. */
  readonly cache?: string
  /** Hears why an app that was built could not be kept: the next process builds it again. */
  readonly onUnkept: (error: unknown) => void
}

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

/** What a bundle is known by: its sources, how it is built, and the packages it is built from. */
const keyOf = ({ folder, entry }: BundleOptions): string => {
  const hash = createHash('sha256').update(entry)
  const here = fileURLToPath(new URL('./browser-bundle.ts', import.meta.url))
  for (const path of [join(root, 'package-lock.json'), here, ...sourcesIn(folder)]) {
    const text = readFileSync(path)
    hash.update(`${path.slice(root.length)}\n${text.length}\n`).update(text)
  }
  return hash.digest('hex').slice(0, 16)
}

type Outputs = Metafile['outputs']

/** The script that begins, then those that it cannot do without. */
const scriptsOf = (outputs: Outputs, name: string, known = new Set<string>()): ReadonlySet<string> => {
  if (known.has(name)) return known
  known.add(name)
  for (const { path, kind } of outputs[name]?.imports ?? [])
    if (kind === 'import-statement' && path in outputs) scriptsOf(outputs, path, known)
  return known
}

const manifestOf = (outputs: Outputs, entry: string): Manifest => {
  const [name, output] =
    Object.entries(outputs).find(
      ([, { entryPoint }]) => entryPoint !== undefined && join(root, entryPoint) === entry,
    ) ?? []
  if (name === undefined) throw new Error(`${entry} became no script`)
  const { cssBundle } = output ?? {}
  return {
    scripts: [...scriptsOf(outputs, name)].map((path) => basename(path)),
    styles: cssBundle === undefined ? [] : [basename(cssBundle)],
  }
}

const loaders = { '.ts': 'ts', '.tsx': 'tsx', '.js': 'js', '.mjs': 'js' } as const
const loaderOf = (path: string) =>
  Object.entries(loaders).find(([ending]) => extname(path) === ending)?.[1] ?? 'default'

/**
 * Lets every part that is fetched later ask for `first`, which is there already. A bundler cuts scripts by which parts
 * need what: so what the first screen needs becomes a few scripts instead of dozens of tiny ones that squeeze badly.
 */
const togetherWith = (first: string): Plugin => ({
  name: 'together',
  setup: (build) => {
    const later = new Set<string>()
    const asked = {}
    build.onResolve({ filter: /./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === asked) return undefined
      const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: asked })
      later.add(found.path)
      return found
    })
    build.onLoad({ filter: /\.(?:tsx?|m?js)$/ }, async ({ path }) =>
      later.has(path)
        ? {
            contents: `${await readFile(path, 'utf8')}\nimport ${JSON.stringify(first)}\n`,
            loader: loaderOf(path),
          }
        : undefined,
    )
  },
})

/** What stands on the disk for an app, by the names of the files. */
type Files = ReadonlyMap<string, Uint8Array>

/** In memory: where it can be kept is another question. */
const make = async ({ folder, entry, first }: BundleOptions): Promise<Files> => {
  const { metafile, outputFiles } = await withBundler(({ build }) =>
    build({
      absWorkingDir: root,
      entryPoints: [join(folder, entry)],
      // Only names that are relative to it are used.
      outdir: folder,
      plugins: [togetherWith(join(folder, first))],
      entryNames: '[name]-[hash]',
      chunkNames: 'part-[hash]',
      assetNames: '[name]-[hash]',
      ...{ bundle: true, splitting: true, format: 'esm', minify: true, metafile: true, write: false },
      jsx: 'automatic',
      // The browsers of the last two and a half years.
      target: ['chrome111', 'safari16.4', 'firefox114'],
      // Named in branches for Node, which no browser takes.
      external: ['fs', 'path', 'crypto'],
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
      logLevel: 'silent',
    }),
  )
  const manifest = JSON.stringify(manifestOf(metafile.outputs, join(folder, entry)))
  return new Map([
    ...outputFiles.map(({ path, contents }) => [basename(path), contents] as const),
    [manifestName, new TextEncoder().encode(manifest)],
  ])
}

/** Writes into a folder that takes its name only when it is whole: another process may look at this moment. */
const keep = async (files: Files, folder: string): Promise<void> => {
  const draft = `${folder}.${process.pid}`
  try {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
    for (const [name, bytes] of files) await writeFile(join(draft, name), bytes)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined)
    // Somebody else was faster with the same.
    if ((await readdir(folder).catch((): string[] => [])).includes(manifestName)) return
    throw error
  }
}

/** Another version is kept for so long after it was last opened: who goes back a version does not build it anew. */
const keptMs = 7 * 24 * 60 * 60 * 1000

/** Removes the app's other versions that nobody opened lately. What is opened is in memory; a failure is no fault. */
const prune = async (cache: string, name: string, own: string): Promise<void> => {
  const others = (await readdir(cache)).filter((entry) => entry.startsWith(`${name}-`) && entry !== own)
  for (const folder of others.map((entry) => join(cache, entry)))
    try {
      if (Date.now() - (await stat(folder)).mtimeMs > keptMs)
        await rm(folder, { recursive: true, force: true })
    } catch {
      // Another process is at it, or it is another user's.
    }
}

/** Undefined where it was not kept, or not whole. */
const readKept = async (folder: string): Promise<Files | undefined> => {
  const names = await readdir(folder).catch((): string[] => [])
  if (!names.includes(manifestName)) return undefined
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  )
}

const bundleOf = (files: Files): BrowserBundle => {
  const manifest = Manifest.parse(JSON.parse(new TextDecoder().decode(files.get(manifestName))))
  const served = [...files].filter(([name]) => name !== manifestName)
  return {
    ...manifest,
    files: new Map(
      served.map(([name, bytes]): [string, BundledFile] => [
        name,
        { bytes, contentType: types[extname(name)] ?? 'application/octet-stream' },
      ]),
    ),
  }
}

/**
 * An app for browsers from its sources: built once per version, in seconds, and kept; where it cannot be kept, this process
 * has it in memory. Throws when it cannot be built (esbuild's error says where).
 */
export const openBrowserBundle = async (options: BundleOptions): Promise<BrowserBundle> => {
  const { name, cache = packageCache } = options
  const own = `${name}-${keyOf(options)}`
  const folder = join(cache, own)
  const now = new Date()
  // Its age is the time since it was last opened. Read-only, or another user's: it stays as old as it is.
  await utimes(folder, now, now).catch(() => undefined)
  // What goes while it is read is made anew.
  const kept = await readKept(folder).catch(() => undefined)
  if (kept !== undefined) return bundleOf(kept)
  const made = await make(options)
  await keep(made, folder).catch(options.onUnkept)
  await prune(cache, name, own).catch(() => undefined)
  return bundleOf(made)
}
