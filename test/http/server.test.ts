import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { TongdaError } from '../../src/core/errors.ts'
import { createHttpServer } from '../../src/http/index.ts'
import { createFakeChannel, openRaw, serveFake, type ChannelWorld } from './channel-world.ts'
import { createMemoryLog } from './world.ts'

let world: ChannelWorld | undefined
afterEach(async () => {
  await world?.stop()
  world = undefined
})

const serve = async (...[channel, options]: Partial<Parameters<typeof serveFake>>): Promise<ChannelWorld> => {
  world = await serveFake(channel ?? createFakeChannel([{ method: 'GET' }]), options)
  return world
}

const hanging = () => {
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let reached = (): void => undefined
  const arrived = new Promise<void>((resolve) => {
    reached = resolve
  })
  const channel = createFakeChannel([
    {
      method: 'GET',
      path: '/slow',
      handle: async () => {
        reached()
        await released
        return new Response('done')
      },
    },
    { method: 'GET', path: '/quick' },
  ])
  return { channel, release: () => release(), arrived }
}

describe('the server', () => {
  it('tells its health', async () => {
    let ready: () => Promise<boolean> = () => Promise.resolve(true)
    const { origin } = await serve(undefined, { ready: () => ready() })
    expect((await fetch(`${origin}/healthz`)).status).toBe(200)
    expect((await fetch(`${origin}/readyz`)).status).toBe(200)
    ready = () => Promise.resolve(false)
    expect((await fetch(`${origin}/readyz`)).status).toBe(503)
    ready = () => Promise.reject(new Error('postgres://user:secret@db'))
    const broken = await fetch(`${origin}/readyz`)
    expect([broken.status, await broken.text()]).toEqual([503, 'not ready'])
    expect((await fetch(`${origin}/healthz`)).status).toBe(200)
  })

  it('mounts what it is given besides, and leads home', async () => {
    const { origin } = await serve(undefined, {
      home: '/sandbox',
      extra: [(app) => app.get('/sandbox', (context) => context.html('<h1>try</h1>'))],
    })
    const root = await fetch(`${origin}/`, { redirect: 'manual' })
    expect([root.status, root.headers.get('location')]).toEqual([302, '/sandbox'])
    const page = await fetch(`${origin}/sandbox`)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect((await fetch(`${origin}/nothing`)).status).toBe(404)
  })

  it('keeps its faults to itself', async () => {
    const { origin, log } = await serve(undefined, {
      extra: [
        (app) =>
          app.get('/broken', () => {
            throw new Error('at /srv/secret.ts:1')
          }),
      ],
    })
    const answer = await fetch(`${origin}/broken`)
    expect([answer.status, await answer.text()]).toEqual([500, '500 internal server error'])
    expect(log).toEqual([expect.objectContaining({ level: 'error', event: 'request failed' })])
  })

  it('says what to do when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const server = createHttpServer({
      log: createMemoryLog(),
      publicUrls: [],
      trustedProxies: [],
      channels: new Map(),
      ready: () => Promise.resolve(true),
    })
    await expect(server.listen({ port })).rejects.toMatchObject({ code: 'bad_config', facts: { port } })
    other.close()
    await server.stop()
  })

  it.each([
    [{ publicUrls: ['ftp://x.example'] }],
    [{ publicUrls: ['help.example.com'] }],
    [{ trustedProxies: ['10.0.0.0/99'] }],
    [{ trustedProxies: ['proxy.example'] }],
  ])('refuses the configuration %j', (wrong) => {
    const build = () =>
      createHttpServer({
        log: createMemoryLog(),
        publicUrls: [],
        trustedProxies: [],
        channels: new Map(),
        ready: () => Promise.resolve(true),
        ...wrong,
      })
    expect(build).toThrow(TongdaError)
  })

  it('demands https of browsers where it is reached by https', async () => {
    const { port, origin } = await serve(undefined, {
      publicUrls: ['https://help.example.com', 'http://localhost'],
    })
    const hstsFor = (host: string): Promise<string | undefined> =>
      new Promise((resolve) => {
        request({ port, host: '127.0.0.1', path: '/healthz', headers: { host } }, (answer) => {
          answer.resume()
          resolve(answer.headers['strict-transport-security'])
        }).end()
      })
    expect(origin).toBe('https://help.example.com')
    expect(await hstsFor('help.example.com')).toBe('max-age=31536000')
    expect(await hstsFor('localhost')).toBeUndefined()
  })
})

