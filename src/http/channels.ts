import type { Context, Hono } from 'hono'
import type { Channel, ChannelRoute, Exchange } from '../core/channel.ts'
import { ChannelError, TongdaError, type ChannelErrorCode } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { readBody } from './body.ts'
import { nodeOf } from './node-bindings.ts'
import type { RemoteAddress } from './remote-address.ts'

/** What the mount of webhooks needs. */
export interface ChannelMount {
  readonly log: Logger
  readonly remoteAddress: RemoteAddress
}

/** Answers to refusals: fixed words, so that nothing of the reason leaks. */
const refusals: Readonly<Partial<Record<ChannelErrorCode, readonly [status: number, text: string]>>> = {
  unauthorized: [401, 'unauthorized'],
  stale: [401, 'unauthorized'],
  replayed: [409, 'conflict'],
  malformed: [400, 'bad request'],
  too_large: [413, 'payload too large'],
  too_many: [429, 'too many requests'],
}

const plain = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, {
    status,
    headers: {
      ...headers,
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })

/** The exchange as a channel sees it; `fail` makes its callbacks hear that the answer never left. */
const createExchange = (
  context: Context,
  remoteAddress: RemoteAddress,
): { readonly exchange: Exchange; readonly fail: () => void } => {
  const { incoming, outgoing } = nodeOf(context)
  let failed = false
  return {
    fail: () => {
      failed = true
    },
    exchange: {
      remoteAddress: remoteAddress(incoming),
      onFinished: (callback) => {
        const tell = (): void => callback(!failed && outgoing.writableFinished)
        if (outgoing.closed) tell()
        else outgoing.once('close', tell)
      },
    },
  }
}

const answerError = (error: unknown, log: Logger): Response => {
  const refusal = error instanceof ChannelError ? refusals[error.code] : undefined
  if (!(error instanceof ChannelError) || refusal === undefined) {
    log.error({ error }, 'webhook failed')
    // A temporary answer: the provider comes again, and nothing is lost.
    return plain(503, 'temporarily unavailable', { 'retry-after': '5' })
  }
  const { providerCode, hint, retryAfterMs } = error.facts
  log.warn({ code: error.code, providerCode, hint }, 'webhook refused')
  const [status, text] = refusal
  return plain(
    status,
    text,
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) },
  )
}

/** The request with its body read, or the answer to one that will not be read. */
const readRequest = async (context: Context, route: ChannelRoute): Promise<Request | Response> => {
  const { raw } = context.req
  if (route.method !== 'POST') return raw
  const body = await readBody(nodeOf(context).incoming, route.maxBodyBytes)
  switch (body.kind) {
    case 'read':
      // Without a signal: one costs an exception for every request that ends, and once read nothing waits for it.
      return new Request(raw.url, { method: raw.method, headers: raw.headers, body: body.bytes })
    case 'too_large':
      return plain(413, 'payload too large', { connection: 'close' })
    case 'compressed':
      return plain(415, 'unsupported media type', { connection: 'close' })
    case 'broken':
      return plain(400, 'bad request')
    default:
      return body satisfies never
  }
}

const createHandler =
  (route: ChannelRoute, log: Logger, remoteAddress: RemoteAddress) =>
  async (context: Context): Promise<Response> => {
    const { exchange, fail } = createExchange(context, remoteAddress)
    try {
      const refused = await route.admit?.(context.req.raw, exchange)
      if (refused !== undefined) {
        log.info({ status: refused.status }, 'request refused unread')
        refused.headers.set('connection', 'close')
        return refused
      }
      const request = await readRequest(context, route)
      if (request instanceof Response) {
        log.warn({ status: request.status }, 'webhook refused')
        return request
      }
      return await route.handle(request, exchange)
    } catch (error) {
      fail()
      return answerError(error, log)
    }
  }

/** The mount point of an inbox. Throws `bad_config` for an id that cannot stand in an address. */
export const inboxPath = (inboxId: string): string => {
  if (!/^[\w-]{1,64}$/.test(inboxId)) {
    throw new TongdaError(
      'bad_config',
      `inbox id "${inboxId}" cannot stand in an address; use letters, digits, - and _`,
    )
  }
  return `/channels/${inboxId}`
}

/** Mounts every channel's routes at `/channels/<inboxId><path>`. */
export const mountChannels = (
  app: Hono,
  channels: ReadonlyMap<string, Channel>,
  { log, remoteAddress }: ChannelMount,
): void => {
  for (const [inboxId, channel] of channels) {
    for (const route of channel.routes) {
      const routeLog = log.child({ inboxId, path: route.path })
      app.on(route.method, inboxPath(inboxId) + route.path, createHandler(route, routeLog, remoteAddress))
    }
  }
}
