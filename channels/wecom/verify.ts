/**
 * Proof that a request comes from WeCom, before anything in it is believed. WeCom's callbacks are always encrypted.
 * Source: developer.work.weixin.qq.com 回调配置, 加解密方案说明.
 */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Fields } from '../kit/index.ts'
import {
  decodeUtf8,
  openWxEnvelope,
  parseEncodingAesKey,
  readBody,
  readXml,
  Refusal,
  textField,
} from '../kit/index.ts'
import type { WecomConfig } from './manifest.ts'

/** Longest push we read; WeCom's hold no messages and are far shorter. */
export const maxBodyBytes = 65_536

interface SignedQuery {
  readonly timestamp: string
  readonly nonce: string
  readonly msgSignature: string
}

const tokenHint = 'compare token with Token in 应用管理 → your app → 接收消息 → 设置API接收'

const cryptHint = (code: number): string =>
  code === -40001
    ? tokenHint
    : 'compare encodingAesKey and corpId with 应用管理 → your app → 接收消息 and 我的企业 → 企业ID; after a change keep the old key as previousEncodingAesKey'

/** A parameter given exactly once. */
const single = (query: URLSearchParams, name: string): string => {
  const values = query.getAll(name)
  if (values.length > 1) throw new Refusal('unauthorized', 'parameter_doubled')
  return values[0] ?? ''
}

const readSigned = (config: WecomConfig, query: URLSearchParams, now: Date): SignedQuery => {
  const timestamp = single(query, 'timestamp')
  const nonce = single(query, 'nonce')
  const msgSignature = single(query, 'msg_signature')
  // The signed values are joined without a separator: fixed forms keep them from being cut up differently.
  if (!/^\d{10}$/.test(timestamp) || !/^[\w-]{1,64}$/.test(nonce) || !/^[0-9a-f]{40}$/.test(msgSignature))
    throw new Refusal('unauthorized', 'not_signed')
  if (Math.abs(now.getTime() - Number(timestamp) * 1_000) > config.timestampToleranceMs)
    throw new Refusal('stale', 'timestamp', 'check this machine’s clock, or raise timestampToleranceMs')
  return { timestamp, nonce, msgSignature }
}

const aesKeysOf = (config: WecomConfig): readonly Buffer[] =>
  [config.encodingAesKey, config.previousEncodingAesKey].flatMap(
    (key) => parseEncodingAesKey(key ?? '') ?? [],
  )

const open = (config: WecomConfig, signed: SignedQuery, encrypt: string): string => {
  const account = { token: config.token, aesKeys: aesKeysOf(config), receiveId: config.corpId }
  const opened = openWxEnvelope(account, { ...signed, encrypt })
  if (!opened.ok) throw new Refusal('unauthorized', `crypt${opened.code}`, cryptHint(opened.code))
  return decodeUtf8(opened.plaintext)
}

/** What verification needs beside the request. */
export interface VerifyDeps {
  readonly config: WecomConfig
  readonly host: Pick<ChannelHost, 'clock'>
}

/**
 * The query with `+` as it was sent: base64 uses it, and a form decoder would read a space. Clients that escape it
 * are read the same way.
 */
const queryOf = (request: Request): URLSearchParams =>
  new URLSearchParams(new URL(request.url).search.replaceAll('+', '%2B'))

/** Checks the set-up request and returns what to echo: the decrypted echostr. Throws `Refusal`. */
export const verifySetup = ({ config, host }: VerifyDeps, request: Request): string => {
  const query = queryOf(request)
  const signed = readSigned(config, query, host.clock.now())
  const echo = single(query, 'echostr')
  if (echo === '' || echo.length > 2_048) throw new Refusal('unauthorized', 'echostr')
  return open(config, signed, echo)
}

/** Verifies a push and returns its decrypted fields, the only ones that are believed. Throws `Refusal`. */
export const verifyPush = async ({ config, host }: VerifyDeps, request: Request): Promise<Fields> => {
  const signed = readSigned(config, queryOf(request), host.clock.now())
  const envelope = readXml(decodeUtf8(await readBody(request, maxBodyBytes)))
  const encrypt = textField(envelope, 'Encrypt')
  if (encrypt === undefined) throw new Refusal('unauthorized', 'not_encrypted')
  const fields = readXml(open(config, signed, encrypt))
  if (textField(fields, 'ToUserName') !== config.corpId)
    throw new Refusal('unauthorized', 'other_company', 'corpId is not the company that pushes here')
  return fields
}
