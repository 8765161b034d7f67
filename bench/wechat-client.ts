import { randomInt } from 'node:crypto'
import { Pool } from 'undici'
import { decrypt, encrypt, sign, type CryptKey } from '../sandbox/kit/wx-crypto.ts'

/** An official account as its adapter is configured. */
export const account = {
  appId: 'wx0a1b2c3d4e5f6071',
  appSecret: 'benchBenchBenchBenchBenchBench00',
  originalId: 'gh_0123456789ab',
  token: 'benchToken01',
  encodingAesKey: 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY',
} as const

const key: CryptKey = { encodingAesKey: account.encodingAesKey, receiveId: account.appId }

/** One pushed message: what came back and how long it took. */
export interface Pushed {
  readonly status: number
  /** Text of the passive reply; undefined when the server only acknowledged. */
  readonly reply?: string
  readonly ms: number
}

/** A push as it goes over the wire. */
export interface Sealed {
  readonly path: string
  readonly body: string
}

/** Pushes signed, encrypted messages over kept-alive connections, without a platform's retries. */
export interface WechatClient {
  say(openid: string, text: string): Promise<Pushed>
  /** A message that `push` can push, as often as a platform would. */
  compose(openid: string, text: string): Sealed
  push(sealed: Sealed): Promise<Pushed>
  close(): Promise<void>
}

let lastMessageId = BigInt(Date.now()) * 1_000_000n

const textMessage = (openid: string, text: string): string =>
  `<xml><ToUserName><![CDATA[${account.originalId}]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName>` +
  `<CreateTime>${String(Math.floor(Date.now() / 1_000))}</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
  `<Content><![CDATA[${text}]]></Content><MsgId>${String((lastMessageId += 1n))}</MsgId></xml>`

/** Seals a message as the platform does in safe mode: path with query, and body. */
export const seal = (path: string, openid: string, xml: string): Sealed => {
  const encrypted = encrypt(xml, key)
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const nonce = String(randomInt(100_000_000, 2_000_000_000))
  const query = new URLSearchParams({
    signature: sign(account.token, timestamp, nonce),
    timestamp,
    nonce,
    openid,
    encrypt_type: 'aes',
    msg_signature: sign(account.token, timestamp, nonce, encrypted),
  })
  return {
    path: `${path}?${query.toString()}`,
    body: `<xml><ToUserName><![CDATA[${account.originalId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  }
}

const readReply = (body: string): string | undefined => {
  const encrypted = /<Encrypt><!\[CDATA\[(.+?)\]\]><\/Encrypt>/.exec(body)?.[1]
  if (encrypted === undefined) return undefined
  const opened = decrypt(encrypted, key)
  if (!opened.ok) throw new Error(`the reply does not open: ${String(opened.fault)}`)
  return /<Content><!\[CDATA\[([\s\S]*?)\]\]><\/Content>/.exec(opened.message.toString('utf8'))?.[1]
}

/** A client of the webhook at `url` + `path`. */
export const createWechatClient = (url: string, path: string, connections: number): WechatClient => {
  const pool = new Pool(url, { connections, pipelining: 1, headersTimeout: 10_000 })
  const compose = (openid: string, text: string): Sealed => seal(path, openid, textMessage(openid, text))
  const push = async (sealed: Sealed): Promise<Pushed> => {
    const startedAt = performance.now()
    const response = await pool.request({
      path: sealed.path,
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: sealed.body,
    })
    const body = await response.body.text()
    const ms = performance.now() - startedAt
    const reply = readReply(body)
    return { status: response.statusCode, ms, ...(reply === undefined ? {} : { reply }) }
  }
  return {
    compose,
    push,
    say: (openid, text) => push(compose(openid, text)),
    close: () => pool.close(),
  }
}
