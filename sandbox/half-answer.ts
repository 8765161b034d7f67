import { IncomingMessage } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'

const incomingOf = (env: unknown): IncomingMessage | undefined => {
  const incoming: unknown =
    typeof env === 'object' && env !== null && 'incoming' in env ? env.incoming : undefined
  return incoming instanceof IncomingMessage ? incoming : undefined
}

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
  return RESPONSE_ALREADY_SENT
}
