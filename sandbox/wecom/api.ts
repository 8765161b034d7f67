import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { aborted, breakOff, halfAnswer } from '../kit/connection.ts'
import { curlOf } from '../kit/curl.ts'
import { apiRoutes, tokenPath } from './api-calls.ts'
import type { Answer, ApiRoute, Call } from './api-calls.ts'
import type { FaultName } from './faults.ts'
import type { Platform } from './platform.ts'

const maxBodyBytes = 24 * 1024 * 1024

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readCall = async (c: Context): Promise<Call | undefined> => {
  const query = c.req.query()
  if (c.req.method !== 'POST') return { query, body: {}, form: undefined }
  try {
    if (c.req.header('content-type')?.startsWith('multipart/form-data') === true)
      return { query, body: {}, form: await c.req.formData() }
    const body: unknown = JSON.parse(await c.req.text())
    return isRecord(body) ? { query, body, form: undefined } : undefined
  } catch {
    return undefined
  }
}

/** Tokens and secrets never stand in the trace. */
const mask = (text: string): string =>
  text
    .replace(/((?:access_token|corpsecret)=)[^&]*/g, '$1***')
    .replace(/("access_token"\s*:\s*")[^"]*/g, '$1***')

const respond = (c: Context, answer: Answer): Response => {
  if ('file' in answer) {
    const { file } = answer
    return new Response(Buffer.from(file.bytes), {
      headers: {
        'Content-Type': file.contentType,
        'Content-Disposition': `attachment; filename="${encodeURIComponent(file.name)}"`,
      },
    })
  }
  if ('errcode' in answer) {
    const errmsg = `refused, hint: [1700000000_1], from ip: 203.0.113.9, more info at https://open.work.weixin.qq.com/devtool/query?e=${answer.errcode}`
    return c.json({ errcode: answer.errcode, errmsg })
  }
  return c.json({ errcode: 0, errmsg: 'ok', ...answer.fields })
}

const shownAnswer = (answer: Answer): string =>
  'file' in answer
    ? `(${answer.file.contentType}, ${answer.file.bytes.length} bytes)`
    : JSON.stringify('errcode' in answer ? answer : { errcode: 0, ...answer.fields })

const decide = (route: ApiRoute, call: Call, platform: Platform): Answer | Promise<Answer> => {
  const ordered = platform.faults.takeRefusal(route.path)
  if (ordered !== undefined) return { errcode: ordered }
  if (route.path !== tokenPath) {
    const fault = platform.tokens.check(call.query['access_token'])
    if (fault !== undefined) return { errcode: fault }
    // While this is on, every token is good for a single call.
    if (platform.faults.on('token-expired')) platform.tokens.expireAll()
  }
  return route.handle(call, platform)
}

/** What a switch makes of a call before it takes effect. */
const failed = async (c: Context, fault: FaultName, { closing }: Platform): Promise<Response> => {
  if (fault === 'api-500') return new Response('<html>error</html>', { status: 500 })
  if (fault === 'api-429') return new Response('slow down', { status: 429, headers: { 'retry-after': '1' } })
  await aborted(c.req.raw.signal, closing.signal)
  return breakOff(c)
}

const failing = ['api-500', 'api-429', 'api-hang'] as const

const answerCall = async (c: Context, route: ApiRoute, platform: Platform): Promise<Response> => {
  const { faults, trace, clock } = platform
  const startedAt = performance.now()
  const at = clock.now()
  const call = await readCall(c)
  const userKey = call === undefined ? undefined : route.userOf?.(call)
  const { origin, pathname, search } = new URL(c.req.url)
  const path = mask(`${pathname}${search}`)
  const request = call?.form === undefined ? JSON.stringify(call?.body ?? {}) : '(multipart/form-data)'
  const record = (status: string, response: string, problems: readonly string[]): void =>
    trace.add({
      userKey: typeof userKey === 'string' ? userKey : '',
      at,
      kind: 'api',
      title: `${route.method} ${path}`,
      status,
      durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
      request,
      curl: curlOf(route.method, `${origin}${path}`, {}, route.method === 'POST' ? request : ''),
      response,
      problems,
    })
  const fault = failing.find((name) => faults.on(name))
  if (fault !== undefined) {
    record(fault, '', [`fault: ${fault}`])
    return failed(c, fault, platform)
  }
  if (call !== undefined) platform.calls.push({ path: route.path, query: call.query, body: call.body })
  const answer: Answer =
    call === undefined
      ? { errcode: 47001 }
      : c.req.method === route.method
        ? await decide(route, call, platform)
        : { errcode: route.method === 'GET' ? 43001 : 43002 }
  record('errcode' in answer ? `errcode ${answer.errcode}` : '200', mask(shownAnswer(answer)), [])
  if (!route.path.startsWith('/cgi-bin/kf/send_msg')) return respond(c, answer)
  // The call has taken effect, and nobody hears of it, or not all.
  if (faults.on('lost-answer')) return breakOff(c)
  return faults.on('api-half-answer') ? halfAnswer(c, shownAnswer(answer)) : respond(c, answer)
}

/** The platform's API as a Hono app: HTTP 200 and an errcode, whatever is wrong. */
export const createApi = (platform: Platform): Hono => {
  const app = new Hono()
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.text('Request Entity Too Large', 413) }))
  for (const route of apiRoutes) app.on(['GET', 'POST'], route.path, (c) => answerCall(c, route, platform))
  // Pictures for the simulated client.
  app.get('/media/:id', (c) => {
    const file = platform.media.find(c.req.param('id'))
    if (file?.kind !== 'image') return new Response('not found', { status: 404 })
    return new Response(Buffer.from(file.bytes), {
      headers: { 'Content-Type': file.contentType, 'X-Content-Type-Options': 'nosniff' },
    })
  })
  return app
}
