// WXBizMsgCrypt as the platform performs it: official-account documentation, "消息加解密说明".
// Written apart from the adapter on purpose: two codecs that agree are worth more than one shared mistake.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { TongdaError } from '../../src/core/errors.ts'

/** The platform's published numbers for what is wrong with an envelope. */
export type CryptFault = -40001 | -40004 | -40005 | -40007 | -40008 | -40010

/** An opened envelope, or the first thing that is wrong with it. */
export type Opened =
  { readonly ok: true; readonly message: Buffer } | { readonly ok: false; readonly fault: CryptFault }

/** What an account's messages are encrypted for. */
export interface CryptKey {
  readonly encodingAesKey: string
  /** The AppID that closes every plaintext. */
  readonly receiveId: string
}

/** Padding blocks of this scheme are 32 bytes, not AES's 16. */
const paddingBlock = 32
const randomBytesBefore = 16
const lengthBytes = 4

/** Lower-case hex SHA-1 over the values sorted by code unit: `signature` (3 values) and `msg_signature` (4). */
export const sign = (...values: readonly string[]): string =>
  createHash('sha1')
    .update([...values].sort().join(''))
    .digest('hex')

/** The 32 AES bytes of a 43-character EncodingAESKey; undefined when it is not one. */
const aesBytes = (encodingAesKey: string): Buffer | undefined => {
  if (!/^[A-Za-z0-9+/]{43}$/.test(encodingAesKey)) return undefined
  const bytes = Buffer.from(`${encodingAesKey}=`, 'base64')
  return bytes.length === 32 ? bytes : undefined
}

/**
 * Encrypts a message as base64.
 * @param random 16 bytes that stand before the message; fixed by tests only.
 * @throws TongdaError `bad_config` when the EncodingAESKey is not 43 characters of base64.
 */
export const encrypt = (message: string, key: CryptKey, random: Buffer = randomBytes(16)): string => {
  const aes = aesBytes(key.encodingAesKey)
  if (aes === undefined) {
    throw new TongdaError('bad_config', 'EncodingAESKey must be 43 characters of A-Z a-z 0-9 + /')
  }
  const body = Buffer.from(message, 'utf8')
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(body.length)
  const content = Buffer.concat([random, length, body, Buffer.from(key.receiveId, 'utf8')])
  const padding = paddingBlock - (content.length % paddingBlock)
  const cipher = createCipheriv('aes-256-cbc', aes, aes.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([content, Buffer.alloc(padding, padding)])
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}

const fault = (code: CryptFault): Opened => ({ ok: false, fault: code })

/** Decrypts what `encrypt` made; every irregularity is a fault, never an exception. */
export const decrypt = (encrypted: string, key: CryptKey): Opened => {
  const aes = aesBytes(key.encodingAesKey)
  if (aes === undefined) return fault(-40004)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encrypted) || encrypted.length % 4 !== 0) return fault(-40010)
  const sealed = Buffer.from(encrypted, 'base64')
  if (sealed.length === 0 || sealed.length % 16 !== 0) return fault(-40007)
  const decipher = createDecipheriv('aes-256-cbc', aes, aes.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(sealed), decipher.final()])
  const padding = padded.at(-1) ?? 0
  if (padding < 1 || padding > paddingBlock || padding > padded.length) return fault(-40007)
  if (padded.subarray(-padding).some((byte) => byte !== padding)) return fault(-40007)
  return unpack(padded.subarray(0, -padding), key.receiveId)
}

/** Takes the message out of random(16) | length | message | receiveId. */
const unpack = (content: Buffer, receiveId: string): Opened => {
  const start = randomBytesBefore + lengthBytes
  if (content.length < start) return fault(-40008)
  const end = start + content.readUInt32BE(randomBytesBefore)
  if (end > content.length) return fault(-40008)
  if (!content.subarray(end).equals(Buffer.from(receiveId, 'utf8'))) return fault(-40005)
  return { ok: true, message: content.subarray(start, end) }
}

/** A signed, encrypted body with everything its signature covers. */
export interface Envelope {
  readonly timestamp: string
  readonly nonce: string
  readonly encrypted: string
  readonly msgSignature: string
}

/** Checks the signature, then decrypts: the order matters, nothing unsigned is ever decrypted. */
export const open = (envelope: Envelope, token: string, key: CryptKey): Opened => {
  const expected = sign(token, envelope.timestamp, envelope.nonce, envelope.encrypted)
  return expected === envelope.msgSignature ? decrypt(envelope.encrypted, key) : fault(-40001)
}
