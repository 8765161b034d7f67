import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { web } from '../../../channels/web/index.ts'
import { addressKey } from '../../../channels/web/limits.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { openSession, request, serveWeb, siteOrigin, stopClock, visitorOf } from './visitor.ts'

const dayMs = 86_400_000
let host: TestChannelHost
let server: ChannelServer

beforeEach(async () => {
  host = createTestChannelHost()
  server = await serveWeb(host)
})
afterEach(() => server.close())

const foreignOrigins = [
  'null',
  'https://evil.test',
  `${siteOrigin}.evil.test`,
  `${siteOrigin}:8443`,
  `${siteOrigin}/`,
  'http://www.example.com',
  'https://example.com',
]

describe('sessions', () => {
  it('are new without a token and the same with one', async () => {
    const token = await openSession(server)
    expect(await openSession(server)).not.toBe(token)
    expect(await openSession(server, token)).toBe(token)
  })

  it('get a new token in the second half of their life', async () => {
    const token = await openSession(server)
    host.clock.advance(16 * dayMs)
    const renewed = await openSession(server, token)
    expect(renewed).not.toBe(token)
    expect(visitorOf(renewed)).toBe(visitorOf(token))
  })

  it('are not exchanged for a bad or expired token', async () => {
    const token = await openSession(server)
    host.clock.advance(30 * dayMs)
    for (const bad of [token, 'x', `${token}x`]) {
      const response = await request(server, '/session', { method: 'POST', token: bad })
      expect([response.status, await response.json()]).toEqual([401, { code: 'bad_token', retryable: false }])
    }
  })

  it('store nothing until somebody listens', async () => {
    await openSession(server)
    expect(host.accepted).toEqual([])
  })

  it('are limited per address and minute', async () => {
    await server.close()
    server = await serveWeb(host, { limits: { sessionsPerMinute: 3 } })
    for (let at = 0; at < 3; at += 1) await openSession(server)
    const refused = await request(server, '/session', { method: 'POST' })
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { code: 'rate_limited', retryable: true },
    ])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('count an IPv6 network as one address', () => {
    expect(addressKey('2001:db8:1:2::1')).toBe(addressKey('2001:db8:1:2:ffff::9'))
    expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'))
    expect(addressKey('::ffff:192.0.2.1')).toBe(addressKey('192.0.2.1'))
    expect(addressKey('rubbish')).toBe('unknown')
  })
})

