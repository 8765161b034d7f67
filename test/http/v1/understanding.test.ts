import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['knowledge:read'])
})
afterAll(() => world.stop())

interface Pair {
  readonly meant: string
  readonly said: string
  readonly count: number
  readonly examples: readonly string[]
}

describe('texts to be made vectors of', () => {
  /** Texts of which every character is escaped: the longest way in which they may be written. */
  const written = (texts: number, more = ''): string => {
    const text = `"${'\\u4e2d'.repeat(8_000)}"`
    return `{"texts":[${Array.from({ length: texts }, () => text).join(',')}]${more}}`
  }

  it('may be as many and as long as is promised, and no longer', async () => {
    const searching = await createProgram(world, ['knowledge:search'])
    const most = await searching.post('/embeddings', written(64))
    // Nothing is wrong with the request: this product runs without an encoder.
    expect([most.status, most.json.code]).toEqual([503, 'unavailable'])
    expect((await searching.post('/embeddings', written(65))).status).toBe(413)
    expect((await searching.post('/embeddings', written(64, ' '.repeat(2_000)))).status).toBe(413)
    expect((await searching.post('/embeddings', { texts: ['中'.repeat(8_001)] })).status).toBe(400)
    expect((await searching.post('/embeddings', { texts: Array(65).fill('中') })).status).toBe(400)
  })
})

describe('what messages are understood and answered with', () => {
  it('lists intents with their topics, and one with its examples', async () => {
    const { data } = (await program.get('/knowledge/intents')).json
    expect(data).toContainEqual(
      expect.objectContaining({ intent: 'vip-refund.ask', topic: 'vip-refund', handling: 'faq' }),
    )
    const one = await program.get('/knowledge/intents/vip-refund.ask')
    expect(one.json.examples).toContain('大会员能退吗')
    expect((await program.get('/knowledge/intents/vip-refund.never')).status).toBe(404)
  })

  it('measures which topics are taken for each other, with sentences of both', async () => {
    const report = async () => (await program.get('/knowledge/confusions')).json
    await expect.poll(async () => (await report()).state, { timeout: 100_000 }).toBe('done')
    const { rows, accuracy, pairs } = await report()
    expect(rows).toBeGreaterThan(500)
    expect(accuracy).toBeGreaterThan(0.7)
    for (const { meant, said, count, examples } of pairs as readonly Pair[]) {
      expect(meant).not.toBe(said)
      expect(examples.length).toBeLessThanOrEqual(count)
      expect(examples[0]).toMatch(/./)
    }
  })

  it('finds words by themselves, by their meaning, and by how they sound', async () => {
    const find = async (query: string) =>
      (await program.get(`/knowledge/dictionary?${query}`)).json.data as readonly { readonly term: string }[]
    const typo = { kind: 'typo', term: '大汇员', means: ['大会员'], file: 'lexicon/slang.yaml' }
    expect(await find(`text=${encodeURIComponent('大汇员')}`)).toContainEqual(expect.objectContaining(typo))
    expect(await find(`text=${encodeURIComponent('大会员')}&kind=typo`)).toContainEqual(
      expect.objectContaining(typo),
    )
    for (const sound of ['dahuiyuan', 'dhy', 'da hui yuan'])
      expect(await find(`text=${encodeURIComponent(sound)}&kind=word`)).toContainEqual(
        expect.objectContaining({ term: '大会员', pinyin: 'dà huì yuán' }),
      )
    expect(await find('limit=3')).toHaveLength(3)
  })

  it('answers in each tone with the same article', async () => {
    const query = `text=${encodeURIComponent('大会员怎么退款')}&channel=wechat`
    const { data } = (await program.get(`/knowledge/tones?${query}`)).json
    const [standard, acg] = data as readonly { readonly articleId: string; readonly reply: string }[]
    expect(data).toMatchObject([
      { tone: 'standard', isInForce: true },
      { tone: 'acg', isInForce: false },
    ])
    expect(standard?.articleId).toBeDefined()
    expect(acg?.articleId).toBe(standard?.articleId)
    const greeting = `text=${encodeURIComponent('你好')}&channel=wechat`
    const hello = (await program.get(`/knowledge/tones?${greeting}`)).json.data
    const [plain, cheerful] = hello as readonly { readonly reply: string }[]
    expect(cheerful?.reply).not.toBe(plain?.reply)
    expect((await program.get('/knowledge/persona')).json).toMatchObject({ tone: 'standard' })
  })
})
