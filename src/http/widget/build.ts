/** Makes the widget's files from their source, once per version: kept beside the product's own bundle. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions, Plugin, transform as Transform } from 'esbuild'
import { z } from 'zod'
import { packageCache } from '../../core/package-cache.ts'
import { withBundler, type Bundler } from '../../core/with-bundler.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const source = join(root, 'widget')

/** The script that pages name; it finds the others by their names. */
export const loaderName = 'widget.js'

/** The widget's scripts by file name; every name but the first script's tells the content. */
export interface WidgetFiles {
  readonly loader: string
  readonly modules: ReadonlyMap<string, string>
}

const kept = z.strictObject({ loader: z.string(), modules: z.record(z.string(), z.string()) })

/** What the files are known by: every source, this file, and the packages' versions. */
const keyOfSources = async (): Promise<string> => {
  const names = (await readdir(source, { recursive: true })).filter((name) => /\.(tsx?|css)$/.test(name))
  const hash = createHash('sha256').update(root)
  for (const path of [
    'package.json',
    'src/http/widget/build.ts',
    ...names.sort().map((name) => `widget/${name}`),
  ])
    hash.update(`${path}\n`).update(await readFile(join(root, path)))
  return hash.digest('hex').slice(0, 24)
}

/** Style sheets are put on by script, so that pages need not allow inline style. */
const styleAsText = (transform: typeof Transform): Plugin => ({
  name: 'style-as-text',
  setup: (build) => {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'css',
        minify: true,
        charset: 'utf8',
      })
      return { loader: 'text', contents: code.trim() }
    })
  },
})

const make = async ({ build, transform }: Bundler): Promise<z.output<typeof kept>> => {
  const shared: BuildOptions & { readonly write: false } = {
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    charset: 'utf8',
    target: ['es2020', 'safari15'],
    legalComments: 'none',
    logLevel: 'silent',
    tsconfig: join(source, 'tsconfig.json'),
  }
  const chat = await build({
    ...shared,
    entryPoints: { core: join(source, 'core.tsx') },
    format: 'esm',
    splitting: true,
    outdir: source,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    plugins: [styleAsText(transform)],
  })
  const modules = Object.fromEntries(chat.outputFiles.map(({ path, text }) => [basename(path), text]))
  const core = Object.keys(modules).find((name) => name.startsWith('core-')) ?? ''
  const loader = await build({
    ...shared,
    entryPoints: [join(source, 'loader.ts')],
    format: 'iife',
    define: { CORE_FILE: JSON.stringify(core) },
  })
  return { loader: loader.outputFiles[0]?.text ?? '', modules }
}

const readKept = async (file: string): Promise<z.output<typeof kept> | undefined> => {
  try {
    return kept.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Versions that are kept, so that going back to another is quick. */
const mostKept = 3

const prune = async (): Promise<void> => {
  const names = (await readdir(packageCache)).filter((name) => /^widget-\w+\.json$/.test(name))
  const aged = await Promise.all(
    names.map(async (name) => ({ name, madeMs: (await stat(join(packageCache, name))).mtimeMs })),
  )
  aged.sort((one, other) => other.madeMs - one.madeMs)
  await Promise.all(aged.slice(mostKept).map(({ name }) => rm(join(packageCache, name), { force: true })))
}

const keep = async (file: string, files: z.output<typeof kept>): Promise<void> => {
  const draft = `${file}.${String(process.pid)}`
  await mkdir(packageCache, { recursive: true })
  // Whole or not at all: another start may look at this moment.
  await writeFile(draft, JSON.stringify(files))
  await rename(draft, file)
  await prune()
}

/**
 * Reads the files of this version, or makes them. A folder that cannot be written costs half a second a start: `onUnkept`
 * hears why they could not be kept.
 */
export const openWidgetFiles = async (onUnkept: (error: unknown) => void): Promise<WidgetFiles> => {
  const file = join(packageCache, `widget-${await keyOfSources()}.json`)
  const known = await readKept(file)
  const files = known ?? (await withBundler(make))
  if (known === undefined) await keep(file, files).catch(onUnkept)
  return { loader: files.loader, modules: new Map(Object.entries(files.modules)) }
}
