import type { ChannelRoute, Exchange } from '../../src/core/channel.ts'
import { mediaHeaders, type StoredMedia } from '../../src/core/media.ts'
import type { ClientError } from './protocol.ts'
import { maxFrameBytes } from './manifest.ts'
import type { WebParts } from './parts.ts'
import type { VisitorSession } from './verify.ts'

/** What a handler answers; `undefined` body: none. */
export interface Reply {
  readonly status: number
  readonly body?: Readonly<Record<string, unknown>>
  readonly retryAfterMs?: number
  /** Seconds for which browsers may keep it; absent: not at all. */
  readonly keptForS?: number
  /** A stranger's file instead of a body. */
  readonly file?: { readonly media: StoredMedia; readonly bytes: Uint8Array }
}

/** A request whose origin is settled and whose body is read. */
export interface Call {
  /** Unread where the endpoint takes bytes. */
  readonly request: Request
  readonly body: string
  readonly remoteAddress: string
}

/** `origin`: only pages of listed origins. `bearer`: besides, clients without an origin that hold a token. */
export type Access = 'origin' | 'bearer'
export type Handler = (call: Call) => Promise<Reply>

const statusOf = ({ code, retryable }: ClientError): number => {
  if (code === 'rate_limited') return 429
  if (code === 'bad_token' || code === 'bad_identity') return 401
  if (code === 'too_large') return 413
  if (code === 'not_found') return 404
  return retryable ? 503 : 400
}

/** A failure as a reply; the body is the same as a socket's `error` frame. */
export const failure = (error: ClientError): Reply => ({
  status: statusOf(error),
  body: { ...error },
  ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
})

const refuse = (status: number, code: string): Reply => ({ status, body: { code, retryable: false } })

const respond = ({ status, body, file, retryAfterMs, keptForS }: Reply, headers: Headers): Response => {
  headers.set('cache-control', keptForS === undefined ? 'no-store' : `public, max-age=${keptForS}`)
  headers.set('x-content-type-options', 'nosniff')
  if (file !== undefined) {
    for (const [name, value] of Object.entries(mediaHeaders(file.media))) headers.set(name, value)
    // The same address is another file to the next visitor of this browser.
    headers.set('cache-control', 'no-store')
    return new Response(Buffer.from(file.bytes), { status, headers })
  }
  if (retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1_000)))
  if (body === undefined) return new Response(null, { status, headers })
  headers.set('content-type', 'application/json; charset=utf-8')
  return new Response(JSON.stringify(body), { status, headers })
}

const bodyFault = (request: Request, body: string): Reply | undefined => {
  if (request.headers.has('content-encoding')) return refuse(415, 'compressed')
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  return body !== '' && type !== 'application/json' ? refuse(415, 'not_json') : undefined
}

/** Answers of the exact origin; never `*`, and caches told that they differ by origin. */
const corsHeaders = (parts: WebParts, request: Request): Headers => {
  const headers = new Headers({ vary: 'Origin' })
  const origin = request.headers.get('origin')
  if (parts.origins.allows(origin)) headers.set('access-control-allow-origin', origin)
  return headers
}

const preflight = (parts: WebParts, path: string, method: string): ChannelRoute => ({
  method: 'OPTIONS',
  path,
  maxBodyBytes: 0,
  handle: (request) => {
    const headers = corsHeaders(parts, request)
    if (!headers.has('access-control-allow-origin'))
      return Promise.resolve(respond(refuse(403, 'foreign_origin'), headers))
    headers.set('access-control-allow-methods', method)
    headers.set('access-control-allow-headers', 'authorization, content-type')
    headers.set('access-control-max-age', '600')
    return Promise.resolve(respond({ status: 204 }, headers))
  },
})

interface EndpointFacts {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly access: Access
  /** The endpoint takes a file instead of JSON; `admit` says before a byte is read why not, or frees its place later. */
  readonly bytes?: {
    readonly max: number
    readonly admit: (call: Call, exchange: Exchange) => Promise<Reply | undefined>
  }
}

/** An endpoint and its preflight. A handler that throws is answered 503, without a word of why. */
export const createEndpoint = (
  parts: WebParts,
  { method, path, access, bytes }: EndpointFacts,
  handle: Handler,
): readonly ChannelRoute[] => {
  const isAllowed = (headers: Headers): boolean =>
    access === 'origin' ? parts.origins.allows(headers.get('origin')) : parts.origins.allowsBearer(headers)
  const answer = async (call: Call): Promise<Reply> => {
    try {
      return await handle(call)
    } catch (error) {
      parts.host.log.warn({ path, error }, 'web request failed')
      return failure({ code: 'unavailable', retryable: true })
    }
  }
  const admit = async (request: Request, exchange: Exchange): Promise<Response | undefined> => {
    const headers = corsHeaders(parts, request)
    if (!isAllowed(request.headers)) return respond(refuse(403, 'foreign_origin'), headers)
    const { remoteAddress } = exchange
    const refusal = await bytes?.admit({ request, body: '', remoteAddress }, exchange)
    return refusal === undefined ? undefined : respond(refusal, headers)
  }
  const route: ChannelRoute = {
    method,
    path,
    maxBodyBytes: bytes?.max ?? (method === 'POST' ? maxFrameBytes : 0),
    ...(bytes === undefined ? {} : { admit }),
    handle: async (request, { remoteAddress }) => {
      const headers = corsHeaders(parts, request)
      if (!isAllowed(request.headers)) return respond(refuse(403, 'foreign_origin'), headers)
      // A body over the limit fails here, as whoever enforces the limit wants it.
      const body = method === 'POST' && bytes === undefined ? await request.text() : ''
      return respond(bodyFault(request, body) ?? (await answer({ request, body, remoteAddress })), headers)
    },
  }
  return [route, preflight(parts, path, method)]
}

/** The token of `Authorization: Bearer …`. */
export const bearerOf = (request: Request): string | undefined =>
  /^bearer ([\w.-]{1,2048})$/i.exec(request.headers.get('authorization') ?? '')?.[1]

/** Lets only visitors with a valid token through, and only so often. */
export const signedIn =
  (parts: WebParts, handle: (call: Call, session: VisitorSession) => Promise<Reply>): Handler =>
  async (call) => {
    const check = await parts.tokens.verify(bearerOf(call.request) ?? '')
    if (check.kind === 'refused') return failure({ code: 'bad_token', retryable: false })
    const retryAfterMs = await parts.limits.request(check.session.visitor)
    if (retryAfterMs !== undefined) return failure({ code: 'rate_limited', retryable: true, retryAfterMs })
    return handle(call, check.session)
  }
