import type { Context } from 'hono'
import { Problem } from '../problem.ts'

/** A version as an entity tag. */
export const tagOf = (version: number): string => `"${version}"`

/** The version that `If-Match` names; undefined: any. Throws `bad_input`. */
export const expectedVersion = (context: Context): number | undefined => {
  const header = context.req.header('if-match')?.trim()
  if (header === undefined || header === '*') return undefined
  const version = /^"(\d{1,9})"$/.exec(header)?.[1]
  if (version === undefined)
    throw new Problem('bad_input', 'If-Match must be the ETag of an answer as it stands, e.g. "3"')
  return Number(version)
}

/** What is answered to a write on a version that is gone: the resource as it is, and what was to be written. */
export const staleProblem = (
  current: { readonly version: number },
  yours: { readonly version: number | undefined; readonly changes: unknown },
): Problem =>
  new Problem(
    'stale',
    'this was changed since you read it; look at `current`, then try again with its version',
    { current, yours },
    { etag: tagOf(current.version) },
  )
