import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { WechatAccount } from '../../../sandbox/wechat/index.ts'

/** What the bot got, verified and decrypted by its own code. */
export interface Received {
  readonly xml: string
  readonly query: Readonly<Record<string, string>>
  readonly rawBody: string
  readonly signatureOk: boolean
  /** Text of an element, CDATA or not; undefined when it is missing. */
  readonly field: (name: string) => string | undefined
}

/** What the bot does with the nth request (from 1): a body, or a whole behaviour. */
export type Behaviour =
  | string
  | { readonly status: number }
  | { readonly waitMs: number; readonly then: string }
  | { readonly cut: true }

export interface FakeBot {
  readonly url: string
  readonly received: readonly Received[]
  answerWith(next: (message: Received, count: number) => Behaviour): void
  close(): Promise<void>
}

const sha1 = (...values: string[]): string => createHash('sha1').update(values.sort().join('')).digest('hex')

const element = (xml: string, name: string): string | undefined => {
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`).exec(xml)
  return found ? (found[1] ?? found[2]) : undefined
}

const decryptWith = (account: WechatAccount, sealed: string): string => {
  const key = Buffer.from(`${account.encodingAesKey}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()])
  const length = padded.readUInt32BE(16)
  return padded.subarray(20, 20 + length).toString('utf8')
}

/** A reply as an adapter in encrypted mode sends it. `appId` and `signature` can be spoilt. */
export const sealReply = (
  account: WechatAccount,
  xml: string,
  spoil: { appId?: string; signature?: string } = {},
): string => {
  const key = Buffer.from(`${account.encodingAesKey}=`, 'base64')
  const body = Buffer.from(xml, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const content = Buffer.concat([
    Buffer.alloc(16, 7),
    length,
    body,
    Buffer.from(spoil.appId ?? account.appId, 'utf8'),
  ])
  const padding = 32 - (content.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const sealed = Buffer.concat([
    cipher.update(Buffer.concat([content, Buffer.alloc(padding, padding)])),
    cipher.final(),
  ]).toString('base64')
  const signature = spoil.signature ?? sha1(account.token, '1767225600', '42', sealed)
  return `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>1767225600</TimeStamp><Nonce><![CDATA[42]]></Nonce></xml>`
}

/** A plain text reply to a received message. */
export const textReply = (message: Received, text: string): string =>
  `<xml><ToUserName><![CDATA[${message.field('FromUserName') ?? ''}]]></ToUserName><FromUserName><![CDATA[${message.field('ToUserName') ?? ''}]]></FromUserName><CreateTime>1767225600</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content></xml>`

/** A callback on a loopback port that verifies and decrypts with code of its own. */
export const startFakeBot = async (account: WechatAccount): Promise<FakeBot> => {
  const received: Received[] = []
  const pauses = new Set<() => void>()
  let next: (message: Received, count: number) => Behaviour = () => 'success'

  const read = (rawBody: string, query: Record<string, string>): Received => {
    const sealed = element(rawBody, 'Encrypt')
    const safe = query['encrypt_type'] === 'aes' && sealed !== undefined
    const { timestamp = '', nonce = '' } = query
    const signatureOk = safe
      ? query['msg_signature'] === sha1(account.token, timestamp, nonce, sealed)
      : query['signature'] === sha1(account.token, timestamp, nonce)
    const xml = safe && signatureOk ? decryptWith(account, sealed) : rawBody
    return { xml, query, rawBody, signatureOk, field: (name) => element(xml, name) }
  }

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.get('/callback', (c) => {
    const { signature, timestamp = '', nonce = '', echostr = '' } = c.req.query()
    return signature === sha1(account.token, timestamp, nonce) ? c.text(echostr) : c.text('', 401)
  })
  app.post('/callback', async (c) => {
    const message = read(await c.req.text(), c.req.query())
    received.push(message)
    if (!message.signatureOk) return c.text('', 401)
    const behaviour = next(message, received.length)
    if (typeof behaviour === 'string') return c.text(behaviour)
    if ('cut' in behaviour) {
      c.env.incoming.socket.destroy()
      return c.body(null)
    }
    if ('status' in behaviour) return new Response('broken', behaviour)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, behaviour.waitMs)
      pauses.add(() => {
        clearTimeout(timer)
        resolve()
      })
    })
    return c.text(behaviour.then)
  })

  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/callback`,
    received,
    answerWith: (behaviour) => {
      next = behaviour
    },
    close: () =>
      new Promise((resolve) => {
        pauses.forEach((end) => end())
        server.close(() => resolve())
      }),
  }
}
