import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { ServerProcess } from '../server-process.ts'

const List = z.looseObject({ tickets: z.array(z.looseObject({ id: z.string(), version: z.number() })) })

/** An agent's desk: looks when it is told that something changed, and connects again whenever its stream breaks. */
export interface AgentDesk {
  /** Whether it shows the tickets as they are now. */
  isCurrent(): Promise<boolean>
  /** Breaks the stream; gives the milliseconds until the next one stands. */
  cut(): Promise<number>
  close(): void
}

/** Hires an agent and signs in; gives the cookie. */
export const signInAgent = async (server: ServerProcess, email: string): Promise<string> => {
  const printed = await server.command(['user', 'add', email, '-n', 'Torture'])
  const token = /#token=(\S+)/.exec(printed)?.[1]
  const response = await fetch(`${server.url}/api/desk/session/link`, {
    method: 'POST',
    headers: {
      ...{ origin: server.url, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    },
    body: JSON.stringify({ token }),
  })
  if (!response.ok) throw new Error(`signing in was answered with ${String(response.status)}`)
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

/** One look at a time; what changes meanwhile is looked at after it. */
const createLooking = (lookOnce: () => Promise<void>): (() => void) => {
  let looking = false
  let again = false
  const look = async (): Promise<void> => {
    if (looking) {
      again = true
      return
    }
    looking = true
    do {
      again = false
      await lookOnce().catch(() => undefined)
      // Set by a call that came meanwhile.
    } while (again as boolean)
    looking = false
  }
  return () => void look()
}

/** Reads a stream line by line until it breaks. */
const readLines = async (body: ReadableStream<Uint8Array>, hear: (line: string) => void): Promise<void> => {
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(line)
  }
}

/** The open tickets as a desk shows them. */
const listTickets = async (base: string, headers: Readonly<Record<string, string>>): Promise<string> => {
  const response = await fetch(`${base}/api/desk/tickets?view=open&limit=1000`, { headers })
  const { tickets } = List.parse(await response.json())
  return tickets
    .map(({ id, version }) => `${id} ${String(version)}`)
    .sort()
    .join('\n')
}

/** Before it connects again, until the server has said how long to wait. */
const firstRetryMs = 200

/** Opens the desk of whoever is signed in by `cookie`. */
export const openAgentDesk = (base: string, cookie: string): AgentDesk => {
  const headers = { cookie }
  let shown = ''
  let retryMs = firstRetryMs
  let closed = false
  let stream = new AbortController()
  let resumed = (): void => undefined

  const look = createLooking(async () => {
    shown = await listTickets(base, headers)
  })
  const hear = (line: string): void => {
    const [, retry] = /^retry: ?(\d+)/.exec(line) ?? []
    if (retry !== undefined) retryMs = Number(retry)
    if (line.startsWith('event: ready')) resumed()
    if (/^event: (ready|ticket|refresh)/.test(line)) look()
  }
  const listen = async (): Promise<void> => {
    while (!closed) {
      stream = new AbortController()
      // Cut, or the server is away.
      await fetch(`${base}/api/desk/events`, { headers, signal: stream.signal })
        .then(({ ok, body }) => (ok && body !== null ? readLines(body, hear) : undefined))
        .catch(() => undefined)
      await delay(retryMs)
    }
  }
  void listen()
  return {
    isCurrent: async () => shown === (await listTickets(base, headers)),
    cut: () =>
      new Promise((resolve) => {
        const from = performance.now()
        resumed = () => resolve(performance.now() - from)
        stream.abort()
      }),
    close: () => {
      closed = true
      stream.abort()
    },
  }
}
