import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Metafile, Plugin } from 'esbuild'
import { z } from 'zod'
import type { BrowserBundle, BundledFile } from '../core/browser-bundle.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const defaultCache = join(root, 'node_modules/.cache/tongda')

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

const make = async ({ folder, entry, first }: BundleOptions, out: string): Promise<void> => {
  // Needed once per version, and loads a program of its own.
  const { build } = await import('esbuild')
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(folder, entry)],
    outdir: out,
    plugins: [togetherWith(join(folder, first))],
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    assetNames: '[name]-[hash]',
    ...{ bundle: true, splitting: true, format: 'esm', minify: true, metafile: true },
    jsx: 'automatic',
    // The browsers of the last two and a half years.
    target: ['chrome111', 'safari16.4', 'firefox114'],
    // Named in branches for Node, which no browser takes.
    external: ['fs', 'path', 'crypto'],
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'silent',
  })
  await writeFile(join(out, manifestName), JSON.stringify(manifestOf(metafile.outputs, join(folder, entry))))
}

/** Builds into a folder that takes its name only when it is whole: another process may look at this moment. */
const fill = async (options: BundleOptions, folder: string): Promise<void> => {
  const draft = `${folder}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  try {
    await make(options, draft)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Somebody else was faster with the same.
    if ((await readdir(folder).catch((): string[] => [])).includes(manifestName)) return
    throw error
  }
}

const read = async (folder: string): Promise<BrowserBundle | undefined> => {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const names = (await readdir(folder)).filter((name) => name !== manifestName)
  const files = await Promise.all(
    names.map(async (name): Promise<[string, BundledFile]> => {
      const contentType = types[extname(name)] ?? 'application/octet-stream'
      return [name, { bytes: await readFile(join(folder, name)), contentType }]
    }),
  )
  return { ...Manifest.parse(JSON.parse(text)), files: new Map(files) }
}

/**
 * An app for browsers from its sources: built once per version, in seconds, and kept. Throws when it cannot be built
 * (esbuild's error says where) or kept.
 */
export const openBrowserBundle = async (options: BundleOptions): Promise<BrowserBundle> => {
  const folder = join(options.cache ?? defaultCache, `${options.name}-${keyOf(options)}`)
  const kept = await read(folder)
  if (kept !== undefined) return kept
  await fill(options, folder)
  const made = await read(folder)
  if (made === undefined) throw new Error(`${folder} went away while it was filled`)
  return made
}
