/**
 * Proof that a request comes from Weibo, before anything in it is believed.
 * Source: open.weibo.com 消息推送服务 (signature over App Secret, timestamp in milliseconds, nonce).
 */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Fields } from '../kit/index.ts'
import {
  decodeUtf8,
  readBody,
  readJson,
  Refusal,
  refuseReplay,
  sameSecret,
  textField,
  wxSignature,
} from '../kit/index.ts'
import type { WeiboConfig } from './manifest.ts'

/** Longest push we read. */
export const maxBodyBytes = 262_144

/** A push that is proven to come from Weibo and to concern this account. */
export interface VerifiedPush {
  readonly fields: Fields
  /** When Weibo signed it, by its own clock. */
  readonly signedAt: Date
}

/** What verification needs beside the request. */
export interface VerifyDeps {
  readonly config: WeiboConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'clock' | 'cache'>
}

interface SignedQuery {
  readonly timestamp: string
  readonly nonce: string
  readonly signature: string
}

const secretHint =
  'compare appSecret with 微博开放平台 → 我的应用 → App Secret of the app whose APPKEY stands in 开发模式'

/** A parameter given exactly once. */
const single = (query: URLSearchParams, name: string): string => {
  const values = query.getAll(name)
  if (values.length > 1) throw new Refusal('unauthorized', 'parameter_doubled')
  return values[0] ?? ''
}

const isSigned = (config: WeiboConfig, { timestamp, nonce, signature }: SignedQuery): boolean =>
  [config.appSecret, config.previousAppSecret ?? '']
    .filter((secret) => secret !== '')
    // The sum is WeChat's, with another secret in it.
    .map((secret) => sameSecret(signature, wxSignature([secret, timestamp, nonce])))
    .includes(true)

const readSigned = (config: WeiboConfig, query: URLSearchParams, now: Date): SignedQuery => {
  const signed = {
    timestamp: single(query, 'timestamp'),
    nonce: single(query, 'nonce'),
    signature: single(query, 'signature'),
  }
  // The signed values are joined without a separator: fixed forms keep them from being cut up differently.
  if (
    !/^\d{13}$/.test(signed.timestamp) ||
    !/^[\w-]{1,64}$/.test(signed.nonce) ||
    !/^[0-9a-f]{40}$/.test(signed.signature)
  )
    throw new Refusal('unauthorized', 'not_signed')
  if (!isSigned(config, signed)) throw new Refusal('unauthorized', 'bad_signature', secretHint)
  if (Math.abs(now.getTime() - Number(signed.timestamp)) > config.timestampToleranceMs)
    throw new Refusal('stale', 'timestamp', 'check this machine’s clock, or raise timestampToleranceMs')
  return signed
}

/** Checks the set-up request and returns what to echo. Throws `Refusal`. */
export const verifySetup = (config: WeiboConfig, query: URLSearchParams, now: Date): string => {
  readSigned(config, query, now)
  const echo = single(query, 'echostr')
  if (echo === '' || echo.length > 1_024) throw new Refusal('malformed', 'echostr')
  return echo
}

/** The content type cannot be relied on, so the content tells. */
const readDocument = (body: Uint8Array): Fields => {
  const text = decodeUtf8(body)
  if (text.trimStart().startsWith('<'))
    throw new Refusal(
      'malformed',
      'xml_format',
      'the account pushes XML; switch it back to JSON with /2/eps/push/set_format.json',
    )
  return readJson(text)
}

const concerns = (fields: Fields, uid: string): boolean =>
  // What the account itself said may come back to us with both ids the other way round.
  textField(fields, 'receiver_id') === uid || textField(fields, 'sender_id') === uid

/** Verifies a push. Throws `Refusal`; every fault of proof looks the same outside. */
export const verifyPush = async ({ config, host }: VerifyDeps, request: Request): Promise<VerifiedPush> => {
  const signed = readSigned(config, new URL(request.url).searchParams, host.clock.now())
  const body = await readBody(request, maxBodyBytes)
  await refuseReplay(host.cache, {
    inboxId: host.inboxId,
    signed: [signed.timestamp, signed.nonce, signed.signature],
    body,
    // A timestamp may lie as far ahead of our clock as behind it.
    ttlMs: 2 * config.timestampToleranceMs,
  })
  const fields = readDocument(body)
  if (!concerns(fields, config.uid))
    throw new Refusal('unauthorized', 'other_account', 'uid is not the account that pushes here')
  return { fields, signedAt: new Date(Number(signed.timestamp)) }
}
