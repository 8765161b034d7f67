import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const folders = ['src', 'channels', 'intents', 'knowledge', 'sandbox', 'desk', 'widget']

// A copy of the product with a cache of its own; the packages are the installed ones.
let copy: string
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'tongda-launch-'))
  for (const name of [...folders, 'package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (from) => basename(from) !== 'node_modules',
    })
  const packages = join(copy, 'node_modules')
  mkdirSync(packages)
  for (const name of readdirSync(join(root, 'node_modules')).filter((one) => one !== '.cache'))
    symlinkSync(join(root, 'node_modules', name), join(packages, name))
})
afterEach(() => rmSync(copy, { recursive: true, force: true }))

const launch = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'src/launch.mjs'), ...args], {
    cwd: copy,
    encoding: 'utf8',
  })
  // Some machines' environments ask for colours.
  return {
    status,
    ...{ stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) },
  }
}

/** The same beside others. */
const launchBeside = async (...args: readonly string[]) => {
  const start = spawn(process.execPath, [join(copy, 'src/launch.mjs'), ...args])
  let stderr = ''
  start.stderr.setEncoding('utf8').on('data', (words: string) => (stderr += words))
  await once(start, 'close')
  return { status: start.exitCode, stderr }
}

/** Runs a module of somebody else's that imports from the copy: `url` gives the address of one of its files. */
const runModule = (code: (url: (file: string) => string) => string) => {
  const url = (file: string): string => JSON.stringify(pathToFileURL(join(copy, file)).href)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', code(url)],
    { cwd: copy, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

const cache = (): string => join(copy, 'node_modules/.cache/tongda')
const bundles = (): readonly string[] => readdirSync(cache())

/** Replaces the one place where `file` says `from`. */
const edit = (file: string, from: string, to: string): void => {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  expect(text.split(from)).toHaveLength(2)
  writeFileSync(path, text.replace(from, to))
}

// Each start is a process, and each new source a bundling: seconds, on a busy machine tens of them.
describe('the launcher', { timeout: 300_000 }, () => {
  it('makes the bundle at the first start and only then', () => {
    expect(launch('--version')).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' })
    const [bundle = '', ...others] = bundles()
    expect(others).toEqual([])
    const madeMs = (): number => statSync(join(cache(), bundle, 'main.mjs')).mtimeMs
    const made = madeMs()
    expect(launch('--version').stdout).toBe('0.1.0\n')
    expect(bundles()).toEqual([bundle])
    expect(madeMs()).toBe(made)
  })

  it('never runs an older source than the one that is there, and keeps only a few bundles', () => {
    launch('--version')
    const longAgo = new Date(Date.now() - 30 * 24 * 3_600_000)
    const unused = (): void => {
      for (const name of bundles()) utimesSync(join(cache(), name), longAgo, longAgo)
    }
    for (const [from, to] of [
      ['0.1.0', '0.1.1'],
      ['0.1.1', '0.1.2'],
      ['0.1.2', '0.1.3'],
    ] as const) {
      edit('src/app/version.ts', `productVersion = '${from}'`, `productVersion = '${to}'`)
      expect(launch('--version').stdout).toBe(`${to}\n`)
    }
    // A product that runs for days still reads from its bundle.
    expect(bundles()).toHaveLength(4)
    unused()
    // What was long not started is started again, which counts.
    expect(launch('--version').stdout).toBe('0.1.3\n')
    edit('src/app/version.ts', "productVersion = '0.1.3'", "productVersion = '0.1.4'")
    expect(launch('--version').stdout).toBe('0.1.4\n')
    expect(bundles()).toHaveLength(3)
  })

  it('runs the source where the bundle cannot be kept, and says what to do', () => {
    writeFileSync(join(copy, 'node_modules/.cache'), 'a file where the folder should be')
    const { status, stdout, stderr } = launch('--version')
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0.1.0\n' })
    expect(stderr).toContain('Make the folder writable')
  })

  it('makes several bundles for one process that asks for them at once', () => {
    const { stdout } = runModule(
      (url) => `
        import { findBundle } from ${url('src/launch/bundle.mjs')}
        const entries = ['src/main.ts', 'src/langchain/index.ts', 'src/langchain/index.ts']
        const found = await Promise.all(entries.map(findBundle))
        console.log(JSON.stringify(found.flatMap(({ problem }) => problem ?? [])))`,
    )
    expect(JSON.parse(stdout)).toEqual([])
    expect(bundles().map((name) => name.split('-')[0])).toEqual(['langchain', 'main'])
  })

  it('makes one bundle for several processes that start at once', async () => {
    const starts = await Promise.all([1, 2, 3].map(async () => launchBeside('--version')))
    expect(starts).toEqual(starts.map(() => ({ status: 0, stderr: '' })))
    expect(bundles()).toHaveLength(1)
  })

  it('gives other packages the source where the bundle cannot be kept, and says so', () => {
    writeFileSync(join(copy, 'node_modules/.cache'), 'a file where the folder should be')
    const { status, stdout, stderr } = runModule(
      (url) => `
        import { TongdaRetriever } from ${url('src/langchain/node.mjs')}
        console.log(TongdaRetriever.name)`,
    )
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'TongdaRetriever\n' })
    expect(stderr).toContain('could not be filled')
  })

  it('names source file and line in a stack trace', () => {
    const call = 'program.parseAsync().catch(fail)'
    const [before = ''] = readFileSync(join(copy, 'src/main.ts'), 'utf8').split(call)
    edit('src/main.ts', call, "throw new Error('planted')")
    const { status, stderr } = launch('--version')
    expect(status).toBe(1)
    expect(stderr).toContain('Error: planted')
    expect(stderr).toContain(`${join('src', 'main.ts')}:${before.split('\n').length}:`)
  })

  it('does so in what is read for one command alone', () => {
    const call = 'const masked = maskConfig(loadConfig(command))'
    const [before = ''] = readFileSync(join(copy, 'src/cli/config.ts'), 'utf8').split(call)
    edit('src/cli/config.ts', call, "const masked = {}; console.error(new Error('planted'))")
    expect(launch('config').stderr).toContain(
      `${join('src', 'cli', 'config.ts')}:${before.split('\n').length}:`,
    )
  })

  it('has read the command before it runs it: garbage is cleared away more often only then', () => {
    edit('src/launch.mjs', 'setFlagsFromString(', "process.stderr.write('the flag\\n'); setFlagsFromString(")
    edit(
      'src/cli/config.ts',
      'import type { Command }',
      "process.stderr.write('the command\\n')\nimport type { Command }",
    )
    expect(launch('config').stderr).toBe('the command\nthe flag\n')
  })

  it('takes the value of an option for no command, and knows what was meant', () => {
    expect(launch('serv', '-c', 'config').stderr).toContain('Did you mean serve?')
    expect(launch('-c', 'config').stderr).toContain('doctor')
    expect(launch('help', 'config').stdout).toContain('secrets masked')
  })

  it('finds what lies beside the source: the command works on the demo content', () => {
    const { status, stdout } = launch('kb', 'check')
    expect(stdout).toContain('0 处错误 faults')
    expect(status).toBe(0)
  })
})

describe('tongda prepare', { timeout: 300_000 }, () => {
  const kinds = (): readonly string[] => bundles().map((name) => name.split('-')[0] ?? '')

  it('makes everything that is made once per version, and again nothing', () => {
    const { status, stdout, stderr } = launch('prepare')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/✓ 命令 command\n.*✓ 工作台 desk\n.*✓ 网页聊天 web chat\n/s)
    expect(kinds()).toEqual(['desk', 'main', 'widget'])
    const made = bundles()
    expect(launch('prepare').status).toBe(0)
    expect(bundles()).toEqual(made)
  })

  it('fails with what to do where the folder cannot be written', () => {
    writeFileSync(join(copy, 'node_modules/.cache'), 'a file where the folder should be')
    const { status, stdout, stderr } = launch('prepare')
    expect(status).toBe(1)
    expect(stdout).toMatch(/✗ 命令 command\n.*✗ 工作台 desk\n.*✗ 网页聊天 web chat\n/s)
    expect(stdout).toContain('ENOTDIR')
    expect(stderr).toContain('run this again as a user who may write there')
  })
})
