// What is installed: no version with a known hole, nothing from elsewhere than the registry, nothing that runs scripts
// unseen, and the same on every machine. The check is a program that needs no network: `npm run floors`.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { postgresRemark } from '../../src/app/postgres-version.ts'
import { tongda } from '../support/command.ts'
import { openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tongda-floors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const Entry = z.looseObject({ version: z.string().optional(), integrity: z.string().optional() })
const Lock = z.looseObject({ lockfileVersion: z.number(), packages: z.record(z.string(), Entry) })
type Lock = z.infer<typeof Lock>
const Floors = z.looseObject({
  floors: z.array(
    z.object({ package: z.string(), affected: z.array(z.string()), advisories: z.array(z.string()) }),
  ),
  locks: z.array(z.looseObject({ file: z.string() })),
})

const [product, bridge] = ['package-lock.json', 'channels/wechaty/bridge/package-lock.json'] as const
const floors = Floors.parse(JSON.parse(readFileSync(join(root, 'scripts/floors.json'), 'utf8')))
const integrity = `sha512-${'A'.repeat(86)}==`

/** The check over copies of the lock files in which `change` was made to one. */
const check = (file: string, change: (lock: Lock) => void) => {
  for (const { file: name } of floors.locks) {
    const lock = Lock.parse(JSON.parse(readFileSync(join(root, name), 'utf8')))
    if (name === file) change(lock)
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), JSON.stringify(lock))
  }
  const run = spawnSync(process.execPath, [join(root, 'scripts/floors.mjs'), '--root', folder], {
    encoding: 'utf8',
  })
  return { status: run.status, said: run.stdout + run.stderr }
}

describe('the check of dependencies', () => {
  it('passes what is installed', () => {
    const { status, said } = check('', () => undefined)
    expect([status, said]).toEqual([0, expect.stringContaining(`✓ ${bridge}`)])
  })

  it.each([
    ['hono', '4.13.17', 'GHSA-74fm-fwc7-3fwp'],
    ['@hono/node-server', '2.1.6', 'CVE-2026-126344'],
    ['@hono/node-server', '1.19.18', 'CVE-2026-73565'],
    ['nodemailer', '10.1.3', 'GHSA-85x2-q946-cp5h'],
    ['markdown-it', '15.0.2', 'CVE-2026-111766'],
    ['undici', '7.23.9', 'CVE-2026-2229'],
    ['redis', '3.1.0', 'CVE-2021-29469'],
    ['fast-xml-parser', '5.7.0-beta.1', 'CVE-2026-41650'],
    ['sanitize-html', 'newest', 'CVE-2026-44990'],
  ])('fails on %s %s, and names package, version, path and %s', (name, version, advisory) => {
    const path = `node_modules/somebody/node_modules/${name}`
    const { status, said } = check(product, (lock) => (lock.packages[path] = { version, integrity }))
    expect(status).toBe(1)
    expect(said).toContain(`✗ ${product}: ${name} ${version} at ${path} is affected`)
    expect(said).toContain(advisory)
  })

  it.each([
    ['hono', '4.13.18'],
    ['undici', '7.24.0'],
    ['undici', '6.24.0'],
    ['markdown-it', '14.3.3'],
    ['redis', '2.5.9'],
  ])('passes %s %s, which has none of the known holes', (name, version) => {
    const path = `node_modules/somebody/node_modules/${name}`
    expect(check(product, (lock) => (lock.packages[path] = { version, integrity })).status).toBe(0)
  })

  it('accepts in the bridge what stands in the data, and nothing lower', () => {
    const path = 'node_modules/request/node_modules/form-data'
    const { status, said } = check(bridge, (lock) => (lock.packages[path] = { version: '2.3.2', integrity }))
    expect([status, said]).toEqual([1, expect.stringContaining('form-data 2.3.2')])
    const inProduct = check(product, (lock) => (lock.packages[path] = { version: '2.3.3', integrity }))
    expect([inProduct.status, inProduct.said]).toEqual([1, expect.stringContaining('CVE-2025-7783')])
  })

  it.each<[string, object, string]>([
    [
      'another registry',
      { resolved: 'https://registry.example/x.tgz', integrity },
      'comes from https://registry.example',
    ],
    ['a repository', { resolved: 'git+ssh://git@github.com/x/y.git#1', integrity }, 'comes from git+ssh'],
    ['no one knows where', {}, 'has no sha512 integrity'],
    ['a weak hash', { integrity: 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, 'has no sha512 integrity'],
    ['a folder', { link: true, integrity }, 'is a link'],
    ['an installer', { integrity, hasInstallScript: true }, 'runs a script'],
    ['a package that was ruled out', { integrity, name: 'xlsx' }, 'is ruled out'],
  ])('fails on what comes from %s', (_name, entry, words) => {
    const { status, said } = check(
      product,
      (lock) => (lock.packages['node_modules/stranger'] = { version: '1.0.0', ...entry }),
    )
    expect([status, said]).toEqual([1, expect.stringContaining(words)])
  })

  it('looks at a package by its own name where it is installed under another', () => {
    const entry = { name: 'axios', version: '1.19.9', integrity }
    const { status, said } = check(product, (lock) => (lock.packages['node_modules/harmless'] = entry))
    expect([status, said]).toEqual([1, expect.stringContaining('CVE-2026-101904')])
  })

  it('asks to remove what is accepted and gone', () => {
    const { status, said } = check(bridge, (lock) => delete lock.packages['node_modules/request'])
    expect([status, said]).toEqual([1, expect.stringContaining('floors.json accepts request 2.88.2')])
  })

  it('stands in the checks of everybody and of the CI', () => {
    const { scripts } = z
      .looseObject({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
    expect(scripts['check']).toContain('npm run floors')
    const ci = readFileSync(join(root, '.ci/run'), 'utf8')
    // Before anything of it is installed or run.
    expect(ci.indexOf('node scripts/floors.mjs')).toBeGreaterThan(0)
    expect(ci.indexOf('node scripts/floors.mjs')).toBeLessThan(ci.indexOf('npm ci'))
    expect(ci.match(/^npm ci .*/gm)?.every((line) => line.includes('--ignore-scripts'))).toBe(true)
  })
})

describe('the manifest', () => {
  it('pins every version exactly', () => {
    const Manifest = z.looseObject({
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
      optionalDependencies: z.record(z.string(), z.string()),
    })
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
    const { dependencies, devDependencies, optionalDependencies } = manifest
    const ranges = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
    )
    expect(ranges).toEqual([])
  })
})

describe('the database server', () => {
  it.each([
    [180_002, undefined],
    [180_001, '18.2'],
    [170_007, '17.8'],
    [160_012, undefined],
    [150_015, '15.16'],
    [140_030, '15.16'],
    [190_000, undefined],
  ])('of version %i is named with what to update to: %s', (version, needed) => {
    expect(postgresRemark(version)).toEqual(
      needed === undefined ? undefined : expect.stringContaining(needed),
    )
  })
})

describeWith('postgres', 'tongda doctor', (url) => {
  it('looks at the version of the server that is there', async () => {
    const test = await openTestPostgres(url)
    const [row] = await test.database.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    )
    const run = await tongda(['doctor', '--json'], {
      dataDir: test.folder,
      environment: { DATABASE_URL: test.url },
    })
    await test.dispose()
    const remark = postgresRemark(row?.version ?? 0)
    expect(run.stdout).toContain('PostgreSQL')
    expect(run.stdout.includes('CVE-2026-2005')).toBe(remark?.includes('CVE-2026-2005') ?? false)
  })
})
