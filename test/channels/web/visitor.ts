import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { web } from '../../../channels/web/index.ts'
import type { ServerFrame } from '../../../channels/web/protocol.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import { serveChannel } from '../../support/channel-server.ts'
import type { ChannelServer } from '../../support/channel-server.ts'

/** The origin every test's pages come from, unless the test is about origins. */
export const siteOrigin = 'https://www.example.com'

/** Waits until `read` gives what the matcher wants; generous, for busy machines. */
export const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read)

/** Of real time also where a test stops the clock: what is waited for in vain is to fail. */
const [startTimer, endTimer] = [setTimeout, clearTimeout]

/** Stops this process's clock and its timers until the test is over: no limit begins anew, however slow the machine. */
export const stopClock = (): void => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

/** Starts the web channel on loopback, patient with who signs in; `settings` are merged into a minimal configuration. */
export const serveWeb = (
  host: TestChannelHost = createTestChannelHost(),
  settings: Record<string, unknown> = {},
  port = 0,
): Promise<ChannelServer> =>
  serveChannel({
    inboxId: host.inboxId,
    port,
    create: (publicUrl) =>
      web.create(
        web.config.parse({ publicUrl, origins: [siteOrigin], authTimeoutMs: 60_000, ...settings }),
        host,
      ),
  })

/** A visitor's client on HTTP. */
export const request = (
  server: ChannelServer,
  path: string,
  {
    token,
    body,
    origin = siteOrigin,
    method,
  }: { token?: string; body?: unknown; origin?: string | null; method?: string } = {},
): Promise<Response> =>
  fetch(server.url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(origin !== null && { origin }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

/** Opens a session and returns its token. */
export const openSession = async (server: ChannelServer, token?: string): Promise<string> => {
  const response = await request(server, '/session', {
    method: 'POST',
    ...(token !== undefined && { token }),
  })
  if (response.status !== 200) throw new Error(`session: ${response.status}`)
  const body = (await response.json()) as { token: string }
  return body.token
}

/** The visitor id inside a token. */
export const visitorOf = (token: string): string => {
  const claims: { visitor: string } = JSON.parse(
    Buffer.from(token.split('.')[2] ?? '', 'base64url').toString(),
  )
  return claims.visitor
}

export type FrameOf<T extends ServerFrame['t']> = Extract<ServerFrame, { t: T }>

/** One tab: a socket with everything it has heard. */
export interface Tab {
  readonly frames: readonly ServerFrame[]
  readonly socket: WebSocket
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  send(frame: unknown): void
  /** Sends a text message; returns its id. */
  say(text: string, clientMsgId?: string): string
  /** Waits for a frame, heard already or yet to come. */
  hears<T extends ServerFrame['t']>(t: T, matches?: (frame: FrameOf<T>) => boolean): Promise<FrameOf<T>>
  /** Sequence numbers of all events so far. */
  seqs(): number[]
  texts(): string[]
  /** Resolves once everything sent before has been handled. */
  settled(): Promise<void>
}

/** Opens a socket without signing in. */
export const openTab = async (server: ChannelServer, origin = siteOrigin): Promise<Tab> => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { origin })
  const frames: ServerFrame[] = []
  const checks = new Set<() => void>()
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  socket.on('message', (data: Buffer) => {
    const frame: ServerFrame = JSON.parse(data.toString())
    frames.push(frame)
    for (const check of [...checks]) check()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  const send = (frame: unknown): void =>
    socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  const hears: Tab['hears'] = (t, matches = () => true) =>
    new Promise((resolve, reject) => {
      const timer = startTimer(
        () => reject(new Error(`no ${t} among ${JSON.stringify(frames).slice(0, 2_000)}`)),
        30_000,
      )
      const check = (): void => {
        for (const frame of frames) {
          if (frame.t !== t) continue
          const found = frame as FrameOf<typeof t>
          if (!matches(found)) continue
          endTimer(timer)
          checks.delete(check)
          resolve(found)
          return
        }
      }
      checks.add(check)
      check()
    })
  const events = (): FrameOf<'ev'>[] => frames.filter((frame) => frame.t === 'ev')
  return {
    frames,
    socket,
    closed,
    send,
    hears,
    say(text, clientMsgId = randomUUID()) {
      send({ t: 'msg', clientMsgId, content: { text } })
      return clientMsgId
    },
    seqs: () => events().map((event) => event.seq),
    texts: () =>
      events().flatMap((event) => event.parts.map((part) => (part.kind === 'text' ? part.text : part.kind))),
    async settled() {
      const before = frames.filter((frame) => frame.t === 'pong').length
      send({ t: 'ping' })
      send({ t: 'ping' })
      // The second pong comes after the look into the log that the first ping asked for.
      await hears('pong', () => frames.filter((frame) => frame.t === 'pong').length >= before + 2)
    },
  }
}

/** Opens a socket and signs in, going on after `cursor`. */
export const signInTab = async (server: ChannelServer, token: string, cursor = 0): Promise<Tab> => {
  const tab = await openTab(server)
  tab.send({ t: 'auth', token, resume: { cursor } })
  await tab.hears('ready')
  return tab
}

/** Sends through the channel what the bot said, as the outbox would. */
export const deliver = (server: ChannelServer, threadKey: string, id = randomUUID()): Promise<unknown> =>
  server.channel.deliver({
    id,
    inboxId: 'web-test',
    conversationId: `conversation-${threadKey}`,
    contactKey: threadKey,
    threadKey,
    part: { kind: 'text', text: 'rendered' },
    author: 'bot',
    createdAt: new Date(),
    attempt: 1,
  })
