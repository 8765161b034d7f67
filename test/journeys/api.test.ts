import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiSimulator, type ApiSimulator } from '../../sandbox/index.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import { startProduct, type Product } from '../support/product.ts'
import { drawPicture } from '../support/pictures.ts'

let product: Product
let brand: ApiSimulator
let stop: () => Promise<void>

beforeAll(async () => {
  const [port, brandPort] = [await freePort(), await freePort()]
  const brandUrl = `http://127.0.0.1:${brandPort}`
  brand = createApiSimulator({
    receiveUrl: () => `http://127.0.0.1:${port}/channels/brand/messages`,
    apiUrl: () => brandUrl,
    clock: systemClock,
    timing: { retryDelayMs: 50 },
  })
  const listen = getRequestListener((request) => brand.api.fetch(request))
  const server = createServer((request, response) => void listen(request, response))
  await new Promise<void>((resolve) => server.listen(brandPort, '127.0.0.1', resolve))
  product = await startProduct({
    server: { port },
    inboxes: {
      brand: {
        channel: 'api',
        secret: brand.account.secret,
        webhookUrl: `${brandUrl}/webhook`,
        allowLoopbackHttp: true,
        sendsPerSecond: 1_000,
      },
    },
  })
  stop = async () => {
    await product.dispose()
    await brand.close()
    server.closeAllConnections()
    server.close()
  }
})
afterAll(() => stop())

/** What the brand's side shows a user below `topic`, by the line that opened it. */
const answersTo = (userKey: string, opening?: string): readonly string[] =>
  brand.client
    .lines(userKey)
    .filter(({ from, replyTo }) => from === 'account' && (opening === undefined || replyTo === opening))
    .map(({ text = '' }) => text)

const hears = (userKey: string, expected: RegExp, opening?: string): Promise<void> =>
  expect.poll(() => answersTo(userKey, opening).join('\n'), { message: String(expected) }).toMatch(expected)

const openings = (userKey: string): readonly string[] =>
  brand.client
    .lines(userKey)
    .flatMap(({ id, from, subject }) => (from === 'user' && subject !== undefined ? [id] : []))

describe('a member of the forum', () => {
  const member = 'member-1001'

  it('is answered below the post, asks for a person, and is helped there', async () => {
    brand.client.act(member, { kind: 'text', subject: '投稿', text: '投稿一直在审核中要等多久' })
    const [topic] = openings(member)
    await hears(member, /审核/, topic)
    const told = brand.client.exchanges(member).map(({ request }) => request)
    expect(told.join('\n')).toMatch(/"inReplyTo":\s*"[^"]+"/)
    brand.client.act(member, { kind: 'text', text: '转人工' })
    await hears(member, /T-\d+/, topic)
    const agent = await product.agent()
    const ticket = await agent.finds(/审核/)
    expect(ticket).toMatchObject({ state: 'new', conversationMode: 'human' })
    await agent.replies(ticket.id, '您的稿件今晚会审完')
    await hears(member, /今晚会审完/, topic)
    await agent.solves(ticket.id)
  })

  it('has a conversation a post', async () => {
    brand.client.act(member, { kind: 'text', subject: '弹幕', text: '弹幕发不出去是怎么回事' })
    const topic = openings(member).at(-1)
    await hears(member, /弹幕/, topic)
    const other = 'member-1002'
    brand.client.act(other, { kind: 'text', subject: '缓存', text: '怎么缓存视频到手机上看' })
    await hears(other, /缓存/, openings(other)[0])
    expect(answersTo(other).join('\n')).not.toContain('审完')
  })

  it('has pictures kept for the agent', async () => {
    const picture = await drawPicture('png')
    const other = 'member-1002'
    brand.client.act(other, { kind: 'text', subject: '黑屏', text: '播放视频黑屏，转人工' })
    await hears(other, /T-\d+/, openings(other).at(-1))
    brand.client.act(other, { kind: 'image', bytes: picture })
    const agent = await product.agent()
    const { id } = await agent.finds(/黑屏/)
    const imageOf = async (): Promise<string | undefined> =>
      JSON.stringify(await agent.opens(id)).match(/"mediaId":"([0-9a-f-]{36})"/)?.[1]
    await expect.poll(imageOf).toBeDefined()
    const media = await agent.get(`/media/${(await imageOf()) ?? ''}`)
    expect(Buffer.from(await media.arrayBuffer())).toEqual(picture)
  })

  it('hears everything once, though answers are lost, doubled and refused for a while', async () => {
    const other = 'member-1002'
    for (const fault of ['duplicate', 'lost-answer', 'api-500']) brand.client.setFault(fault, true)
    brand.client.act(other, { kind: 'text', subject: '续费', text: '怎么关闭大会员自动续费' })
    await brand.settled()
    const topic = openings(other).at(-1)
    await expect
      .poll(() => brand.client.exchanges(other).filter(({ status }) => status === '500').length)
      .toBeGreaterThan(0)
    for (const fault of ['duplicate', 'lost-answer', 'api-500']) brand.client.setFault(fault, false)
    await hears(other, /续费/, topic)
    expect(answersTo(other, topic).filter((text) => text.includes('已付费的天数'))).toHaveLength(1)
  })
})

describe('a caller of the hotline', () => {
  const caller = '+8613800000001'

  it('has the call kept without an answer; asking for a callback opens a ticket that holds it', async () => {
    brand.client.act(caller, { kind: 'voice', durationMs: 95_000, recognition: '我买的大会员一直没有到账' })
    await brand.settled()
    const [announcement] = brand.client.lines(caller)
    expect(answersTo(caller)).toEqual([])
    brand.client.act(caller, { kind: 'choice', lineId: announcement?.id ?? '', choiceId: 'callback' })
    await hears(caller, /T-\d+/)
    const agent = await product.agent()
    const ticket = await agent.finds(/大会员一直没有到账/)
    expect(ticket).toMatchObject({ reason: '联系人要求回电', conversationMode: 'human', state: 'new' })
    const opened = JSON.stringify(await agent.opens(ticket.id))
    expect(opened).toContain('我买的大会员一直没有到账')
    expect(opened).toMatch(/recordings\.example/)
    await agent.replies(ticket.id, '已回电，会员今天到账')
    await hears(caller, /今天到账/)
  })
})
