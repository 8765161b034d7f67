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
  const asked: { readonly answered: () => void; readonly failed: (error: Error) => void }[] = []
  const ready = new Promise<void>((resolve, reject) => {
    const broken = (error: Error): void => {
      reject(error)
      for (const { failed } of asked.splice(0)) failed(error)
    }
    socket.on('error', broken)
    socket.on('close', (code) => broken(new Error(`web: the socket closed with ${String(code)}`)))
    socket.on('open', () => socket.send(JSON.stringify({ t: 'auth', token, resume: { cursor: 0 } })))
    socket.on('message', (data: Buffer) => {
      const { t, author } = frame.parse(JSON.parse(data.toString('utf8')))
      if (t === 'ready') resolve()
      if (t === 'ev' && author !== 'contact') asked.shift()?.answered()
    })
  })
  await ready
  return {
    ask: (text: string) =>
      new Promise<number>((resolve, reject) => {
        const startedAt = performance.now()
        asked.push({ answered: () => resolve(performance.now() - startedAt), failed: reject })
        socket.send(JSON.stringify({ t: 'msg', clientMsgId: randomUUID(), content: { text } }))
      }),
    close: () => socket.close(),
  }
}

/** So many visitors of a web chat, each on a WebSocket of its own. */
export const openWebVisitors = async (base: string, inboxId: string, count: number): Promise<Asking> => {
  const visitors: Awaited<ReturnType<typeof openVisitor>>[] = []
  // One after another: an address may not have many sockets that are not signed in yet.
  for (let n = 0; n < count; n += 1) visitors.push(await openVisitor(base, inboxId))
  return {
    channel: 'web',
    ask: (n) => visitors[n % count]?.ask(question(n)) ?? Promise.reject(new Error('no visitor')),
    close: () => visitors.forEach((visitor) => visitor.close()),
  }
}
