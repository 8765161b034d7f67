import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StringOutputParser } from '@langchain/core/output_parsers'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import { RunnablePassthrough, RunnableSequence } from '@langchain/core/runnables'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { inject } from 'vitest'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connectTongda,
  openTongda,
  TongdaEmbeddings,
  TongdaRetriever,
  type TongdaSource,
} from '../../src/langchain/index.ts'
import { createProgram } from '../http/v1/program.ts'
import { openWorld, type World } from '../http/world.ts'
import { newDataFolder } from '../support/data-folder.ts'
import { tinyModel } from '../support/tiny-encoder.ts'

let world: World
let running: TongdaSource
let token: string
beforeAll(async () => {
  world = await openWorld()
  ;({ token } = await createProgram(world, ['knowledge:search']))
  running = connectTongda({ url: world.origin, key: token, timeoutMs: 60_000 })
})
afterAll(() => world.stop())

const question = '大会员怎么退款'

/** Something that answers as it is told, and keeps what it was asked. */
const serve = async (answer: (body: string) => { readonly status: number; readonly body: unknown }) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString()
      asked.push(body)
      const { status, body: said } = answer(body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    asked,
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}

describe('the retriever of a running product', () => {
  it('gives what the product itself finds, best first', async () => {
    const retriever = new TongdaRetriever({ source: running, limit: 3 })
    const documents = await retriever.invoke(question)
    const own = await fetch(
      `${world.origin}/api/v1/knowledge/search?limit=3&text=${encodeURIComponent(question)}`,
      { headers: { authorization: `Bearer ${token}` } },
    ).then((response) => response.json() as Promise<{ version: string; data: { articleId: string }[] }>)
    expect(documents.map(({ id }) => id)).toEqual(own.data.map(({ articleId }) => articleId))
    const [first] = documents
    expect(first?.metadata).toMatchObject({ topic: 'vip-refund', version: own.version })
    expect(first?.metadata.score).toBeGreaterThan(0.3)
    expect(first?.pageContent).toContain('退')
    expect(first?.pageContent).not.toMatch(/\*\*|\]\(/)
    const scores = documents.map(({ metadata }) => metadata.score)
    expect(scores).toEqual([...scores].sort((one, other) => other - one))
  })

  it('leaves out what is less sure, and finds nothing for nothing', async () => {
    const source = running
    expect(await new TongdaRetriever({ source, minScore: 1.01 }).invoke(question)).toEqual([])
    expect(await new TongdaRetriever({ source }).invoke('  ')).toEqual([])
    expect(await new TongdaRetriever({ source }).invoke(question.repeat(200))).toBeInstanceOf(Array)
    expect(() => new TongdaRetriever({ source, limit: 9 })).toThrow(/1 to 8/)
  })

  it('stands in a chain', async () => {
    const heard: string[] = []
    const retriever = new TongdaRetriever({ source: running, limit: 1 })
    const chain = RunnableSequence.from([
      {
        context: retriever.pipe((documents) => documents.map(({ pageContent }) => pageContent).join('\n')),
        question: new RunnablePassthrough(),
      },
      ChatPromptTemplate.fromMessages([
        ['system', 'Answer from the context alone.'],
        ['human', '{context}\n{question}'],
      ]),
      (prompt: { toString(): string }) => {
        heard.push(prompt.toString())
        return prompt
      },
      new FakeListChatModel({ responses: ['七天内可以退。'] }),
      new StringOutputParser(),
    ])
    expect(await chain.invoke(question)).toBe('七天内可以退。')
    const [{ pageContent } = { pageContent: '?' }] = await retriever.invoke(question)
    expect(heard[0]).toContain(pageContent.slice(0, 20))
    expect(heard[0]).toContain(question)
  })

  it('is never written out: its key stays', () => {
    const retriever = new TongdaRetriever({ source: running })
    expect(JSON.stringify(retriever)).toContain('not_implemented')
    expect(JSON.stringify(retriever)).not.toContain(token)
  })

  it('says what to do when it is refused', async () => {
    const ask = (url: string, key: string) =>
      new TongdaRetriever({ source: connectTongda({ url, key }) }).invoke(question)
    await expect(ask(world.origin, `tk_${'A'.repeat(43)}`)).rejects.toThrow(/tongda key create/)
    const { token: other } = await createProgram(world, ['tickets:read'])
    await expect(ask(world.origin, other)).rejects.toMatchObject({
      code: 'forbidden',
      status: 403,
      message: expect.stringContaining('knowledge:search') as string,
    })
    await expect(ask('http://127.0.0.1:9', token)).rejects.toMatchObject({ code: 'unreachable' })
    expect(() => connectTongda({ url: 'support.example.com', key: token })).toThrow(/give url as https:/)
    const stranger = await serve(() => ({ status: 200, body: { hello: 'there' } }))
    await expect(ask(stranger.url, token)).rejects.toMatchObject({ code: 'not_understood' })
    await stranger.stop()
  })

  it('says that there is no encoder', async () => {
    const embeddings = new TongdaEmbeddings({ source: running, maxRetries: 0 })
    await expect(embeddings.embedQuery(question)).rejects.toMatchObject({ code: 'unavailable', status: 503 })
  })
})

