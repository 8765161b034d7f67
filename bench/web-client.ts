import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Asking } from './asking.ts'
import { question } from './questions.ts'

const session = z.looseObject({ token: z.string() })
const frame = z.looseObject({ t: z.string(), author: z.string().optional() })

const openVisitor = async (base: string, inboxId: string) => {
  const inbox = `${base}/channels/${inboxId}`
  const response = await fetch(`${inbox}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: '{}',
  })
  const { token } = session.parse(await response.json())
  const socket = new WebSocket(`${inbox.replace('http', 'ws')}/ws`, { headers: { origin: base } })
  let answered = (): void => undefined
  const ready = new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      const { t, author } = frame.parse(JSON.parse(data.toString('utf8')))
      if (t === 'ready') resolve()
      if (t === 'ev' && author !== 'contact') answered()
    })
  })
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ t: 'auth', token, resume: { cursor: 0 } }))
  await ready
  return {
    ask: (text: string) =>
      new Promise<number>((resolve) => {
        const startedAt = performance.now()
        answered = () => resolve(performance.now() - startedAt)
        socket.send(JSON.stringify({ t: 'msg', clientMsgId: randomUUID(), content: { text } }))
      }),
    close: () => socket.close(),
  }
}

/** So many visitors of a web chat, each on a WebSocket of its own. */
export const openWebVisitors = async (base: string, inboxId: string, count: number): Promise<Asking> => {
  const visitors = await Promise.all(Array.from({ length: count }, () => openVisitor(base, inboxId)))
  return {
    channel: 'web',
    ask: (n) => visitors[n % count]?.ask(question(n)) ?? Promise.reject(new Error('no visitor')),
    close: () => visitors.forEach((visitor) => visitor.close()),
  }
}
