import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { LiveSocket, SocketSession } from '../../../src/core/channel.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import {
  deliver,
  eventually,
  stopClock,
  openSession,
  openTab,
  serveWeb,
  signInTab,
  siteOrigin,
  visitorOf,
} from './visitor.ts'

let host: TestChannelHost
let server: ChannelServer
const serve = async (limits: Record<string, number> = {}): Promise<void> => {
  server = await serveWeb(host, { limits })
}

beforeEach(() => {
  host = createTestChannelHost()
})
afterEach(() => server.close())

const text = (words: string) => [{ kind: 'text' as const, text: words }]
const refusalOf = (url: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, { origin: siteOrigin })
    socket.once('error', (error) => resolve(error.message))
    socket.once('open', () => resolve('open'))
  })

/** A socket whose network takes nothing until told. */
const createStuckSocket = () => {
  const sent: string[] = []
  const closes: { code: number; reason: string }[] = []
  const socket = {
    bufferedAmount: 0,
    send(frame: string) {
      sent.push(frame)
      socket.bufferedAmount += Buffer.byteLength(frame)
    },
    close(code: number, reason: string) {
      closes.push({ code, reason })
    },
  } satisfies LiveSocket
  return { socket, sent, closes, types: () => sent.map((frame) => (JSON.parse(frame) as { t: string }).t) }
}
const open = (socket: LiveSocket): SocketSession => {
  const endpoint = server.channel.sockets[0]
  if (!endpoint) throw new Error('no socket endpoint')
  return endpoint.open(socket, new Request('http://x.test/ws'), '192.0.2.1')
}

describe('floods', () => {
  it('of messages are refused beyond 20 in 10 s, over all tabs, and the socket stays', async () => {
    await serve()
    const token = await openSession(server)
    const tabs = [await signInTab(server, token), await signInTab(server, token)]
    stopClock()
    for (let at = 0; at < 30; at += 1) tabs[at % 2]?.say(`${at}`)
    for (const tab of tabs) await tab.settled()
    const frames = tabs.flatMap((tab) => tab.frames)
    expect(frames.filter(({ t }) => t === 'accepted')).toHaveLength(20)
    const refused = frames.filter((frame) => frame.t === 'error')
    expect(refused).toHaveLength(10)
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'rate_limited', retryable: true })
      expect(error.clientMsgId).toBeTypeOf('string')
      expect(error.retryAfterMs).toBeGreaterThan(0)
      expect(error.retryAfterMs).toBeLessThanOrEqual(10_000)
    }
    expect(host.accepted.filter(({ mayContinue }) => mayContinue)).toHaveLength(20)
  })

  it('of frames close the socket', async () => {
    await serve({ framesPer10s: 10 })
    const token = await openSession(server)
    stopClock()
    const tab = await signInTab(server, token)
    for (let at = 0; at < 20; at += 1) tab.send('{"t":"nonsense"}')
    expect(await tab.closed).toEqual({ code: 4029, reason: 'too many frames' })
    expect(tab.frames.filter(({ t }) => t === 'error')).toHaveLength(9)
  })

  it.each([
    ['in number', '{"t":"ping"}', 100],
    ['in bytes', `{"t":"ping","x":"${'a'.repeat(50_000)}"}`, 5],
  ])('that pile up %s before they can be handled close the socket', async (_what, frame, times) => {
    await serve({ framesPer10s: 100_000 })
    const { socket, closes } = createStuckSocket()
    const session = open(socket)
    session.onText(JSON.stringify({ t: 'auth', token: await openSession(server) }))
    for (let at = 0; at < times; at += 1) session.onText(frame)
    expect(closes).toEqual([{ code: 4029, reason: 'too many frames' }])
  })

  it('of sockets that never sign in are refused per address', async () => {
    await serve({ pendingSocketsPerAddress: 3 })
    const token = await openSession(server)
    const idle = [await openTab(server), await openTab(server), await openTab(server)]
    expect(await refusalOf(`${server.url.replace('http', 'ws')}/ws`)).toContain('403')
    idle[0]?.send({ t: 'auth', token })
    await idle[0]?.hears('ready')
    const next = await openTab(server)
    idle[1]?.socket.terminate()
    await idle[1]?.closed
    await eventually(() => refusalOf(`${server.url.replace('http', 'ws')}/ws`)).toBe('open')
    next.socket.terminate()
  })

  it('of sockets are refused beyond the inbox’s limit', async () => {
    await serve({ sockets: 2 })
    const tab = await signInTab(server, await openSession(server))
    await signInTab(server, await openSession(server))
    expect(await refusalOf(`${server.url.replace('http', 'ws')}/ws`)).toContain('403')
    tab.socket.close()
    await tab.closed
    await eventually(() => refusalOf(`${server.url.replace('http', 'ws')}/ws`)).toBe('open')
  })

  it('of sessions from one address leave room for the others', async () => {
    host = createTestChannelHost()
    await serve({ sessionsPerMinute: 2, sessionsPerMinuteTotal: 3 })
    const route = server.channel.routes.find(({ path, method }) => path === '/session' && method === 'POST')
    const from = async (remoteAddress: string): Promise<number | undefined> => {
      const request = new Request('http://x.test/session', {
        method: 'POST',
        headers: { origin: siteOrigin },
      })
      return (await route?.handle(request, { remoteAddress, onFinished: () => undefined }))?.status
    }
    for (let at = 0; at < 50; at += 1) await from('192.0.2.1')
    expect(await from('192.0.2.2')).toBe(200)
    expect(await from('192.0.2.3')).toBe(429)
  })
})

