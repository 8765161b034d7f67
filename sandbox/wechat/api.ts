import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Clock } from '../../src/core/clock.ts'
import { halfAnswer } from '../kit/connection.ts'
import { conversationRoutes } from './api-calls.ts'
import type { ApiAnswer, ApiCall, ApiRoute, ApiState } from './api-calls.ts'
import type { Faults, FaultSpec, HttpFault } from './faults.ts'
import { menuRoutes } from './menu-calls.ts'
import { noticeRoutes } from './notice-calls.ts'
import { refuse } from './send-body.ts'
import type { Refusal } from './send-body.ts'
import { aborted, breakOff } from '../kit/connection.ts'
import { curlOf } from '../kit/curl.ts'
import type { Trace } from './trace.ts'

/** What the API side needs beside its state. */
export interface ApiDeps extends ApiState {
  readonly clock: Clock
  readonly faults: Faults
  readonly trace: Trace
  /** Ends calls that were told to hang. */
  readonly closing: AbortSignal
}

/** Every call the simulator answers. */
const apiRoutes: readonly ApiRoute[] = [...conversationRoutes, ...menuRoutes, ...noticeRoutes]

const maxBodyBytes = 12 * 1024 * 1024

/** The platform's API as a Hono app: HTTP 200 and an errcode, whatever is wrong. */
export const createApi = (deps: ApiDeps): Hono => {
  const app = new Hono()
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.text('Request Entity Too Large', 413) }))
  for (const route of apiRoutes) {
    app.on(['GET', 'POST'], route.path, (c) => answerCall(c, route, deps))
  }
  app.get('/mmbiz/:id/0', (c) => publicFile(c.req.param('id'), deps))
  app.get('/mmvideo/:id', (c) => publicFile(c.req.param('id'), deps))
  app.notFound((c) => c.json(withRid(refuse(40066, 'invalid url'))))
  return app
}

/** Pictures and videos have addresses that need no token. */
const publicFile = (mediaId: string, deps: ApiDeps): Response => {
  const media = deps.media.find(mediaId)
  if (media === undefined) return new Response('not found', { status: 404 })
  return new Response(new Uint8Array(media.bytes), {
    headers: { 'Content-Type': media.contentType, 'X-Content-Type-Options': 'nosniff' },
  })
}

const withRid = ({ errcode, errmsg }: Refusal): Refusal => {
  const hex = (): string => randomBytes(4).toString('hex')
  return { errcode, errmsg: `${errmsg} rid: ${hex()}-${hex()}-${hex()}` }
}

const answerCall = async (c: Context, route: ApiRoute, deps: ApiDeps): Promise<Response> => {
  const startedAt = performance.now()
  const fault = deps.faults.take(route.name)
  const call = await readCall(c, deps.trace.nextId())
  const record = (status: number, answer: ApiAnswer | undefined): void =>
    recordCall({ c, route, call, deps, status, answer, fault, startedAt })
  if (fault !== undefined && 'http' in fault && fault.http === 'half') {
    const answer = await decide(c, route, call, deps)
    record(200, answer)
    return answer.kind === 'json' ? halfAnswer(c, JSON.stringify(answer.body)) : respond(answer)
  }
  if (fault !== undefined && 'http' in fault) {
    record(typeof fault.http === 'number' ? fault.http : 0, undefined)
    return failHttp(c, fault.http, deps.closing)
  }
  const answer = fault === undefined ? await decide(c, route, call, deps) : injected(fault)
  record(200, answer)
  return respond(answer)
}

const decide = (
  c: Context,
  route: ApiRoute,
  call: ApiCall,
  deps: ApiDeps,
): Promise<ApiAnswer> | ApiAnswer => {
  const refusal = (fault: Refusal): ApiAnswer => ({ kind: 'json', body: { ...fault } })
  if (c.req.method !== route.method) {
    return refusal(
      route.method === 'GET' ? refuse(43001, 'require GET method') : refuse(43002, 'require POST method'),
    )
  }
  const fault = route.needsToken ? tokenFault(call.query['access_token'], deps) : undefined
  return fault === undefined ? route.handle(call, deps) : refusal(fault)
}