describe('embeddings over HTTP', () => {
  const vectorsFor = (body: string, model: string) => {
    const { texts } = JSON.parse(body) as { texts: string[] }
    return { model, dimensions: 2, vectors: texts.map((text) => [Number(text), 0]) }
  }

  it('travel in batches and come back in order', async () => {
    const product = await serve((body) => ({ status: 200, body: vectorsFor(body, 'one') }))
    const embeddings = new TongdaEmbeddings({ source: connectTongda({ url: product.url, key: 'tk_x' }) })
    const texts = Array.from({ length: 150 }, (_, place) => String(place))
    expect(await embeddings.embedDocuments(texts)).toEqual(texts.map((text) => [Number(text), 0]))
    expect(product.asked.map((body) => (JSON.parse(body) as { texts: string[] }).texts.length)).toEqual([
      64, 64, 22,
    ])
    expect(await embeddings.embedDocuments([])).toEqual([])
    await product.stop()
  })

  it('of two models are not mixed', async () => {
    let model = 0
    const product = await serve((body) => ({ status: 200, body: vectorsFor(body, String((model += 1))) }))
    const source = connectTongda({ url: product.url, key: 'tk_x' })
    const embeddings = new TongdaEmbeddings({ source, maxRetries: 0 })
    await expect(embeddings.embedDocuments(Array.from({ length: 65 }, () => '1'))).rejects.toThrow(/changed/)
    await product.stop()
  })
})

describe('a content folder in this process', () => {
  it('finds the same without a server', async () => {
    const dataDir = newDataFolder('langchain')
    cpSync(inject('modelCache'), join(dataDir, 'cache'), { recursive: true })
    const source = await openTongda({ dataDir, encoder: 'none', helpUrl: 'https://help.example.com' })
    const own = await new TongdaRetriever({ source, limit: 3 }).invoke(question)
    const remote = await new TongdaRetriever({ source: running, limit: 3 }).invoke(question)
    expect(own.map(({ id, pageContent }) => [id, pageContent])).toEqual(
      remote.map(({ id, pageContent }) => [id, pageContent]),
    )
    expect(own[0]?.metadata.url).toBe(
      `https://help.example.com/help/zh-CN/articles/${String(own[0]?.metadata.id)}`,
    )
    await expect(new TongdaEmbeddings({ source, maxRetries: 0 }).embedQuery('x')).rejects.toThrow(/encoder/)
    await source.close()
  })

  it('names what is wrong with how it is opened', async () => {
    await expect(openTongda({ articles: '/nowhere', intents: '/nowhere', encoder: 'none' })).rejects.toThrow(
      /nowhere/,
    )
    await expect(openTongda({ helpUrl: 'help.example.com' })).rejects.toThrow(/help.publicUrl/)
    await expect(openTongda({ encoder: 'nope' })).rejects.toThrow(/nope/)
  })

  it('turns texts into unit vectors that tell meanings apart', async () => {
    const dataDir = newDataFolder('langchain')
    cpSync(inject('modelCache'), join(dataDir, 'cache'), { recursive: true })
    const source = await openTongda({ dataDir, encoder: tinyModel })
    const embeddings = new TongdaEmbeddings({ source })
    const [one, same, other] = await embeddings.embedDocuments(['大会员退款', '大会员退款', 'live room gift'])
    const dot = (a: readonly number[] = [], b: readonly number[] = []) =>
      a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0)
    expect(dot(one, one)).toBeCloseTo(1, 3)
    expect(dot(one, same)).toBeCloseTo(1, 3)
    expect(dot(one, other)).toBeLessThan(0.99)
    await source.close()
  })
})