describe('malformed traffic', () => {
  beforeEach(() => serve())

  it('over 64 kB closes with 1009, in one frame or in fragments', async () => {
    const token = await openSession(server)
    const whole = await signInTab(server, token)
    whole.send(`{"t":"ping","x":"${'a'.repeat(70_000)}"}`)
    expect((await whole.closed).code).toBe(1009)
    const pieces = await signInTab(server, token)
    for (let at = 0; at < 10; at += 1) pieces.socket.send('a'.repeat(10_000), { fin: false })
    expect((await pieces.closed).code).toBe(1009)
  })

  it('in too many fragments is cut off', async () => {
    const tab = await signInTab(server, await openSession(server))
    for (let at = 0; at < 200; at += 1) tab.socket.send('a', { fin: false })
    expect((await tab.closed).code).toBe(1008)
  })

  it('in a few fragments is read as one frame', async () => {
    const tab = await signInTab(server, await openSession(server))
    tab.socket.send('{"t":', { fin: false })
    tab.socket.send('"ping"', { fin: false })
    tab.socket.send('}', { fin: true })
    await tab.hears('pong')
  })

  it('in binary or broken UTF-8 is cut off', async () => {
    const token = await openSession(server)
    const binary = await signInTab(server, token)
    binary.socket.send(Buffer.from('{"t":"ping"}'), { binary: true })
    expect((await binary.closed).code).toBe(1003)
    const broken = await signInTab(server, token)
    broken.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
    expect((await broken.closed).code).toBe(1007)
  })

  it.each([
    ['{"type":"base"}', 'unknown_type'],
    ['{"t":"ev","seq":1,"author":"agent"}', 'unknown_type'],
    ['{"t":"msg","role":"agent"}', 'bad_frame'],
    ['{"t":"ping","__proto__":{"polluted":1}}', 'bad_frame'],
    ['not json', 'bad_frame'],
    ['['.repeat(40_000), 'too_deep'],
  ])('is answered with a code, and the next frame works: %s', async (frame, code) => {
    const tab = await signInTab(server, await openSession(server))
    await tab.settled()
    tab.send(frame)
    expect(await tab.hears('error')).toEqual({ t: 'error', code, retryable: false })
    tab.say('正常')
    await tab.hears('accepted')
    expect(host.accepted.filter(({ mayContinue }) => mayContinue)).toHaveLength(1)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('never decides who, where or when', async () => {
    const token = await openSession(server)
    const victim = visitorOf(await openSession(server))
    const tab = await signInTab(server, token)
    await tab.settled()
    const clientMsgId = '0b9f9c3a-8c4d-4e55-9a51-3f6f3c3f9a10'
    for (const extra of [
      { threadKey: victim },
      { contactKey: victim },
      { author: 'agent' },
      { sentAt: 0 },
      { inboxId: 'x' },
    ]) {
      tab.send({ t: 'msg', clientMsgId, content: { text: '越权' }, ...extra })
    }
    await tab.settled()
    expect(tab.frames.filter(({ t }) => t === 'error')).toHaveLength(5)
    expect(host.accepted.filter(({ mayContinue }) => mayContinue)).toEqual([])
  })
})

describe('a slow consumer', () => {
  const limits = { softBufferBytes: 20_000, hardBufferBytes: 60_000, slowConsumerMs: 300 }

  it('gets no typing, then no more history, then is closed with 1013', async () => {
    await serve(limits)
    const token = await openSession(server)
    const visitor = visitorOf(token)
    for (let at = 0; at < 300; at += 1) host.say(visitor, text('啊'.repeat(500)))
    const { socket, sent, closes, types } = createStuckSocket()
    const session = open(socket)
    session.onText(JSON.stringify({ t: 'auth', token }))
    await eventually(() => socket.bufferedAmount).toBeGreaterThan(20_000)
    expect(socket.bufferedAmount).toBeLessThan(25_000)
    await server.channel.showTyping(visitor, true)
    await eventually(() => closes).toEqual([{ code: 1013, reason: 'too slow' }])
    expect(types()).not.toContain('typing')
    expect(sent.length).toBeLessThan(20)
    session.onClose()
  })

  it('that catches up again gets everything, once and in order', async () => {
    await serve(limits)
    const token = await openSession(server)
    for (let at = 0; at < 150; at += 1) host.say(visitorOf(token), text('啊'.repeat(500)))
    const { socket, sent, closes } = createStuckSocket()
    const session = open(socket)
    session.onText(JSON.stringify({ t: 'auth', token }))
    const seqs = () => sent.flatMap((frame) => (JSON.parse(frame) as { seq?: number }).seq ?? [])
    while (seqs().length < 150) {
      await eventually(() => socket.bufferedAmount >= 20_000 || seqs().length === 150).toBe(true)
      socket.bufferedAmount = 0
    }
    expect(seqs()).toEqual(Array.from({ length: 150 }, (_, at) => at + 1))
    expect(closes).toEqual([])
    session.onClose()
  })

  it('that only asks and never reads is closed at the hard limit', async () => {
    await serve({ ...limits, slowConsumerMs: 60_000, framesPer10s: 100_000 })
    const { socket, closes } = createStuckSocket()
    const session = open(socket)
    session.onText(JSON.stringify({ t: 'auth', token: await openSession(server) }))
    for (let at = 0; closes.length === 0 && at < 10_000; at += 1) {
      session.onText('{"t":"ping"}')
      if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(closes).toEqual([{ code: 1013, reason: 'too slow' }])
    expect(socket.bufferedAmount).toBeLessThan(61_000)
  })

  it('is noticed on a real connection, and others are served meanwhile', async () => {
    await serve(limits)
    const slowToken = await openSession(server)
    const slow = await signInTab(server, slowToken)
    await slow.settled()
    slow.socket.pause()
    for (let at = 0; at < 4_000; at += 1) host.say(visitorOf(slowToken), text('啊'.repeat(4_000)))
    await deliver(server, visitorOf(slowToken))
    const other = await signInTab(server, await openSession(server))
    other.say('我不慢')
    await other.hears('accepted')
    const isNoticed = () =>
      host.logged.some(({ event, facts }) => event === 'web socket ended' && facts.includes('1013'))
    await eventually(isNoticed).toBe(true)
    slow.socket.resume()
    expect((await slow.closed).code).toBe(1013)
    const seqs = slow.seqs()
    expect(seqs.length).toBeLessThan(4_000)
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => at + 2))
    const resumed = await signInTab(server, slowToken, seqs.at(-1) ?? 0)
    await resumed.hears('ev')
    expect(resumed.seqs()[0]).toBe((seqs.at(-1) ?? 0) + 1)
  })
})

describe('frames that are still waiting when the socket closes', () => {
  const say = (words: string): string =>
    JSON.stringify({ t: 'msg', clientMsgId: randomUUID(), content: { text: words } })
  const said = () =>
    host.accepted.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'text' ? part.text : [])))

  it('count when the visitor left', async () => {
    await serve()
    const session = open(createStuckSocket().socket)
    session.onText(JSON.stringify({ t: 'auth', token: await openSession(server) }))
    session.onText(say('最后'))
    session.onText(say('两句'))
    session.onClose()
    await eventually(said).toEqual(['最后', '两句'])
  })

  it('do not count when we threw the client out', async () => {
    await serve()
    const token = await openSession(server)
    const session = open(createStuckSocket().socket)
    session.onText(JSON.stringify({ t: 'auth', token }))
    for (let at = 0; at < 70; at += 1) session.onText(say(`${at}`))
    const tab = await signInTab(server, token)
    await tab.settled()
    expect(said()).toEqual([])
  })
})

it('stopping says goodbye to everybody', async () => {
  await serve()
  const token = await openSession(server)
  const tabs = [await signInTab(server, token), await signInTab(server, await openSession(server))]
  await server.channel.stop()
  for (const tab of tabs) {
    expect(await tab.closed).toEqual({ code: 1001, reason: 'restart' })
    expect(tab.frames.at(-1)).toEqual({ t: 'bye', reason: 'restart' })
  }
})

it('states what it can show as data, and delivers without an id of a provider', async () => {
  await serve()
  expect(server.channel.capabilities).toMatchObject({
    text: { max: 4_000, unit: 'characters', markup: 'plain' },
    choices: { style: 'buttons', max: 8 },
    allowances: {},
    passiveOnly: false,
    typing: true,
  })
  expect(await deliver(server, visitorOf(await openSession(server)))).toEqual({})
})
