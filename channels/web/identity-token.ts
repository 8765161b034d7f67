/**
 * Identity tokens: what a brand's server says about who is signed in. A JSON Web Token (RFC 7519) signed with HS256
 * (RFC 7515); no other algorithm is known, so a token cannot choose one.
 */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { sameSecret } from '../../src/core/same-secret.ts'
import type { Customer } from './verify.ts'

/** Longest token that is read. */
export const maxIdentityCharacters = 4_096
/** Clocks of two servers may differ by so much, in seconds. */
const skewS = 60
const longestName = 60

const header = z.object({
  alg: z.literal('HS256'),
  /** A header that must be understood (RFC 7515 §4.1.11); none is. */
  crit: z.undefined().optional(),
})
const claims = z.object({
  sub: z.string().regex(/^[\x21-\x7e]{1,128}$/),
  exp: z.number(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  name: z.string().max(200).optional(),
  tier: z
    .string()
    .regex(/^[\x21-\x7e]{1,40}$/)
    .optional(),
})

/** Why a token was refused; for the log, pages hear the same word for all. */
export type IdentityRefusal =
  'malformed' | 'forged' | 'expired' | 'early' | 'lives_too_long' | 'other_audience'
export type IdentityCheck =
  | { readonly kind: 'valid'; readonly customer: Customer }
  | { readonly kind: 'refused'; readonly reason: IdentityRefusal }

export interface IdentityRule {
  readonly secret: string
  readonly inboxId: string
  readonly maxMinutes: number
}

const refused = (reason: IdentityRefusal): IdentityCheck => ({ kind: 'refused', reason })

const readPart = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** A name as agents may see it: nothing invisible, nothing that turns the direction around. */
const shownName = (name: string): string =>
  Array.from(
    name
      .normalize('NFC')
      .replace(/[\p{C}\u2028\u2029]/gu, '')
      .trim(),
  )
    .slice(0, longestName)
    .join('')

/** Checks a token at the moment `now`; never throws. */
export const checkIdentity = (token: string, rule: IdentityRule, now: Date): IdentityCheck => {
  const [head, body, signature, ...more] = token.length > maxIdentityCharacters ? [] : token.split('.')
  if (head === undefined || body === undefined || signature === undefined || more.length > 0)
    return refused('malformed')
  if (!header.safeParse(readPart(head)).success) return refused('malformed')
  const expected = createHmac('sha256', rule.secret).update(`${head}.${body}`).digest('base64url')
  if (!sameSecret(signature, expected)) return refused('forged')
  const parsed = claims.safeParse(readPart(body))
  if (!parsed.success) return refused('malformed')
  const { sub, exp, iat, nbf, aud, name, tier } = parsed.data
  const nowS = now.getTime() / 1_000
  if (exp <= nowS) return refused('expired')
  if (exp - nowS > rule.maxMinutes * 60 + skewS) return refused('lives_too_long')
  if (Math.max(iat ?? 0, nbf ?? 0) > nowS + skewS) return refused('early')
  if (aud !== undefined && ![aud].flat().includes(rule.inboxId)) return refused('other_audience')
  const shown = shownName(name ?? '')
  const customer = { id: sub, ...(shown !== '' && { name: shown }), ...(tier !== undefined && { tier }) }
  return { kind: 'valid', customer }
}
