import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { breakOff, halfAnswer } from '../kit/connection.ts'
import { curlOf } from '../kit/curl.ts'
import type { Trace } from '../kit/trace.ts'
import type { TelegramTiming } from './account.ts'
import type { Fields } from './chats.ts'
import type { CallFault, Faults, Refusal } from './faults.ts'
import { maxUploadBytes } from './files.ts'
import { methods } from './methods.ts'
import { readMultipart } from './multipart.ts'
import type { Call, MethodState, Outcome } from './methods.ts'

/** What the API side needs beside its state. */
export interface ApiDeps extends MethodState {
  readonly faults: Faults
  readonly trace: Trace
  readonly timing: TelegramTiming
  readonly closing: AbortSignal
}

const unauthorized: Refusal = { error_code: 401, description: 'Unauthorized' }
const noMethod: Refusal = { error_code: 404, description: 'Not Found' }

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readJson = async (c: Context): Promise<Fields | undefined> => {
  const text = await c.req.text()
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Parameters come in the query, as JSON or as a form. */
const readCall = async (c: Context): Promise<Call | undefined> => {
  const type = c.req.header('content-type') ?? ''
  if (type.startsWith('multipart/form-data')) {
    const form = readMultipart(type, Buffer.from(await c.req.arrayBuffer()))
    return form === undefined ? undefined : { params: form.params, attached: form.files }
  }
  const params = /urlencoded/.test(type)
    ? Object.fromEntries(new URLSearchParams(await c.req.text()))
    : await readJson(c)
  return params === undefined ? undefined : { params: { ...c.req.query(), ...params }, attached: new Map() }
}

const answer = (outcome: Outcome): { readonly status: number; readonly body: Fields } =>
  'refusal' in outcome
    ? { status: outcome.refusal.error_code, body: { ok: false, ...outcome.refusal } }
    : { status: 200, body: { ok: true, result: outcome.result } }

/** Lets a call fail below the Bot API. */
const failCall = async (
  c: Context,
  fault: Exclude<CallFault, Refusal>,
  { timing, closing }: ApiDeps,
): Promise<Response> => {
  if (fault === 'html') return c.html('<html><body>502 Bad Gateway</body></html>', 502)
  if (fault === 'hang') await sleep(timing.hangMs, undefined, { signal: closing }).catch(() => undefined)
  if (fault === 'half') return halfAnswer(c, '{"ok":true,"result":{"message_id":1,"date":1700000000}}')
  return breakOff(c)
}

const perform = async (name: string, call: Call | undefined, deps: ApiDeps): Promise<Outcome> => {
  const method = methods.get(name)
  if (method === undefined) return { refusal: noMethod }
  if (call === undefined)
    return { refusal: { error_code: 400, description: "Bad Request: can't parse the request" } }
  return method(call, deps)
}

const userOf = (call: Call | undefined, outcome: Outcome): { userKey?: string } => {
  if (outcome.userKey !== undefined && outcome.userKey !== '') return { userKey: outcome.userKey }
  const chatId = call?.params['chat_id']
  return typeof chatId === 'number' || typeof chatId === 'string' ? { userKey: String(chatId) } : {}
}

const faultName = (fault: CallFault): string =>
  typeof fault === 'string' ? fault : `${fault.error_code} ordered`

/** The bot's token never stands in the trace. */
const curlWithoutToken = (c: Context, call: Call | undefined): string =>
  curlOf(
    'POST',
    c.req.url.replace(/\/bot[^/]+\//, '/bot***/'),
    { 'Content-Type': 'application/json' },
    JSON.stringify(call?.params ?? {}),
  )

const handle = async (c: Context, deps: ApiDeps): Promise<Response> => {
  const startedAt = performance.now()
  const { clock, trace, faults, account } = deps
  const token = c.req.param('bot')?.slice('bot'.length)
  const name = c.req.param('method') ?? ''
  const call = await readCall(c)
  const due = faults.take(name)
  const ordered = due !== undefined && typeof due.fault !== 'string' ? { refusal: due.fault } : undefined
  const acts = due === undefined || due.after
  const done =
    token !== account.token ? { refusal: unauthorized } : acts ? await perform(name, call, deps) : undefined
  const outcome = ordered ?? done ?? { refusal: unauthorized }
  const { status, body } = answer(outcome)
  trace.add({
    at: clock.now(),
    kind: 'api',
    title: name,
    status: due !== undefined && typeof due.fault === 'string' ? due.fault : String(status),
    durationMs: Math.round(performance.now() - startedAt),
    request: JSON.stringify(call?.params ?? null),
    response: JSON.stringify(body),
    curl: curlWithoutToken(c, call),
    problems: due === undefined ? [] : [faultName(due.fault)],
    ...userOf(call, outcome),
  })
  if (due !== undefined && typeof due.fault === 'string') return failCall(c, due.fault, deps)
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
}

/** The Bot API and its files as a Hono app. */
export const createApi = (deps: ApiDeps): Hono => {
  const app = new Hono()
  app.use(
    bodyLimit({
      maxSize: maxUploadBytes + 1_048_576,
      onError: (c) => c.json({ ok: false, error_code: 413, description: 'Request Entity Too Large' }, 413),
    }),
  )
  app.get('/file/:bot{bot[^/]+}/:folder/:name', (c) => {
    if (c.req.param('bot') !== `bot${deps.account.token}`) return c.json({ ok: false, ...unauthorized }, 401)
    const file = deps.files.findByPath(`${c.req.param('folder')}/${c.req.param('name')}`)
    if (file === undefined) return c.json({ ok: false, ...noMethod }, 404)
    return new Response(new Uint8Array(file.bytes), {
      headers: { 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' },
    })
  })
  /** For the try-it page: a file by its handle, as the user's own phone shows it. */
  app.get('/media/:id', (c) => {
    const file = deps.files.find(c.req.param('id'))
    if (file === undefined) return c.notFound()
    const type = /^(?:image\/(?:png|jpeg|gif|webp)|audio\/|video\/)/.test(file.contentType)
    return new Response(new Uint8Array(file.bytes), {
      headers: {
        'content-type': type ? file.contentType : 'application/octet-stream',
        'x-content-type-options': 'nosniff',
      },
    })
  })
  app.on(['GET', 'POST'], '/:bot{bot[^/]+}/:method', (c) => handle(c, deps))
  app.notFound((c) => c.json({ ok: false, ...noMethod }, 404))
  return app
}
