import { createHash } from 'node:crypto'
import { weibo } from '../../../channels/weibo/index.ts'
import type { Channel, Exchange } from '../../../src/core/channel.ts'
import type { InboundMessage } from '../../../src/core/message.ts'
import type { Answer, ContractHost } from '../../contract/channel.ts'
import { createContractHost } from '../../contract/channel.ts'
import { account, configOf, fan } from './stage.ts'

const callback = 'https://desk.example/channels/inbox-1/callback'

export interface Signing {
  readonly now: Date
  readonly nonce?: string
  readonly appSecret?: string
  readonly timestamp?: string
  /** Changes the query after signing. */
  readonly query?: (query: URLSearchParams) => void
}

/** The query that proves a request, by the sheet's words. */
export const signedQuery = ({ now, nonce = '57155157', ...signing }: Signing): URLSearchParams => {
  const { appSecret = account.appSecret, timestamp = String(now.getTime()) } = signing
  const joined = [appSecret, timestamp, nonce].sort().join('')
  const signature = createHash('sha1').update(joined).digest('hex')
  const query = new URLSearchParams({ signature, timestamp, nonce })
  signing.query?.(query)
  return query
}

export const setupRequest = (echostr: string, signing: Signing): Request => {
  const query = signedQuery(signing)
  query.set('echostr', echostr)
  return new Request(`${callback}?${query.toString()}`)
}

/** A push of any body. */
export const push = (
  body: string | Uint8Array<ArrayBuffer>,
  signing: Signing,
  headers: Record<string, string> = {},
): Request => new Request(`${callback}?${signedQuery(signing).toString()}`, { method: 'POST', body, headers })

/** A push's JSON as Weibo writes it, ids as numbers; `more` overrides and adds, written as given. */
export const bodyOf = (more: Readonly<Record<string, string>>): string => {
  const fields = {
    type: '"text"',
    receiver_id: account.uid,
    sender_id: fan.key,
    created_at: '"Mon Jul 16 18:09:20 +0800 2012"',
    text: '"我的快递呢"',
    data: '{}',
    ...more,
  }
  return `{${Object.entries(fields)
    .map(([name, value]) => `"${name}":${value}`)
    .join(',')}}`
}

/** What a request got, and what becomes of the answer on the network. */
export interface Reply extends Answer {
  readonly response: Response
  readonly finish: (delivered: boolean) => void
}

/** An account with its host, not listening anywhere: requests are handed to its routes. */
export interface Account {
  readonly host: ContractHost
  readonly channel: Channel
  readonly call: (request: Request) => Promise<Reply>
}

export const createAccount = (more: Record<string, unknown> = {}, host = createContractHost()): Account => {
  const nowhere = 'http://127.0.0.1:9'
  const bases = { apiBase: nowhere, messageApiBase: nowhere, uploadApiBase: nowhere }
  const channel = weibo.create(configOf({ nicknames: false, watchToken: false, ...bases, ...more }), host)
  return {
    host,
    channel,
    call: async (request) => {
      const callbacks: ((delivered: boolean) => void)[] = []
      const exchange: Exchange = {
        remoteAddress: '203.0.113.7',
        onFinished: (callback) => callbacks.push(callback),
      }
      const route = channel.routes.find(({ method }) => method === request.method)
      const response = (await route?.handle(request, exchange)) ?? new Response(null, { status: 404 })
      return {
        response,
        status: response.status,
        body: await response.clone().text(),
        finish: (delivered) => callbacks.forEach((callback) => callback(delivered)),
      }
    },
  }
}

/** What is handed over for a push; undefined when nothing is. */
export const decoded = async (
  more: Readonly<Record<string, string>>,
  section: Record<string, unknown> = {},
): Promise<InboundMessage | undefined> => {
  const { host, call } = createAccount(section)
  const { status } = await call(push(bodyOf(more), { now: host.clock.now() }))
  if (status !== 200) throw new Error(`refused with ${status}`)
  return host.accepted[0]
}