const tokenFault = (token: string | undefined, deps: ApiDeps): Refusal | undefined => {
  if (token === undefined || token === '') return refuse(41001, 'access_token missing')
  switch (deps.tokens.check(token)) {
    case undefined:
      return undefined
    case 42001:
      return refuse(42001, 'access_token expired')
    case 40001:
      return refuse(40001, 'invalid credential, access_token is invalid or not latest')
  }
}

const injected = (fault: Extract<FaultSpec, { readonly errcode: number }>): ApiAnswer => ({
  kind: 'json',
  body: { errcode: fault.errcode, errmsg: fault.errmsg ?? 'ordered by the simulator' },
})

const readCall = async (c: Context, exchangeId: number): Promise<ApiCall> => {
  const base = { exchangeId, query: c.req.query(), chunked: c.req.header('transfer-encoding') === 'chunked' }
  if (c.req.method !== 'POST') return { ...base, text: '' }
  if (c.req.header('content-type')?.startsWith('multipart/form-data') !== true) {
    return { ...base, text: await c.req.text() }
  }
  try {
    return { ...base, text: '', form: await c.req.formData() }
  } catch {
    // A broken form holds no file; the upload says so.
    return { ...base, text: '' }
  }
}

const respond = (answer: ApiAnswer): Response => {
  if (answer.kind === 'file') {
    return new Response(new Uint8Array(answer.media.bytes), {
      headers: {
        'Content-Type': answer.media.contentType,
        'Content-Disposition': `attachment; filename="${answer.media.fileName}"`,
      },
    })
  }
  const { errcode, errmsg } = answer.body
  const body =
    typeof errcode === 'number' && errcode !== 0 && typeof errmsg === 'string'
      ? withRid({ errcode, errmsg })
      : answer.body
  return new Response(JSON.stringify(body), {
    headers: { 'Content-Type': 'application/json; encoding=utf-8' },
  })
}

const failHttp = async (c: Context, fault: HttpFault, closing: AbortSignal): Promise<Response> => {
  const page = '<html>error</html>'
  if (fault === 429) return new Response(page, { status: fault, headers: { 'retry-after': '2' } })
  if (typeof fault === 'number') return new Response(page, { status: fault })
  if (fault === 'not-json') return new Response(page, { headers: { 'content-type': 'text/html' } })
  if (fault === 'hang') await aborted(c.req.raw.signal, closing)
  return breakOff(c)
}

interface Recorded {
  readonly c: Context
  readonly route: ApiRoute
  readonly call: ApiCall
  readonly deps: ApiDeps
  readonly status: number
  readonly answer: ApiAnswer | undefined
  readonly fault: FaultSpec | undefined
  readonly startedAt: number
}

const recordCall = ({ c, route, call, deps, status, answer, fault, startedAt }: Recorded): void => {
  const url = new URL(c.req.url)
  const path = mask(`${url.pathname}${url.search}`)
  const requestBody = call.form === undefined ? mask(call.text) : '(multipart/form-data)'
  const errcode = answer?.kind === 'json' ? answer.body['errcode'] : undefined
  deps.trace.put({
    kind: 'api',
    id: call.exchangeId,
    at: deps.clock.now(),
    api: route.name,
    method: c.req.method,
    path,
    curl: curlOf(c.req.method, `${url.origin}${path}`, {}, requestBody),
    ...(answer?.openid === undefined ? {} : { openid: answer.openid }),
    requestBody,
    responseBody: shownBody(answer),
    status,
    errcode: typeof errcode === 'number' ? errcode : 0,
    durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
    injected: fault !== undefined,
  })
}

const shownBody = (answer: ApiAnswer | undefined): string => {
  if (answer === undefined) return ''
  return answer.kind === 'json'
    ? mask(JSON.stringify(answer.body))
    : `(${answer.media.contentType}, ${answer.media.bytes.length} bytes)`
}

/** Tokens and secrets never stand in the trace. */
const mask = (text: string): string =>
  text
    .replace(/((?:access_token|secret)=)[^&]*/g, '$1***')
    .replace(/("(?:access_token|secret)"\s*:\s*")[^"]*/g, '$1***')
