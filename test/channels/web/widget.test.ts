import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { webConfig } from '../../../channels/web/manifest.ts'
import type { ChatEvent, VisitorContent } from '../../../channels/web/protocol.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { openSession, request, serveWeb, visitorOf } from './visitor.ts'

let host: TestChannelHost
let server: ChannelServer
let token: string
let visitor: string

beforeEach(async () => {
  host = createTestChannelHost()
  server = await serveWeb(host, {
    widget: { name: { zh: '小通客服', en: 'Tongda' }, quickReplies: [{ zh: '大会员退款', en: 'Refund' }] },
  })
  token = await openSession(server)
  visitor = visitorOf(token)
})
afterEach(() => server.close())

const say = async (
  content: VisitorContent,
  more: object = {},
): Promise<{ status: number; body: unknown }> => {
  const body = { clientMsgId: randomUUID(), content, ...more }
  const response = await request(server, '/messages', { token, body })
  return { status: response.status, body: await response.json() }
}
const events = async (): Promise<readonly ChatEvent[]> => {
  const response = await request(server, '/events?after=0', { token })
  return ((await response.json()) as { events: ChatEvent[] }).events
}
const answer = (text = '1. 打开设置', source = '怎么退款') =>
  host.say(visitor, [{ kind: 'text', text, format: 'markdown', source }])

describe('settings', () => {
  it('are the same for everybody and kept for some minutes', async () => {
    const response = await request(server, '/settings')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(response.headers.get('vary')).toBe('Origin')
    expect(await response.json()).toEqual({
      name: { zh: '小通客服', en: 'Tongda' },
      colour: '#0b6bcb',
      side: 'right',
      quickReplies: [{ zh: '大会员退款', en: 'Refund' }],
      maxFileBytes: host.media.maxBytes,
    })
  })

  it('refuse a colour that white words cannot be read on', () => {
    const parse = (colour: string) =>
      webConfig.safeParse({ publicUrl: 'https://chat.example.com', widget: { colour } })
    expect(parse('#ffcc00').error?.issues[0]?.message).toContain('too light')
    expect(parse('#0b6bcb').success).toBe(true)
    expect(parse('red').success).toBe(false)
  })
})

describe('where a visitor stands', () => {
  const standing = async (): Promise<unknown> => (await request(server, '/standing', { token })).json()

  it('is told with the place in the queue and when people are back', async () => {
    expect(await standing()).toEqual({ mode: 'bot', people: { areThere: true } })
    host.stand({ mode: 'human', waits: { mayStop: true, place: { position: 4, waitMs: 240_000 } } })
    expect(await standing()).toEqual({
      mode: 'human',
      waits: { ahead: 3, waitMs: 240_000, mayStop: true },
      people: { areThere: true },
    })
    host.stand({ mode: 'human', waits: { mayStop: false }, peopleBackAt: new Date('2026-11-29T02:00:00Z') })
    expect(await standing()).toEqual({
      mode: 'human',
      waits: { mayStop: false },
      people: { areThere: false, backAt: '2026-11-29T02:00:00.000Z' },
    })
  })

  it('ends when the visitor waits no longer', async () => {
    host.stand({ mode: 'human', waits: { mayStop: true } })
    const response = await request(server, '/stop-waiting', { token, body: {} })
    expect(await response.json()).toEqual({ mode: 'bot', people: { areThere: true } })
    expect((await request(server, '/stop-waiting', { body: {} })).status).toBe(401)
  })

  it('is told to the visitor alone', async () => {
    expect((await request(server, '/standing')).status).toBe(401)
  })
})

describe('answers', () => {
  it('say where they come from', async () => {
    const { seq } = answer()
    expect(await events()).toMatchObject([{ seq, author: 'bot', source: '怎么退款' }])
  })

  it('that did not help are turned down as by a thumb, once', async () => {
    const { seq } = answer()
    const first = await say({ vote: { seq, helpful: false } })
    expect(first.status).toBe(200)
    expect(host.accepted.at(-1)).toMatchObject({
      parts: [
        { kind: 'event', name: 'not-helpful', data: { seq } },
        { kind: 'text', text: '👎' },
      ],
      wantsReply: true,
    })
    await say({ vote: { seq, helpful: true } })
    expect(host.accepted).toHaveLength(1)
    expect((await events()).at(-1)?.parts[0]).toEqual({ kind: 'vote', seq, helpful: false })
  })

  it('that helped are noted without a word of the bot', async () => {
    const { seq } = answer()
    await say({ vote: { seq, helpful: true } })
    expect(host.accepted.at(-1)).toMatchObject({
      parts: [{ kind: 'event', name: 'helpful', data: { seq } }],
      wantsReply: false,
    })
  })

  it('of before are noted, but say nothing about what came later', async () => {
    const { seq } = answer()
    await say({ text: '另一件事' })
    await say({ vote: { seq, helpful: false } })
    expect(host.accepted.at(-1)).toMatchObject({ parts: [{ name: 'not-helpful' }], wantsReply: false })
  })

  it('are all that can be voted on', async () => {
    const { seq } = host.say(visitor, [{ kind: 'text', text: '您好' }])
    const refusal = { status: 404, body: { code: 'not_found' } }
    expect(await say({ vote: { seq, helpful: true } })).toMatchObject(refusal)
    expect(await say({ vote: { seq: 99, helpful: true } })).toMatchObject(refusal)
  })
})

describe('messages that are left', () => {
  it('go to people with how to reach the visitor', async () => {
    await say({ leave: { text: '发票抬头错了', reach: 'a@example.com' } })
    expect(host.accepted.at(-1)?.parts).toEqual([
      { kind: 'text', text: '发票抬头错了\na@example.com' },
      { kind: 'event', name: 'left-message' },
    ])
    expect((await events()).at(-1)?.parts).toEqual([{ kind: 'text', text: '发票抬头错了\na@example.com' }])
  })

  it('need words', async () => {
    expect(await say({ leave: { text: '  ', reach: 'a@example.com' } })).toMatchObject({
      status: 400,
      body: { code: 'empty' },
    })
  })
})

describe('what the page knows', () => {
  it('comes with the message, for agents alone', async () => {
    await say({ text: '退款' }, { context: { order: 'A-1', paid: true, amount: 25 } })
    expect(host.accepted.at(-1)?.parts).toEqual([
      { kind: 'text', text: '退款' },
      { kind: 'event', name: 'context', value: 'order: A-1\npaid: true\namount: 25' },
    ])
    expect((await events()).at(-1)?.parts).toEqual([{ kind: 'text', text: '退款' }])
  })

  it('is bounded', async () => {
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`k${at}`, 1]))
    await say({ text: '退款' }, { context: { order: 'A-1\nrole: agent' } })
    expect(host.accepted.at(-1)?.parts.at(-1)).toMatchObject({ value: 'order: A-1 role: agent' })
    for (const context of [many, { k: 'x'.repeat(201) }, { k: {} }, { ['k'.repeat(41)]: 1 }, { 'a: b': 1 }])
      expect((await say({ text: '退款' }, { context })).status).toBe(400)
  })
})
