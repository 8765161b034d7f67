import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tongda } from '../support/command.ts'
import { fillDataFolder } from '../support/data-folder.ts'
import { startModelHub } from '../support/model-hub.ts'
import { copyTinyModel, tinyModel } from '../support/tiny-encoder.ts'

// A model of its own learns the content anew, in seconds on a quiet machine.
vi.setConfig({ testTimeout: 600_000 })

let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-models-'))
  dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  fillDataFolder(dataDir)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command with a section `encoder` in its configuration. */
const withEncoder = (section: Record<string, string>, ...args: string[]) => {
  const file = join(folder, 'tongda.yaml')
  writeFileSync(file, JSON.stringify({ encoder: section }))
  return tongda(['-c', file, ...args], { dataDir, environment: { TONGDA_PORT: '0' } })
}

describe('tongda models', () => {
  it('pulls a model, lists it as present, and as used once it is configured', async () => {
    const hub = await startModelHub()
    const pulled = await withEncoder({ mirror: hub.url }, 'models', 'pull', 'tests/tiny', '--pooling', 'cls')
    await hub.close()
    expect(pulled.status, pulled.stderr).toBe(0)
    expect(pulled.stdout).toContain('encoder: { model: tests/tiny }')
    const listed = await withEncoder({ model: 'tests/tiny' }, 'models', 'list', '--json')
    const models: unknown = JSON.parse(listed.stdout)
    expect(models).toContainEqual(
      expect.objectContaining({ name: 'tests/tiny', present: true, used: true, dimensions: 32 }),
    )
    expect(models).toContainEqual(
      expect.objectContaining({
        name: 'Xenova/bge-small-zh-v1.5',
        present: false,
        used: false,
        licence: 'MIT',
      }),
    )
    expect((await withEncoder({}, 'models', 'list')).stdout).toContain('✓ tests/tiny')
  })

  it('says what is wrong with what it was asked for', async () => {
    const pooling = await withEncoder({}, 'models', 'pull', 'a/b', '--pooling', 'max')
    expect([pooling.status, pooling.stderr]).toEqual([2, expect.stringContaining('cls or mean')])
    const size = await withEncoder({}, 'models', 'pull', 'a/b', '--max-mb', 'much')
    expect([size.status, size.stderr]).toEqual([2, expect.stringContaining('--max-mb')])
    const bench = await withEncoder({ model: 'tests/tiny' }, 'models', 'bench')
    expect([bench.status, bench.stderr]).toEqual([1, expect.stringContaining('models pull tests/tiny')])
  })

  it('measures a model', async () => {
    const { status, stdout } = await withEncoder({ model: tinyModel }, 'models', 'bench', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      version: expect.stringMatching(/^tiny@/),
      dimensions: 32,
      loadMs: expect.any(Number),
      singleMs: { p50: expect.any(Number), p99: expect.any(Number) },
      textsPerSecond: expect.any(Number),
    })
  })
})

describe('the configured encoder', () => {
  it('is looked at by tongda doctor', async () => {
    const sound = await withEncoder({ model: tinyModel }, 'doctor')
    expect(sound.stdout).toMatch(/✓ 编码模型 encoder .*tiny@1/)
    const folder = copyTinyModel()
    writeFileSync(join(folder, 'onnx/model_quantized.onnx'), 'damaged')
    const damaged = await withEncoder({ model: folder }, 'doctor')
    expect(damaged.stdout).toMatch(/✗ 编码模型 encoder/)
    expect(damaged.stdout).toMatch(/model_quantized.onnx is damaged.*encoder.model/)
    expect(damaged.status).toBe(1)
    expect((await withEncoder({ model: 'none' }, 'doctor')).stdout).toContain('by words alone')
  })

  it('that is damaged or missing is said, and answers are given all the same', async () => {
    for (const model of [tinyModel, 'tests/not-pulled', 'none']) {
      const { status, stdout, stderr } = await withEncoder({ model }, 'ask', '弹幕发不出去')
      expect([status, stdout]).toEqual([0, expect.stringContaining('danmaku')])
      if (model === 'tests/not-pulled') expect(stderr).toContain('tongda models pull tests/not-pulled')
      else expect(stderr).toBe('')
    }
  })
})
