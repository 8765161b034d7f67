import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { topics } from '../../../src/core/bus.ts'
import { TongdaError } from '../../../src/core/errors.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { deliver, openSession, openTab, serveWeb, signInTab, visitorOf } from './visitor.ts'
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
const restart = async (settings: Record<string, unknown> = {}): Promise<void> => {
  await server.close()
  server = await serveWeb(host, settings)
}
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe('a conversation', () => {
  it('goes both ways: accepted first, then shown, then answered', async () => {
    const tab = await signInTab(server, token)
    const clientMsgId = tab.say('大会员退款')
    const accepted = await tab.hears('accepted')
    expect(accepted).toEqual({ t: 'accepted', clientMsgId, seq: 2 })
    const own = await tab.hears('ev', (event) => event.seq === 2)
    expect(own).toMatchObject({ author: 'contact', status: 'accepted', parts: text('大会员退款') })
    expect(tab.frames.indexOf(accepted)).toBeLessThan(tab.frames.indexOf(own))
    host.say(visitor, text('会员退款需要人工核实'))
    await deliver(server, visitor)
    expect(await tab.hears('ev', (event) => event.seq === 3)).toMatchObject({ author: 'bot', status: 'sent' })
    expect(host.accepted.at(-1)).toMatchObject({
      contactKey: visitor,
      threadKey: visitor,
      inboxId: 'web-test',
    })
  })

  it('starts with an event that lets the bot greet, once per visitor', async () => {
    const tab = await signInTab(server, token)
    await tab.settled()
    await (await signInTab(server, token)).settled()
    expect(host.accepted).toHaveLength(1)
    expect(host.accepted[0]).toMatchObject({
      dedupKey: `${visitor}:opened`,
      parts: [{ kind: 'event', name: 'opened' }],
      wantsReply: true,
      mayContinue: false,
    })
    expect(tab.seqs()).toEqual([])
  })

  it('does not greet where something was said before', async () => {
    host.say(visitor, text('早些时候'))
    const tab = await signInTab(server, token)
    await tab.hears('ev')
    expect(host.accepted).toEqual([])
  })

  it('hands a choice on by its id and shows it again later', async () => {
    const tab = await signInTab(server, token)
    tab.send({ t: 'msg', clientMsgId: randomUUID(), content: { choice: 'vip-refund' } })
    expect(await tab.hears('ev')).toMatchObject({
      author: 'contact',
      parts: [{ kind: 'choice', id: 'vip-refund' }],
    })
    expect(host.accepted.at(-1)?.parts).toEqual([{ kind: 'event', name: 'choice', value: 'vip-refund' }])
  })

  it('never shows notes', async () => {
    const tab = await signInTab(server, token)
    host.note(visitor, '内部备注')
    host.say(visitor, text('答复'))
    await deliver(server, visitor)
    await tab.hears('ev')
    expect(tab.texts()).toEqual(['答复'])
  })

  it('keeps to itself', async () => {
    const stranger = await openSession(server)
    const tab = await signInTab(server, token)
    const other = await signInTab(server, stranger)
    tab.say('只给客服看')
    await tab.hears('ev')
    await other.settled()
    expect(other.seqs()).toEqual([])
  })
})

describe('resending', () => {
  it('has the first result again and is stored once', async () => {
    const tab = await signInTab(server, token)
    const clientMsgId = tab.say('一次')
    tab.say('一次', clientMsgId)
    tab.say('一次', clientMsgId.toUpperCase())
    await tab.settled()
    const accepted = tab.frames.filter((frame) => frame.t === 'accepted')
    expect(accepted.map(({ seq }) => seq)).toEqual([2, 2, 2])
    expect(tab.texts()).toEqual(['一次'])
  })

  it('over a new connection and a restarted server still counts once', async () => {
    const tab = await signInTab(server, token)
    const clientMsgId = tab.say('一次')
    await tab.hears('accepted')
    await restart()
    const again = await signInTab(server, token)
    again.say('一次', clientMsgId)
    expect(await again.hears('accepted')).toMatchObject({ clientMsgId, seq: 2 })
    await again.settled()
    expect(again.texts()).toEqual(['一次'])
  })

  it('with the id of another visitor’s message is a message of its own', async () => {
    const tab = await signInTab(server, token)
    const clientMsgId = tab.say('我的')
    await tab.hears('accepted')
    const other = await signInTab(server, await openSession(server))
    other.say('别人的', clientMsgId)
    await other.hears('accepted')
    expect(host.accepted.filter(({ parts }) => parts[0]?.kind === 'text')).toHaveLength(2)
  })
})

