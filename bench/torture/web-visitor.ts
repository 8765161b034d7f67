import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { z } from 'zod'

const Session = z.looseObject({ token: z.string() })
const Frame = z.looseObject({
  t: z.string(),
  clientMsgId: z.string().optional(),
  seq: z.number().optional(),
  author: z.string().optional(),
})

/** A visitor's page that connects again whenever its socket breaks, and says again what was not taken. */
export interface WebVisitor {
  /** Says something; resolves once the server has told that it is taken. */
  say(text: string): Promise<void>
  /** How many different lines of the bot stand on the page. */
  answers(): number
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

/** Opens the page of a visitor of a web chat. */
export const openWebVisitor = async (base: string, inboxId: string): Promise<WebVisitor> => {
  const inbox = `${base}/channels/${inboxId}`
  const token = await openSession(inbox, base)
  const open = new Map<string, { readonly frame: string; readonly taken: () => void }>()
  const shown = new Set<number>()
  let [cursor, closed] = [0, false]
  let socket: WebSocket | undefined

  const hear = (data: Buffer): void => {
    const { t, clientMsgId = '', seq = 0, author } = Frame.parse(JSON.parse(data.toString('utf8')))
    if (t === 'ready') for (const { frame } of open.values()) socket?.send(frame)
    if (t === 'accepted') {
      open.get(clientMsgId)?.taken()
      open.delete(clientMsgId)
    }
    if (t !== 'ev') return
    cursor = Math.max(cursor, seq)
    if (author !== 'contact') shown.add(seq)
  }
  const connect = (): void => {
    const next = new WebSocket(`${inbox.replace('http', 'ws')}/ws`, { headers: { origin: base } })
    socket = next
    next.on('error', () => undefined)
    next.on('open', () => next.send(JSON.stringify({ t: 'auth', token, resume: { cursor } })))
    next.on('message', hear)
    next.on('close', () => {
      if (!closed) setTimeout(connect, reconnectMs)
    })
  }
  connect()
  // As pages do: what nobody has taken for a while is said again.
  const saying = setInterval(() => {
    if (socket?.readyState === WebSocket.OPEN) for (const { frame } of open.values()) socket.send(frame)
  }, saidAgainMs)
  return {
    say: (text) =>
      new Promise((taken) => {
        const clientMsgId = randomUUID()
        const frame = JSON.stringify({ t: 'msg', clientMsgId, content: { text } })
        open.set(clientMsgId, { frame, taken })
        if (socket?.readyState === WebSocket.OPEN) socket.send(frame)
      }),
    answers: () => shown.size,
    close: () => {
      closed = true
      clearInterval(saying)
      socket?.terminate()
    },
  }
}
