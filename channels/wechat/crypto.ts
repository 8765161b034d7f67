/** Sealing of passive replies. Source: developers.weixin.qq.com 消息加解密说明, "回复消息". */
import { createHmac } from 'node:crypto'
import { encryptWx, wxSignature } from '../kit/index.ts'
import type { ReplyFields } from './xml.ts'

/** The key that opened a request: its answer is sealed with the same one. */
export interface Seal {
  readonly token: string
  readonly appId: string
  readonly aesKey: Buffer
}

/**
 * Encrypts a reply. Random bytes, nonce and time come from the message, not from chance or the clock, so that every
 * retry of the request gets the same bytes; nobody without the key can foretell them.
 */
export const sealReply = (
  seal: Seal,
  message: { id: string; createdAt: Date },
  plaintext: string,
): ReplyFields => {
  const derive = (purpose: string): Buffer =>
    createHmac('sha256', seal.aesKey).update(`tongda reply ${purpose} ${message.id}`).digest()
  const timestamp = Math.floor(message.createdAt.getTime() / 1_000)
  const nonce = String(derive('nonce').readUInt32BE(0))
  const encrypt = encryptWx(
    { aesKey: seal.aesKey, receiveId: seal.appId },
    derive('random').subarray(0, 16),
    plaintext,
  )
  return {
    Encrypt: encrypt,
    MsgSignature: wxSignature([seal.token, String(timestamp), nonce, encrypt]),
    TimeStamp: timestamp,
    Nonce: nonce,
  }
}
