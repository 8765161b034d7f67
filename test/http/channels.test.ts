import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/core/channel.ts'
import { ChannelError, TongdaError } from '../../src/core/errors.ts'
import { createHttpServer } from '../../src/http/index.ts'
import { createFakeChannel, openRaw, serveFake, type ChannelWorld } from './channel-world.ts'
import { createMemoryLog } from './world.ts'

let world: ChannelWorld | undefined
afterEach(async () => {
  await world?.stop()
  world = undefined
})

const serve = async (...given: Parameters<typeof serveFake>): Promise<ChannelWorld> => {
  world = await serveFake(...given)
  return world
}

const refusing = (error: Error) => createFakeChannel([{ handle: () => Promise.reject(error) }])

describe('the mount of channels', () => {
  it('hands over method, address, headers and the very bytes', async () => {
    const bytes = new Uint8Array([0, 255, 1, 254, 10, 13])
    const seen: unknown[] = []
    const { url } = await serve(
      createFakeChannel([
        {
          handle: async (given) => {
            seen.push(given.method, new URL(given.url).search, given.headers.get('x-sign'))
            seen.push(new Uint8Array(await given.arrayBuffer()))
            return new Response('<xml/>', { headers: { 'content-type': 'text/xml' } })
          },
        },
      ]),
    )
    const answer = await fetch(`${url}/callback?nonce=1`, {
      method: 'POST',
      body: bytes,
      headers: { 'x-sign': 'abc' },
    })
    expect(seen).toEqual(['POST', '?nonce=1', 'abc', bytes])
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/xml',
      '<xml/>',
    ])
  })

  it('knows only the paths, methods and inboxes there are', async () => {
    const { url, origin } = await serve(createFakeChannel([{ method: 'GET' }]))
    expect((await fetch(`${url}/callback`)).status).toBe(200)
    for (const path of [`${url}/other`, `${origin}/channels/nobody/callback`, `${url}/callback/x`])
      expect((await fetch(path)).status).toBe(404)
    expect((await fetch(`${url}/callback`, { method: 'POST', body: 'x' })).status).toBe(404)
  })

  it('refuses an inbox id that would be a pattern', () => {
    const build = () =>
      createHttpServer({
        log: createMemoryLog(),
        publicUrls: [],
        trustedProxies: [],
        channels: new Map([['a/:b', createFakeChannel([{}])]]),
        ready: () => Promise.resolve(true),
      })
    expect(build).toThrow(TongdaError)
  })

  it.each([
    ['unauthorized', 401, 'unauthorized'],
    ['stale', 401, 'unauthorized'],
    ['replayed', 409, 'conflict'],
    ['malformed', 400, 'bad request'],
    ['too_large', 413, 'payload too large'],
    ['too_many', 429, 'too many requests'],
  ] as const)('answers %s with %i and a fixed text, and logs one line', async (code, status, text) => {
    const { url, log } = await serve(
      refusing(new ChannelError('wechat', code, 'openid oSecret', { hint: 'compare the token' })),
    )
    const answer = await fetch(`${url}/callback`, { method: 'POST', body: 'x' })
    expect([answer.status, await answer.text()]).toEqual([status, text])
    expect(log).toEqual([
      expect.objectContaining({
        level: 'warn',
        event: 'webhook refused',
        facts: expect.objectContaining({ inboxId: 'shop', code, hint: 'compare the token' }),
      }),
    ])
    expect(JSON.stringify(log)).not.toContain('oSecret')
  })

  it('says when to come back', async () => {
    const { url } = await serve(
      refusing(new ChannelError('web', 'too_many', 'slow down', { retryAfterMs: 2_500 })),
    )
    const answer = await fetch(`${url}/callback`, { method: 'POST', body: 'x' })
    expect(answer.headers.get('retry-after')).toBe('3')
  })

  it.each([
    ['an error of ours', new Error('at secret.ts:12')],
    ["a provider's refusal", new ChannelError('wechat', 'token_expired', 'token abc')],
    ['a database that is away', new TongdaError('database_unavailable', 'postgres://user:pw@db')],
  ])('answers %s with 503 and nothing of it, so that the provider comes again', async (_name, error) => {
    const { url, log } = await serve(refusing(error))
    const answer = await fetch(`${url}/callback`, { method: 'POST', body: 'x' })
    expect([answer.status, await answer.text()]).toEqual([503, 'temporarily unavailable'])
    expect(log).toEqual([expect.objectContaining({ level: 'error', event: 'webhook failed' })])
  })

  it('refuses a body at its first byte over the limit, and reads no more', async () => {
    let handled = 0
    const { port, url } = await serve(
      createFakeChannel([
        {
          handle: async (given) => {
            handled += 1
            return new Response(String((await given.arrayBuffer()).byteLength))
          },
        },
      ]),
    )
    const exact = await fetch(`${url}/callback`, { method: 'POST', body: 'x'.repeat(1_000) })
    expect(await exact.text()).toBe('1000')
    expect((await fetch(`${url}/callback`, { method: 'POST', body: 'x'.repeat(1_001) })).status).toBe(413)

    // 10 MB in chunks, without a length that could be looked at first.
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const raw = openRaw(
      port,
      'POST /channels/shop/callback HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    for (let sent = 0; sent < 160; sent += 1) raw.socket.write(chunk)
    expect(await raw.closed).toMatch(/^HTTP\/1\.1 413 /)
    expect(handled).toBe(1)
  })

  it('refuses compressed bodies unread', async () => {
    let handled = 0
    const count = () => {
      handled += 1
      return Promise.resolve(new Response('ok'))
    }
    const { url } = await serve(createFakeChannel([{ handle: count }]))
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const answer = await fetch(`${url}/callback`, {
      method: 'POST',
      body: bomb.subarray(0, 900),
      headers: { 'content-encoding': 'gzip' },
    })
    expect(answer.status).toBe(415)
    expect(handled).toBe(0)
    const plain = await fetch(`${url}/callback`, {
      method: 'POST',
      body: 'x',
      headers: { 'content-encoding': 'identity' },
    })
    expect(plain.status).toBe(200)
  })

  it('gives every answer its protective headers and leaves what the channel set', async () => {
    const { url } = await serve(
      createFakeChannel([
        {
          method: 'GET',
          handle: () =>
            Promise.resolve(
              new Response('<p>', {
                headers: {
                  'content-type': 'text/html',
                  'content-security-policy': 'frame-ancestors https://a.example',
                },
              }),
            ),
        },
        {
          method: 'GET',
          path: '/bare',
          handle: () => Promise.resolve(new Response('<p>', { headers: { 'content-type': 'text/html' } })),
        },
      ]),
    )
    const own = await fetch(`${url}/callback`)
    expect(own.headers.get('content-security-policy')).toBe('frame-ancestors https://a.example')
    expect(own.headers.get('x-content-type-options')).toBe('nosniff')
    const bare = (await fetch(`${url}/bare`)).headers.get('content-security-policy')
    expect(bare).toContain("default-src 'self'")
    expect(bare).toContain("frame-ancestors 'self'")
    expect(bare).not.toContain('unsafe-inline')
  })
})

