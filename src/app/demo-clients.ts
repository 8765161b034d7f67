import { randomBytes } from 'node:crypto'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { createWeiboAccount, createWeiboSimulator, type Simulator } from '../../sandbox/index.ts'
import type { InboxConfig } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { ChannelName } from '../core/message.ts'
import { freePort } from './free-port.ts'

/** A simulated provider with the inbox that serves it. */
export interface DemoClient {
  readonly simulator: Simulator
  readonly inbox: InboxConfig
}

/** Where the product and the simulated providers are. */
export interface DemoSurroundings {
  readonly base: string
  /** Where a provider's API is served. */
  readonly apiOf: (channel: ChannelName) => string
  readonly clock: Clock
}

const brand = '次元站'
const people = [
  { key: '7000000000000000001', name: '阿白' },
  { key: '7000000000000000002', name: '鹿目' },
]

const weibo = ({ base, apiOf, clock }: DemoSurroundings): DemoClient => {
  const account = createWeiboAccount(brand)
  const inboxId = 'weibo-demo'
  const callbackKey = randomBytes(12).toString('hex')
  const api = apiOf('weibo')
  const { uid, appSecret, accessToken } = account
  return {
    simulator: createWeiboSimulator({
      account,
      clock,
      users: people,
      callbackUrl: () => `${base}/channels/${inboxId}/callback/${callbackKey}`,
    }),
    inbox: {
      inboxId,
      channel: 'weibo',
      section: {
        ...{ uid, appSecret, accessToken, callbackKey },
        ...{ apiBase: api, messageApiBase: api, uploadApiBase: api },
      },
    },
  }
}

/** Every further channel of the try-it page. */
const createClients = (surroundings: DemoSurroundings): readonly DemoClient[] =>
  [weibo].map((create) => create(surroundings))

/** The further channels, their providers answering. */
export interface DemoClients {
  readonly clients: readonly DemoClient[]
  readonly stop: () => Promise<void>
}

/**
 * Starts the simulated providers on a port of their own: they answer before the product listens, as real ones do, so
 * that its channels can reach them when they start.
 */
export const openDemoClients = async (base: string, clock: Clock): Promise<DemoClients> => {
  const port = await freePort()
  const clients = createClients({
    base,
    clock,
    apiOf: (channel) => `http://127.0.0.1:${String(port)}/${channel}`,
  })
  const app = new Hono()
  for (const { simulator } of clients) app.route(`/${simulator.channel}`, simulator.api)
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    clients,
    stop: async () => {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await Promise.allSettled(clients.map(({ simulator }) => simulator.close()))
    },
  }
}
