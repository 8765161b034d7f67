// The request of a push: open.weibo.com "消息推送服务" (signature), "接收普通消息" (body).
import { createHash, randomInt } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { RawRequest } from '../kit/post.ts'
import type { WeiboAccount } from './account.ts'
import { writeCreatedAt } from './created-at.ts'
import type { Composed } from './deed.ts'
import { Digits, writeJson } from './json.ts'

/** Deliberate mistakes of a single request. */
export interface RequestFaults {
  /** The signature has one wrong digit. */
  readonly badSignature?: boolean
  /** The (correctly signed) timestamp lies so many milliseconds in the past. */
  readonly staleByMs?: number
}

/** SHA-1 over App Secret, timestamp and nonce, sorted and joined. */
export const signWeibo = (appSecret: string, timestamp: string, nonce: string): string =>
  createHash('sha1').update([appSecret, timestamp, nonce].sort().join('')).digest('hex')

/** A push's body: the same for every attempt and copy. */
export const writePush = (composed: Composed, senderId: string, receiverId: string, at: Date): string =>
  writeJson({
    type: composed.type,
    receiver_id: new Digits(receiverId),
    sender_id: new Digits(senderId),
    created_at: writeCreatedAt(at),
    text: composed.text,
    data: composed.data,
  })

/** Where requests go and who signs them. */
export interface PushTarget {
  readonly account: WeiboAccount
  readonly callbackUrl: string
  readonly clock: Clock
}

const signedQuery = ({ account, clock }: PushTarget, faults: RequestFaults): URLSearchParams => {
  const timestamp = String(clock.now().getTime() - (faults.staleByMs ?? 0))
  const nonce = String(randomInt(10_000_000, 99_999_999))
  const signature = signWeibo(account.appSecret, timestamp, nonce)
  const last = signature.endsWith('0') ? '1' : '0'
  const shown = faults.badSignature === true ? `${signature.slice(0, -1)}${last}` : signature
  return new URLSearchParams({ signature: shown, timestamp, nonce })
}

const withQuery = (url: string, query: URLSearchParams): string =>
  `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`

/** Signs one push; every call draws a new nonce. The content type says nothing about the content, as of old. */
export const buildPush = (body: string, target: PushTarget, faults: RequestFaults): RawRequest => ({
  url: withQuery(target.callbackUrl, signedQuery(target, faults)),
  method: 'POST',
  headers: {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(body)),
  },
  body,
})

/** The set-up check: a GET whose `echostr` must come back as it is. */
export const buildCheck = (target: PushTarget): RawRequest & { readonly echostr: string } => {
  const query = signedQuery(target, {})
  const echostr = Math.random().toString(36).slice(2, 12)
  query.set('echostr', echostr)
  return { url: withQuery(target.callbackUrl, query), method: 'GET', headers: {}, body: '', echostr }
}
