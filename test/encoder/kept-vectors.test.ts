import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Encoder } from '../../src/core/encoder.ts'
import { silentLog } from '../../src/core/log.ts'
import { encodeKept } from '../../src/encoder/index.ts'
import { keepLog, openTiny, tinyModel } from '../support/tiny-encoder.ts'

let encoder: Encoder
beforeAll(async () => {
  encoder = await openTiny(tinyModel, { log: silentLog })
})
afterAll(() => encoder.stop())

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-kept-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const questions = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `弹幕发不出去${String(at)}`)

/** Encodes as a start does, and says how many texts were not found in the file. */
const start = async (texts: readonly string[], { name = 'articles', by = encoder } = {}) => {
  const { log, lines } = keepLog()
  const vectors = await encodeKept({ encoder: by, folder, name, log }, texts)
  return { vectors, lines, encoded: lines.at(-1)?.facts.encoded }
}
const onlyFile = (): string => join(folder, readdirSync(folder)[0] ?? '')

describe('kept vectors', () => {
  it('are those of the encoder, in order, equal texts included', async () => {
    const texts = ['大会员', '', '弹幕', '大会员']
    const { vectors, encoded } = await start(texts)
    expect(encoded).toBe(3)
    expect(vectors).toEqual(await encoder.encode(texts))
    const again = await start(texts)
    expect([again.encoded, again.vectors]).toEqual([0, vectors])
  })

  it('outlive a restart without the network being asked', async () => {
    const texts = questions(1_500)
    const first = await start(texts)
    const stopped = await openTiny(tinyModel, { log: silentLog })
    await stopped.stop()
    const second = await start(texts, { by: stopped })
    expect([first.encoded, second.encoded]).toEqual([1_500, 0])
    expect(second.vectors).toEqual(first.vectors)
  })

  it('are made for what is new alone, and what is gone is forgotten', async () => {
    await start(questions(10))
    expect((await start([...questions(5), '新的问题'])).encoded).toBe(1)
    expect((await start(questions(10))).encoded).toBe(5)
  })

  it.each([
    ['changed', (bytes: Buffer) => bytes.fill(7, 200, 204)],
    ['cut', (bytes: Buffer) => bytes.subarray(0, 300)],
    ['emptied', (bytes: Buffer) => bytes.subarray(0, 0)],
  ])('are made again when their file was %s', async (_name, spoil) => {
    const { vectors } = await start(questions(10))
    writeFileSync(onlyFile(), spoil(readFileSync(onlyFile())))
    const again = await start(questions(10))
    expect([again.encoded, again.vectors]).toEqual([10, vectors])
    expect(again.lines[0]).toMatchObject({ level: 'warn', event: expect.stringContaining('damaged') })
    expect((await start(questions(10))).encoded).toBe(0)
  })

  it('are not mixed up between encoders and names, and old ones go', async () => {
    await start(questions(3))
    for (const version of ['a', 'b', 'c', 'd']) {
      const { encoded } = await start(questions(3), { by: { ...encoder, version } })
      expect(encoded).toBe(3)
    }
    expect((await start(questions(3), { name: 'messages' })).encoded).toBe(3)
    expect(readdirSync(folder).filter((name) => name.startsWith('vectors-articles-'))).toHaveLength(3)
  })

  it('come although the folder cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '')
    const { log, lines } = keepLog()
    const vectors = await encodeKept(
      { encoder, folder: join(folder, 'file', 'cache'), name: 'articles', log },
      ['弹幕'],
    )
    expect(vectors).toHaveLength(1)
    expect(lines[0]).toMatchObject({ level: 'warn' })
  })
})
