/**
 * WXBizMsgCrypt, the envelope of WeChat and WeCom callbacks.
 * Source: developers.weixin.qq.com 消息加解密说明 and developer.work.weixin.qq.com 加解密方案说明.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { sameSecret } from '../../src/core/same-secret.ts'

/** The numbers of the published sample code; for logs only, outside all of them look the same. */
export type WxCryptoCode = -40001 | -40004 | -40005 | -40007 | -40008 | -40010

/** An opened envelope with the key that opened it, or why it stayed shut. */
export type WxOpened =
  | { readonly ok: true; readonly plaintext: Buffer; readonly aesKey: Buffer }
  | { readonly ok: false; readonly code: WxCryptoCode }

/** What an account shares with the platform. `aesKeys`: current first, then the previous one while it rotates. */
export interface WxEnvelope {
  readonly token: string
  readonly aesKeys: readonly Buffer[]
  /** AppID of an official account, CorpID of a company. */
  readonly receiveId: string
}

/** A signed, encrypted push as it arrived. */
export interface WxSealed {
  readonly timestamp: string
  readonly nonce: string
  readonly encrypt: string
  readonly msgSignature: string
}

const blockBytes = 32
const randomBytes = 16
const headBytes = randomBytes + 4

/** The 32-byte key of a 43-character EncodingAESKey; undefined when it is not one. */
export const parseEncodingAesKey = (encodingAesKey: string): Buffer | undefined =>
  // The last character may carry two unused bits (Tencent's own sample does), which Node's decoder ignores.
  /^[A-Za-z0-9+/]{43}$/.test(encodingAesKey) ? Buffer.from(`${encodingAesKey}=`, 'base64') : undefined

/** SHA-1 over the values sorted by code unit and joined: `signature` of three, `msg_signature` of four. */
export const wxSignature = (values: readonly string[]): string =>
  createHash('sha1')
    .update([...values].sort().join(''), 'utf8')
    .digest('hex')

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const unpad = (padded: Buffer): Buffer | undefined => {
  const count = padded.at(-1) ?? 0
  const fits = count >= 1 && count <= blockBytes && count <= padded.length
  const end = padded.length - count
  return fits && padded.subarray(end).every((byte) => byte === count) ? padded.subarray(0, end) : undefined
}

const openWith = (aesKey: Buffer, cipherText: Buffer, receiveId: string): WxOpened => {
  const decipher = createDecipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false)
  const bytes = unpad(Buffer.concat([decipher.update(cipherText), decipher.final()]))
  if (bytes === undefined) return { ok: false, code: -40007 }
  if (bytes.length < headBytes) return { ok: false, code: -40008 }
  const end = headBytes + bytes.readUInt32BE(randomBytes)
  if (end > bytes.length) return { ok: false, code: -40008 }
  // Without this check a message for another account under a shared key would pass.
  if (!bytes.subarray(end).equals(Buffer.from(receiveId, 'utf8'))) return { ok: false, code: -40005 }
  return { ok: true, plaintext: bytes.subarray(headBytes, end), aesKey }
}

/** Verifies and decrypts a push; tries the previous key when the current one does not fit. Never throws. */
export const openWxEnvelope = (envelope: WxEnvelope, sealed: WxSealed): WxOpened => {
  const { timestamp, nonce, encrypt, msgSignature } = sealed
  if (envelope.aesKeys.length === 0) return { ok: false, code: -40004 }
  if (!sameSecret(msgSignature, wxSignature([envelope.token, timestamp, nonce, encrypt])))
    return { ok: false, code: -40001 }
  // Buffer.from skips what is not base64, so the form is checked first.
  if (!base64.test(encrypt)) return { ok: false, code: -40010 }
  const cipherText = Buffer.from(encrypt, 'base64')
  if (cipherText.length === 0 || cipherText.length % 16 !== 0) return { ok: false, code: -40007 }
  let failed: WxOpened = { ok: false, code: -40004 }
  for (const aesKey of envelope.aesKeys) {
    const opened = openWith(aesKey, cipherText, envelope.receiveId)
    if (opened.ok) return opened
    failed = opened
  }
  return failed
}

/** Encrypts a text for `receiveId`; `random` is 16 bytes that must differ between messages. Returns base64. */
export const encryptWx = (
  key: { readonly aesKey: Buffer; readonly receiveId: string },
  random: Buffer,
  text: string,
) => {
  const message = Buffer.from(text, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const bytes = Buffer.concat([random, length, message, Buffer.from(key.receiveId, 'utf8')])
  const count = blockBytes - (bytes.length % blockBytes)
  const cipher = createCipheriv('aes-256-cbc', key.aesKey, key.aesKey.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(bytes),
    cipher.update(Buffer.alloc(count, count)),
    cipher.final(),
  ]).toString('base64')
}
