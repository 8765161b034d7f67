import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { type PullOptions, pullModel } from '../../src/encoder/index.ts'
import { hubCommit, startModelHub, type ModelHub } from '../support/model-hub.ts'
import { openTiny, tinyModel } from '../support/tiny-encoder.ts'

let hub: ModelHub
let folder: string
beforeEach(async () => {
  hub = await startModelHub()
  folder = mkdtempSync(join(tmpdir(), 'tongda-pull-'))
})
afterEach(async () => {
  await hub.close()
  rmSync(folder, { recursive: true, force: true })
})

const how = { pooling: 'cls', lowercase: true } as const
const pull = (changes: Partial<PullOptions> = {}) =>
  pullModel({ model: 'tests/tiny', mirror: hub.url, folder, maxBytes: 1_000_000, how, ...changes })

const network = readFileSync(join(tinyModel, 'onnx/model_quantized.onnx'))
const pulled = (): string => join(folder, 'tests', 'tiny')
const part = (): string => join(folder, '.pulling', 'tests', 'tiny', 'onnx', 'model_quantized.onnx.part')
const ranges = (): (string | undefined)[] =>
  hub.requests.filter(({ path }) => path === '/store/network').map(({ range }) => range)

describe('pulling a model', () => {
  it('brings a folder that encodes as the original does', async () => {
    const model = await pull()
    expect(model.description).toMatchObject({
      name: 'tiny',
      version: hubCommit.slice(0, 12),
      dimensions: 32,
      maxTokens: 64,
      ...how,
      source: { repository: 'tests/tiny', revision: hubCommit },
    })
    const [mine, original] = [
      await openTiny(model.folder, { log: silentLog }),
      await openTiny(tinyModel, { log: silentLog }),
    ]
    expect(await mine.encode(['弹幕', 'APP'])).toEqual(await original.encode(['弹幕', 'APP']))
    await Promise.all([mine.stop(), original.stop()])
    expect(readdirSync(join(folder, '.pulling', 'tests'))).toEqual([])
  })

  it('takes all files of the commit that the first one is of', async () => {
    await pull()
    const paths = hub.requests.map(({ path }) => path).filter((path) => path.includes('/resolve/'))
    expect(paths[0]).toContain('/resolve/main/')
    expect(paths.slice(1).every((path) => path.includes(`/resolve/${hubCommit}/`))).toBe(true)
  })

  it('goes on where a line broke', async () => {
    hub.faults = { breakAfter: [10_000, 5_000], part: part() }
    await pull()
    expect(readFileSync(join(pulled(), 'onnx/model_quantized.onnx')).equals(network)).toBe(true)
    expect(ranges()).toEqual([undefined, 'bytes=10000-', 'bytes=15000-'])
  })

  it('goes on where an earlier pull broke off, unless the file is another by now', async () => {
    const interrupt = async (): Promise<void> => {
      hub.faults = { breakAfter: [8_000, 0, 0, 0, 0], part: part() }
      await expect(pull({ force: true })).rejects.toMatchObject({
        code: 'encoder_unavailable',
        message: expect.stringContaining('run it again to go on'),
      })
      expect(existsSync(part())).toBe(true)
      hub.faults = {}
    }
    await interrupt()
    await pull()
    expect(ranges().at(-1)).toBe('bytes=8000-')
    await interrupt()
    hub.faults = { etag: 'version-2' }
    await pull({ force: true })
    expect(readFileSync(join(pulled(), 'onnx/model_quantized.onnx')).equals(network)).toBe(true)
  })

  it('leaves one that is there, and replaces it when asked to', async () => {
    await pull()
    const before = hub.requests.length
    await pull()
    expect(hub.requests).toHaveLength(before)
    writeFileSync(join(pulled(), 'onnx/model_quantized.onnx'), 'damaged')
    await expect(pull()).rejects.toMatchObject({ message: expect.stringContaining('--force') })
    await pull({ force: true })
    expect(readFileSync(join(pulled(), 'onnx/model_quantized.onnx')).equals(network)).toBe(true)
  })

  it('reads from the repository how states become a vector', async () => {
    await expect(pull({ how: {} })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('--pooling cls or --pooling mean'),
    })
    const modes = { pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }
    hub.faults = { files: { '1_Pooling/config.json': JSON.stringify(modes) } }
    expect((await pull({ how: {} })).description.pooling).toBe('mean')
  })
})

describe('a pull that must fail', () => {
  const fails = async (code: string, message: string, changes: Partial<PullOptions> = {}): Promise<void> => {
    await expect(pull(changes)).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    expect(existsSync(pulled())).toBe(false)
  }

  it('names a repository that does not exist, or has no network', async () => {
    await fails('not_found', '404', { model: 'tests/other' })
    hub.faults = { status: 401 }
    await fails('encoder_unavailable', 'choose another')
  })

  it('refuses a network that is too large, of the wrong size, or damaged', async () => {
    await fails('encoder_unavailable', '--max-mb', { maxBytes: 10_000 })
    hub.faults = { claimedSize: 20_000 }
    await fails('encoder_unavailable', 'wrong size')
    hub.faults = { claimedSize: 40_000 }
    await fails('encoder_unavailable', 'not 40000')
    hub.faults = { spoil: true }
    await fails('encoder_unavailable', 'damaged')
  })

  it('asks nobody without TLS, wherever a hub sends it', async () => {
    await fails('bad_input', 'must be https', { mirror: 'http://hub.example.com' })
    hub.faults = { store: 'http://store.example.com/network' }
    await fails('encoder_unavailable', 'only https')
  })

  it.each(['../../etc/passwd', 'tests', 'tests/../x', 'a/b/c', 'https://x/y', ''])(
    'takes no %j for a repository',
    async (model) => {
      await fails('bad_input', 'owner/name', { model })
      expect(hub.requests).toEqual([])
    },
  )
})
