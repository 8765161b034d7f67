import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Clock } from '../../src/core/clock.ts'
import { aborted, halfAnswer } from '../kit/connection.ts'
import { curlOf } from '../kit/curl.ts'
import type { Trace } from '../kit/trace.ts'
import type { ApiAnswer, ApiRoute, ApiState, Parameters } from './api-calls.ts'
import { apiRoutes } from './api-calls.ts'
import type { Faults, OrderedFault, WeiboRefusal } from './faults.ts'
import { writeJson } from './json.ts'

/** What the API side needs beside its state. */
export interface ApiDeps extends ApiState {
  readonly clock: Clock
  readonly faults: Faults
  readonly trace: Trace
  /** The token in force; undefined once it has expired. */
  readonly token: () => string | undefined
  /** Ends calls that were told to hang. */
  readonly closing: AbortSignal
}

/** A response as it goes out. */
interface Outcome {
  readonly status: number
  readonly contentType: string
  readonly body: string | Uint8Array
  readonly userKey?: string
  readonly problems?: readonly string[]
  /** What the caller gets is told apart from what is on record. */
  readonly ends?: 'never' | 'half'
}

const maxBodyBytes = 1_048_576

/** The platform's API as a Hono app: GET parameters in the query, POST parameters as a form. */
export const createApi = (deps: ApiDeps): Hono => {
  const app = new Hono()
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.text('Request Entity Too Large', 413) }))
  for (const route of apiRoutes) app.on(['GET', 'POST'], route.path, (c) => answerCall(c, route, deps))
  app.get('/pictures/:fid', (c) => picture(c.req.param('fid'), deps))
  app.notFound((c) => respond(refused(c, { errorCode: 10020, error: 'Request api not found!' })))
  return app
}

/** The user's own pictures, for the page; no call of the platform's. */
const picture = (fid: string, { shelf }: ApiDeps): Response => {
  const file = shelf.find(fid)
  if (file?.contentType.startsWith('image/') !== true) return new Response('not found', { status: 404 })
  const headers = { 'content-type': file.contentType, 'x-content-type-options': 'nosniff' }
  return new Response(new Uint8Array(file.bytes), { headers })
}

const answerCall = async (c: Context, route: ApiRoute, deps: ApiDeps): Promise<Response> => {
  const startedAt = performance.now()
  const at = deps.clock.now()
  const text = c.req.method === 'POST' ? await c.req.text() : ''
  const outcome = decide(c, route, text, deps)
  const { origin, pathname, search } = new URL(c.req.url)
  const path = mask(`${pathname}${search}`)
  deps.trace.add({
    userKey: outcome.userKey ?? '',
    at,
    kind: 'api',
    title: `${c.req.method} ${route.path}`,
    status: String(outcome.status),
    durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
    request: mask(`${search}\n\n${text}`),
    curl: curlOf(c.req.method, `${origin}${path}`, {}, mask(text)),
    response: typeof outcome.body === 'string' ? outcome.body : `(${outcome.contentType})`,
    problems: outcome.problems ?? [],
  })
  if (outcome.ends === 'never') await aborted(c.req.raw.signal, deps.closing)
  return outcome.ends === 'half' ? halfAnswer(c, String(outcome.body)) : respond(outcome)
}

const decide = (c: Context, route: ApiRoute, text: string, deps: ApiDeps): Outcome => {
  const fault = deps.faults.take(route.path)
  if (fault !== undefined) return ordered(c, fault)
  const parameters = readParameters(c, text)
  const switched = bySwitch(c, deps)
  if (switched !== undefined) return { ...switched, ...aboutOf(parameters) }
  if (c.req.method !== route.method)
    return refused(c, { errorCode: 10021, error: 'HTTP method is not suported for this request!' })
  const refusedToken = tokenFault(c, parameters, deps)
  if (refusedToken !== undefined) return refusedToken
  const outcome = outcomeOf(c, route.handle(parameters, deps))
  return deps.faults.isOn('api-half-answer')
    ? { ...outcome, ends: 'half', problems: ['fault: api-half-answer'] }
    : outcome
}

/** Whom a call is about, when it says so. */
const aboutOf = ({ receiver_id: receiver, uid }: Parameters): { readonly userKey?: string } => {
  const userKey = receiver ?? uid
  return userKey === undefined ? {} : { userKey }
}

const refused = (c: Context, { errorCode, error }: WeiboRefusal): Outcome => ({
  // The platform answers its refusals with statuses of 400 and more.
  status: errorCode >= 10022 && errorCode <= 10024 ? 403 : 400,
  contentType: 'application/json;charset=UTF-8',
  body: JSON.stringify({ request: new URL(c.req.url).pathname, error_code: String(errorCode), error }),
})

const outcomeOf = (c: Context, answer: ApiAnswer): Outcome => {
  const about = answer.userKey === undefined ? {} : { userKey: answer.userKey }
  switch (answer.kind) {
    case 'json':
      return {
        status: 200,
        contentType: 'application/json;charset=UTF-8',
        body: writeJson(answer.body),
        ...about,
      }
    case 'file':
      return { status: 200, contentType: answer.contentType, body: answer.bytes, ...about }
    case 'refusal':
      return { ...refused(c, answer.refusal), ...about }
    default:
      return answer satisfies never
  }
}

const ordered = (c: Context, fault: OrderedFault): Outcome => {
  const problems = ['ordered by the simulator']
  if ('errorCode' in fault) return { ...refused(c, fault), problems }
  if ('asPicture' in fault)
    return { ...refused(c, fault.asPicture), status: 200, contentType: 'image/jpeg', problems }
  if ('status' in fault)
    return { status: fault.status, contentType: 'text/html', body: '<html>error</html>', problems }
  return { status: 200, contentType: 'application/json', body: '{"result":tr', problems }
}

const bySwitch = (c: Context, { faults }: ApiDeps): Outcome | undefined => {
  if (faults.isOn('api-hang'))
    return { status: 504, contentType: 'text/plain', body: '', ends: 'never', problems: ['fault: api-hang'] }
  if (faults.isOn('api-500'))
    return { status: 500, contentType: 'text/html', body: '<html>error</html>', problems: ['fault: api-500'] }
  if (faults.isOn('api-429'))
    return { status: 429, contentType: 'text/html', body: '', problems: ['fault: api-429'] }
  if (faults.isOn('quota-used-up'))
    return {
      ...refused(c, { errorCode: 10023, error: 'User requests out of rate limit!' }),
      problems: ['fault: quota-used-up'],
    }
  return undefined
}

const tokenFault = (c: Context, parameters: Parameters, deps: ApiDeps): Outcome | undefined => {
  const given = parameters['access_token']
  if (given === undefined || given === '')
    return refused(c, { errorCode: 10006, error: 'Source paramter(appkey) is missing!' })
  if (deps.faults.isOn('token-expired') || deps.token() === undefined)
    return refused(c, { errorCode: 21327, error: 'expired_token' })
  return given === deps.token() ? undefined : refused(c, { errorCode: 21332, error: 'invalid_access_token' })
}

const readParameters = (c: Context, text: string): Parameters =>
  Object.fromEntries([...new URL(c.req.url).searchParams, ...new URLSearchParams(text)])

const respond = ({ status, contentType, body }: Outcome): Response =>
  new Response(typeof body === 'string' ? body : new Uint8Array(body), {
    status,
    headers: { 'content-type': contentType, 'x-content-type-options': 'nosniff' },
  })

/** The token never stands in the journal. */
const mask = (text: string): string => text.replace(/(access_token=)[^&\s]*/g, '$1***')
