import { once } from 'node:events'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { LiveSocket, SocketEndpoint } from '../../src/core/channel.ts'
import type { HttpLimits } from '../../src/http/index.ts'
import { createFakeChannel, openRaw, serveFake, type ChannelWorld } from './channel-world.ts'

let world: ChannelWorld | undefined
afterEach(async () => {
  await world?.stop()
  world = undefined
})

const echo: SocketEndpoint = {
  path: '/ws',
  admits: (request) => request.headers.get('origin') === 'https://shop.example',
  open: (socket) => ({ onText: (text) => socket.send(`echo ${text}`), onClose: () => undefined }),
}

const serve = async (
  endpoint: Partial<SocketEndpoint> = {},
  limits: Partial<HttpLimits> = {},
): Promise<ChannelWorld> => {
  const channel = createFakeChannel([], [{ ...echo, ...endpoint }])
  world = await serveFake(channel, { limits: { stopMs: 300, ...limits } })
  return world
}

const open = (
  { port }: ChannelWorld,
  origin = 'https://shop.example',
  path = '/channels/shop/ws',
): WebSocket => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { origin })
  socket.on('error', () => undefined)
  return socket
}

const handshake =
  'GET /channels/shop/ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
  'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n\r\n'

const statusOf = async (socket: WebSocket): Promise<number> => {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
  return response.statusCode
}

const closeCode = async (socket: WebSocket): Promise<number> => {
  const [code] = (await once(socket, 'close')) as [number]
  return code
}

describe('the mount of sockets', () => {
  it('carries text both ways', async () => {
    const socket = open(await serve())
    await once(socket, 'open')
    socket.send('你好')
    const [data] = (await once(socket, 'message')) as [Buffer]
    expect(data.toString()).toBe('echo 你好')
  })

  it('asks before the upgrade, and refuses with 403', async () => {
    const served = await serve()
    for (const origin of ['https://evil.example', 'null', 'https://shop.example.evil.example'])
      expect(await statusOf(open(served, origin))).toBe(403)
  })

  it('refuses when the channel cannot say', async () => {
    const served = await serve({
      admits: () => {
        throw new Error('broken')
      },
    })
    expect(await statusOf(open(served))).toBe(403)
    expect(served.log).toEqual([
      expect.objectContaining({ level: 'error', event: 'socket admission failed' }),
    ])
  })

  it.each(['/channels/shop/other', '/channels/nobody/ws', '//evil', '/'])('knows no %s', async (path) => {
    expect(await statusOf(open(await serve(), undefined, path))).toBe(404)
  })

  it('does not keep the connection of a refused handshake, though the client would', async () => {
    const { port } = await serve()
    const raw = openRaw(port, handshake, true)
    await raw.hears('403 Forbidden')
    // A connection that is gone on the other side answers the next bytes with a reset.
    const isGone = (): boolean => {
      raw.socket.write('x')
      return raw.socket.destroyed
    }
    await expect.poll(isGone).toBe(true)
  })

  it('tells the channel who it is and what was asked', async () => {
    const seen: unknown[] = []
    const socket = open(
      await serve({
        open: (_socket, request, remoteAddress) => {
          seen.push(new URL(request.url).pathname, request.headers.get('origin'), remoteAddress)
          return { onText: () => undefined, onClose: () => seen.push('closed') }
        },
      }),
    )
    await once(socket, 'open')
    socket.close()
    await expect
      .poll(() => seen)
      .toEqual(['/channels/shop/ws', 'https://shop.example', '127.0.0.1', 'closed'])
  })

  it('cuts frames over 64 kB, too many fragments and binary ones', async () => {
    const served = await serve()
    const large = open(served)
    await once(large, 'open')
    large.send('x'.repeat(65_537))
    expect(await closeCode(large)).toBe(1009)

    const pieces = open(served)
    await once(pieces, 'open')
    for (let piece = 0; piece < 100; piece += 1) pieces.send('x', { fin: false })
    expect(await closeCode(pieces)).not.toBe(1000)

    const binary = open(served)
    await once(binary, 'open')
    binary.send(Buffer.from([1, 2, 3]))
    expect(await closeCode(binary)).toBe(1003)
  })

  it('never compresses', async () => {
    const socket = open(await serve())
    await once(socket, 'open')
    expect(socket.extensions).toBe('')
  })

  it('ends one socket when the channel throws, and no other', async () => {
    const served = await serve({
      open: (socket) => ({
        onText: (text) => {
          if (text === 'boom') throw new Error('secret detail')
          socket.send(text)
        },
        onClose: () => undefined,
      }),
    })
    const [one, other] = [open(served), open(served)]
    await Promise.all([once(one, 'open'), once(other, 'open')])
    one.send('boom')
    const [code, reason] = (await once(one, 'close')) as [number, Buffer]
    expect([code, reason.toString()]).toEqual([1011, 'internal error'])
    other.send('still here')
    const [data] = (await once(other, 'message')) as [Buffer]
    expect(data.toString()).toBe('still here')
  })

  it('cuts a socket that leaves a ping unanswered, and keeps one that answers', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const served = await serve({}, { pingMs: 60 })
    const dead = new WebSocket(`ws://127.0.0.1:${served.port}/channels/shop/ws`, {
      origin: 'https://shop.example',
      autoPong: false,
    })
    const alive = open(served)
    await Promise.all([once(dead, 'open'), once(alive, 'open')])
    const isCut = closeCode(dead)
    for (let pings = 0; pings < 4; pings += 1) {
      vi.advanceTimersByTime(60)
      await once(alive, 'ping')
      // The answer to the ping came before this one's.
      alive.send('?')
      await once(alive, 'message')
    }
    expect(await isCut).toBe(1006)
    expect(alive.readyState).toBe(WebSocket.OPEN)
  })

  it('says goodbye with 1001 when the server stops, and cuts who does not answer', async () => {
    const served = await serve()
    const polite = open(served)
    await once(polite, 'open')
    const stubborn = openRaw(
      served.port,
      handshake.replace('host: x', 'host: x\r\norigin: https://shop.example'),
    )
    await stubborn.hears('101 Switching Protocols')
    const goodbye = closeCode(polite)
    await served.stop()
    expect(await goodbye).toBe(1001)
    await stubborn.closed
  })

  it('shows how much is still to be written', async () => {
    let live: LiveSocket | undefined
    const socket = open(
      await serve({
        open: (given) => {
          live = given
          return { onText: () => undefined, onClose: () => undefined }
        },
      }),
    )
    await once(socket, 'open')
    socket.pause()
    for (let sent = 0; sent < 400; sent += 1) live?.send('x'.repeat(60_000))
    expect(live?.bufferedAmount).toBeGreaterThan(1_000_000)
    socket.terminate()
  })

  it('refuses new ones before it says goodbye to those that are open', async () => {
    const served = await serve({}, { drainMs: 3_000 })
    const socket = open(served)
    await once(socket, 'open')
    const turnedAway = served.turnAway()
    expect(await statusOf(open(served))).toBe(503)
    await turnedAway
    socket.send('还在')
    const [data] = (await once(socket, 'message')) as [Buffer]
    expect(data.toString()).toBe('echo 还在')
    const closed = closeCode(socket)
    await served.stop()
    expect(await closed).toBe(1001)
  })
})
