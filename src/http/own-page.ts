import type { Context } from 'hono'
import type { Origins } from './origins.ts'
import { Problem } from './problem.ts'
import { sameSecret } from '../core/same-secret.ts'
import { csrfTokenOf } from './sign-in/tokens.ts'

/** Refuses a body of another type than `wanted`; no form of another site can send JSON or bytes. */
export const checkType = (context: Context, wanted: string): void => {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== wanted) throw new Problem('unsupported_media_type', `send ${wanted}`)
}

/** Writes with a cookie come from pages of ours. */
export const checkOrigin = (context: Context, origins: Origins): void => {
  const origin = context.req.header('origin')
  const site = context.req.header('sec-fetch-site')
  if (!origins.allows(origin) || (site !== undefined && site !== 'same-origin')) {
    throw new Problem(
      'forbidden',
      'this address is none of the configured public URLs; open the desk there, or add this one to the configuration',
      { reason: 'origin' },
    )
  }
}

/** Refuses a write that does not carry the word only our page can know. */
export const checkCsrf = (context: Context, token: string): void => {
  const sent = context.req.header('x-csrf-token') ?? ''
  if (!sameSecret(sent, csrfTokenOf(token)))
    throw new Problem('forbidden', 'the X-CSRF-Token header is missing or wrong; reload the page', {
      reason: 'csrf',
    })
}
