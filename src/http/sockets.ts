import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { Channel, LiveSocket, SocketEndpoint, SocketSession } from '../core/channel.ts'
import type { Logger } from '../core/log.ts'
import { inboxPath } from './channels.ts'
import type { RemoteAddress } from './remote-address.ts'

/** Limits and collaborators of the WebSocket mount. */
export interface SocketMount {
  readonly log: Logger
  readonly remoteAddress: RemoteAddress
  /** Milliseconds between pings; a socket that leaves one unanswered is cut. Default 30 000. */
  readonly heartbeatMs?: number
}

/** The mounted sockets. */
export interface MountedSockets {
  /** Refuses new ones; those that are open go on. */
  turnAway(): void
  /** Says goodbye with 1001 and cuts what is still open after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

const maxFrameBytes = 65_536

/** Refuses before the handshake. The client hears why; then the connection goes, whether it wants or not. */
const refuse = (stream: Duplex, status: string): void => {
  stream.on('error', () => undefined)
  stream.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`, () => stream.destroy())
}

/** The handshake as a `Request`; undefined when its address or headers cannot be read. */
const toRequest = ({ url, headers }: IncomingMessage): Request | undefined => {
  const address = `http://${headers.host ?? 'localhost'}${url ?? '/'}`
  if (!URL.canParse(address)) return undefined
  const copied = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') copied.set(name, value)
  }
  return new Request(address, { headers: copied })
}

const endpointsOf = (channels: ReadonlyMap<string, Channel>): ReadonlyMap<string, SocketEndpoint> =>
  new Map(
    [...channels].flatMap(([inboxId, channel]) =>
      channel.sockets.map((endpoint) => [inboxPath(inboxId) + endpoint.path, endpoint] as const),
    ),
  )

const toText = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8')

const toLiveSocket = (socket: WebSocket): LiveSocket => ({
  // A socket that closes meanwhile reports so by its close event.
  send: (text) => socket.send(text, () => undefined),
  close: (code, reason) => socket.close(code, reason),
  get bufferedAmount() {
    return socket.bufferedAmount
  },
})

/** Runs a channel's code; what it throws ends the socket and nothing else. */
const guarded = (socket: WebSocket, log: Logger, work: () => void): void => {
  try {
    work()
  } catch (error) {
    log.error({ error }, 'socket failed')
    socket.close(1011, 'internal error')
  }
}

const serve = (socket: WebSocket, open: (socket: LiveSocket) => SocketSession, log: Logger): void => {
  let session: SocketSession | undefined
  // Faults of the client (frames too large, broken UTF-8): ws closes the socket with the fitting code.
  socket.on('error', () => undefined)
  guarded(socket, log, () => {
    session = open(toLiveSocket(socket))
  })
  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003, 'text only')
    else guarded(socket, log, () => session?.onText(toText(data)))
  })
  socket.on('close', () => guarded(socket, log, () => session?.onClose()))
}

const keepAlive = (sockets: WebSocketServer, heartbeatMs: number): NodeJS.Timeout => {
  const silent = new WeakSet<WebSocket>()
  sockets.on('connection', (socket: WebSocket) => socket.on('pong', () => silent.delete(socket)))
  return setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) socket.terminate()
      else {
        silent.add(socket)
        socket.ping()
      }
    }
  }, heartbeatMs).unref()
}

/**
 * Serves every channel's WebSockets at `/channels/<inboxId><path>`. The upgrade is ours and not the node adapter's:
 * the adapter leaves the connection of a refused handshake open for as long as the client likes.
 */
export const mountSockets = (
  server: Server,
  channels: ReadonlyMap<string, Channel>,
  { log, remoteAddress, heartbeatMs = 30_000 }: SocketMount,
): MountedSockets => {
  const endpoints = endpointsOf(channels)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    maxFragments: 64,
    maxBufferedChunks: 1_024,
    perMessageDeflate: false,
  })
  const heartbeat = keepAlive(sockets, heartbeatMs)
  let stopping = false
  /** The endpoint that takes this handshake, or the status of its refusal. */
  const admit = (request: Request | undefined, address: string): SocketEndpoint | string => {
    if (stopping) return '503 Service Unavailable'
    if (request === undefined) return '400 Bad Request'
    const path = new URL(request.url).pathname
    const endpoint = endpoints.get(path)
    if (endpoint === undefined) return '404 Not Found'
    try {
      return endpoint.admits(request, { remoteAddress: address }) ? endpoint : '403 Forbidden'
    } catch (error) {
      log.error({ path, error }, 'socket admission failed')
      return '403 Forbidden'
    }
  }
  server.on('upgrade', (incoming: IncomingMessage, stream: Duplex, head: Buffer) => {
    const request = toRequest(incoming)
    const address = remoteAddress(incoming)
    const endpoint = admit(request, address)
    if (typeof endpoint === 'string' || request === undefined) {
      refuse(stream, typeof endpoint === 'string' ? endpoint : '400 Bad Request')
      return
    }
    sockets.handleUpgrade(incoming, stream, head, (socket) => {
      sockets.emit('connection', socket, incoming)
      serve(socket, (live) => endpoint.open(live, request, address), log.child({ path: endpoint.path }))
    })
  })
  return {
    turnAway: () => void (stopping = true),
    stop: async (graceMs) => {
      stopping = true
      clearInterval(heartbeat)
      const open = [...sockets.clients]
      for (const socket of open) socket.close(1001, 'going away')
      const cut = setTimeout(() => {
        for (const socket of open) socket.terminate()
      }, graceMs)
      await Promise.all(
        open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))),
      )
      clearTimeout(cut)
    },
  }
}
