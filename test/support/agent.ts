import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { z } from 'zod'

const TicketRow = z.looseObject({
  id: z.string(),
  number: z.number(),
  state: z.string(),
  title: z.string(),
  summary: z.string(),
  priority: z.string(),
  topic: z.string(),
  reason: z.string(),
  conversationMode: z.string(),
  version: z.number(),
})
type TicketRow = z.infer<typeof TicketRow>
const TicketList = z.looseObject({ tickets: z.array(TicketRow) })
const OneTicket = z.looseObject({
  ticket: TicketRow,
  messages: z.array(z.looseObject({ direction: z.string(), author: z.string() })),
})
const Changed = z.looseObject({ undo: z.looseObject({ messageId: z.string().optional() }).optional() })

export interface Attachment {
  readonly mediaId: string
  readonly name?: string
}

/** An agent at the desk's API, signed in as the desk page signs in. */
export interface TestAgent {
  get(path: string): Promise<Response>
  /** Reads from the public API. */
  reads(path: string): Promise<unknown>
  /** Writes to the public API. */
  writes(path: string, body: unknown): Promise<unknown>
  post(path: string, body: unknown): Promise<Response>
  /** Calls the public API from the desk's page, and succeeds. */
  calls(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  /** Waits for the newest ticket whose title or summary matches. */
  finds(expected: RegExp): Promise<TicketRow>
  takes(ticketId: string): Promise<void>
  /** Gives the message's id while it can be taken back. */
  replies(ticketId: string, text: string): Promise<string | undefined>
  takesBack(messageId: string | undefined): Promise<void>
  /** Uploads a file and gives its id. */
  uploads(bytes: Uint8Array): Promise<string>
  /** Sends files that were uploaded, with or without words. */
  sends(ticketId: string, attachments: readonly Attachment[], text?: string): Promise<void>
  notes(ticketId: string, text: string): Promise<void>
  handsBack(ticketId: string): Promise<void>
  solves(ticketId: string): Promise<void>
  opens(ticketId: string): Promise<z.infer<typeof OneTicket>>
}

/** Ends before a test does, so that a failure names the call that hangs. */
const ask = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { signal: AbortSignal.timeout(60_000), ...init })

const cookiesOf = (response: Response): Map<string, string> =>
  new Map(
    response.headers.getSetCookie().map((cookie) => {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )

/** Everything the desk's event stream says from now on. */
export const openDesk = async (agent: TestAgent) => {
  const { body } = await agent.get('/events')
  const decoder = new TextDecoder()
  let heard = ''
  void (async () => {
    for await (const chunk of body ?? []) heard += decoder.decode(chunk as Uint8Array, { stream: true })
  })().catch(() => undefined)
  return { heard: () => heard }
}

/** Uses a one-time link. */
export const createAgent = async (url: string, link: string): Promise<TestAgent> => {
  const token = new URL(link).hash.replace('#token=', '')
  const headers = { 'content-type': 'application/json', origin: url }
  const signedIn = await ask(`${url}/api/desk/session/link`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ token }),
  })
  expect(signedIn.status).toBe(200)
  const cookies = cookiesOf(signedIn)
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const csrf = [...cookies].find(([name]) => name.endsWith('csrf'))?.[1] ?? ''

  const get = (path: string): Promise<Response> => ask(`${url}/api/desk${path}`, { headers: { cookie } })
  const writes = async (path: string, body: unknown): Promise<unknown> => {
    const response = await ask(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { ...headers, cookie, 'x-csrf-token': csrf },
      body: JSON.stringify(body),
    })
    expect(response.ok, await response.clone().text()).toBe(true)
    return response.json()
  }
  const reads = async (path: string): Promise<unknown> => {
    const response = await ask(`${url}/api/v1${path}`, { headers: { cookie } })
    expect(response.status, await response.clone().text()).toBe(200)
    return response.json()
  }
  const post = (path: string, body: unknown): Promise<Response> =>
    ask(`${url}/api/desk${path}`, {
      method: 'POST',
      headers: { ...headers, cookie, 'x-csrf-token': csrf, 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    })
  const acts = async (path: string, body: unknown): Promise<unknown> => {
    const response = await post(path, body)
    expect(response.status, await response.clone().text()).toBe(200)
    return response.json()
  }
  const does = async (path: string, body: unknown): Promise<void> => {
    await acts(path, body)
  }
  const list = async (): Promise<readonly TicketRow[]> =>
    TicketList.parse(await (await get('/tickets?view=all')).json()).tickets

  return {
    get,
    reads,
    writes,
    post,
    calls: async (method, path, body) => {
      const response = await ask(`${url}/api/v1${path}`, {
        method,
        headers: { ...headers, cookie, 'x-csrf-token': csrf },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      expect(response.ok, await response.clone().text()).toBe(true)
      return z.record(z.string(), z.unknown()).parse(await response.json())
    },
    finds: async (expected) => {
      const matching = async () =>
        (await list())
          .filter(({ title, summary }) => expected.test(`${title}\n${summary}`))
          .sort((one, other) => other.number - one.number)[0]
      await expect.poll(matching, { message: `a ticket about ${String(expected)}` }).toBeDefined()
      const found = await matching()
      if (found === undefined) throw new Error('the ticket vanished')
      return found
    },
    takes: (ticketId) => does(`/tickets/${ticketId}/take`, {}),
    replies: async (ticketId, text) =>
      Changed.parse(await acts(`/tickets/${ticketId}/reply`, { text })).undo?.messageId,
    takesBack: (messageId) => does(`/messages/${messageId ?? ''}/withdraw`, {}),
    uploads: async (bytes) => {
      const response = await ask(`${url}/api/desk/media`, {
        method: 'POST',
        headers: { ...headers, cookie, 'x-csrf-token': csrf, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes),
      })
      return z.looseObject({ mediaId: z.string() }).parse(await response.json()).mediaId
    },
    sends: (ticketId, attachments, text = '') => does(`/tickets/${ticketId}/reply`, { text, attachments }),
    notes: (ticketId, text) => does(`/tickets/${ticketId}/note`, { text }),
    handsBack: (ticketId) => does(`/tickets/${ticketId}/hand-back`, {}),
    solves: (ticketId) => does(`/tickets/${ticketId}/solve`, {}),
    opens: async (ticketId) => OneTicket.parse(await (await get(`/tickets/${ticketId}`)).json()),
  }
}
