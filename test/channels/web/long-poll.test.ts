import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../../channels/web/protocol.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import {
  deliver,
  eventually,
  stopClock,
  openSession,
  request,
  serveWeb,
  signInTab,
  visitorOf,
} from './visitor.ts'

interface News {
  readonly events: readonly ChatEvent[]
  readonly cursor: number
  readonly resync?: boolean
  readonly typing?: boolean
}
let host: TestChannelHost
let server: ChannelServer
let token: string
let visitor: string

beforeEach(async () => {
  host = createTestChannelHost()
  server = await serveWeb(host)
  token = await openSession(server)
  visitor = visitorOf(token)
})
afterEach(() => server.close())

const text = (words: string) => [{ kind: 'text' as const, text: words }]
const poll = async (after: number, wait = 0): Promise<News> => {
  const response = await request(server, `/events?after=${after}&wait=${wait}`, { token })
  expect(response.status).toBe(200)
  return (await response.json()) as News
}
const say = (words: string, clientMsgId: string = randomUUID()) =>
  request(server, '/messages', { token, body: { clientMsgId, content: { text: words } } })
/** Resolves once the poll that was started last is waiting. */
const waiting = async (): Promise<void> => {
  await eventually(() => host.accepted.length).toBeGreaterThan(0)
  await request(server, '/events?after=0', { token })
}

describe('long poll', () => {
  it('carries the same events as a socket', async () => {
    await say('问题')
    host.say(visitor, [{ kind: 'choices', prompt: '哪一个', choices: [{ id: 'a', label: '退款' }] }])
    host.say(visitor, text('答复'), { author: 'agent', agentName: '李然' })
    host.note(visitor, '备注')
    const tab = await signInTab(server, token)
    await tab.hears('ev', (event) => event.seq === 3)
    const news = await poll(0)
    const heard = tab.frames.filter((frame) => frame.t === 'ev')
    expect(news.events.map((event) => ({ t: 'ev', ...event }))).toEqual(heard)
    expect(heard).toHaveLength(3)
    expect(news.cursor).toBe(3)
  })

  it('answers as soon as something is said', async () => {
    const held = poll(0, 25)
    await waiting()
    host.say(visitor, text('您好'))
    await deliver(server, visitor)
    expect((await held).events.map(({ seq }) => seq)).toEqual([2])
  })

  it('tells of typing', async () => {
    const held = poll(0, 25)
    await waiting()
    await server.channel.showTyping(visitor, true)
    expect(await held).toEqual({ events: [], cursor: 1, typing: true })
  })

  it('comes back with nothing when the time is over', async () => {
    host.say(visitor, text('一'))
    expect(await poll(1, 0)).toEqual({ events: [], cursor: 1 })
    expect(await poll(1, 1)).toEqual({ events: [], cursor: 1 })
  })

  it('pages through a long log without loss or double', async () => {
    for (let at = 1; at <= 230; at += 1) host.say(visitor, text(`${at}`))
    const seen: number[] = []
    for (let cursor = 0; ;) {
      const news = await poll(cursor)
      if (news.events.length === 0) break
      seen.push(...news.events.map(({ seq }) => seq))
      cursor = news.cursor
    }
    expect(seen).toEqual(Array.from({ length: 230 }, (_, at) => at + 1))
  })

  it('starts over when the log no longer holds the cursor', async () => {
    for (let at = 1; at <= 5; at += 1) host.say(visitor, text(`${at}`))
    host.forget(visitor, 3)
    expect(await poll(2)).toEqual({ events: [], cursor: 0, resync: true })
    expect((await poll(0)).events.map(({ seq }) => seq)).toEqual([4, 5])
  })

  it('greets a new visitor once', async () => {
    await poll(0)
    await poll(0)
    expect(host.accepted.map(({ dedupKey }) => dedupKey)).toEqual([`${visitor}:opened`])
  })

  it('lets go of the oldest of too many parallel polls', async () => {
    const polls = [poll(0, 25)]
    await eventually(() => host.accepted.length).toBe(1)
    for (let at = 0; at < 5; at += 1) polls.push(poll(1, 25))
    expect(await polls[0]).toMatchObject({ events: [] })
    await server.channel.stop()
    await Promise.all(polls)
  })

  it('ends when the channel stops', async () => {
    const held = poll(0, 25)
    await waiting()
    await server.channel.stop()
    expect(await held).toEqual({ events: [], cursor: 1 })
  })
})

describe('sending', () => {
  it('answers with the place in the log, the same for a repeat', async () => {
    const clientMsgId = randomUUID()
    const first = await say('一次', clientMsgId)
    expect(first.status).toBe(200)
    expect(await first.json()).toEqual({ clientMsgId, seq: 1 })
    expect(await (await say('一次', clientMsgId)).json()).toEqual({ clientMsgId, seq: 1 })
    expect(host.accepted).toHaveLength(1)
  })

  it('reaches open sockets of the same visitor', async () => {
    const tab = await signInTab(server, token)
    await say('从轮询来')
    expect(await tab.hears('ev')).toMatchObject({ author: 'contact', parts: text('从轮询来') })
  })

  it('is limited to 20 messages in 10 s, counted over all transports', async () => {
    const tab = await signInTab(server, token)
    stopClock()
    for (let at = 0; at < 12; at += 1) tab.say(`${at}`)
    await tab.settled()
    const statuses: number[] = []
    for (let at = 0; at < 10; at += 1) statuses.push((await say(`${at}`)).status)
    expect(statuses).toEqual([...Array<number>(8).fill(200), 429, 429])
    const refused = await say('x')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ code: 'rate_limited', retryable: true })
    expect(host.accepted.filter(({ parts }) => parts[0]?.kind === 'text')).toHaveLength(20)
  })

  it('says what is wrong with the text', async () => {
    expect(await (await say('  ')).json()).toMatchObject({ code: 'empty', retryable: false })
    const long = await say('啊'.repeat(4_001))
    expect([long.status, await long.json()]).toMatchObject([400, { code: 'text_too_long' }])
  })

  it('fails with a code while the store is away', async () => {
    host.failNextAccept(new Error('secret detail'))
    const response = await say('x')
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('secret detail')
    host.failNextRead(new Error('secret detail'))
    const read = await request(server, '/events?after=0', { token })
    expect([read.status, await read.json()]).toEqual([503, { code: 'unavailable', retryable: true }])
  })
})

describe('acknowledging', () => {
  it('takes a sequence number and nothing else', async () => {
    expect((await request(server, '/ack', { token, body: { seq: 3, read: true } })).status).toBe(204)
    expect((await request(server, '/ack', { token, body: { seq: 3, visitor: 'x' } })).status).toBe(400)
    expect((await request(server, '/ack', { token, body: { seq: -1 } })).status).toBe(400)
  })
})
