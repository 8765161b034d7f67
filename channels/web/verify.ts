import { createHmac, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../src/core/clock.ts'
import { sameSecret } from '../../src/core/same-secret.ts'
import type { WebConfig } from './manifest.ts'

/** Who a valid token belongs to. Times are milliseconds since 1970. */
export interface VisitorSession {
  readonly visitor: string
  /** The customer of the brand that the visitor is; absent: a stranger. */
  readonly customer?: Customer
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}

/** Who somebody is, by the brand's word. */
export interface Customer {
  /** The brand's own id. */
  readonly id: string
  readonly name?: string
  /** How the brand ranks them. */
  readonly tier?: string
}

/** A token and the end of its life. */
export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}

/** Why a token was refused; for the log only, clients hear the same code for all. */
export type TokenRefusal = 'malformed' | 'forged' | 'foreign' | 'expired'
export type TokenCheck =
  | { readonly kind: 'valid'; readonly session: VisitorSession }
  | { readonly kind: 'refused'; readonly reason: TokenRefusal }

/** Makes and checks visitor tokens of one inbox. */
export interface Tokens {
  issue(visitor: string, customer?: Customer): Promise<IssuedToken>
  verify(token: string): Promise<TokenCheck>
  /** True in the second half of a session's life: time for a new token. A customer's is only renewed by the brand. */
  isAging(session: VisitorSession): boolean
  isExpired(session: VisitorSession): boolean
  /** The visitor that a customer is on every device. */
  homeOf(customer: Customer): Promise<string>
}

/** Bytes of a visitor id. */
const visitorBytes = 16

/** A visitor id of 128 random bits. */
export const createVisitorId = (): string => randomBytes(visitorBytes).toString('base64url')

// Claims a newer version adds are ignored by older ones: whoever signed it was us.
const claims = z.object({
  inbox: z.string(),
  visitor: z.string().regex(/^[\w-]{22}$/),
  iat: z.int().min(0),
  exp: z.int().min(0),
  customer: z.object({ id: z.string(), name: z.string().optional(), tier: z.string().optional() }).optional(),
})
const shape = /^v1\.([0-9a-f]{8})\.([\w-]{1,1600})\.([\w-]{43})$/
const customerOf = ({ id, name, tier }: NonNullable<z.output<typeof claims>['customer']>): Customer => ({
  id,
  ...(name !== undefined && { name }),
  ...(tier !== undefined && { tier }),
})
const refused = (reason: TokenRefusal): TokenCheck => ({ kind: 'refused', reason })

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

export interface TokenDeps {
  readonly inboxId: string
  /** The signing secret; asked once, again only after a failure. */
  readonly secret: () => Promise<string>
  readonly clock: Clock
  readonly lifeMs: number
  /** The same for a customer's session. */
  readonly customerLifeMs: number
}

interface Key {
  readonly id: string
  readonly sign: (text: string) => string
}

const createKey = (secret: string): Key => ({
  // Names the secret without giving anything of it away; a second key can be told apart later.
  id: createHmac('sha256', secret).update('tongda visitor key id').digest('hex').slice(0, 8),
  sign: (text) => createHmac('sha256', secret).update(text).digest('base64url'),
})

/** Runs `load` once and shares its result; a failure is forgotten, so the next call tries again. */
const once = <Value>(load: () => Promise<Value>): (() => Promise<Value>) => {
  let shared: Promise<Value> | undefined
  return () => {
    shared ??= load().catch((error: unknown) => {
      shared = undefined
      throw error
    })
    return shared
  }
}

/**
 * Visitor tokens: `v1.<key id>.<base64url claims>.<HMAC-SHA256>`. The signature covers all before it.
 * Nothing is stored, so a session outlives restarts and works on every node that has the secret.
 */
export const createTokens = ({ inboxId, secret, clock, lifeMs, customerLifeMs }: TokenDeps): Tokens => {
  const getKey = once(async () => createKey(await secret()))
  const now = (): number => clock.now().getTime()
  const isExpired = (session: VisitorSession): boolean => now() >= session.expiresAtMs
  return {
    isExpired,
    isAging: ({ customer, issuedAtMs, expiresAtMs }) =>
      customer === undefined && now() >= (issuedAtMs + expiresAtMs) / 2,
    async homeOf({ id }) {
      const { sign } = await getKey()
      const digest = Buffer.from(sign(`tongda customer ${inboxId} ${id}`), 'base64url')
      return digest.subarray(0, visitorBytes).toString('base64url')
    },
    async issue(visitor, customer) {
      const key = await getKey()
      const iat = Math.floor(now() / 1_000)
      const exp = iat + Math.floor((customer === undefined ? lifeMs : customerLifeMs) / 1_000)
      const facts = { inbox: inboxId, visitor, iat, exp, ...(customer && { customer }) }
      const payload = Buffer.from(JSON.stringify(facts)).toString('base64url')
      const signed = `v1.${key.id}.${payload}`
      return { token: `${signed}.${key.sign(signed)}`, expiresAt: new Date(exp * 1_000) }
    },
    async verify(token) {
      const [, keyId, payload, signature] = shape.exec(token) ?? []
      if (keyId === undefined || payload === undefined || signature === undefined) return refused('malformed')
      const key = await getKey()
      if (!sameSecret(signature, key.sign(`v1.${keyId}.${payload}`)) || keyId !== key.id)
        return refused('forged')
      const parsed = claims.safeParse(parse(Buffer.from(payload, 'base64url').toString('utf8')))
      if (!parsed.success) return refused('malformed')
      const { inbox, visitor, iat, exp, customer } = parsed.data
      if (inbox !== inboxId) return refused('foreign')
      const session: VisitorSession = {
        visitor,
        issuedAtMs: iat * 1_000,
        expiresAtMs: exp * 1_000,
        ...(customer && { customer: customerOf(customer) }),
      }
      return isExpired(session) ? refused('expired') : { kind: 'valid', session }
    },
  }
}

/** Which pages may talk to the inbox. */
export interface OriginRule {
  /** True when `Origin` is present and exactly one of the configured ones. */
  allows(origin: string | null): origin is string
  /**
   * True when a request may act on a bearer token: a listed origin, or none at all.
   * Browsers leave `Origin` out of same-origin GETs, other clients always; the token, not a cookie, is the authority.
   */
  allowsBearer(headers: Headers): boolean
}

/** The inbox's origins, taken from the configuration only. */
export const createOriginRule = (config: Pick<WebConfig, 'origins' | 'publicUrl'>): OriginRule => {
  const listed: ReadonlySet<string> = new Set(config.origins ?? [new URL(config.publicUrl).origin])
  const allows = (origin: string | null): origin is string => origin !== null && listed.has(origin)
  return {
    allows,
    allowsBearer(headers) {
      const origin = headers.get('origin')
      if (origin !== null) return allows(origin)
      const site = headers.get('sec-fetch-site')
      return site === null || site === 'same-origin'
    },
  }
}
