import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { Encoder } from '../../src/core/encoder.ts'
import { silentLog } from '../../src/core/log.ts'
import { copyTinyModel, cosine, keepLog, openTiny, tinyModel } from '../support/tiny-encoder.ts'

const opened: Encoder[] = []
const open = async (...args: Parameters<typeof openTiny>): Promise<Encoder> => {
  const encoder = await openTiny(...args)
  opened.push(encoder)
  return encoder
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((encoder) => encoder.stop()))
})

const unavailable = { code: 'encoder_unavailable' }
const many = (count: number, word = '视频审核要多久'): string[] =>
  Array.from({ length: count }, (_, at) => `${word}${String(at)}`)

describe('an encoder', () => {
  it('gives unit vectors in the order of the texts, alike where the texts are', async () => {
    const encoder = await open(tinyModel, { log: silentLog })
    const [renewal, same, other, empty] = await encoder.encode([
      '怎么取消自动续费',
      '取消自动续费',
      '弹幕发不出去',
      '',
    ])
    expect(encoder.dimensions).toBe(32)
    for (const vector of [renewal, same, other, empty]) {
      expect(vector).toHaveLength(32)
      expect(cosine(vector, vector)).toBeCloseTo(1, 5)
    }
    expect(cosine(renewal, same)).toBeGreaterThan(cosine(renewal, other))
    expect(await encoder.encode([])).toEqual([])
  })

  it('gives a text the same vector whatever it is asked for with', async () => {
    const encoder = await open(tinyModel, { log: silentLog })
    const texts = [...many(40), '弹'.repeat(60), '大会员']
    const together = await encoder.encode(texts)
    const second = await open(tinyModel, { log: silentLog })
    expect(second.version).toBe(encoder.version)
    for (const [at, text] of texts.entries()) expect((await second.encode([text]))[0]).toEqual(together[at])
  })

  it.each([
    ['cls', { pooling: 'cls' }, 32],
    ['mean', { pooling: 'mean' }, 32],
    ['finished vectors', { output: 'sentence_embedding', dimensions: 16 }, 16],
    ['a prefix', { prefix: '请问' }, 32],
    ['capitals kept', { lowercase: false }, 32],
  ])('does as the model says: %s', async (_name, changes, dimensions) => {
    const usual = await open(tinyModel, { log: silentLog })
    const encoder = await open(copyTinyModel(changes), { log: silentLog })
    expect(encoder.dimensions).toBe(dimensions)
    const [vector] = await encoder.encode(['APP 的弹幕'])
    expect(vector).toHaveLength(dimensions)
    expect(cosine(vector, vector)).toBeCloseTo(1, 5)
    const same = 'pooling' in changes && changes.pooling === 'cls'
    expect(cosine(vector, (await usual.encode(['APP 的弹幕']))[0]) > 0.999_99).toBe(same)
    expect(encoder.version === usual.version).toBe(same)
  })

  it('reads capitals as small letters where the vocabulary has none', async () => {
    const encoder = await open(tinyModel, { log: silentLog })
    const [small, large] = await encoder.encode(['app', 'APP'])
    expect(large).toEqual(small)
  })

  it('takes hostile texts for texts, and long ones by their beginning', async () => {
    const encoder = await open(tinyModel, { log: silentLog })
    const texts = [
      '\u0000\u202E\uFFFF',
      '💥'.repeat(5_000),
      '\uD800',
      'a'.repeat(200_000),
      '[CLS][SEP][MASK]',
      ' ',
    ]
    const vectors = await encoder.encode(texts)
    for (const vector of vectors) expect(cosine(vector, vector)).toBeCloseTo(1, 5)
    const [long, longer] = await encoder.encode(['弹幕'.repeat(100), '弹幕'.repeat(5_000)])
    expect(long).toEqual(longer)
  })

  it('lets one that waits overtake very many', async () => {
    const encoder = await open(tinyModel, { log: silentLog })
    const ended: string[] = []
    const crowd = encoder.encode(many(1_000)).then(() => ended.push('crowd'))
    await encoder.encode(['弹幕']).then(() => ended.push('one'))
    // Asked for by the crowd already: it goes to the front.
    await encoder.encode(['视频审核要多久999']).then(() => ended.push('last of the crowd'))
    expect(ended).toEqual(['one', 'last of the crowd'])
    await crowd
    expect(ended).toHaveLength(3)
  })

  it('lets very many get on while others keep asking', async () => {
    const encoder = await open(tinyModel, { log: silentLog })
    let done = false
    const crowd = encoder.encode(many(40)).then(() => (done = true))
    let asked = 0
    const ask = async (): Promise<void> => {
      while (!done) await encoder.encode([`弹幕${String((asked += 1))}`])
    }
    await Promise.all([crowd, ...Array.from({ length: 30 }, ask)])
    expect(done).toBe(true)
  })
})

