/**
 * Proof that a request comes from WeChat, before anything in it is believed.
 * Source: developers.weixin.qq.com 消息推送 (signature) and 消息加解密说明 (msg_signature, modes).
 */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Fields } from '../kit/index.ts'
import {
  decodeUtf8,
  openWxEnvelope,
  parseEncodingAesKey,
  readBody,
  readJson,
  readXml,
  Refusal,
  refuseReplay,
  sameSecret,
  textField,
  wxSignature,
} from '../kit/index.ts'
import type { Seal } from './crypto.ts'
import type { WechatConfig } from './manifest.ts'

/** Longest push we read. */
export const maxBodyBytes = 262_144

export type Format = 'xml' | 'json'

/** A push that is proven to come from WeChat and to be meant for this account. */
export interface VerifiedPush {
  /** The reply must be written in it too. */
  readonly format: Format
  /** Only what the proof covers: in encrypted modes the decrypted fields alone. */
  readonly fields: Fields
  /** Present when the push was encrypted. */
  readonly seal?: Seal
}

interface SignedQuery {
  readonly timestamp: string
  readonly nonce: string
  readonly signature: string | undefined
}

const tokenHint = 'compare token with Token in 开发者平台 → 消息推送'
const hex40 = /^[0-9a-f]{40}$/

/** A parameter given exactly once. */
const single = (query: URLSearchParams, name: string): string | undefined => {
  const values = query.getAll(name)
  if (values.length > 1) throw new Refusal('unauthorized', 'parameter_doubled')
  return values[0]
}

const readSigned = (config: WechatConfig, query: URLSearchParams, now: Date): SignedQuery => {
  const timestamp = single(query, 'timestamp') ?? ''
  const nonce = single(query, 'nonce') ?? ''
  // The signed values are joined without a separator: fixed forms keep them from being cut up differently.
  if (!/^\d{10}$/.test(timestamp) || !/^[\w-]{1,64}$/.test(nonce))
    throw new Refusal('unauthorized', 'not_signed')
  const signature = single(query, 'signature')
  if (signature !== undefined && !sameSecret(signature, wxSignature([config.token, timestamp, nonce])))
    throw new Refusal('unauthorized', 'bad_signature', tokenHint)
  if (Math.abs(now.getTime() - Number(timestamp) * 1_000) > config.timestampToleranceMs)
    throw new Refusal('stale', 'timestamp', 'check this machine’s clock, or raise timestampToleranceMs')
  return { timestamp, nonce, signature }
}

/** Checks the set-up request and returns what to echo. Throws `Refusal`. */
export const verifySetup = (config: WechatConfig, query: URLSearchParams, now: Date): string => {
  const { signature } = readSigned(config, query, now)
  if (signature === undefined) throw new Refusal('unauthorized', 'not_signed')
  const echo = single(query, 'echostr') ?? ''
  if (echo === '' || echo.length > 1_024) throw new Refusal('malformed', 'echostr')
  return echo
}

const readDocument = (bytes: Uint8Array): { readonly format: Format; readonly fields: Fields } => {
  const text = decodeUtf8(bytes)
  return text.trimStart().startsWith('{')
    ? { format: 'json', fields: readJson(text) }
    : { format: 'xml', fields: readXml(text) }
}

const checkMode = (config: WechatConfig, encryptType: string): boolean => {
  const encrypted = encryptType === 'aes'
  const expected = config.mode !== 'plain'
  if (!['', 'raw', 'aes'].includes(encryptType) || encrypted !== expected)
    throw new Refusal('unauthorized', 'mode_mismatch', 'set mode to the mode chosen in 开发者平台 → 消息推送')
  return encrypted
}

const verifyPlain = async (
  { config, host }: VerifyDeps,
  request: Request,
  signed: SignedQuery,
): Promise<VerifiedPush> => {
  if (signed.signature === undefined) throw new Refusal('unauthorized', 'not_signed')
  const body = await readBody(request, maxBodyBytes)
  await refuseReplay(host.cache, {
    inboxId: host.inboxId,
    signed: [signed.timestamp, signed.nonce, signed.signature],
    body,
    // A timestamp may lie as far ahead of our clock as behind it.
    ttlMs: 2 * config.timestampToleranceMs,
  })
  return readDocument(body)
}

const aesKeysOf = (config: WechatConfig): readonly Buffer[] =>
  [config.encodingAesKey, config.previousEncodingAesKey].flatMap(
    (key) => parseEncodingAesKey(key ?? '') ?? [],
  )

const verifyEncrypted = async (
  { config }: VerifyDeps,
  request: Request,
  { signed, msgSignature }: { readonly signed: SignedQuery; readonly msgSignature: string },
): Promise<VerifiedPush> => {
  if (!hex40.test(msgSignature)) throw new Refusal('unauthorized', 'not_signed')
  const envelope = readDocument(await readBody(request, maxBodyBytes))
  const encrypt = textField(envelope.fields, 'Encrypt')
  if (encrypt === undefined) throw new Refusal('unauthorized', 'not_encrypted')
  const { timestamp, nonce } = signed
  const account = { token: config.token, aesKeys: aesKeysOf(config), receiveId: config.appId }
  const opened = openWxEnvelope(account, { timestamp, nonce, encrypt, msgSignature })
  if (!opened.ok) throw new Refusal('unauthorized', `crypt${opened.code}`, cryptHint(opened.code))
  const { token, appId } = config
  return { ...readDocument(opened.plaintext), seal: { token, appId, aesKey: opened.aesKey } }
}

const cryptHint = (code: number): string =>
  code === -40001
    ? tokenHint
    : 'compare encodingAesKey and appId with 开发者平台 → 消息推送; after a change keep the old key as previousEncodingAesKey'

/** What verification needs beside the request. */
export interface VerifyDeps {
  readonly config: WechatConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'clock' | 'cache'>
}

/** Verifies a push by the account's configured mode. Throws `Refusal`; every fault of proof looks the same outside. */
export const verifyPush = async (deps: VerifyDeps, request: Request): Promise<VerifiedPush> => {
  const { config, host } = deps
  const query = new URL(request.url).searchParams
  const encrypted = checkMode(config, single(query, 'encrypt_type') ?? '')
  const signed = readSigned(config, query, host.clock.now())
  const push = encrypted
    ? await verifyEncrypted(deps, request, { signed, msgSignature: single(query, 'msg_signature') ?? '' })
    : await verifyPlain(deps, request, signed)
  if (config.originalId !== undefined && textField(push.fields, 'ToUserName') !== config.originalId)
    throw new Refusal('unauthorized', 'other_account', 'originalId is not the account that pushes here')
  return push
}
