import type { Context, Hono } from 'hono'
import { actAs } from '../../core/acting.ts'
import { languageOf } from '../language.ts'
import { limitBody } from '../limit-body.ts'
import { nodeOf } from '../node-bindings.ts'
import { checkCsrf, checkOrigin, checkType } from '../own-page.ts'
import { Problem } from '../problem.ts'
import { identify, requirePermission, type Caller } from './caller.ts'
import type { ApiRoute, Reply } from './define-route.ts'
import type { ApiEnv, ApiSurroundings } from './environment.ts'
import { onceOnly } from './once.ts'
import { maskAnswer, refuseMasked } from './mask-answer.ts'
import { expectedVersion, tagOf } from './versions.ts'

/** Where the public API lives. */
export const apiPath = '/api/v1'

/** Larger than any request needs that carries no file. */
const maxBodyBytes = 262_144

/** Counts the request and says where the caller stands. Throws `too_many`. */
export const checkRate = async (context: Context, api: ApiSurroundings, caller: Caller): Promise<void> => {
  const { allowed, left, resetMs } = await api.limiter.take(`${caller.kind}:${caller.id}`)
  const seconds = Math.max(1, Math.ceil(resetMs / 1_000))
  const headers = {
    'ratelimit-limit': String(api.requestsPerMinute),
    'ratelimit-remaining': String(left),
    'ratelimit-reset': String(seconds),
  }
  for (const [name, value] of Object.entries(headers)) context.header(name, value)
  if (allowed) return
  throw new Problem(
    'too_many',
    `this ${caller.kind} made its ${api.requestsPerMinute} requests of this minute; wait until it is over`,
    { retryAfterSeconds: seconds },
    { ...headers, 'retry-after': String(seconds) },
  )
}

/** No text holds U+0000 that a database takes, and nobody means it. */
const withoutNul = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '') : value

const cleaned = (values: object): unknown =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [name, withoutNul(name, value)]),
  )

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text, text.includes('\\u0000') ? withoutNul : undefined)
  } catch {
    throw new Problem('bad_input', 'the body is no JSON')
  }
}

/** The body as sent; empty for methods without one. */
const readText = async (
  context: Context,
  api: ApiSurroundings,
  { caller, maxBytes }: { readonly caller: Caller; readonly maxBytes: number },
): Promise<string> => {
  const { method } = context.req
  if (method === 'GET' || method === 'HEAD') return ''
  if (caller.sessionToken !== undefined) {
    checkOrigin(context, api.origins())
    checkCsrf(context, caller.sessionToken)
  }
  await limitBody(context, maxBytes)
  const text = await context.req.text()
  if (text !== '') checkType(context, 'application/json')
  return text
}

const linkTo = (context: Context, next: string): string => {
  const { pathname, searchParams } = new URL(context.req.url)
  searchParams.set('cursor', next)
  return `<${pathname}?${searchParams.toString()}>; rel="next"`
}

const answer = (
  context: Context,
  route: ApiRoute,
  { body, version, location, next }: Reply<unknown>,
): Response => {
  const { status = 200 } = route
  const tag = version === undefined ? undefined : tagOf(version)
  const headers = {
    'cache-control': 'no-store',
    ...(tag === undefined ? {} : { etag: tag }),
    ...(location === undefined ? {} : { location: `${apiPath}${location}` }),
    ...(next === undefined ? {} : { link: linkTo(context, next) }),
  }
  if (context.req.method === 'GET' && tag !== undefined && context.req.header('if-none-match') === tag)
    return context.newResponse(null, 304, headers)
  // By the context: it adds the headers that were set before.
  return context.newResponse(JSON.stringify(body), status, { ...headers, 'content-type': 'application/json' })
}

const serve = async (context: Context, route: ApiRoute, api: ApiSurroundings): Promise<Response> => {
  const caller = await identify(context, api)
  await checkRate(context, api, caller)
  if (route.permission !== 'anything') requirePermission(caller, route.permission)
  const text = await readText(context, api, { caller, maxBytes: route.maxBodyBytes ?? maxBodyBytes })
  const call = {
    api,
    caller,
    context,
    language: languageOf(context),
    version: expectedVersion(context),
    params: cleaned(context.req.param()),
    query: cleaned(context.req.query()),
    body: text === '' ? {} : parseJson(text),
  }
  if (route.method === 'patch') refuseMasked(route, api, call.body)
  const run = async (idempotencyKey: string | undefined): Promise<Response> => {
    const reply = await route.run({ ...call, idempotencyKey })
    if (reply instanceof Response) return reply
    return answer(context, route, { ...reply, body: maskAnswer(route, { api, caller }, reply.body) })
  }
  const address = api.remoteAddress(nodeOf(context).incoming)
  return actAs({ kind: caller.kind, id: caller.id, ...(address === '' ? {} : { address }) }, () =>
    // What is revealed is neither kept nor given again: each look has a line of its own.
    route.method === 'post' && route.plain !== true
      ? onceOnly({ context, api, caller, body: text, run })
      : run(undefined),
  )
}

/** `/tickets/{id}` as Hono writes it. */
const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

/** Mounts a table of routes. */
export const serveRoutes = (app: Hono<ApiEnv>, routes: readonly ApiRoute[], api: ApiSurroundings): void => {
  for (const route of routes)
    app.on(route.method.toUpperCase(), honoPath(route.path), (context) => serve(context, route, api))
}
