import { Server } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createAdaptorServer } from '@hono/node-server'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Channel, Exchange, SocketEndpoint } from '../../src/core/channel.ts'

/** A channel listening on loopback. */
export interface ChannelServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  /** `<origin>/channels/<inboxId>` */
  readonly url: string
  readonly port: number
  readonly channel: Channel
  /** Stops the channel, then the server; open connections are cut. */
  close(): Promise<void>
}

export interface ChannelServerOptions {
  readonly inboxId: string
  /** Called once the address is known, before anything is answered. */
  readonly create: (origin: string) => Channel
  readonly port?: number
  /** What else the server has, at its root. */
  readonly beside?: Hono
}

const exchangeOf = ({ incoming, outgoing }: HttpBindings): Exchange => ({
  remoteAddress: incoming.socket.remoteAddress ?? '',
  onFinished: (callback) => {
    outgoing.once('close', () => callback(outgoing.writableFinished))
  },
})

const mountRoutes = (app: Hono<{ Bindings: HttpBindings }>, channel: Channel, base: string): void => {
  for (const { method, path, maxBodyBytes, admit, handle } of channel.routes) {
    const limit = bodyLimit({ maxSize: maxBodyBytes, onError: (context) => context.body(null, 413) })
    app.on(method, base + path, limit, async (context) => {
      const exchange = exchangeOf(context.env)
      return (await admit?.(context.req.raw, exchange)) ?? handle(context.req.raw, exchange)
    })
  }
}

const requestOf = (incoming: IncomingMessage, origin: string): Request => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value)
  }
  return new Request(new URL(incoming.url ?? '/', origin), { headers })
}

const attach = (
  webSocket: WebSocket,
  endpoint: SocketEndpoint,
  request: Request,
  remoteAddress: string,
): void => {
  const session = endpoint.open(
    {
      send: (text) => webSocket.send(text),
      close: (code, reason) => webSocket.close(code, reason),
      get bufferedAmount() {
        return webSocket.bufferedAmount
      },
    },
    request,
    remoteAddress,
  )
  webSocket.on('error', () => undefined)
  webSocket.on('close', () => session.onClose())
  webSocket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) webSocket.close(1003, 'text only')
    else session.onText(data.toString('utf8'))
  })
}

const mountSockets = (server: Server, channel: Channel, base: string): WebSocketServer => {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 65_536,
    maxFragments: 64,
    maxBufferedChunks: 1_024,
    perMessageDeflate: false,
  })
  server.on('upgrade', (incoming: IncomingMessage, stream: Duplex, head: Buffer) => {
    const request = requestOf(incoming, 'http://channel.test')
    const endpoint = channel.sockets.find(({ path }) => base + path === new URL(request.url).pathname)
    const remoteAddress = incoming.socket.remoteAddress ?? ''
    if (!endpoint?.admits(request, { remoteAddress })) {
      stream.end(
        `HTTP/1.1 ${endpoint ? '403 Forbidden' : '404 Not Found'}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
      )
      return
    }
    sockets.handleUpgrade(incoming, stream, head, (webSocket) =>
      attach(webSocket, endpoint, request, remoteAddress),
    )
  })
  return sockets
}

const listen = async (server: Server, port: number): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the test server has no port')
  return address.port
}

/** Serves one channel over real HTTP and WebSocket, the way the product mounts it. */
export const serveChannel = async ({
  inboxId,
  create,
  port = 0,
  beside,
}: ChannelServerOptions): Promise<ChannelServer> => {
  const app = new Hono<{ Bindings: HttpBindings }>()
  if (beside !== undefined) app.route('/', beside)
  const server = createAdaptorServer({ fetch: app.fetch })
  if (!(server instanceof Server)) throw new Error('expected a plain HTTP server')
  const taken = await listen(server, port)
  const origin = `http://127.0.0.1:${taken}`
  const base = `/channels/${inboxId}`
  const channel = create(origin)
  mountRoutes(app, channel, base)
  const sockets = mountSockets(server, channel, base)
  await channel.start()
  return {
    origin,
    url: origin + base,
    port: taken,
    channel,
    async close() {
      await channel.stop()
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
