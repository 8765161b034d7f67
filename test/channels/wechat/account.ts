import { randomBytes } from 'node:crypto'
import { wechat } from '../../../channels/wechat/index.ts'
import type { WechatConfig } from '../../../channels/wechat/index.ts'
import {
  encryptWx,
  openWxEnvelope,
  parseEncodingAesKey,
  readXml,
  textField,
  wxSignature,
} from '../../../channels/kit/index.ts'
import type { Fields } from '../../../channels/kit/index.ts'
import type { Channel, Exchange } from '../../../src/core/channel.ts'
import type { InboundMessage } from '../../../src/core/message.ts'
import type { Answer, ContractHost } from '../../contract/channel.ts'
import { createContractHost } from '../../contract/channel.ts'

export const token = 'testToken01'
export const appId = 'wx0a1b2c3d4e5f6071'
export const encodingAesKey = 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY'
export const otherAesKey = 'b3RoZXIta2V5LWZvci1uZWdhdGl2ZS10ZXN0cy0wMDA'
export const accountKey = 'gh_0123456789ab'
export const openId = 'oZx1-contact-0001'

/** A valid section; `more` overrides. */
export const configOf = (more: Record<string, unknown> = {}): WechatConfig =>
  wechat.config.parse({
    appId,
    appSecret: 'app-secret-1',
    token,
    encodingAesKey,
    apiBase: 'http://127.0.0.1:9',
    ...more,
  })

/** What a request got, and what becomes of the answer on the network. */
export interface Reply extends Answer {
  readonly response: Response
  readonly finish: (delivered: boolean) => void
}

/** An account with its host, not listening anywhere: requests are handed to its routes. */
export interface Account {
  readonly host: ContractHost
  readonly channel: Channel
  /** Sends a request to the callback; `finish` says whether its answer left the machine. */
  readonly call: (request: Request) => Promise<Reply>
}

const origin = 'https://desk.example/channels/inbox-1/callback'

export const createAccount = (more: Record<string, unknown> = {}, host = createContractHost()): Account => {
  const channel = wechat.create(configOf(more), host)
  const handle = async (request: Request, exchange: Exchange): Promise<Response> => {
    const route = channel.routes.find(({ method, path }) => method === request.method && path === '/callback')
    return route === undefined ? new Response(null, { status: 404 }) : route.handle(request, exchange)
  }
  return {
    host,
    channel,
    call: async (request) => {
      const callbacks: ((delivered: boolean) => void)[] = []
      const exchange: Exchange = {
        remoteAddress: '203.0.113.7',
        onFinished: (callback) => callbacks.push(callback),
      }
      const response = await handle(request, exchange)
      return {
        response,
        status: response.status,
        body: await response.clone().text(),
        finish: (delivered) => callbacks.forEach((callback) => callback(delivered)),
      }
    },
  }
}

export type Values = Record<string, string | number>

/** Fields in the provider's own notation. */
export const xmlOf = (fields: string): string => `<xml>${fields}</xml>`

const element = ([name, value]: [string, string | number]): string =>
  typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`

/** A message's XML; `extra` is added as it is. */
export const messageXml = (values: Values, extra = ''): string =>
  xmlOf(
    Object.entries({ ToUserName: accountKey, FromUserName: openId, CreateTime: 1767225600, ...values })
      .map(element)
      .join('') + extra,
  )

export const textXml = (text: string, id = '24500000000000001'): string =>
  messageXml({ MsgType: 'text', Content: text, MsgId: id })

export interface Signing {
  readonly now: Date
  readonly nonce?: string
  readonly token?: string
  readonly aesKey?: string
  readonly appId?: string
  readonly timestamp?: string
  /** Changes the query after signing. */
  readonly query?: (query: URLSearchParams) => void
}

const post = (
  query: URLSearchParams,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Request =>
  new Request(`${origin}?${query.toString()}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/xml', ...headers },
  })

