import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { expect } from 'vitest'
import { botframework } from '../../../channels/botframework/index.ts'
import { createBotAccount, createBotSimulator } from '../../../sandbox/index.ts'
import type { BotAccount, BotSimulator } from '../../../sandbox/index.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { OutboundMessage, Part } from '../../../src/core/message.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { serveChannel } from '../../support/channel-server.ts'

export const userKey = '29:contact-0001'

/** The real adapter and a simulated channel, talking over HTTP in both directions. */
export interface Stage {
  readonly account: BotAccount
  readonly host: ContractHost
  readonly simulator: BotSimulator
  readonly channel: Channel
  readonly apiUrl: string
  readonly messagesUrl: string
  /** Hands a message to the channel for the conversation that wrote last, or the given one. */
  send(part: Part, more?: Partial<OutboundMessage>): Promise<unknown>
  /** What the bot said to the user, as activities. */
  shown(key?: string): readonly Readonly<Record<string, unknown>>[]
  settle(): Promise<void>
  close(): Promise<void>
}

export interface StageOptions {
  readonly section?: Record<string, unknown>
  readonly host?: ContractHost
  readonly channelId?: 'webchat' | 'directline' | 'msteams'
}

export const setStage = async (options: StageOptions = {}): Promise<Stage> => {
  const host = options.host ?? createContractHost()
  const account = createBotAccount()
  let messagesUrl = ''
  let apiUrl = ''
  const simulator = createBotSimulator({
    account,
    clock: host.clock,
    apiUrl: () => apiUrl,
    messagesUrl: () => messagesUrl,
    channelId: options.channelId ?? 'webchat',
    users: [
      { key: userKey, name: '小白' },
      { key: '29:contact-0002', name: '阿青' },
    ],
    timing: { retryDelayMs: 5, hangMs: 200 },
  })
  const listener = getRequestListener((request, env) => simulator.api.fetch(request, env))
  const api = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const address = api.address()
  apiUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const section = {
    appId: account.appId,
    appPassword: account.appPassword,
    tenantId: account.tenantId,
    serviceHosts: ['127.0.0.1'],
    openIdMetadataUrl: `${apiUrl}/v1/.well-known/openidconfiguration`,
    loginUrl: apiUrl,
    ...options.section,
  }
  const server = await serveChannel({
    inboxId: host.inboxId,
    create: () => botframework.create(botframework.config.parse(section), host),
  })
  messagesUrl = `${server.url}/messages`
  return {
    account,
    host,
    simulator,
    channel: server.channel,
    apiUrl,
    messagesUrl,
    send: (part, more = {}) => {
      const last = host.accepted.at(-1)
      const to = { contactKey: userKey, threadKey: last?.threadKey ?? userKey }
      const accountKey = last?.accountKey === undefined ? {} : { accountKey: last.accountKey }
      return server.channel.deliver(outbound(part, { ...to, ...accountKey, ...more }))
    },
    shown: (key = userKey) =>
      simulator.messages(key).flatMap(({ from, activity }) => (from === 'account' ? [activity] : [])),
    settle: async () => {
      await expect.poll(() => simulator.pending()).toBe(0)
    },
    close: async () => {
      await simulator.close()
      await server.close()
      api.closeAllConnections()
      await new Promise((resolve) => api.close(resolve))
    },
  }
}
