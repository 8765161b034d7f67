import { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import type { BrowserBundle } from '../core/browser-bundle.ts'
import type { Channel } from '../core/channel.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { mountChannels } from './channels.ts'
import { mountDeskApi } from './desk/api.ts'
import type { DeskServices } from './desk/environment.ts'
import { mountApi } from './v1/api.ts'
import type { ApiServices } from './v1/environment.ts'
import { mountDeskApp } from './desk-app.ts'
import { mountDeskPage } from './desk-page.ts'
import { createOrigins, type Origins } from './origins.ts'
import { createRemoteAddress } from './remote-address.ts'
import { securityHeaders } from './security-headers.ts'
import { mountSockets } from './sockets.ts'

/** What the HTTP server serves, and to whom. */
export interface HttpServerOptions {
  readonly log: Logger
  /**
   * Origins under which people reach the server; writes from other pages are refused, the first one makes links.
   * Empty: the loopback names at the port listened on. https, or http on loopback; elsewhere nobody can sign in.
   */
  readonly publicUrls: readonly string[]
  /** Addresses or ranges of our own proxies, whose `X-Forwarded-For` is believed. Empty: none. */
  readonly trustedProxies: readonly string[]
  /** Running inboxes by id. */
  readonly channels: ReadonlyMap<string, Channel>
  /** Undefined: a node that only takes messages. */
  readonly desk?: DeskServices
  /** The agents' app, once it is built; rejects when it cannot be. Undefined: there is none. */
  readonly deskApp?: () => Promise<BrowserBundle>
  /** Pages of our own, the sandbox that is, may show the desk in a frame. Default false: nobody may. */
  readonly deskFramed?: boolean
  /** The public API; undefined: none. */
  readonly api?: ApiServices
  /** Asked by `/readyz`: resolves to true when the node can take messages, as far as asking tells. */
  readonly ready: () => Promise<boolean>
  /** Further routes (sandbox, metrics); what they mount comes before the desk's and before `/`. */
  readonly extra?: readonly ((app: Hono) => void)[]
  /** Where `/` leads. Default `/desk`. */
  readonly home?: string
  readonly limits?: Partial<HttpLimits>
}

/** Times in milliseconds. */
export interface HttpLimits {
  /** For all headers to arrive. Default 10 000. */
  readonly headersTimeoutMs: number
  /** For a whole request to arrive. Default 30 000. */
  readonly requestTimeoutMs: number
  /** How often both are looked at. Default 5 000. */
  readonly checkingIntervalMs: number
  /** Between pings of WebSockets. Default 30 000. */
  readonly pingMs: number
  /** Between heartbeats of event streams. Default 15 000. */
  readonly heartbeatMs: number
  /**
   * For kept connections to be used once more, and ended by the answer, when the server stops; over at once when there is none.
   * Default 250.
   */
  readonly drainMs: number
  /** For open exchanges to end when the server stops. Default 10 000. */
  readonly stopMs: number
}

const defaultLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkingIntervalMs: 5_000,
  pingMs: 30_000,
  heartbeatMs: 15_000,
  drainMs: 250,
  stopMs: 10_000,
}

/** Where to listen. Port 0: any free one. */
export interface ListenOptions {
  readonly port: number
  /** Default `127.0.0.1`. */
  readonly host?: string
}

/** The product's HTTP server. */
export interface HttpServer {
  /** Starts to listen; gives the port and the address for people. Throws `bad_config` when the port is taken. */
  listen(options: ListenOptions): Promise<{ readonly port: number; readonly url: string }>
  /**
   * Is not ready any more, refuses sockets, ends event streams and kept connections with their answers; resolves after `drainMs` at
   * most, when nobody can connect any more. Open exchanges and sockets go on.
   */
  turnAway(): Promise<void>
  /** Turns away, ends sockets (1001), waits for open exchanges up to `stopMs`. */
  stop(): Promise<void>
}

const createNodeServer = (app: Hono, limits: HttpLimits): Server => {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkingIntervalMs,
      // Longer than most proxies keep an idle connection, so that they close it and not we under their request.
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
  })
  if (!(server instanceof Server)) throw new Error('the node adapter gave no HTTP/1.1 server')
  server.maxHeadersCount = 100
  return server
}