describe('an exchange', () => {
  const listenTo = (heard: boolean[], answer: (exchange: Exchange) => Promise<Response>) =>
    createFakeChannel([
      {
        handle: (_request, exchange) => {
          exchange.onFinished((delivered) => heard.push(delivered))
          return answer(exchange)
        },
      },
    ])

  it('tells that the answer left', async () => {
    const heard: boolean[] = []
    const { url } = await serve(listenTo(heard, () => Promise.resolve(new Response('ok'))))
    await (await fetch(`${url}/callback`, { method: 'POST', body: 'x' })).text()
    await expect.poll(() => heard).toEqual([true])
  })

  it('tells that the connection broke first', async () => {
    const heard: boolean[] = []
    let answer: (response: Response) => void = () => undefined
    const answered = new Promise<Response>((resolve) => {
      answer = resolve
    })
    let reached = (): void => undefined
    const arrived = new Promise<void>((resolve) => {
      reached = resolve
    })
    const { port } = await serve(
      listenTo(heard, () => {
        reached()
        return answered
      }),
    )
    const raw = openRaw(
      port,
      'POST /channels/shop/callback HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx',
    )
    await arrived
    raw.socket.destroy()
    await expect.poll(() => heard).toEqual([false])
    answer(new Response('too late'))
  })

  it('tells that it never left when the channel threw after all', async () => {
    const heard: boolean[] = []
    const { url } = await serve(listenTo(heard, () => Promise.reject(new Error('x'))))
    expect((await fetch(`${url}/callback`, { method: 'POST', body: 'x' })).status).toBe(503)
    await expect.poll(() => heard).toEqual([false])
  })

  const addressSeen = async (trustedProxies: readonly string[], forwarded: string): Promise<string> => {
    const channel = createFakeChannel([
      { handle: (_request, { remoteAddress }) => Promise.resolve(new Response(remoteAddress)) },
    ])
    const { port } = await serve(channel, { trustedProxies })
    return new Promise((resolve) => {
      const sent = request(
        {
          port,
          host: '127.0.0.1',
          method: 'POST',
          path: '/channels/shop/callback',
          headers: { 'x-forwarded-for': forwarded },
        },
        (answer) => {
          let text = ''
          answer.on('data', (chunk) => (text += String(chunk)))
          answer.on('end', () => resolve(text))
        },
      )
      sent.end('x')
    })
  }

  it.each([
    ['no proxy configured: the header is a lie', [], '198.51.100.1', '127.0.0.1'],
    ['one proxy', ['127.0.0.1'], '198.51.100.1', '198.51.100.1'],
    ['a client that forged an entry of its own', ['127.0.0.1'], '10.9.9.9, 198.51.100.1', '198.51.100.1'],
    ['two proxies, by range', ['127.0.0.0/8', '10.0.0.0/8'], '198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['with a port', ['127.0.0.1'], '198.51.100.1:4711', '198.51.100.1'],
    ['an IPv6 client', ['127.0.0.1'], '[2001:db8::7]:99', '2001:db8::7'],
    ['an IPv4 client in IPv6 clothes', ['127.0.0.1'], '::ffff:198.51.100.1', '198.51.100.1'],
    ['nonsense', ['127.0.0.1'], 'unknown, <script>', '127.0.0.1'],
  ])('knows the client: %s', async (_name, proxies, forwarded, expected) => {
    expect(await addressSeen(proxies, forwarded)).toBe(expected)
  })
})