describe('resuming', () => {
  it('after a lost connection brings exactly what was missed, in order', async () => {
    const first = await signInTab(server, token)
    for (let at = 0; at < 3; at += 1) first.say(`前 ${at}`)
    await first.hears('ev', (event) => event.seq === 4)
    first.socket.terminate()
    await first.closed
    for (let at = 0; at < 250; at += 1) host.say(visitor, text(`错过 ${at}`))
    const second = await signInTab(server, token, 4)
    await second.hears('ev', (event) => event.seq === 254)
    await second.settled()
    expect(second.seqs()).toEqual(range(5, 254))
  })

  it('while messages keep coming loses and doubles none', async () => {
    const seen: number[] = []
    let said = 0
    for (let round = 0; round < 12; round += 1) {
      const tab = await signInTab(server, token, seen.at(-1) ?? 0)
      for (let at = 0; at < 25; at += 1) {
        host.say(visitor, text(`${(said += 1)}`))
        if (at % 3 === 0) await deliver(server, visitor)
      }
      // Cut somewhere in the middle: whatever was heard is the cursor of the next round.
      if (round < 11) await tab.hears('ev')
      else await tab.hears('ev', (event) => event.parts[0]?.kind === 'text' && event.parts[0].text === '300')
      seen.push(...tab.seqs())
      tab.socket.terminate()
      await tab.closed
    }
    expect(seen).toEqual(range(2, 301))
  })

  it('after a restart needs nothing but the same secret', async () => {
    const tab = await signInTab(server, token)
    tab.say('重启之前')
    await tab.hears('ev')
    await restart()
    expect(await tab.hears('bye')).toEqual({ t: 'bye', reason: 'restart' })
    expect((await tab.closed).code).toBe(1001)
    const again = await signInTab(server, token)
    await again.hears('ev')
    expect(again.texts()).toEqual(['重启之前'])
    expect(visitorOf(await openSession(server, token))).toBe(visitor)
  })

  it('starts over when the log no longer holds the cursor', async () => {
    for (let at = 0; at < 5; at += 1) host.say(visitor, text(`${at}`))
    host.forget(visitor, 3)
    const tab = await signInTab(server, token, 2)
    expect(await tab.hears('resync')).toEqual({ t: 'resync', cursor: 0 })
    await tab.hears('ev', (event) => event.seq === 5)
    expect(tab.seqs()).toEqual([4, 5])
  })

  it('starts over when the cursor is ahead of the log', async () => {
    host.say(visitor, text('一'))
    const tab = await signInTab(server, token, 900)
    await tab.hears('resync')
    await tab.hears('ev')
    expect(tab.seqs()).toEqual([1])
  })

  it('recovers by the next ping when every hint was lost', async () => {
    const tab = await signInTab(server, token)
    await tab.settled()
    host.say(visitor, text('没有提示'))
    expect(tab.seqs()).toEqual([])
    tab.send({ t: 'ping' })
    await tab.hears('ev')
    host.say(visitor, text('也没有'))
    tab.send({ t: 'ack', seq: 2 })
    await tab.hears('ev', (event) => event.seq === 3)
    expect(tab.texts()).toEqual(['没有提示', '也没有'])
  })
})

describe('several tabs', () => {
  it('all hear everything, own messages included, in the same order', async () => {
    const tabs = [await signInTab(server, token), await signInTab(server, token)]
    for (let at = 0; at < 8; at += 1) tabs[at % 2]?.say(`${at}`)
    host.say(visitor, text('答复'))
    await deliver(server, visitor)
    for (const tab of tabs) await tab.hears('ev', (event) => event.seq === 10)
    expect(tabs[0]?.seqs()).toEqual(range(2, 10))
    expect(tabs[1]?.seqs()).toEqual(range(2, 10))
    expect(tabs[0]?.texts()).toEqual(tabs[1]?.texts())
  })

  it('replace the oldest beyond five', async () => {
    const oldest = await signInTab(server, token)
    const others = await Promise.all(range(1, 4).map(() => signInTab(server, token)))
    await Promise.all(others.map((tab) => tab.settled()))
    await (await signInTab(server, token)).settled()
    expect(await oldest.hears('bye')).toEqual({ t: 'bye', reason: 'replaced' })
    expect((await oldest.closed).code).toBe(4008)
    for (const tab of others) expect(tab.socket.readyState).toBe(tab.socket.OPEN)
  })
})

describe('closed tabs', () => {
  it('make room: only open ones count', async () => {
    const first = await signInTab(server, token)
    for (let at = 0; at < 8; at += 1) {
      const tab = await signInTab(server, token)
      tab.socket.close()
      await tab.closed
    }
    await (await signInTab(server, token)).settled()
    await first.settled()
    expect(first.socket.readyState).toBe(first.socket.OPEN)
  })
})

