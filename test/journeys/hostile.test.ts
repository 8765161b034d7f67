// What strangers may send to the running product, and that it then serves on: refused with a clear answer, nothing
// kept of it, nobody else disturbed. The parts have finer tests of their own; here they stand together.
import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { openRaw } from '../http/channel-world.ts'
import { createBrowser, type Browser } from '../http/client.ts'
import { busyMs } from '../support/busy-time.ts'
import { createForger, pad, type Forger, type Tampering } from '../support/forged-push.ts'
import { startProduct, type Product } from '../support/product.ts'
import { createVisitor } from '../support/visitor.ts'

/** Every hostile push bears this name; what is stored of them would stand in this contact's transcript. */
const openid = 'oHostile0001'

let product: Product
let forge: Forger
let desk: Browser
let ticketId: string

const Tickets = z.object({ tickets: z.tuple([z.looseObject({ id: z.string() })]) })

beforeAll(async () => {
  product = await startProduct()
  forge = createForger(product, openid)
  desk = createBrowser(product.app.url)
  const token = new URL(product.app.signInUrl ?? '').hash.replace('#token=', '')
  await desk.post('/api/desk/session/link', { token })
  await product.contact(openid).says('转人工')
  const open = await vi.waitFor(async () => Tickets.parse((await desk.get('/api/desk/tickets')).json), 30_000)
  ticketId = open.tickets[0].id
})
afterAll(() => product.dispose())

const Messages = z.object({ messages: z.array(z.looseObject({ direction: z.string(), parts: z.unknown() })) })
const received = async (): Promise<readonly unknown[]> => {
  const { json } = await desk.get(`/api/desk/tickets/${ticketId}`)
  return Messages.parse(json)
    .messages.filter(({ direction }) => direction === 'in')
    .map(({ parts }) => parts)
}

/** Nothing was kept of what was refused, no object was polluted, and a good message is answered. */
const servesOn = async (): Promise<void> => {
  expect(await received()).toHaveLength(1)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  const contact = product.contact()
  await contact.says('投稿一直在审核中要等多久')
  await contact.hears(/审核/)
}

