import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

// A copy of the product with a cache of its own; the packages are the installed ones.
let copy: string
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'tongda-launch-'))
  for (const name of ['src', 'channels', 'intents', 'knowledge', 'sandbox', 'package.json', 'tsconfig.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true })
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
  return { status, stdout, stderr }
}

const cache = (): string => join(copy, 'node_modules/.cache/tongda')
const bundles = (): readonly string[] => readdirSync(cache()).filter((name) => name.endsWith('.mjs'))

/** Replaces the one place where `file` says `from`. */
const edit = (file: string, from: string, to: string): void => {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  expect(text.split(from)).toHaveLength(2)
  writeFileSync(path, text.replace(from, to))
}

// Each start is a process, and each new source a bundling: seconds, on a busy machine tens of them.
describe('the launcher', { timeout: 120_000 }, () => {
  it('makes the bundle at the first start and only then', () => {
    expect(launch('--version')).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' })
    const [bundle = '', ...others] = bundles()
    expect(others).toEqual([])
    const made = statSync(join(cache(), bundle)).mtimeMs
    expect(launch('--version').stdout).toBe('0.1.0\n')
    expect(bundles()).toEqual([bundle])
    expect(statSync(join(cache(), bundle)).mtimeMs).toBe(made)
  })

  it('never runs an older source than the one that is there, and keeps only a few bundles', () => {
    launch('--version')
    for (const [from, to] of [
      ['0.1.0', '0.1.1'],
      ['0.1.1', '0.1.2'],
      ['0.1.2', '0.1.3'],
    ] as const) {
      edit('src/app/version.ts', `productVersion = '${from}'`, `productVersion = '${to}'`)
      expect(launch('--version').stdout).toBe(`${to}\n`)
    }
    expect(bundles()).toHaveLength(3)
  })

  it('runs the source where the bundle cannot be kept, and says what to do', () => {
    writeFileSync(join(copy, 'node_modules/.cache'), 'a file where the folder should be')
    const { status, stdout, stderr } = launch('--version')
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0.1.0\n' })
    expect(stderr).toContain('Make the folder writable')
  })

  it('names source file and line in a stack trace', () => {
    const call = 'program.parseAsync().catch(fail)'
    const [before = ''] = readFileSync(join(copy, 'src/main.ts'), 'utf8').split(call)
    const line = before.split('\n').length
    edit('src/main.ts', call, "throw new Error('planted')")
    const { status, stderr } = launch('--version')
    expect(status).toBe(1)
    expect(stderr).toContain('Error: planted')
    expect(stderr).toContain(`${join('src', 'main.ts')}:${line}:`)
  })

  it('finds what lies beside the source: the command works on the demo content', () => {
    const { status, stdout } = launch('kb', 'check')
    expect(stdout).toContain('0 处错误 faults')
    expect(status).toBe(0)
  })
})