describe('typing', () => {
  it('of our side is shown to the visitor', async () => {
    const tab = await signInTab(server, token)
    await tab.settled()
    await server.channel.showTyping(visitor, true)
    expect(await tab.hears('typing')).toEqual({ t: 'typing', on: true })
    await server.channel.showTyping(visitor, false)
    await tab.hears('typing', (frame) => !frame.on)
  })

  it('and reading of the visitor are told on the bus, not echoed', async () => {
    const heard: unknown[] = []
    await host.bus.subscribe(topics.thread('web-test'), (payload) => heard.push(payload))
    const tab = await signInTab(server, token)
    tab.send({ t: 'typing', on: true })
    tab.send({ t: 'read', seq: 1 })
    await tab.settled()
    expect(heard).toEqual([
      { threadKey: visitor, typing: { by: 'contact', on: true } },
      { threadKey: visitor, read: 1 },
    ])
    expect(tab.frames.some((frame) => frame.t === 'typing')).toBe(false)
  })

  it('hints that are not ours are ignored', async () => {
    const tab = await signInTab(server, token)
    for (const odd of [null, 7, 'x', [], {}, { threadKey: 1 }, { threadKey: visitor, typing: 'yes' }]) {
      host.bus.publish(topics.thread('web-test'), odd)
    }
    await tab.settled()
    expect(tab.frames.every((frame) => frame.t === 'ready' || frame.t === 'pong')).toBe(true)
  })
})

describe('a preview', () => {
  it('is shown below what had been said by then', async () => {
    const tab = await signInTab(server, token)
    tab.say('退款')
    const { seq } = await tab.hears('ev')
    tab.say('在吗')
    const { seq: after } = await tab.hears('ev', (event) => event.seq > seq)
    await server.channel.preview?.(visitor, { turn: seq, after, text: '第一句。' })
    expect(await tab.hears('preview')).toMatchObject({ text: '第一句。' })
  })
  it('is taken back also where the visitor has written meanwhile, and is not shown any more', async () => {
    const tab = await signInTab(server, token)
    tab.say('退款')
    const { seq } = await tab.hears('ev')
    await server.channel.preview?.(visitor, { turn: seq, after: seq, text: '第一句。' })
    await tab.hears('preview')
    tab.say('在吗')
    await tab.hears('ev', (event) => event.seq > seq)
    await server.channel.preview?.(visitor, { turn: seq, after: seq, text: '第一句。第二句。' })
    await server.channel.preview?.(visitor, { turn: seq, after: seq, text: '' })
    await tab.hears('preview', (frame) => frame.text === '')
    const previews = tab.frames.flatMap((frame) => (frame.t === 'preview' ? [frame.text] : []))
    expect(previews).toEqual(['第一句。', ''])
  })
})

describe('failures', () => {
  it('of the store are codes, and the same message can be sent again', async () => {
    const tab = await signInTab(server, token)
    await tab.settled()
    host.failNextAccept(new Error('connection to 10.0.0.7 refused'))
    const clientMsgId = tab.say('再试')
    expect(await tab.hears('error')).toEqual({
      t: 'error',
      code: 'unavailable',
      retryable: true,
      clientMsgId,
    })
    tab.say('再试', clientMsgId)
    await tab.hears('accepted')
    expect(JSON.stringify(tab.frames)).not.toContain('10.0.0.7')
  })

  it('that cannot be cured are not to be tried again', async () => {
    const tab = await signInTab(server, token)
    await tab.settled()
    host.failNextAccept(new TongdaError('bad_input', 'the contact is blocked'))
    tab.say('不行')
    expect(await tab.hears('error')).toMatchObject({ code: 'refused', retryable: false })
  })

  it('of reading close the socket, and resuming loses nothing', async () => {
    const tab = await signInTab(server, token)
    await tab.settled()
    host.say(visitor, text('读不到'))
    host.failNextRead(new Error('database away'))
    await deliver(server, visitor)
    expect(await tab.closed).toEqual({ code: 1011, reason: 'internal error' })
    const again = await signInTab(server, token)
    await again.hears('ev')
    expect(again.texts()).toEqual(['读不到'])
  })

  it('leave no token, visitor or words in the log', async () => {
    const tab = await signInTab(server, token)
    tab.say('机密内容')
    tab.send({ t: 'msg', secret: '机密内容' })
    await tab.hears('error')
    const bad = await openTab(server)
    bad.send({ t: 'auth', token: `${token}x` })
    await bad.closed
    const written = JSON.stringify(host.logged)
    expect(host.logged.map(({ event }) => event)).toContain('web token refused')
    for (const secret of [token, visitor, '机密内容']) expect(written).not.toContain(secret)
  })
})