describe('the model that ships', () => {
  const folder = fileURLToPath(new URL('../../models/tongda-encoder-zh', import.meta.url))

  it('gives a text the same vector in any company', async () => {
    const encoder = await open(folder, { log: silentLog })
    const texts = [
      ...many(12),
      ...many(6, '弹幕发不出去'),
      'App 打不开',
      '怎么退款',
      '怎么退货',
      '弹'.repeat(300),
      '',
    ]
    const together = await encoder.encode(texts)
    const alone = await open(folder, { log: silentLog })
    for (const [at, text] of texts.entries()) expect((await alone.encode([text]))[0]).toEqual(together[at])
  })

  it('sees what means the same in other words', async () => {
    const encoder = await open(folder, { log: silentLog })
    const [asked, same, other] = await encoder.encode(['怎么退款', '钱怎么退给我', '弹幕发不出去'])
    expect(cosine(asked, same)).toBeGreaterThan(cosine(asked, other) + 0.2)
  })
})

describe('a second process for very many texts', () => {
  /**
   * Opens an encoder whose first process stands still until the second is told of, before this gets work; then `act`.
   */
  const openHearing = async (act: (second: number, first: number) => void) => {
    const { log, lines } = keepLog()
    let hear: (pid: number) => void = () => undefined
    const heard = new Promise<number>((resolve) => (hear = resolve))
    let first = 0
    const debug = ({ pid }: Record<string, unknown>): void => {
      act(Number(pid), first)
      hear(Number(pid))
    }
    const encoder = await open(tinyModel, { log: { ...log, debug }, second: true })
    first = Number(lines.at(-1)?.facts.pid)
    process.kill(first, 'SIGSTOP')
    return { encoder, lines, heard }
  }
  const goOn = (first: number): void => void process.kill(first, 'SIGCONT')
  const texts = many(700)
  const expectRight = async (vectors: readonly Float32Array[]): Promise<void> => {
    const alone = await open(tinyModel, { log: silentLog, second: false })
    expect(vectors).toHaveLength(texts.length)
    for (let at = 0; at < texts.length; at += 61)
      expect((await alone.encode([texts[at] ?? '']))[0]).toEqual(vectors[at])
  }
  const isThere = (pid: number): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }

  it('gives the same vectors, and ends when nothing is left', async () => {
    const { encoder, lines, heard } = await openHearing((_second, first) => goOn(first))
    await expectRight(await encoder.encode(texts))
    const pid = await heard
    await expect.poll(() => isThere(pid)).toBe(false)
    expect(lines.map(({ level }) => level)).toEqual(['info'])
  })

  it('costs nobody a vector when it dies', async () => {
    const { encoder, lines } = await openHearing((second, first) => {
      process.kill(second, 'SIGKILL')
      goOn(first)
    })
    await expectRight(await encoder.encode(texts))
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      event: expect.stringContaining('the first goes on alone'),
    })
  })

  it('lets nobody wait for what it has taken', async () => {
    const { encoder, heard } = await openHearing((second, first) => {
      process.kill(second, 'SIGSTOP')
      goOn(first)
    })
    const ended: string[] = []
    const crowd = encoder.encode(texts)
    const others = encoder.encode(many(400, '手机号换了怎么改绑')).then(() => ended.push('others'))
    await heard
    await turn()
    // It has what comes after the first process's eight, and stands still.
    await encoder.encode(texts.slice(8, 16)).then(() => ended.push('urgent'))
    expect(ended).toEqual(['urgent'])
    await others
    await expectRight(await crowd)
  })

  it('goes with the encoder', async () => {
    const { encoder, heard } = await openHearing((second) => process.kill(second, 'SIGSTOP'))
    const refused = expect(encoder.encode(texts)).rejects.toMatchObject(unavailable)
    const pid = await heard
    await encoder.stop()
    await refused
    expect(isThere(pid)).toBe(false)
  })
})

