import { connect, type Socket } from 'node:net'
import type { Channel, ChannelRoute, SocketEndpoint } from '../../src/core/channel.ts'
import { createHttpServer, type HttpServerOptions } from '../../src/http/index.ts'
import { createMemoryLog, type LogLine } from './world.ts'

/** A channel made of the routes and sockets a test gives. */
export const createFakeChannel = (
  routes: readonly Partial<ChannelRoute>[],
  sockets: readonly SocketEndpoint[] = [],
): Channel => ({
  capabilities: {
    text: { max: 1_000, unit: 'characters', markup: 'plain' },
    parts: ['text'],
    choices: { style: 'numbered', max: 9 },
    allowances: {},
    reservedForAgents: 0,
    passiveOnly: false,
    typing: false,
    sendsPerSecond: 10,
  },
  routes: routes.map((route) => ({
    method: 'POST',
    path: '/callback',
    maxBodyBytes: 1_000,
    handle: () => Promise.resolve(new Response('ok')),
    ...route,
  })),
  sockets,
  deliver: () => Promise.resolve({}),
  showTyping: () => Promise.resolve(),
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
})

/** A server with one inbox, `shop`, and no desk. */
export interface ChannelWorld {
  readonly origin: string
  readonly port: number
  readonly url: string
  readonly log: LogLine[]
  turnAway(): Promise<void>
  stop(): Promise<void>
}

/** Serves a channel, on a real port. */
export const serveFake = async (
  channel: Channel,
  options: Partial<HttpServerOptions> = {},
): Promise<ChannelWorld> => {
  const log: LogLine[] = []
  const server = createHttpServer({
    log: createMemoryLog(log),
    publicUrls: [],
    trustedProxies: [],
    channels: new Map([['shop', channel]]),
    ready: () => Promise.resolve(true),
    ...options,
  })
  const { port, url } = await server.listen({ port: 0 })
  return {
    ...{ origin: url, port, url: `${url}/channels/shop`, log },
    turnAway: () => server.turnAway(),
    stop: () => server.stop(),
  }
}

/** A connection that speaks HTTP by hand. */
export interface RawConnection {
  readonly socket: Socket
  /** All that arrived, once the other side has hung up. */
  readonly closed: Promise<string>
  /** Resolves when what arrived contains `text`. */
  hears(text: string): Promise<void>
}

/** Opens a connection and sends `text`. `stays`: does not hang up when the other side does. */
export const openRaw = (port: number, text: string, stays = false): RawConnection => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: stays })
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1')
    socket.emit('heard')
  })
  socket.on('error', () => undefined)
  socket.write(text)
  return {
    socket,
    closed: new Promise((resolve) => socket.on('close', () => resolve(heard))),
    hears: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (heard.includes(wanted)) resolve()
        }
        socket.on('heard', look)
        look()
      }),
  }
}
