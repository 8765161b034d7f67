/**
 * Proof that a request is the Bot Connector's. The body is not signed; what binds it is the token's service URL.
 * Source: learn.microsoft.com "Authenticate requests from the Bot Connector service to your bot"; RFC 7519, RFC 8725.
 */
import { verify as verifySignature } from 'node:crypto'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Fields } from '../kit/index.ts'
import { decodeUtf8, readBody, readJson, Refusal, textField } from '../kit/index.ts'
import type { BotframeworkConfig } from './manifest.ts'
import { isAllowedAddress } from './service-url.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Longest activity we read; the protocol's own limit is 256 kB. */
export const maxBodyBytes = 262_144

const limits = { depth: 32, fields: 512 } as const
const skewMs = 5 * 60_000
const maxTokenCharacters = 16_384

const refuse = (reason: string, hint?: string): Refusal => new Refusal('unauthorized', reason, hint)

/** A JWT taken apart, nothing of it believed. */
interface Token {
  readonly header: Fields
  readonly claims: Fields
  /** What the signature covers. */
  readonly signed: string
  readonly signature: Buffer
}

const base64url = /^[A-Za-z0-9_-]+$/

const readPart = (part: string): Fields => {
  try {
    return readJson(decodeUtf8(Buffer.from(part, 'base64url')), { depth: 4, fields: 64 })
  } catch {
    throw refuse('token_unreadable')
  }
}

const readToken = (authorization: string): Token => {
  const [, jwt = ''] = /^Bearer ([^\s,]+)$/i.exec(authorization) ?? []
  const [header = '', claims = '', signature = '', ...more] = jwt.split('.')
  const parts = [header, claims, signature]
  if (jwt.length > maxTokenCharacters || more.length > 0 || !parts.every((part) => base64url.test(part)))
    throw refuse('no_token')
  return {
    header: readPart(header),
    claims: readPart(claims),
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

/** Header fields that would let a token choose its own key. */
const keyFields = ['jku', 'jwk', 'x5u', 'x5c', 'crit'] as const

/** What can be refused without asking anybody for keys. Throws `Refusal`. */
const checkForm = ({ header, claims }: Token, { appId, issuer }: BotframeworkConfig, now: number): string => {
  if (textField(header, 'alg') !== 'RS256') throw refuse('algorithm')
  if (keyFields.some((name) => header.has(name))) throw refuse('foreign_key')
  const keyId = textField(header, 'kid')
  if (keyId === undefined) throw refuse('no_key_id')
  if (textField(claims, 'iss') !== issuer) throw refuse('issuer')
  if (textField(claims, 'aud') !== appId)
    throw refuse('audience', 'the request is for another bot; compare appId with Azure Bot → Configuration')
  const seconds = (name: string): number => Number(textField(claims, name) ?? Number.NaN) * 1_000
  if (!(now < seconds('exp') + skewMs)) throw new Refusal('stale', 'expired', 'check this machine’s clock')
  const notBefore = textField(claims, 'nbf')
  if (notBefore !== undefined && !(now > seconds('nbf') - skewMs))
    throw new Refusal('stale', 'not_yet_valid', 'check this machine’s clock')
  return keyId
}

const trimSlash = (url: string): string => url.replace(/\/+$/, '')

/** The service URL as the activity and the token both name it. */
const checkServiceUrl = (activity: Fields, claims: Fields, { serviceHosts }: BotframeworkConfig): void => {
  const serviceUrl = textField(activity, 'serviceUrl') ?? ''
  // Direct Line's tokens write the claim in two ways.
  const claimed = textField(claims, 'serviceurl') ?? textField(claims, 'serviceUrl')
  if (claimed === undefined || trimSlash(claimed) !== trimSlash(serviceUrl)) throw refuse('service_url')
  if (!isAllowedAddress(serviceUrl, serviceHosts))
    throw refuse('service_host', 'if the host is Microsoft’s own, add it to serviceHosts')
}

/** What verification needs beside the request. */
export interface VerifyDeps {
  readonly config: BotframeworkConfig
  readonly host: Pick<ChannelHost, 'clock'>
  readonly keys: SigningKeys
}

/**
 * Verifies a request and reads its activity; nothing of the body is parsed before the token is proven. Throws
 * `Refusal`; every fault of proof looks the same outside. Other errors: the keys could not be fetched.
 */
export const verifyActivity = async (
  { config, host, keys }: VerifyDeps,
  request: Request,
): Promise<Fields> => {
  const token = readToken(request.headers.get('authorization') ?? '')
  const keyId = checkForm(token, config, host.clock.now().getTime())
  const found = await keys.find(keyId)
  if (found === undefined) throw refuse('unknown_key')
  if (!verifySignature('RSA-SHA256', Buffer.from(token.signed), found.key, token.signature))
    throw refuse('bad_signature')
  const activity = readJson(decodeUtf8(await readBody(request, maxBodyBytes)), limits)
  const channelId = textField(activity, 'channelId') ?? ''
  if (found.endorsements.length > 0 && !found.endorsements.includes(channelId)) throw refuse('endorsement')
  checkServiceUrl(activity, token.claims, config)
  return activity
}
