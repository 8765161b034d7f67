import type { IncomingMessage } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'

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
  return RESPONSE_ALREADY_SENT
}

/** Resolves when one of the signals is aborted. */
export const aborted = (...signals: readonly AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const signal = AbortSignal.any([...signals])
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
