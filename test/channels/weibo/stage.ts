import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { weibo } from '../../../channels/weibo/index.ts'
import type { WeiboConfig } from '../../../channels/weibo/index.ts'
import { createWeiboSimulator } from '../../../sandbox/index.ts'
import type { WeiboAccount, WeiboSimulator } from '../../../sandbox/index.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { Part } from '../../../src/core/message.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { serveChannel } from '../../support/channel-server.ts'

/** The sheet's own account and fan; the fan's uid is one more than a JavaScript number can hold. */
export const account: WeiboAccount = {
  name: '次元站',
  uid: '1902538057',
  appSecret: 'app-secret-of-the-tests',
  accessToken: '2.00access-token-of-the-tests',
}
export const fan = { key: '9007199254740993', name: '阿白' }

export const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==',
    'base64',
  ),
)

const minimal = { uid: account.uid, appSecret: account.appSecret, accessToken: account.accessToken }

/** A valid section; `more` overrides. */
export const configOf = (more: Record<string, unknown> = {}): WeiboConfig =>
  weibo.config.parse({ ...minimal, ...more })

/** The real adapter and the simulated platform, talking over HTTP in both directions. */
export interface Stage {
  readonly host: ContractHost
  readonly simulator: WeiboSimulator
  readonly channel: Channel
  /** Where pushes go. */
  readonly callbackUrl: string
  /** Where the platform's API is. */
  readonly apiUrl: string
  /** Sends one message to the fan through the API. */
  send(part: Part): Promise<unknown>
  /** What stands on the fan's screen from the account. */
  shown(): readonly string[]
  /** Calls of the API so far: `POST /2/messages/reply.json 200`. */
  calls(path?: string): readonly string[]
  close(): Promise<void>
}

const listen = async (simulator: () => WeiboSimulator) => {
  const listener = getRequestListener((request) => simulator().api.fetch(request))
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface StageOptions {
  readonly host?: ContractHost
  readonly attempts?: number
  /** How long the access token lives. */
  readonly tokenLifeMs?: number
  /** True: the fan wrote just before, so that the account may write first. */
  readonly wroteBefore?: boolean
  /** Address of the fan's picture. */
  readonly avatar?: string
}

/** Sets a stage; impatient, and without nicknames and a watch on the token unless told otherwise. */
export const setStage = async (
  section: Record<string, unknown> = {},
  { host = createContractHost(), attempts = 3, wroteBefore = false, tokenLifeMs, avatar }: StageOptions = {},
): Promise<Stage> => {
  let url = 'http://127.0.0.1:9'
  const simulator: WeiboSimulator = createWeiboSimulator({
    account,
    callbackUrl: () => `${url}/callback`,
    clock: host.clock,
    users: [{ ...fan, wroteBefore, ...(avatar === undefined ? {} : { avatar }) }],
    timing: { retryDelayMs: 1, attempts },
    ...(tokenLifeMs === undefined ? {} : { tokenLifeMs }),
  })
  const api = await listen(() => simulator)
  const bases = { apiBase: api.url, messageApiBase: api.url, uploadApiBase: api.url }
  const config = configOf({ nicknames: false, watchToken: false, ...bases, ...section })
  const server = await serveChannel({
    inboxId: host.inboxId,
    create: () => weibo.create(config, host),
  })
  url = server.url
  return {
    host,
    simulator,
    channel: server.channel,
    callbackUrl: `${server.url}/callback`,
    apiUrl: api.url,
    send: (part) => server.channel.deliver(outbound(part, { contactKey: fan.key, threadKey: fan.key })),
    shown: () =>
      simulator.client.lines(fan.key).flatMap(({ from, text }) => (from === 'account' ? (text ?? '') : [])),
    calls: (path = '') =>
      simulator.client
        .exchanges(fan.key)
        .filter(({ kind, title }) => kind === 'api' && title.endsWith(path))
        .map(({ title, status }) => `${title} ${status}`),
    close: async () => {
      await server.close()
      await simulator.close()
      await api.close()
    },
  }
}
