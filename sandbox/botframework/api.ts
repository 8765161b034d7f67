// The Bot Connector's REST API, sign-in and keys: learn.microsoft.com "Bot Connector REST API reference".
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Clock } from '../../src/core/clock.ts'
import { breakOff, halfAnswer } from '../kit/connection.ts'
import { curlOf } from '../kit/curl.ts'
import type { Trace } from '../kit/trace.ts'
import type { BotAccount, BotTiming } from './account.ts'
import type { KeptFiles } from './kept-files.ts'
import type { AttachedFiles } from './attachments.ts'
import type { Chats, Fields } from './chats.ts'
import { isFields } from './chats.ts'
import type { CallFault, Faults } from './faults.ts'
import { issuer } from './signer.ts'
import type { Signer } from './signer.ts'

export interface ApiDeps {
  readonly account: BotAccount
  readonly clock: Clock
  readonly timing: BotTiming
  readonly chats: Chats
  readonly signer: Signer
  readonly faults: Faults
  readonly trace: Trace
  readonly tokens: Tokens
  readonly files: Pick<KeptFiles, 'get'>
  readonly apiUrl: () => string
  readonly attached: AttachedFiles
  readonly closing: AbortSignal
  readonly onTyping: (userKey: string) => void
}

/** The bot's own tokens: an hour each. */
export interface Tokens {
  issue(): string
  isValid(token: string): boolean
  expireAll(): void
  issued(): number
}

const lifeSeconds = 3_600
/** Longest activity the connector takes. */
const maxActivityBytes = 256 * 1_024

export const createTokens = (clock: Clock): Tokens => {
  const ends = new Map<string, number>()
  let issued = 0
  return {
    issue: () => {
      issued += 1
      const token = randomBytes(30).toString('base64url')
      ends.set(token, clock.now().getTime() + lifeSeconds * 1_000)
      return token
    },
    isValid: (token) => (ends.get(token) ?? 0) > clock.now().getTime(),
    expireAll: () => ends.clear(),
    issued: () => issued,
  }
}

