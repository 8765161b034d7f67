import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { expect, vi } from 'vitest'
import { telegram } from '../../../channels/telegram/index.ts'
import { createTelegramAccount, createTelegramSimulator } from '../../../sandbox/index.ts'
import type { TelegramAccount, TelegramSimulator } from '../../../sandbox/index.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { OutboundMessage, Part } from '../../../src/core/message.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { serveChannel } from '../../support/channel-server.ts'

export const userKey = '5000000001'
export const otherKey = '5000000002'
export const secret = 'secret-of-the-test-bot-0001'

/** The real adapter and the simulated Telegram, talking over HTTP in both directions. */
export interface Stage {
  readonly account: TelegramAccount
  readonly host: ContractHost
  readonly simulator: TelegramSimulator
  readonly channel: Channel
  /** Where the simulated Bot API is. */
  readonly apiRoot: string
  /** Where the adapter takes updates. */
  readonly webhookUrl: string
  /** Posts any body to the webhook as Telegram would. */
  post(body: string, headers?: Record<string, string>): Promise<{ status: number; body: string }>
  /** Hands a message to the channel for the test's user. */
  send(part: Part, more?: Partial<OutboundMessage>): Promise<unknown>
  /** What the user sees of us, as the Bot API's message objects. */
  shown(key?: string): readonly Readonly<Record<string, unknown>>[]
  /** Waits until the bot has taken every update. */
  settle(): Promise<void>
  /** Stops the adapter and starts another one on the same host. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface StageOptions {
  readonly section?: Record<string, unknown>
  readonly host?: ContractHost
  readonly simulator?: Partial<Parameters<typeof createTelegramSimulator>[0]>
}

const listen = async (simulator: TelegramSimulator) => {
  const listener = getRequestListener((request, env) => simulator.api.fetch(request, env))
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

export const setStage = async (options: StageOptions = {}): Promise<Stage> => {
  const host = options.host ?? createContractHost()
  const account = createTelegramAccount()
  const simulator = createTelegramSimulator({
    account,
    clock: host.clock,
    users: [
      { key: userKey, name: '小白' },
      { key: otherKey, name: '阿青' },
    ],
    ...options.simulator,
    timing: { retryDelayMs: 5, hangMs: 200, ...options.simulator?.timing },
  })
  const api = await listen(simulator)
  const open = () =>
    serveChannel({
      inboxId: host.inboxId,
      create: (publicUrl) =>
        telegram.create(
          telegram.config.parse({
            token: account.token,
            apiRoot: api.url,
            publicUrl,
            webhookSecret: secret,
            pollSeconds: 1,
            ...options.section,
          }),
          host,
        ),
    })
  let server = await open()
  let opened = 0
  const isPolling = options.section?.['receive'] === 'polling'
  const ready = async (): Promise<void> => {
    if (isPolling) return
    opened += 1
    const times = () => host.logged.filter(({ event }) => event === 'telegram inbox ready').length
    const isReady = () => expect(times()).toBe(opened)
    await vi.waitFor(isReady, { timeout: 60_000 })
  }
  await ready()
  return {
    account,
    host,
    simulator,
    apiRoot: api.url,
    get channel() {
      return server.channel
    },
    get webhookUrl() {
      return `${server.url}/webhook`
    },
    post: async (body, headers = { 'x-telegram-bot-api-secret-token': secret }) => {
      const response = await fetch(`${server.url}/webhook`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      })
      return { status: response.status, body: await response.text() }
    },
    send: (part, more = {}) =>
      server.channel.deliver(outbound(part, { contactKey: userKey, threadKey: userKey, ...more })),
    shown: (key = userKey) =>
      simulator.messages(key).flatMap(({ from, message }) => (from === 'account' ? [message] : [])),
    settle: async () => {
      await expect.poll(() => simulator.pendingUpdates()).toBe(0)
    },
    restart: async () => {
      await server.close()
      server = await open()
      await ready()
    },
    close: async () => {
      await simulator.close()
      await server.close()
      await api.close()
    },
  }
}

let lastUpdate = 100

/** An update as Telegram would write it, by hand. */
export const update = (kind: string, fields: Record<string, unknown>, id = (lastUpdate += 1)): string =>
  JSON.stringify({ update_id: id, [kind]: fields })

/** A private message's fields. */
export const message = (
  fields: Record<string, unknown>,
  id: number | string = 1,
): Record<string, unknown> => ({
  message_id: Number(id),
  from: { id: Number(userKey), is_bot: false, first_name: '小白' },
  chat: { id: Number(userKey), type: 'private', first_name: '小白' },
  date: 1_767_225_600,
  ...fields,
})
