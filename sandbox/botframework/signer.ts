// The Bot Connector's tokens: learn.microsoft.com "Authenticate requests from the Bot Connector service to your bot".
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'

/** What a token may claim otherwise than it should; tests forge with it. */
export interface TokenChanges {
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  /** `none` leaves the signature out, `HS256` signs with the public key as secret, `foreign` with somebody else's key. */
  readonly signing?: 'none' | 'HS256' | 'foreign'
}

export interface Signer {
  /** A `Bearer` value. */
  authorize(serviceUrl: string, changes?: TokenChanges): string
  /** The published key set. */
  keySet(): unknown
  /** A new key signs from now on; the old one is no longer published. */
  rotate(): void
  /** A key that nobody published, as a JWK. */
  foreignJwk(): unknown
}

export const issuer = 'https://api.botframework.com'
const lifeSeconds = 3_600

interface Pair {
  readonly kid: string
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const createPair = (): Pair => ({
  kid: randomUUID(),
  ...generateKeyPairSync('rsa', { modulusLength: 2_048 }),
})

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs with an own RSA key for one audience. */
export const createSigner = (audience: string, clock: Clock, endorsements: readonly string[]): Signer => {
  let pair = createPair()
  const foreign = createPair()

  const signatureOf = (signed: string, signing: TokenChanges['signing']): string => {
    if (signing === 'none') return ''
    if (signing === 'HS256') {
      const secret = pair.publicKey.export({ type: 'spki', format: 'pem' })
      return createHmac('sha256', secret).update(signed).digest('base64url')
    }
    const key = signing === 'foreign' ? foreign.privateKey : pair.privateKey
    return sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')
  }
  return {
    authorize: (serviceUrl, { header = {}, claims = {}, signing } = {}) => {
      const now = Math.floor(clock.now().getTime() / 1_000)
      const head = { alg: 'RS256', typ: 'JWT', kid: pair.kid, ...header }
      const body = {
        iss: issuer,
        aud: audience,
        nbf: now,
        exp: now + lifeSeconds,
        serviceurl: serviceUrl,
        ...claims,
      }
      const signed = `${encode(head)}.${encode(body)}`
      return `Bearer ${signed}.${signatureOf(signed, signing)}`
    },
    keySet: () => ({
      keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: pair.kid, use: 'sig', endorsements }],
    }),
    rotate: () => {
      pair = createPair()
    },
    foreignJwk: () => ({ ...foreign.publicKey.export({ format: 'jwk' }), kid: foreign.kid }),
  }
}