const listen = (server: Server, { port, host = '127.0.0.1' }: ListenOptions): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    const fail = (cause: Error): void =>
      reject(
        new TongdaError(
          'bad_config',
          `cannot listen on ${host}:${port} (${cause.message}); another program may use the port, choose another`,
          { host, port },
          cause,
        ),
      )
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'))
      else resolve(address)
    })
  })

const isConnected = (server: Server): Promise<boolean> =>
  new Promise((resolve) => server.getConnections((error, count) => resolve(error === null && count > 0)))

/** Waits for kept connections to be used once more. */
const drain = async (server: Server, drainMs: number): Promise<void> => {
  // A proxy may be writing to a connection that we hold for idle: what is not repeatable would be a 502 there.
  const untilMs = performance.now() + drainMs
  while (performance.now() < untilMs && (await isConnected(server))) await delay(10)
}

/** Listens no more; resolves when nobody is connected any more. */
const close = (server: Server): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  return closed
}

interface Stage {
  readonly options: HttpServerOptions
  readonly limits: HttpLimits
  readonly origins: () => Origins
  readonly stopping: AbortSignal
}

const mountHealth = (app: Hono, { options, stopping }: Stage): void => {
  app.get('/healthz', (context) => context.text('ok'))
  app.get('/readyz', async (context) => {
    const ready = !stopping.aborted && (await options.ready().catch(() => false))
    return ready ? context.text('ready') : context.text('not ready', 503)
  })
}

const createApp = (stage: Stage): Hono => {
  const { options, origins, stopping, limits } = stage
  const { log, channels, desk, api, extra = [], home = '/desk' } = options
  const remoteAddress = createRemoteAddress(options.trustedProxies)
  const app = new Hono()
  app.use(securityHeaders(origins))
  app.use(async (context, next) => {
    await next()
    if (stopping.aborted) context.header('connection', 'close')
  })
  mountHealth(app, stage)
  mountChannels(app, channels, { log, remoteAddress })
  for (const mount of extra) mount(app)
  const { heartbeatMs } = limits
  if (api !== undefined) mountApi(app, { ...api, log, origins, remoteAddress, stopping, heartbeatMs })
  if (desk !== undefined) {
    mountDeskApi(app, { ...desk, log, origins, remoteAddress, stopping, heartbeatMs })
    const framers = options.deskFramed === true ? "'self'" : "'none'"
    mountDeskPage(app, framers)
    if (options.deskApp !== undefined) mountDeskApp(app, options.deskApp, framers)
  }
  app.get('/', (context) => context.redirect(home, 302))
  app.notFound((context) => context.text('404 not found', 404))
  app.onError((error, context) => {
    log.error({ path: context.req.path, error }, 'request failed')
    return context.text('500 internal server error', 500)
  })
  return app
}

/** Builds the server with everything mounted. Throws `bad_config` for public URLs, proxies and inbox ids it cannot use. */
export const createHttpServer = (options: HttpServerOptions): HttpServer => {
  const limits = { ...defaultLimits, ...options.limits }
  const stop = new AbortController()
  let origins = createOrigins(options.publicUrls, 0)
  const app = createApp({ options, limits, origins: () => origins, stopping: stop.signal })
  const server = createNodeServer(app, limits)
  const { log, channels, trustedProxies } = options
  const remoteAddress = createRemoteAddress(trustedProxies)
  const sockets = mountSockets(server, channels, { log, remoteAddress, heartbeatMs: limits.pingMs })
  let closed: Promise<void> | undefined
  const refuseAll = async (): Promise<void> => {
    stop.abort()
    sockets.turnAway()
    await drain(server, limits.drainMs)
    closed = close(server)
  }
  let turnedAway: Promise<void> | undefined
  const turnAway = (): Promise<void> => (turnedAway ??= refuseAll())
  return {
    listen: async (where) => {
      const { port } = await listen(server, where)
      origins = createOrigins(options.publicUrls, port)
      for (const origin of origins.insecure)
        log.warn({ origin }, 'nobody can sign in to the desk over plain http; put https in front of it')
      return { port, url: origins.main }
    },
    turnAway,
    stop: async () => {
      await turnAway()
      const cut = setTimeout(() => server.closeAllConnections(), limits.stopMs)
      await Promise.all([closed, sockets.stop(limits.stopMs)])
      clearTimeout(cut)
    },
  }
}
