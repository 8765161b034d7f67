import type { Context } from 'hono'
import { readBody } from './body.ts'
import { nodeOf } from './node-bindings.ts'

/**
 * Reads the fields of a form as browsers send it; of a field that comes twice the last. Undefined: it was no such
 * form, too large, or broken off.
 */
export const createFormReader =
  (maxBytes: number) =>
  async (context: Context): Promise<Readonly<Record<string, string>> | undefined> => {
    const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/x-www-form-urlencoded') return undefined
    const body = await readBody(nodeOf(context).incoming, maxBytes)
    return body.kind === 'read'
      ? Object.fromEntries(new URLSearchParams(body.bytes.toString('utf8')))
      : undefined
  }