const signedQuery = ({
  now,
  nonce = '415670741',
  token: signingToken = token,
  timestamp,
}: Signing): URLSearchParams => {
  const seconds = timestamp ?? String(Math.floor(now.getTime() / 1_000))
  return new URLSearchParams({
    signature: wxSignature([signingToken, seconds, nonce]),
    timestamp: seconds,
    nonce,
    openid: openId,
  })
}

/** A push in plain mode. */
export const plainPush = (
  body: string | Uint8Array<ArrayBuffer>,
  signing: Signing,
  headers?: Record<string, string>,
): Request => {
  const query = signedQuery(signing)
  signing.query?.(query)
  return post(query, body, headers)
}

const keyOf = (key: string): Buffer => parseEncodingAesKey(key) ?? Buffer.alloc(32)

/** The encrypted part of a push with the query that proves it. */
export const encryptFor = (
  plaintext: string,
  signing: Signing,
): { readonly encrypt: string; readonly query: URLSearchParams } => {
  const query = signedQuery(signing)
  const key = { aesKey: keyOf(signing.aesKey ?? encodingAesKey), receiveId: signing.appId ?? appId }
  return signEncrypted(encryptWx(key, randomBytes(16), plaintext), query, signing)
}

const signEncrypted = (encrypt: string, query: URLSearchParams, signing: Signing) => {
  const values = [signing.token ?? token, query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypt]
  query.set('encrypt_type', 'aes')
  query.set('msg_signature', wxSignature(values))
  signing.query?.(query)
  return { encrypt, query }
}

/** A push in safe mode; `extra` are plain fields beside the envelope, as compatible mode has them. */
export const safePush = (plaintext: string, signing: Signing, extra = ''): Request => {
  const { encrypt, query } = encryptFor(plaintext, signing)
  const format = plaintext.trimStart().startsWith('{') ? 'json' : 'xml'
  return post(
    query,
    format === 'json'
      ? JSON.stringify({ ToUserName: accountKey, Encrypt: encrypt })
      : xmlOf(
          `<ToUserName><![CDATA[${accountKey}]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt>${extra}`,
        ),
  )
}

/** A safe-mode push whose ciphertext is given as it is, correctly signed. */
export const rawSafePush = (ciphertext: string, signing: Signing): Request => {
  const { encrypt, query } = signEncrypted(ciphertext, signedQuery(signing), signing)
  return post(query, xmlOf(`<Encrypt><![CDATA[${encrypt}]]></Encrypt>`))
}

/** The set-up request. */
export const setupRequest = (echostr: string, signing: Signing): Request => {
  const query = signedQuery(signing)
  query.set('echostr', echostr)
  signing.query?.(query)
  return new Request(`${origin}?${query.toString()}`)
}

/** Opens an encrypted reply as the platform would: signature first, then the fields inside. */
export const openReply = (
  body: string,
  key = encodingAesKey,
): { readonly outer: Fields; readonly plaintext: string } => {
  const outer = readXml(body)
  const field = (name: string): string => textField(outer, name) ?? ''
  const opened = openWxEnvelope(
    { token, aesKeys: [keyOf(key)], receiveId: appId },
    {
      timestamp: field('TimeStamp'),
      nonce: field('Nonce'),
      encrypt: field('Encrypt'),
      msgSignature: field('MsgSignature'),
    },
  )
  return { outer, plaintext: opened.ok ? opened.plaintext.toString('utf8') : `unopened ${opened.code}` }
}

/** What is handed over for a message. Without AppSecret: files stay where they are. */
export const decoded = async (values: Values, extra = ''): Promise<InboundMessage> => {
  const { host, call } = createAccount({ appSecret: undefined })
  const { status } = await call(safePush(messageXml(values, extra), { now: host.clock.now() }))
  const [message] = host.accepted
  if (status !== 200 || message === undefined) throw new Error(`refused with ${status}`)
  return message
}
