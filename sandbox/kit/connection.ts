import type { IncomingMessage } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'

/**
 * Tells the server that the answer is on its way already. The copy is the platform's own `Response`, whose header the server
 * reads; made after the server's lightweight one took its place, the original would be answered unread: a second answer behind
 * the first.
 */
const alreadySent = (): Response => RESPONSE_ALREADY_SENT.clone()

/** The Node request, when the app runs on @hono/node-server. */
const incomingOf = (env: unknown): Pick<IncomingMessage, 'socket'> | undefined => {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  const { incoming } = env
  return typeof incoming === 'object' && incoming !== null && 'socket' in incoming
    ? (incoming as Pick<IncomingMessage, 'socket'>)
    : undefined
}

/** Cuts the connection of a call instead of answering it; without a connection: status 502. */
export const breakOff = (c: Context): Response => {
  const socket = incomingOf(c.env)?.socket
  if (socket === undefined) return new Response(null, { status: 502 })
  socket.destroy()
  return alreadySent()
}

/** Resolves when one of the signals is aborted. */
export const aborted = (...signals: readonly AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const signal = AbortSignal.any([...signals])
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/**
 * An answer that breaks off in the middle of its body, as when a machine on the way dies; the call has taken effect. Away
 * from a Node server, whose connection can be broken, it is half a body.
 */
export const halfAnswer = (c: Context, body: string): Response => {
  const whole = Buffer.from(body)
  const half = whole.subarray(0, Math.max(1, Math.floor(whole.length / 2)))
  const headers = { 'content-type': 'application/json', 'content-length': String(whole.length) }
  const socket = incomingOf(c.env)?.socket
  if (socket === undefined) return new Response(half, { headers: { 'content-type': 'application/json' } })
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`), half]), () =>
    socket.destroy(),
  )
  return alreadySent()
}