describe('origins', () => {
  it.each(foreignOrigins)('foreign to us are refused everywhere: %s', async (origin) => {
    const token = await openSession(server)
    const calls = [
      request(server, '/session', { method: 'POST', origin }),
      request(server, '/messages', { token, origin, body: {} }),
      request(server, '/events?after=0', { token, origin }),
      request(server, '/ack', { token, origin, body: { seq: 1 } }),
      request(server, '/session', { method: 'OPTIONS', origin }),
    ]
    for (const response of await Promise.all(calls)) {
      expect(response.status).toBe(403)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(response.headers.get('vary')).toBe('Origin')
    }
    const upgrade = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { origin })
    const refusal = await new Promise<string>((resolve) =>
      upgrade.once('error', (error) => resolve(error.message)),
    )
    expect(refusal).toContain('403')
  })

  it('are needed for sockets and sessions, not for a bearer token', async () => {
    const upgrade = new WebSocket(`${server.url.replace('http', 'ws')}/ws`)
    const refusal = await new Promise<string>((resolve) =>
      upgrade.once('error', (error) => resolve(error.message)),
    )
    expect(refusal).toContain('403')
    expect((await request(server, '/session', { method: 'POST', origin: null })).status).toBe(403)
    const token = await openSession(server)
    expect((await request(server, '/events?after=0', { token, origin: null })).status).toBe(200)
    expect((await request(server, '/events?after=0', { origin: null })).status).toBe(401)
  })

  it('are never taken from the Host header', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1')
      let heard = ''
      socket.on('data', (data: Buffer) => (heard += data.toString()))
      socket.on('close', () => resolve(heard))
      socket.end(
        'POST /channels/web-test/session HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: evil.test\r\n' +
          'Origin: http://evil.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      )
    })
    expect(answer).toMatch(/^HTTP\/1\.1 403/)
  })

  it('that are listed are echoed exactly, never *, never with credentials', async () => {
    const response = await request(server, '/session', { method: 'POST' })
    expect(response.headers.get('access-control-allow-origin')).toBe(siteOrigin)
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    expect(response.headers.get('vary')).toBe('Origin')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const preflight = await request(server, '/messages', { method: 'OPTIONS' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST')
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization, content-type')
  })

  it.each([
    'www.example.com',
    'https://www.example.com/',
    'https://www.example.com/path',
    '*',
    'null',
    'ftp://example.com',
    'https://WWW.example.com',
  ])('must be written exactly in the configuration: %s is refused', (origin) => {
    expect(web.config.safeParse({ publicUrl: 'https://chat.example.com', origins: [origin] }).success).toBe(
      false,
    )
  })

  it('need the product’s own address, which is never guessed', () => {
    expect(web.config.safeParse({}).success).toBe(false)
    expect(web.config.safeParse({ publicUrl: 'javascript:alert(1)' }).success).toBe(false)
    expect(web.config.safeParse({ publicUrl: 'https://chat.example.com' }).success).toBe(true)
  })
})

describe('requests', () => {
  it.each(['', 'Basic abc', 'Bearer', 'Bearer  ', 'Bearer x y', `Bearer ${'a'.repeat(4_000)}`])(
    'without a token of ours are refused: %j',
    async (authorization) => {
      for (const [path, method] of [
        ['/events?after=0', 'GET'],
        ['/messages', 'POST'],
        ['/ack', 'POST'],
      ] as const) {
        const response = await fetch(server.url + path, {
          method,
          headers: { origin: siteOrigin, authorization },
        })
        expect(response.status).toBe(401)
      }
    },
  )

  it('take no token from the address', async () => {
    const token = await openSession(server)
    expect((await request(server, `/events?after=0&token=${token}`)).status).toBe(401)
    expect((await request(server, `/events?after=0&token=${token}`, { token })).status).toBe(400)
  })

  it.each([
    '',
    '?after=',
    '?after=-1',
    '?after=x',
    '?after=1e9',
    '?after=1&wait=-1',
    '?after=99999999999999999999',
    '?after=0&role=agent',
  ])('for events need proper numbers: %j', async (query) => {
    const token = await openSession(server)
    expect((await request(server, `/events${query}`, { token })).status).toBe(400)
  })

  it('hold JSON, uncompressed, not deep, not large, known keys only', async () => {
    const token = await openSession(server)
    const send = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/messages`, {
        method: 'POST',
        body,
        headers: {
          origin: siteOrigin,
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...headers,
        },
      })
    expect((await send('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await send('{}', { 'content-encoding': 'gzip' })).status).toBe(415)
    expect(await (await send('[['.repeat(20_000))).json()).toMatchObject({ code: 'too_deep' })
    expect((await send(`{"x":"${'a'.repeat(70_000)}"}`)).status).toBe(413)
    expect(await (await send('{"__proto__":{"polluted":1}}')).json()).toMatchObject({ code: 'bad_frame' })
    expect(host.accepted).toEqual([])
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('are limited per visitor', async () => {
    await server.close()
    server = await serveWeb(host, { limits: { requestsPer10s: 5 } })
    const token = await openSession(server)
    stopClock()
    const statuses: number[] = []
    for (let at = 0; at < 7; at += 1)
      statuses.push((await request(server, '/events?after=0', { token })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect((await request(server, '/events?after=0', { token: await openSession(server) })).status).toBe(200)
  })
})
