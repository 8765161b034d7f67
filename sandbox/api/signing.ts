// Standard Webhooks, symmetric signatures: HMAC-SHA256 over `id.timestamp.body`, base64, after `v1,`.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new secret. */
export const createSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** The three headers of a signed request. */
export interface SignedHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

const signatureOf = (secret: string, id: string, timestamp: string, body: string): string => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** Signs a body. */
export const signedHeaders = (secret: string, id: string, at: Date, body: string): SignedHeaders => {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(secret, id, timestamp, body),
  }
}

const toleranceMs = 300_000

/** What is wrong with a request's proof; undefined: nothing. */
export const proofFault = (secret: string, headers: Headers, body: string, now: Date): string | undefined => {
  const id = headers.get('webhook-id')
  const timestamp = headers.get('webhook-timestamp')
  const given = headers.get('webhook-signature')
  if (id === null || timestamp === null || given === null) return 'a header of Standard Webhooks is missing'
  if (!/^\d+$/.test(timestamp)) return 'webhook-timestamp is not a number of seconds'
  if (Math.abs(now.getTime() - Number(timestamp) * 1_000) > toleranceMs)
    return 'webhook-timestamp is too old or too new'
  const expected = Buffer.from(signatureOf(secret, id, timestamp, body))
  const matches = given.split(' ').some((each) => {
    const offered = Buffer.from(each)
    return offered.length === expected.length && timingSafeEqual(offered, expected)
  })
  return matches ? undefined : 'webhook-signature does not fit'
}
