import { AddressRefused, FetchError, type Outgoing } from '../../channels/kit/index.ts'
import type { CallOut } from '../core/tool.ts'

/** Calls through the guarded client. */
export const createCallOut =
  (outgoing: Pick<Outgoing, 'call'>): CallOut =>
  async (url, { method, headers, body, timeoutMs, maxBytes }) => {
    try {
      const answer = await outgoing.call(
        url,
        { method, headers, ...(body === undefined ? {} : { body }) },
        { timeoutMs, maxBytes },
      )
      const session = answer.headers.get('mcp-session-id')
      return {
        status: answer.status,
        contentType: answer.headers.get('content-type') ?? '',
        ...(session === null ? {} : { session }),
        body: Buffer.from(answer.bytes).toString('utf8'),
      }
    } catch (error) {
      if (error instanceof AddressRefused) return { failure: 'address' }
      if (error instanceof FetchError)
        return { failure: error.failure === 'unreachable' ? 'network' : error.failure }
      throw error
    }
  }
