// The brand's side of our webhook: checks the proof and the format, shows each message once.
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { z } from 'zod'
import type { Clock } from '../../src/core/clock.ts'
import { halfAnswer } from '../kit/connection.ts'
import { curlOf } from '../kit/curl.ts'
import type { NewLine } from '../kit/screens.ts'
import type { Trace } from '../kit/trace.ts'
import type { Faults } from './faults.ts'
import type { ThreadedScreens } from './screens.ts'
import type { Shelf } from './shelf.ts'
import { proofFault } from './signing.ts'

const File = z.strictObject({ contentType: z.string(), base64: z.base64() })
const Message = z.strictObject({
  type: z.literal('message.created'),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    id: z.string(),
    inbox: z.string(),
    conversationId: z.string(),
    contact: z.strictObject({ id: z.string() }),
    thread: z.string().optional(),
    author: z.enum(['bot', 'agent', 'survey', 'system']),
    inReplyTo: z.string().optional(),
    part: z.looseObject({
      kind: z.string(),
      text: z.string().optional(),
      prompt: z.string().optional(),
      footer: z.string().optional(),
      choices: z.array(z.strictObject({ id: z.string(), label: z.string() })).optional(),
      media: File.optional(),
      name: z.string().optional(),
      title: z.string().optional(),
      url: z.string().optional(),
      label: z.string().optional(),
    }),
  }),
})
type Message = z.output<typeof Message>

export interface WebhookDeps {
  readonly secret: string
  readonly clock: Clock
  readonly faults: Faults
  readonly screens: ThreadedScreens
  readonly trace: Trace
  readonly shelf: Shelf
  readonly isUser: (key: string) => boolean
  readonly closing: AbortSignal
}

const maxBodyBytes = 16 * 1_048_576

const shownOf = ({ data: { part, author } }: Message, shelf: Shelf): NewLine => {
  const note = { note: author }
  if (part.kind === 'image' && part.media !== undefined)
    return {
      from: 'account',
      ...note,
      picturePath: `/media/${shelf.put(Buffer.from(part.media.base64, 'base64'))}`,
    }
  if (part.media !== undefined) return { from: 'account', ...note, fileName: part.name ?? part.kind }
  const words = [part.text, part.prompt, part.title, part.url, part.label, part.name, part.footer]
  return {
    from: 'account',
    ...note,
    text: words.filter((word) => word !== undefined && word !== '').join('\n'),
    ...(part.choices === undefined ? {} : { choices: part.choices }),
  }
}

interface Verdict {
  readonly status: 200 | 400 | 401 | 413 | 422 | 429 | 500
  readonly body: Readonly<Record<string, unknown>>
  readonly problem?: string
  readonly userKey?: string
}

/** What the switched-on faults answer, first of all. */
const faultVerdict = (faults: Faults): Verdict | undefined => {
  if (faults.isOn('api-500')) return { status: 500, body: { error: 'boom' }, problem: 'api-500' }
  if (faults.isOn('api-429')) return { status: 429, body: {}, problem: 'api-429' }
  if (faults.isOn('window-closed'))
    return { status: 422, body: { error: 'window_closed' }, problem: 'window-closed' }
  return faults.isOn('quota-used-up')
    ? { status: 422, body: { error: 'quota_exhausted' }, problem: 'quota-used-up' }
    : undefined
}

const createJudge = ({ secret, clock, faults, screens, shelf, isUser }: WebhookDeps) => {
  const receipts = new Map<string, string>()
  const show = (message: Message): string => {
    const { contact, thread = contact.id } = message.data
    const opening = screens.lines(contact.id).find(({ id }) => screens.find(id)?.thread === thread)
    const replyTo = opening === undefined ? {} : { replyTo: opening.id }
    return screens.add(contact.id, thread, { ...shownOf(message, shelf), ...replyTo })
  }
  return (headers: Headers, text: string): Verdict => {
    const proof = proofFault(secret, headers, text, clock.now())
    if (proof !== undefined) return { status: 401, body: { error: 'unauthorized' }, problem: proof }
    const parsed = Message.safeParse(JSON.parse(text))
    if (!parsed.success) return { status: 400, body: {}, problem: z.prettifyError(parsed.error) }
    const userKey = parsed.data.data.contact.id
    const fault = faultVerdict(faults)
    if (fault !== undefined) return { ...fault, userKey }
    if (!isUser(userKey)) return { status: 422, body: { error: 'unreachable' }, problem: 'no such user' }
    const id = parsed.data.data.id
    if (id !== headers.get('webhook-id'))
      return { status: 400, body: {}, problem: 'webhook-id and data.id differ', userKey }
    const known = receipts.get(id)
    const receipt = known ?? show(parsed.data)
    receipts.set(id, receipt)
    return {
      status: 200,
      body: { id: receipt },
      userKey,
      ...(known === undefined ? {} : { problem: 'again' }),
    }
  }
}

const answer = async (
  c: Context,
  deps: WebhookDeps,
  judge: ReturnType<typeof createJudge>,
): Promise<Response> => {
  const startedAt = performance.now()
  const text = await c.req.text()
  const tooLarge: Verdict = { status: 413, body: {}, problem: 'too large' }
  const verdict = text.length > maxBodyBytes ? tooLarge : judge(c.req.raw.headers, text)
  const hangs = deps.faults.isOn('api-hang')
  const breaks = verdict.status === 200 && deps.faults.isOn('api-half-answer')
  const problem = hangs ? 'api-hang' : breaks ? 'api-half-answer' : verdict.problem
  const headers = Object.fromEntries(
    ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      c.req.header(name) ?? '',
    ]),
  )
  deps.trace.add({
    userKey: verdict.userKey ?? '',
    at: deps.clock.now(),
    kind: 'api',
    title: 'POST /webhook',
    status: hangs ? 'no answer' : String(verdict.status),
    durationMs: Math.round(performance.now() - startedAt),
    request: text,
    response: JSON.stringify(verdict.body),
    curl: curlOf('POST', c.req.url, headers, text),
    proof: { name: 'standard-webhooks', good: verdict.status !== 401 },
    problems: problem === undefined ? [] : [problem],
  })
  if (hangs) {
    const gone = AbortSignal.any([deps.closing, c.req.raw.signal])
    await sleep(60_000, undefined, { signal: gone }).catch(() => undefined)
  }
  if (breaks) return halfAnswer(c, JSON.stringify(verdict.body))
  return c.json(verdict.body, verdict.status, verdict.status === 429 ? { 'Retry-After': '2' } : {})
}

/** The brand's HTTP side: the webhook, and the forum's files. */
export const createWebhook = (deps: WebhookDeps): Hono => {
  const judge = createJudge(deps)
  const app = new Hono()
  app.post('/webhook', (c) => answer(c, deps, judge))
  app.get('/media/:name', (c) => {
    const bytes = deps.shelf.find(c.req.param('name'))
    if (bytes === undefined) return c.text('not found', 404)
    return new Response(new Uint8Array(bytes), {
      headers: { 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' },
    })
  })
  return app
}