const change = (name: string, to: (value: string) => string): Tampering => ({
  query: (query) => query.set(name, to(query.get(name) ?? '')),
})
/** Says `msg_signature` again under this name. */
const repeat = (name: string): Tampering => ({
  query: (query) => query.append(name, query.get('msg_signature') ?? ''),
})
const drop = (...names: string[]): Tampering => ({
  query: (query) => names.forEach((name) => query.delete(name)),
})
const unevenBlock = Buffer.from([...Buffer.alloc(31), 32])
const otherKey = 'A'.repeat(43)
const nest = (depth: number): string => `${'<a>'.repeat(depth)}x${'</a>'.repeat(depth)}`
const bomb = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(2_000)}">${Array.from('bcdefgh')
  .map((name, at) => `<!ENTITY ${name} "${`&${'abcdefg'.charAt(at)};`.repeat(30)}">`)
  .join('')}]>`
const xxe = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'

describe('a push that is not proven', () => {
  it.each<[string, () => Tampering]>([
    ['without signatures', () => drop('signature', 'msg_signature')],
    ['without a timestamp', () => drop('timestamp')],
    ['with a timestamp that is none', () => change('timestamp', () => '1e9')],
    ['with a wrong signature', () => change('signature', () => '0'.repeat(40))],
    ['with a wrong msg_signature', () => change('msg_signature', () => '0'.repeat(40))],
    ['with a short signature', () => change('msg_signature', (value) => value.slice(1))],
    ['with a long signature', () => change('msg_signature', (value) => value.repeat(50))],
    ['with a signature beyond ASCII', () => change('msg_signature', () => '零'.repeat(40))],
    ['with a doubled signature', () => repeat('msg_signature')],
    ['with a NUL in its signature', () => change('msg_signature', (value) => `${value}\0`)],
    ['ten minutes old', () => ({ secondsLate: 600 })],
    ['ten minutes early', () => ({ secondsLate: -600 })],
    ['in the clear', () => ({ body: forge.text(), ...drop('encrypt_type', 'msg_signature') })],
    ['in the clear, called encrypted', () => ({ body: forge.text() })],
    ['under another AES key', () => ({ sealed: forge.sealFor(forge.text(), { encodingAesKey: otherKey }) })],
    ['for another app', () => ({ sealed: forge.sealFor(forge.text(), { receiveId: 'wx9999999999999999' }) })],
    ['for no app', () => ({ sealed: forge.sealFor(forge.text(), { receiveId: '' }) })],
    ['for another account', () => ({ xml: forge.text('', { ToUserName: 'gh_ffffffffffff' }) })],
    ['with no padding', () => ({ sealed: forge.seal(pad(forge.contentOf(forge.text()), 0)) })],
    ['with too much padding', () => ({ sealed: forge.seal(pad(forge.contentOf(forge.text()), 33)) })],
    [
      'with uneven padding',
      () => ({ sealed: forge.seal(Buffer.concat([pad(forge.contentOf(forge.text())), unevenBlock])) }),
    ],
    [
      'with a length beyond its end',
      () => ({ sealed: forge.seal(pad(forge.contentOf(forge.text(), 0xffff_ffff))) }),
    ],
    ['with nothing but padding', () => ({ sealed: forge.seal(Buffer.alloc(32, 32)) })],
    ['with half a block', () => ({ sealed: Buffer.alloc(24).toString('base64') })],
    ['that is not base64', () => ({ sealed: '！@#$%' })],
    ['with an empty ciphertext', () => ({ sealed: '' })],
  ])('%s is refused like every other', async (_name, tampering) => {
    expect(await forge.push(tampering())).toEqual([401, 'unauthorized'])
  })

  it('is told from one that is, sealed by the platform or by hand', async () => {
    const fresh = () => forge.text('', { FromUserName: product.contact().openid })
    expect((await forge.push({ xml: fresh() }))[0]).toBe(200)
    expect((await forge.push({ sealed: forge.seal(pad(forge.contentOf(fresh()))) }))[0]).toBe(200)
    await servesOn()
  })
})

describe('a document that is not one', () => {
  const inside: readonly [string, () => string][] = [
    ['broken XML', () => forge.text().replace('</xml>', '')],
    ['crossed tags', () => forge.text('<a><b></a></b>')],
    ['no XML', () => '转人工'],
    ['an entity of a file', () => `${xxe}${forge.text('<x>&e;</x>')}`],
    ['an entity bomb', () => `${bomb}${forge.text('<x>&h;</x>')}`],
    ['an undeclared entity', () => forge.text('<x>&e;</x>')],
    ['a character beyond Unicode', () => forge.text('<x>&#x110000;</x>')],
    ['a comment', () => forge.text('<!-- x -->')],
    ['a processing instruction', () => forge.text('<?php x ?>')],
    ['an attribute', () => forge.text('<x y="1"/>')],
    ['an open CDATA section', () => forge.text('<x><![CDATA[')],
    ['9 levels', () => forge.text(nest(9))],
    ['20,000 levels', () => forge.text(nest(20_000))],
    ['65 fields', () => forge.text(Array.from({ length: 65 }, (_, at) => `<x${at}/>`).join(''))],
    ['two roots', () => forge.text().repeat(2)],
    ['a doubled field', () => forge.text('<Content>转人工</Content>')],
    ['a doubled sender', () => forge.text('<FromUserName>oSomebodyElse</FromUserName>')],
    ['__proto__', () => forge.text('<__proto__><polluted>1</polluted></__proto__>')],
    ['constructor', () => forge.text('<constructor><prototype>1</prototype></constructor>')],
    ['JSON with __proto__', () => '{"MsgType":"text","__proto__":{"polluted":1}}'],
    ['JSON with a doubled field', () => '{"MsgType":"text","MsgType":"event"}'],
    ['200,000 brackets', () => `{"a":${'['.repeat(150_000)}`],
    ['no sender', () => forge.text('', { FromUserName: '' })],
    ['an endless sender', () => forge.text('', { FromUserName: 'o'.repeat(10_000) })],
    ['no time', () => forge.text('', { CreateTime: 'yesterday' })],
  ]
  it.each(inside)('%s is refused, inside the seal', async (_name, xml) => {
    expect(await forge.push({ xml: xml() })).toEqual([400, 'bad request'])
  })
  it.each(inside.slice(0, -3))('%s is refused as the envelope', async (_name, body) => {
    expect((await forge.push({ body: body() }))[0]).toBe(400)
  })
  it('that is not UTF-8 is refused, inside and outside', async () => {
    const broken = Buffer.concat([Buffer.from('<xml><Content>'), Buffer.from([0xc3, 0x28, 0xff])])
    expect(await forge.push({ body: broken })).toEqual([400, 'bad request'])
    expect(await forge.push({ sealed: forge.seal(pad(forge.contentOf(broken))) })).toEqual([
      400,
      'bad request',
    ])
    expect(await forge.push({ body: '' })).toEqual([400, 'bad request'])
  })
  it('that would explode costs no time', async () => {
    const before = busyMs()
    await forge.push({ xml: `${bomb}${forge.text('<x>&h;</x>')}` })
    // Unpacked it would be 10¹⁴ letters.
    expect(busyMs() - before).toBeLessThan(10_000)
  })
  it('leaves the product as it was', servesOn)
})

describe('a request that is too much', () => {
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const rawPush = (headers: string) => {
    const { pathname, search, port } = forge.request().url
    const head = `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`
    return openRaw(Number(port), head)
  }

  it.each([
    ['gzip', 'content-encoding: gzip\r\ncontent-length: 10', 415],
    ['gzip, spelt oddly', 'content-encoding:  GZip , identity\r\ncontent-length: 10', 415],
    ['10 MB announced', 'content-length: 10000000', 413],
    ['two framings', 'content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n', 400],
    ['two lengths', 'content-length: 4\r\ncontent-length: 5', 400],
    ['a negative length', 'content-length: -1', 400],
    ['20 kB of headers', `x: ${'x'.repeat(20_000)}`, 431],
    ['a NUL in a header', 'x: a\0b', 400],
  ])('with %s is refused', async (_name, headers, status) => {
    expect(await rawPush(headers).closed).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })
  it('that never ends is refused at the limit', async () => {
    const endless = rawPush('transfer-encoding: chunked')
    for (let sent = 0; sent < 160; sent += 1) endless.socket.write(chunk)
    expect(await endless.closed).toMatch(/^HTTP\/1\.1 413 /)
  })
  it('is forgotten: 100 of each kind at once leave no memory behind', async () => {
    setFlagsFromString('--expose-gc')
    const collect = new Script('gc()')
    const used = (): number => {
      collect.runInNewContext()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    }
    const large = `${bomb}${'<x>&h;</x>'.repeat(20_000)}`
    const flood = () =>
      Promise.all(
        Array.from({ length: 100 }, async () => {
          await forge.push({ body: large })
          await forge.push({ xml: nest(20_000) })
          await forge.push({ body: 'x'.repeat(300_000) }).catch(() => undefined)
        }),
      )
    await flood()
    const marks = [used()]
    for (let turn = 0; turn < 2; turn += 1) {
      await flood()
      marks.push(used())
    }
    // What leaks, leaks each time; what is learned in the background meanwhile is there once.
    const grown = marks.slice(1).map((mark, at) => mark - (marks[at] ?? 0))
    expect(Math.min(...grown)).toBeLessThan(32_000_000)
    await servesOn()
  })
})

describe('a push that came before', () => {
  it('is answered with the same words and stored once, however often it comes', async () => {
    const contact = product.contact()
    const { exchangeIds } = await product.wechat.push(contact.openid, { kind: 'text', text: '怎么缓存视频' })
    const heard = contact.heard().length
    const again = await Promise.all(
      Array.from({ length: 30 }, () => product.wechat.replay(exchangeIds[0] ?? 0)),
    )
    expect(new Set(again.map(({ responsePlain }) => responsePlain)).size).toBe(1)
    expect(again.every(({ result, problems }) => result === 'answered' && problems.length === 0)).toBe(true)
    await contact.says('弹幕发不出去是怎么回事')
    await contact.hears(/弹幕/)
    expect(contact.heard()).toHaveLength(heard + 1)
  })
  it('is refused when its signature comes with other words', async () => {
    const good = forge.request({ xml: forge.text('', { FromUserName: product.contact().openid }) })
    expect((await fetch(good.url, good.init)).status).toBe(200)
    expect((await fetch(good.url, { ...good.init, body: forge.request().init.body ?? '' })).status).toBe(401)
    await servesOn()
  })
})

describe('the web chat', () => {
  const origin = (): string => product.app.url
  const Frame = z.looseObject({ t: z.string(), code: z.string().optional() })

  /** A socket with what it heard; `ended` is the close code, or the status of a refused handshake. */
  const open = (headers: Readonly<Record<string, string>> = { origin: origin() }) => {
    const socket = new WebSocket(`${origin().replace('http', 'ws')}/channels/web/ws`, { headers })
    const frames: z.infer<typeof Frame>[] = []
    socket.on('message', (data: Buffer) => frames.push(Frame.parse(JSON.parse(data.toString('utf8')))))
    socket.on('error', () => undefined)
    const opened = new Promise<void>((resolve) => socket.once('open', resolve))
    const ended = new Promise<number>((resolve) => {
      socket.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0)
        socket.terminate()
      })
      socket.once('close', resolve)
    })
    const hears = (count: number, t: string): Promise<void> =>
      expect.poll(() => frames.filter((frame) => frame.t === t).length).toBe(count)
    return { socket, frames, opened, ended, hears }
  }
  const signedIn = async () => {
    const headers = { origin: origin(), 'content-type': 'application/json' }
    const session = await fetch(`${origin()}/channels/web/session`, { method: 'POST', headers, body: '{}' })
    const { token } = z.object({ token: z.string() }).parse(await session.json())
    const client = open()
    await client.opened
    client.socket.send(JSON.stringify({ t: 'auth', token }))
    await client.hears(1, 'ready')
    return client
  }
  const msg = (content: unknown, more: Readonly<Record<string, unknown>> = {}): string =>
    JSON.stringify({ t: 'msg', clientMsgId: randomUUID(), content, ...more })

  it.each([
    ['no', {}],
    ['a foreign', { origin: 'https://evil.example' }],
    ['a null', { origin: 'null' }],
  ])('lets nobody in from %s origin', async (_name, headers) => {
    expect(await open(headers).ended).toBe(403)
  })

  it('answers bad frames with a word, stores none, and hears the next good one', async () => {
    const { socket, frames, hears } = await signedIn()
    const bad: readonly (readonly [string, string])[] = [
      ['{', 'bad_frame'],
      ['null', 'bad_frame'],
      ['{"t":"base"}', 'unknown_type'],
      ['{"t":"__proto__"}', 'unknown_type'],
      ['['.repeat(60_000), 'too_deep'],
      ['{"t":"ping","__proto__":{"polluted":1}}', 'bad_frame'],
      ['{"t":"ping","constructor":{"prototype":{"polluted":1}}}', 'bad_frame'],
      ['{"t":"ack","seq":-1}', 'bad_frame'],
      [msg({ text: '转人工' }, { author: 'agent' }), 'bad_frame'],
      [msg({ text: '转人工' }, { conversationId: randomUUID() }), 'bad_frame'],
      [msg({ text: { toString: 1 } }), 'bad_frame'],
      [msg({ text: '转人工' }, { clientMsgId: "'; drop table messages; --" }), 'bad_frame'],
      [msg({ text: ' \n ' }), 'empty'],
      [msg({ text: '转'.repeat(4_001) }), 'text_too_long'],
    ]
    for (const [frame] of bad) socket.send(frame)
    socket.send('{"t":"ping"}')
    await hears(1, 'pong')
    expect(frames.filter(({ t }) => t === 'error').map(({ code }) => code)).toEqual(
      bad.map(([, code]) => code),
    )
    expect(frames.filter(({ t, author }) => t === 'accepted' || author === 'contact')).toEqual([])
    socket.terminate()
  })

  it.each<[string, number, (socket: WebSocket) => void]>([
    ['a word before signing in', 1008, (socket) => socket.send(msg({ text: '转人工' }))],
    ['a forged token', 4010, (socket) => socket.send('{"t":"auth","token":"v1.00000000.e30.x"}')],
    ['bytes', 1003, (socket) => socket.send(Buffer.from('{"t":"ping"}'), { binary: true })],
    ['text that is not UTF-8', 1007, (socket) => socket.send(Buffer.from([0xc3, 0x28]), { binary: false })],
    ['more than 64 kB', 1009, (socket) => socket.send('x'.repeat(65_537))],
  ])('ends a socket that sends %s', async (_name, code, send) => {
    const { socket, opened, ended } = open()
    await opened
    send(socket)
    expect(await ended).toBe(code)
  })

  it('keeps to its limits in a flood of sockets, frames and words', async () => {
    const talker = await signedIn()
    for (let n = 1; n <= 30; n += 1) talker.socket.send(msg({ text: `第${String(n)}条` }))
    await talker.hears(20, 'accepted')
    await talker.hears(10, 'error')
    // Enough for two stretches of ten seconds: one may end among them.
    for (let n = 0; n < 250; n += 1) talker.socket.send('{"t":"ping"}')
    expect(await talker.ended).toBe(4029)

    const flood = Array.from({ length: 100 }, () => open())
    const codes = await Promise.all(flood.map(({ ended }) => ended))
    // Those that got a place held it until they should have signed in.
    expect(codes.filter((code) => code === 4001)).toHaveLength(20)
    expect(codes.filter((code) => code === 403)).toHaveLength(80)
  })

  it('serves on', async () => {
    const visitor = await createVisitor(product.app.url)
    visitor.says('视频审核要多久')
    await visitor.hears(/审核/)
    visitor.leaves()
    await servesOn()
  })
})

describe('the desk', () => {
  const reply = (): string => `/api/desk/tickets/${ticketId}/reply`
  const key = () => ({ 'idempotency-key': randomUUID() })

  it.each<[string, number, unknown, Record<string, string | undefined>]>([
    ['broken JSON', 400, '{"text":', {}],
    ['no body', 400, '', {}],
    ['an array', 400, '[]', {}],
    ['200,000 brackets', 413, '['.repeat(200_000), {}],
    ['60,000 brackets', 400, '['.repeat(60_000), {}],
    ['a number for a text', 400, { text: 1 }, {}],
    ['unknown keys', 400, { text: 'x', author: 'contact' }, {}],
    ['__proto__', 400, '{"text":"x","__proto__":{"polluted":1}}', {}],
    ['a doubled reply key', 400, { text: 'x' }, { 'idempotency-key': undefined }],
    ['JSON called text', 415, { text: 'x' }, { 'content-type': 'text/plain' }],
    ['gzip', 415, '{"text":"x"}', { 'content-encoding': 'gzip' }],
    ['a foreign origin', 403, { text: 'x' }, { origin: 'https://evil.example' }],
    ['no CSRF token', 403, { text: 'x' }, { 'x-csrf-token': undefined }],
    ['no session', 401, { text: 'x' }, { cookie: undefined }],
  ])('refuses %s', async (_name, status, body, headers) => {
    expect((await desk.post(reply(), body, { ...key(), ...headers })).status).toBe(status)
  })
  it.each([
    ['/api/desk/tickets/1%27%20or%201=1', 400],
    ['/api/desk/tickets/%00', 400],
    [`/api/desk/tickets/${randomUUID()}`, 404],
    ["/api/desk/tickets?view=all'--", 400],
    ['/api/desk/tickets?limit=1e9', 400],
    ['/api/desk/tickets?__proto__=1', 400],
    ['/api/desk/..%2f..%2fetc/passwd', 404],
    [`/api/desk/media/..%2f..%2fmaster.key`, 400],
  ])('answers %s with %i', async (path, status) => {
    expect((await desk.get(path)).status).toBe(status)
  })
  it('leaves the product as it was', servesOn)
})
