import { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from 'hono'

/** Node's own view of an exchange, which a `Request` does not carry. */
export interface NodeExchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

const isNodeExchange = (env: unknown): env is NodeExchange =>
  typeof env === 'object' &&
  env !== null &&
  'incoming' in env &&
  env.incoming instanceof IncomingMessage &&
  'outgoing' in env &&
  env.outgoing instanceof ServerResponse

/** The node objects below a request. Throws outside the node server, where nothing of ours runs. */
export const nodeOf = (context: Context): NodeExchange => {
  const env: unknown = context.env
  if (!isNodeExchange(env)) throw new Error('this route runs on the node server only')
  return env
}
