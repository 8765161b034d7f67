import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { ShownLine } from './ledger.ts'

const Session = z.looseObject({ token: z.string() })
const Frame = z.looseObject({
  t: z.string(),
  clientMsgId: z.string().optional(),
  seq: z.number().optional(),
  author: z.string().optional(),
  parts: z.array(z.looseObject({ kind: z.string(), text: z.string().optional() })).optional(),
})

/** A visitor's page that connects again whenever its socket breaks, and says again what was not taken. */
export interface WebVisitor {
  /** Says something; resolves once the server has told that it is taken. */
  say(text: string): Promise<void>
  /** How many different answers of the bot stand on the page: lines of text, which the greeting with its choices is not. */
  answers(): number
  /** Their words, in the order of their coming. */
  lines(): readonly ShownLine[]
  /** How many lines of the bot came although they stood on the page. */
  doubles(): number
  /** How many lines of the bot a page that is opened anew shows and this one does not. */
  gaps(): Promise<number>
  /** Breaks the connection; gives the milliseconds until the next one stands. */
  cut(): Promise<number>
  close(): void
}

const reconnectMs = 200
const saidAgainMs = 5_000

const openSession = async (inbox: string, origin: string): Promise<string> => {
  for (;;) {
    const response = await fetch(`${inbox}/session`, { method: 'POST', headers: { origin } }).catch(
      () => undefined,
    )
    if (response?.ok === true) return Session.parse(await response.json()).token
    await delay(reconnectMs)
  }
}

const readFrame = (data: Buffer) => Frame.parse(JSON.parse(data.toString('utf8')))

interface Signed {
  readonly origin: string
  readonly token: string
  /** The newest line that is known. */
  readonly cursor: number
}

const openSocket = (inbox: string, { origin, token, cursor }: Signed): WebSocket => {
  const socket = new WebSocket(`${inbox.replace('http', 'ws')}/ws`, { headers: { origin } })
  socket.on('error', () => undefined)
  socket.on('open', () => socket.send(JSON.stringify({ t: 'auth', token, resume: { cursor } })))
  return socket
}

/** So long nothing more comes when everything has come. */
const quietMs = 2_000

/** The lines of the bot that a new page is told of. */
const readAll = async (socket: WebSocket): Promise<readonly number[]> => {
  const seqs: number[] = []
  /** Nothing counts as quiet before it is ready. */
  let heardAt = Infinity
  socket.on('message', (data: Buffer) => {
    const { t, seq = 0, author } = readFrame(data)
    if (t === 'ready' || t === 'ev') heardAt = performance.now()
    if (t === 'ev' && author !== 'contact') seqs.push(seq)
  })
  while (socket.readyState <= WebSocket.OPEN && !(performance.now() - heardAt > quietMs))
    await delay(reconnectMs)
  socket.terminate()
  return seqs
}

/** What a page has said and nobody has taken yet; as pages do, it is said again after a while. */
const createSaying = (send: (frame: string) => void) => {
  const open = new Map<string, { readonly frame: string; readonly taken: () => void }>()
  const sayAgain = (): void => {
    for (const { frame } of open.values()) send(frame)
  }
  const timer = setInterval(sayAgain, saidAgainMs)
  return {
    say: (text: string) =>
      new Promise<void>((taken) => {
        const clientMsgId = randomUUID()
        const frame = JSON.stringify({ t: 'msg', clientMsgId, content: { text } })
        open.set(clientMsgId, { frame, taken })
        send(frame)
      }),
    sayAgain,
    taken: (clientMsgId: string): void => {
      open.get(clientMsgId)?.taken()
      open.delete(clientMsgId)
    },
    stop: () => clearInterval(timer),
  }
}

/** Opens the page of a visitor of a web chat. */
export const openWebVisitor = async (base: string, inboxId: string): Promise<WebVisitor> => {
  const inbox = `${base}/channels/${inboxId}`
  const token = await openSession(inbox, base)
  const shown = new Set<number>()
  const lines: ShownLine[] = []
  let [cursor, doubles, closed] = [0, 0, false]
  let socket: WebSocket | undefined
  let resumed = (): void => undefined

  const saying = createSaying((frame) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(frame)
  })
  const hear = (data: Buffer): void => {
    const { t, clientMsgId = '', seq = 0, author, parts = [] } = readFrame(data)
    if (t === 'ready') {
      resumed()
      saying.sayAgain()
    }
    if (t === 'accepted') saying.taken(clientMsgId)
    if (t !== 'ev') return
    cursor = Math.max(cursor, seq)
    if (author === 'contact') return
    if (shown.has(seq)) {
      doubles += 1
      return
    }
    shown.add(seq)
    const words = parts.flatMap(({ kind, text = '' }) => (kind === 'text' ? [text] : []))
    if (words.length > 0) lines.push({ text: words.join('\n'), atMs: Date.now() })
  }
  const connect = (): void => {
    const next = openSocket(inbox, { origin: base, token, cursor })
    socket = next
    next.on('message', hear)
    next.on('close', () => {
      if (!closed) setTimeout(connect, reconnectMs)
    })
  }
  connect()
  return {
    say: (text) => saying.say(text),
    answers: () => lines.length,
    lines: () => lines,
    doubles: () => doubles,
    gaps: async () => {
      const all = await readAll(openSocket(inbox, { origin: base, token, cursor: 0 }))
      return all.filter((seq) => !shown.has(seq)).length
    },
    cut: () =>
      new Promise((resolve) => {
        const from = performance.now()
        resumed = () => resolve(performance.now() - from)
        socket?.terminate()
      }),
    close: () => {
      closed = true
      saying.stop()
      socket?.terminate()
    },
  }
}