const fail = (status: number, code: string, retryAfter?: number): Response =>
  new Response(JSON.stringify({ error: { code, message: `simulated ${code}` } }), {
    status,
    headers: {
      'content-type': 'application/json',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
  })

/** Microsoft's sign-in: its refusals carry AADSTS numbers. */
const signIn = async (c: Context, { account, tokens }: ApiDeps): Promise<Response> => {
  const form = new URLSearchParams(await c.req.text())
  const refuse = (status: 400 | 401, number: number, error: string) =>
    c.json({ error, error_description: `AADSTS${number}: simulated`, error_codes: [number] }, status)
  if (c.req.param('tenant') !== account.tenantId) return refuse(400, 90_002, 'invalid_request')
  if (form.get('client_id') !== account.appId) return refuse(400, 700_016, 'unauthorized_client')
  if (form.get('client_secret') !== account.appPassword) return refuse(401, 7_000_215, 'invalid_client')
  if (form.get('scope') !== 'https://api.botframework.com/.default')
    return refuse(400, 70_011, 'invalid_scope')
  return c.json({ token_type: 'Bearer', expires_in: lifeSeconds, access_token: tokens.issue() })
}

const bearerOf = (c: Context): string => /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? ''

const failAs = async (
  c: Context,
  fault: Exclude<CallFault, 'half'>,
  { timing, closing }: ApiDeps,
): Promise<Response> => {
  if (typeof fault === 'object') return fail(fault.status, fault.code, fault.retryAfterSeconds)
  if (fault === 'hang') await sleep(timing.hangMs, undefined, { signal: closing }).catch(() => undefined)
  return breakOff(c)
}

const readActivity = async (c: Context): Promise<Fields | undefined> => {
  try {
    const value: unknown = JSON.parse(await c.req.text())
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What is wrong with a send, if anything. */
const faultOf = (c: Context, activity: Fields | undefined, deps: ApiDeps): Response | undefined => {
  const { tokens, chats, account, faults } = deps
  if (faults.isOn('token-expired')) tokens.expireAll()
  if (!tokens.isValid(bearerOf(c))) return fail(401, 'Unauthorized')
  if (activity === undefined || typeof activity['type'] !== 'string') return fail(400, 'BadSyntax')
  if (Buffer.byteLength(JSON.stringify(activity)) > maxActivityBytes) return fail(413, 'MessageSizeTooBig')
  const owner = chats.ownerOf(c.req.param('conversation') ?? '')
  if (owner === undefined) return fail(404, 'ConversationNotFound')
  // Teams, "Status code responses": the app was removed.
  if (!chats.isPresent(owner)) return fail(403, 'BotNotInConversationRoster')
  const { from } = activity
  return isFields(from) && from['id'] === `28:${account.appId}` ? undefined : fail(403, 'ForbiddenOperation')
}

const takeActivity = (activity: Fields, conversationId: string, deps: ApiDeps): string => {
  const userKey = deps.chats.ownerOf(conversationId) ?? ''
  if (activity['type'] === 'typing') {
    deps.onTyping(userKey)
    return randomUUID()
  }
  void deps.attached.take(activity)
  return deps.chats.keep({ userKey, conversationId, from: 'account', activity }).id
}

const send = async (c: Context, deps: ApiDeps): Promise<Response> => {
  const startedAt = performance.now()
  const activity = await readActivity(c)
  const conversationId = c.req.param('conversation') ?? ''
  const refused = faultOf(c, activity, deps)
  const fault = refused === undefined ? deps.faults.take() : undefined
  const isTaken = refused === undefined && (fault === undefined || fault === 'half')
  const body = isTaken ? { id: takeActivity(activity ?? {}, conversationId, deps) } : undefined
  const owner = deps.chats.ownerOf(conversationId)
  deps.trace.add({
    at: deps.clock.now(),
    kind: 'api',
    title: `${c.req.method} ${c.req.path.slice(c.req.path.indexOf('/v3'))}`,
    status: String(refused?.status ?? (typeof fault === 'object' ? fault.status : (fault ?? 200))),
    durationMs: Math.round(performance.now() - startedAt),
    request: JSON.stringify(activity ?? null),
    response: JSON.stringify(body ?? null),
    curl: curlOf(
      c.req.method,
      c.req.url,
      { Authorization: 'Bearer ***', 'Content-Type': 'application/json' },
      JSON.stringify(activity ?? null),
    ),
    problems: fault === undefined ? [] : ['fault'],
    ...(owner === undefined ? {} : { userKey: owner }),
  })
  if (refused !== undefined) return refused
  if (fault === 'half') return halfAnswer(c, JSON.stringify(body))
  return fault === undefined ? c.json(body, 201) : failAs(c, fault, deps)
}

/** Connector, sign-in, keys and files as one Hono app. */
export const createApi = (deps: ApiDeps): Hono => {
  const app = new Hono()
  app.use(bodyLimit({ maxSize: 1_048_576, onError: () => fail(413, 'MessageSizeTooBig') }))
  app.get('/v1/.well-known/openidconfiguration', (c) =>
    c.json({
      issuer,
      jwks_uri: `${deps.apiUrl()}/v1/.well-known/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    }),
  )
  app.get('/v1/.well-known/keys', (c) => c.json(Object(deps.signer.keySet())))
  app.post('/:tenant/oauth2/v2.0/token', (c) => signIn(c, deps))
  app.post('/v3/conversations/:conversation/activities', (c) => send(c, deps))
  app.post('/v3/conversations/:conversation/activities/:activity', (c) => send(c, deps))
  app.get('/files/:id', (c) => {
    const file = deps.files.get(c.req.param('id'))
    if (!deps.tokens.isValid(bearerOf(c))) return fail(401, 'Unauthorized')
    if (file === undefined) return fail(404, 'NotFound')
    return new Response(new Uint8Array(file.bytes), { headers: { 'content-type': file.contentType } })
  })
  /** For the try-it page: a picture as the user's own client shows it. */
  app.get('/media/:id', (c) => {
    const file = deps.files.get(c.req.param('id'))
    if (file === undefined) return c.notFound()
    const type = /^image\/(?:png|jpeg|gif|webp)$/.test(file.contentType)
      ? file.contentType
      : 'application/octet-stream'
    return new Response(new Uint8Array(file.bytes), {
      headers: { 'content-type': type, 'x-content-type-options': 'nosniff' },
    })
  })
  return app
}