describe('a process that dies', () => {
  const pidIn = (lines: ReturnType<typeof keepLog>['lines']): number => Number(lines.at(-1)?.facts.pid)

  it('lets nobody wait, is said in the log, and comes back', async () => {
    const { log, lines } = keepLog()
    const encoder = await open(tinyModel, { log })
    const [before] = await encoder.encode(['大会员'])
    const waiting = [encoder.encode(many(200)), encoder.encode(['弹幕'])]
    process.kill(pidIn(lines), 'SIGKILL')
    for (const asked of waiting) await expect(asked).rejects.toMatchObject(unavailable)
    await expect(encoder.encode(['手机'])).rejects.toMatchObject(unavailable)
    expect(lines.find(({ level }) => level === 'error')).toMatchObject({
      event: expect.stringContaining('by words alone'),
      facts: { reason: expect.stringContaining('SIGKILL') },
    })
    await expect.poll(() => lines.at(-1)?.event).toBe('the encoder is running again')
    const [after, other] = await encoder.encode(['大会员', '手机'])
    expect(after).toEqual(before)
    expect(other).toHaveLength(32)
  })

  it('is replaced when it does not answer', async () => {
    const { log, lines } = keepLog()
    const encoder = await open(tinyModel, { log, timeoutMs: 3_000 })
    process.kill(pidIn(lines), 'SIGSTOP')
    await expect(encoder.encode(['弹幕'])).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('no answer within 3000 ms'),
    })
    await expect.poll(() => lines.at(-1)?.event).toBe('the encoder is running again')
    expect(await encoder.encode(['弹幕'])).toHaveLength(1)
  })

  it('does not come back once the encoder was stopped', async () => {
    const { log, lines } = keepLog()
    const encoder = await open(tinyModel, { log })
    const pid = pidIn(lines)
    const waiting = encoder.encode(many(3_000))
    const refused = expect(waiting).rejects.toMatchObject(unavailable)
    await encoder.stop()
    await refused
    await expect(encoder.encode(['弹幕'])).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('stopped'),
    })
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

describe('a model folder that is not sound', () => {
  const faulty = (what: string, act: (folder: string) => void, changes = {}) => {
    const folder = copyTinyModel(changes)
    act(folder)
    return expect(openTiny(folder, { log: silentLog })).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining(what),
    })
  }
  const nothing = (): void => undefined

  it('is named, with the file and the fix', async () => {
    const spoil = (name: string, text: string) => (folder: string) => writeFileSync(join(folder, name), text)
    await faulty('model_quantized.onnx is damaged', spoil('onnx/model_quantized.onnx', 'x'))
    await faulty('mend it', spoil('onnx/model_quantized.onnx', 'x'))
    await faulty('tongda.json is not JSON', spoil('tongda.json', '{'))
    await faulty('could not be loaded', spoil('tokenizer.json', '{"model": 1}'))
    await faulty('could not be loaded', spoil('config.json', 'nonsense'))
    await faulty('dimensions', nothing, { dimensions: 'many' })
    await expect(openTiny('/no/such/folder', { log: silentLog })).rejects.toMatchObject({
      ...unavailable,
      message: 'there is no model folder /no/such/folder; mend it',
    })
  })

  it('is refused when its network gives something else than it says', async () => {
    await faulty('gives 32 numbers, not 64', nothing, { dimensions: 64 })
    await faulty('gives 16 numbers, not 32', nothing, { output: 'sentence_embedding' })
  })
})