describe('slow and broken clients', () => {
  const limits = { headersTimeoutMs: 300, requestTimeoutMs: 600, checkingIntervalMs: 100 }

  const openSlow = (port: number) =>
    Array.from({ length: 200 }, () => openRaw(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-'))

  it('have 10 s for their headers by default, here 0.3', async () => {
    const { port } = await serve(undefined, { limits })
    const ends = await Promise.all(openSlow(port).map(({ closed }) => closed))
    expect(new Set(ends.map((end) => end.slice(0, 12)))).toEqual(new Set(['HTTP/1.1 408']))
  })

  it('keep nobody else from being served', async () => {
    const { port, origin } = await serve(undefined, {
      limits: { ...limits, headersTimeoutMs: 600_000, requestTimeoutMs: 600_000 },
    })
    let ended = 0
    const slow = openSlow(port)
    for (const { closed } of slow) void closed.then(() => (ended += 1))
    for (let asked = 0; asked < 20; asked += 1) expect((await fetch(`${origin}/healthz`)).status).toBe(200)
    expect(ended).toBe(0)
  })

  it('have 30 s for the whole request, here 0.6', async () => {
    const channel = createFakeChannel([{}])
    const { port, log } = await serve(channel, { limits })
    const slow = openRaw(
      port,
      'POST /channels/shop/callback HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf',
    )
    await slow.closed
    // A connection that breaks is no fault of ours.
    expect(log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('may not send headers without end', async () => {
    const { port } = await serve()
    const raw = openRaw(port, `GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(20_000)}\r\n\r\n`)
    expect(await raw.closed).toMatch(/^HTTP\/1\.1 431 /)
  })

  it.each([
    'GET /healthz HTTP/1.1\r\n\r\n',
    'GET /healthz HTTP/9.9\r\nhost: x\r\n\r\n',
    'POST /channels/shop/callback HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET /\\evil HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a@b\r\nconnection: close\r\n\r\n',
    '\u0000\u0001\u0002\r\n\r\n',
  ])('get 400 for %j', async (text) => {
    const { port } = await serve()
    expect(await openRaw(port, text).closed).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('stopping', () => {
  it('answers what is written to a kept connection at this moment, and ends it with the answer', async () => {
    const served = await serve(undefined, { limits: { drainMs: 5_000 } })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = async () => {
      const sent = request(`${served.origin}/healthz`, { agent }).end()
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      answer.resume()
      await once(answer, 'end')
      return { status: answer.statusCode, reused: sent.reusedSocket, connection: answer.headers.connection }
    }
    await ask()
    const stopped = served.stop()
    expect(await ask()).toEqual({ status: 200, reused: true, connection: 'close' })
    await stopped
    agent.destroy()
  })

  it('lets open exchanges end and takes no new ones', async () => {
    const { channel, release, arrived } = hanging()
    const served = await serve(channel, { limits: { drainMs: 0 } })
    const { url, origin } = served
    const answer = fetch(`${url}/slow`)
    await arrived
    const stopped = served.stop()
    await expect(fetch(`${origin}/healthz`)).rejects.toThrow()
    release()
    expect(await (await answer).text()).toBe('done')
    await stopped
  })

  it('turns others away first, and lets open exchanges go on until it is told to end', async () => {
    const { channel, release, arrived } = hanging()
    const served = await serve(channel, { limits: { drainMs: 3_000, stopMs: 200 } })
    const { url, origin } = served
    const answer = fetch(`${url}/slow`)
    await arrived
    const turnedAway = served.turnAway()
    const ready = await fetch(`${origin}/readyz`)
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close'])
    await turnedAway
    await expect(fetch(`${origin}/readyz`)).rejects.toThrow()
    release()
    expect(await (await answer).text()).toBe('done')
    await served.stop()
  })

  it('waits no longer than it was told', async () => {
    const { channel, release, arrived } = hanging()
    const served = await serve(channel, { limits: { stopMs: 200 } })
    const { url } = served
    const answer = fetch(`${url}/slow`)
    const failed = expect(answer).rejects.toThrow()
    await arrived
    await served.stop()
    await failed
    release()
  })

  it('may be asked twice, and before it ever began', async () => {
    const server = createHttpServer({
      log: createMemoryLog(),
      publicUrls: [],
      trustedProxies: [],
      channels: new Map(),
      ready: () => Promise.resolve(true),
    })
    await server.stop()
    await server.stop()
  })
})
