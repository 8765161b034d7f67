// Makes and keeps the bundle that `launch.mjs` runs. Plain JavaScript, because nothing has read TypeScript yet.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL, URL } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'tongda')
const folders = ['src', 'channels', 'intents', 'knowledge', 'sandbox']
/** Bundles that are kept, so that going back to another version is quick. */
const kept = 3

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

const make = async (file) => {
  const { build, stop } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outfile: file,
    bundle: true,
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

const prune = () => {
  const bundles = readdirSync(cache)
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => ({ path: join(cache, name), madeMs: statSync(join(cache, name)).mtimeMs }))
    .sort((one, other) => other.madeMs - one.madeMs)
  for (const { path } of bundles.slice(kept)) {
    rmSync(path, { force: true })
    rmSync(`${path}.map`, { force: true })
  }
}

/** The bundle of the source as it is now, made first where there is none: `{ file }`, else `{ problem }`. */
export const findBundle = async () => {
  const file = join(cache, `${keyOfSources()}.mjs`)
  if (existsSync(file)) return { file }
  const draft = join(cache, `draft-${process.pid}.js`)
  try {
    mkdirSync(cache, { recursive: true })
    await make(draft)
    // Whole or not at all, the map first: another start may look at this moment.
    renameSync(`${draft}.map`, `${file}.map`)
    renameSync(draft, file)
    prune()
    return { file }
  } catch (error) {
    return { problem: `${cache} could not be filled (${error.code ?? error.message})` }
  }
}
