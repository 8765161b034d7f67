// The request of a push: official-account documentation, "接入概述" (signature) and "消息加解密说明" (bodies).
import { randomBytes, randomInt } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { WechatAccount } from './account.ts'
import { encrypt, sign } from '../kit/wx-crypto.ts'
import type { RawRequest } from '../kit/post.ts'
import type { Composition } from './utterance.ts'
import { node, writeXml } from './xml.ts'

/** Deliberate mistakes of a single request. */
export interface RequestFaults {
  /** Both signatures have one wrong digit. */
  readonly badSignature?: boolean
  /** The (correctly signed) timestamp lies so many seconds in the past. */
  readonly staleBySeconds?: number
  /** Encrypted with a key the account never had, and signed correctly. */
  readonly wrongKey?: boolean
  /** Sent in the clear with the three-value signature although the account expects encryption. */
  readonly plaintext?: boolean
}

/** A signed push, ready to go. */
export interface PushRequest extends RawRequest {
  readonly encrypted: boolean
}

/** Builds and signs one push; every call draws a new nonce. */
export const buildPush = (
  composition: Composition,
  to: { readonly account: WechatAccount; readonly callbackUrl: string; readonly clock: Clock },
  faults: RequestFaults,
): PushRequest => {
  const { account } = to
  const seconds = Math.floor(to.clock.now().getTime() / 1000) - (faults.staleBySeconds ?? 0)
  const timestamp = String(seconds)
  const nonce = String(randomInt(100_000_000, 2_000_000_000))
  const spoil = (signature: string): string =>
    faults.badSignature === true ? flipLast(signature) : signature
  const query = new URLSearchParams({
    signature: spoil(sign(account.token, timestamp, nonce)),
    timestamp,
    nonce,
    openid: composition.user.openid,
  })
  const encrypted = account.mode !== 'plain' && faults.plaintext !== true
  let body = composition.xml
  if (encrypted) {
    const sealed = seal(composition, account, faults.wrongKey === true)
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', spoil(sign(account.token, timestamp, nonce, sealed)))
    body = encryptedBody(composition, account, sealed)
  }
  return {
    url: withQuery(to.callbackUrl, query),
    method: 'POST',
    headers: {
      'User-Agent': 'Mozilla/4.0',
      Accept: '*/*',
      'Content-Type': 'text/xml',
      'Content-Length': String(Buffer.byteLength(body)),
      Pragma: 'no-cache',
    },
    body,
    encrypted,
  }
}

/** The set-up check: a GET whose `echostr` must come back as it is. */
export const buildCheck = (
  account: WechatAccount,
  callbackUrl: string,
  clock: Clock,
): RawRequest & { readonly echostr: string } => {
  const timestamp = String(Math.floor(clock.now().getTime() / 1000))
  const nonce = String(randomInt(100_000_000, 2_000_000_000))
  const echostr = randomBytes(8).readBigUInt64BE().toString()
  const signature = sign(account.token, timestamp, nonce)
  const query = new URLSearchParams({ signature, timestamp, nonce, echostr })
  return { url: withQuery(callbackUrl, query), method: 'GET', headers: { Accept: '*/*' }, body: '', echostr }
}

const withQuery = (url: string, query: URLSearchParams): string =>
  `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`

const flipLast = (hex: string): string => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`

const seal = (composition: Composition, account: WechatAccount, wrongKey: boolean): string =>
  encrypt(composition.xml, {
    encodingAesKey: wrongKey ? randomBytes(32).toString('base64').slice(0, 43) : account.encodingAesKey,
    receiveId: account.appId,
  })

/** Safe mode sends nothing but the ciphertext; compatible mode adds it to the plain fields. */
const encryptedBody = (composition: Composition, account: WechatAccount, sealed: string): string =>
  account.mode === 'safe'
    ? writeXml([node('ToUserName', account.originalId), node('Encrypt', sealed)])
    : composition.xml.replace(/<\/xml>$/, () => `<Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`)
