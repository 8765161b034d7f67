import type { Context } from 'hono'
import { readBody } from './body.ts'
import { nodeOf } from './node-bindings.ts'
import { Problem } from './problem.ts'

/** Reads a request's body now, up to `maxBytes`, and puts it in the place of the unread one. */
export const limitBody = async (context: Context, maxBytes: number): Promise<void> => {
  const body = await readBody(nodeOf(context).incoming, maxBytes)
  switch (body.kind) {
    case 'read': {
      const { url, method, headers, signal } = context.req.raw
      context.req.raw = new Request(url, { method, headers, body: body.bytes, signal })
      return
    }
    case 'too_large':
      throw new Problem(
        'too_large',
        `the body is over ${maxBytes} bytes`,
        { maxBytes },
        { connection: 'close' },
      )
    case 'compressed':
      throw new Problem('unsupported_media_type', 'send it uncompressed', {}, { connection: 'close' })
    case 'broken':
      throw new Problem('bad_input', 'the body ended too early')
    default:
      return body satisfies never
  }
}
