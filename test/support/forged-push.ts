import { createCipheriv, randomInt } from 'node:crypto'
import { encrypt, sign } from '../../sandbox/kit/wx-crypto.ts'
import { node, writeXml } from '../../sandbox/wechat/xml.ts'
import type { Product } from './product.ts'

/** What differs from a good push of the text 转人工. */
export interface Tampering {
  /** The message before it is encrypted. */
  readonly xml?: string
  /** What stands in `Encrypt`, and is signed. */
  readonly sealed?: string
  /** The whole body instead of the envelope. */
  readonly body?: string | Buffer
  readonly secondsLate?: number
  readonly query?: (query: URLSearchParams) => void
}

/** Makes pushes as a stranger might who knows everything but is not WeChat. */
export interface Forger {
  /** A text message's XML; `more` stands before its end. */
  text(more?: string, changes?: Readonly<Record<string, string>>): string
  request(tampering?: Tampering): { readonly url: URL; readonly init: RequestInit }
  /** Status and words of the answer. */
  push(tampering?: Tampering): Promise<readonly [status: number, text: string]>
  /** random | length | message | receiver: what is padded and encrypted. */
  contentOf(message: string | Buffer, length?: number): Buffer
  /** Encrypts whole blocks with the account's key, whatever they hold. */
  seal(blocks: Buffer): string
  /** Encrypts a message as the platform does, but for the changes. */
  sealFor(
    message: string,
    changes?: { readonly encodingAesKey?: string; readonly receiveId?: string },
  ): string
}

/** Fills up to whole blocks of 32 bytes, the last of which says `count`; right when left out. */
export const pad = (content: Buffer, count?: number): Buffer => {
  const room = 32 - (content.length % 32)
  return Buffer.concat([content, Buffer.alloc(room - 1, room), Buffer.from([count ?? room])])
}

/** Every forged message comes from `openid`. */
export const createForger = (product: Product, openid: string): Forger => {
  const { account } = product.wechat
  const { encodingAesKey, appId, originalId, token } = account
  const sealFor: Forger['sealFor'] = (message, changes = {}) =>
    encrypt(message, { encodingAesKey, receiveId: appId, ...changes })
  const text: Forger['text'] = (more = '', changes = {}) => {
    const address = { ToUserName: originalId, FromUserName: openid, CreateTime: '1700000000' }
    const said = { MsgType: 'text', Content: '转人工', MsgId: String(randomInt(1e9, 1e12)) }
    const fields = Object.entries({ ...address, ...said, ...changes })
    return writeXml(fields.map((field) => node(...field))).replace('</xml>', `${more}</xml>`)
  }
  const request: Forger['request'] = (tampering = {}) => {
    const { sealed = sealFor(tampering.xml ?? text()), secondsLate = 0 } = tampering
    const timestamp = String(Math.floor(product.clock.now().getTime() / 1_000) - secondsLate)
    const nonce = String(randomInt(1e9))
    const url = new URL(`${product.app.url}/channels/wechat/callback`)
    const proof = { signature: sign(token, timestamp, nonce), timestamp, nonce, openid }
    const seal = { encrypt_type: 'aes', msg_signature: sign(token, timestamp, nonce, sealed) }
    url.search = new URLSearchParams({ ...proof, ...seal }).toString()
    tampering.query?.(url.searchParams)
    const body = tampering.body ?? writeXml([node('ToUserName', originalId), node('Encrypt', sealed)])
    const init = { method: 'POST', headers: { 'content-type': 'text/xml' } }
    return { url, init: { ...init, body: typeof body === 'string' ? body : new Uint8Array(body) } }
  }
  return {
    text,
    request,
    sealFor,
    push: async (tampering) => {
      const { url, init } = request(tampering)
      const response = await fetch(url, init)
      return [response.status, await response.text()]
    },
    contentOf: (message, length = Buffer.byteLength(message)) => {
      const head = Buffer.alloc(20)
      head.writeUInt32BE(length, 16)
      return Buffer.concat([head, Buffer.from(message), Buffer.from(appId)])
    },
    seal: (blocks) => {
      const key = Buffer.from(`${encodingAesKey}=`, 'base64')
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
      return Buffer.concat([cipher.update(blocks), cipher.final()]).toString('base64')
    },
  }
}
