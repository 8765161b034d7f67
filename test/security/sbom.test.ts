// The list of parts that `npm run sbom` writes: what it names is what the lock files install.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tongda-sbom-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const Component = z.looseObject({
  'bom-ref': z.string(),
  type: z.string(),
  name: z.string(),
  version: z.string(),
  hashes: z.array(z.object({ alg: z.string(), content: z.string() })).default([]),
})
const Bom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  metadata: z.looseObject({ component: Component }),
  components: z.array(Component.extend({ components: z.array(Component).default([]) })),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
})
const Lock = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      name: z.string().optional(),
      dev: z.boolean().optional(),
      optional: z.boolean().optional(),
    }),
  ),
})

/** Every package of production that a lock file names, as `name@version`. */
const locked = (file: string): ReadonlySet<string> => {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(root, file), 'utf8')))
  return new Set(
    Object.entries(packages).flatMap(([path, { version, name, dev, optional }]) =>
      // What is optional need not be there on each machine: other systems' builds of the same part.
      path === '' || dev === true || optional === true
        ? []
        : [`${name ?? path.split('node_modules/').at(-1) ?? ''}@${version ?? ''}`],
    ),
  )
}
const namesOf = (components: readonly z.infer<typeof Component>[]) =>
  components.map(({ name, version }) => `${name}@${version}`)

describe('the list of parts', () => {
  const file = join(folder, 'sbom.json')
  const run = spawnSync(process.execPath, [join(root, 'scripts/sbom.mjs'), file], { encoding: 'utf8' })
  const bom = Bom.parse(JSON.parse(readFileSync(file, 'utf8')))
  const model = bom.components.filter(({ type }) => type === 'machine-learning-model')
  const bridge = bom.components.filter(({ name }) => name === 'tongda-wechaty-bridge')

  it('is CycloneDX about the product', () => {
    expect([run.status, run.stderr]).toEqual([0, ''])
    expect(bom.metadata.component).toMatchObject({ name: 'tongda', type: 'application' })
  })

  it('names every package of production with its hash, and none of development', () => {
    const packages = bom.components.filter((one) => one.type === 'library')
    expect([...locked('package-lock.json')].filter((name) => !namesOf(packages).includes(name))).toEqual([])
    expect(packages.every(({ hashes }) => hashes.some(({ alg }) => alg === 'SHA-512'))).toBe(true)
    expect(packages.filter(({ name }) => ['vitest', 'eslint', 'playwright-core'].includes(name))).toEqual([])
  })

  it('names what is installed apart for personal WeChat as its own part', () => {
    const inside = namesOf(bridge[0]?.components ?? [])
    const wanted = [...locked('channels/wechaty/bridge/package-lock.json')]
    expect(wanted.filter((name) => !inside.includes(name))).toEqual([])
    expect(inside).toContain('request@2.88.2')
  })

  it('names the model by the hash of its network', () => {
    const network = readFileSync(join(root, 'models/tongda-encoder-zh/onnx/model_quantized.onnx'))
    const content = createHash('sha256').update(network).digest('hex')
    expect(model).toMatchObject([{ name: 'tongda-encoder-zh', hashes: [{ alg: 'SHA-256', content }] }])
  })

  it('refers to each part by a name of its own, and to none that is not there', () => {
    const refs = [bom.metadata.component, ...bom.components, ...(bridge[0]?.components ?? [])].map(
      (one) => one['bom-ref'],
    )
    expect(new Set(refs).size).toBe(refs.length)
    const named = bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
    expect(named.filter((ref) => !refs.includes(ref))).toEqual([])
  })
})
