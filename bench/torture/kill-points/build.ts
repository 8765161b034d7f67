import { rmSync } from 'node:fs'
import { build, type Plugin } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))

/** What takes the place of a part of the product, when the product asks for it. */
const stands: Readonly<Record<string, string>> = {
  'src/store/index.ts': 'store.ts',
  'src/router/index.ts': 'router.ts',
  'src/jobs/index.ts': 'jobs.ts',
  'src/app/installed-channels.ts': 'channels.ts',
}

const standIn: Plugin = {
  name: 'stand-in',
  setup: (bundling) => {
    bundling.onResolve({ filter: /\/(index|installed-channels)\.ts$/ }, ({ path, resolveDir }) => {
      if (!path.startsWith('.') || resolve(resolveDir) === resolve(here)) return undefined
      const asked = resolve(resolveDir, path)
      const file = stands[asked.slice(resolve(root).length + 1)]
      return file === undefined ? undefined : { path: join(here, file) }
    })
  },
}

/** The files beside a module (pages, migrations, threads) are found from where its source lies. */
const keepAddresses: Plugin = {
  name: 'keep-addresses',
  setup: (bundling) => {
    bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return {
        loader: 'ts',
        contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      }
    })
  },
}

/**
 * Makes a build of the product that ends itself, as a crash does, at moments that are ordered of it (`order.ts`). What
 * ships knows nothing of them: the parts that do are put in the place of the product's by this build alone.
 */
export const buildWithKillPoints = async (): Promise<string> => {
  // Beside the packages, which it finds from there.
  const outdir = join(root, 'node_modules', '.cache', 'tongda-torture', `kill-points-${String(process.pid)}`)
  await build({
    ...{ absWorkingDir: root, entryPoints: ['src/main.ts'], outdir, outExtension: { '.js': '.mjs' } },
    // In several files, as it ships.
    ...{ bundle: true, splitting: true, packages: 'external' },
    ...{ platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent' },
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [standIn, keepAddresses],
  })
  return join(outdir, 'main.mjs')
}

/** Removes such a build. */
export const removeBuild = (build: string): void => {
  rmSync(dirname(build), { recursive: true, force: true })
}
