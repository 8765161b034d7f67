import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterEach } from 'vitest'
import { wecom } from '../../../channels/wecom/index.ts'
import type { WecomConfig } from '../../../channels/wecom/index.ts'
import { createWecomSimulator } from '../../../sandbox/index.ts'
import type { WecomAccount, WecomSimulator, WecomSimulatorOptions } from '../../../sandbox/index.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { OutboundMessage, Part } from '../../../src/core/message.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { serveChannel } from '../../support/channel-server.ts'

export const account: WecomAccount = {
  name: '次元站客服',
  corpId: 'ww5823bf96d3bd56c7',
  secret: 'app-secret-of-the-tests-0001',
  agentId: '1000002',
  token: 'QDG6eK',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  openKfId: 'wkTestAccount0001',
}
export const userKey = 'wmTestContact0001'
export const threadKey = `${account.openKfId}:${userKey}`

export const paths = {
  token: '/cgi-bin/gettoken',
  sync: '/cgi-bin/kf/sync_msg',
  send: '/cgi-bin/kf/send_msg',
  onEvent: '/cgi-bin/kf/send_msg_on_event',
  state: '/cgi-bin/kf/service_state/get',
  trans: '/cgi-bin/kf/service_state/trans',
  customers: '/cgi-bin/kf/customer/batchget',
  upload: '/cgi-bin/media/upload',
  download: '/cgi-bin/media/get',
} as const

/** The raw section that fits `account`; `more` overrides. */
export const sectionOf = (apiBase: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  corpId: account.corpId,
  secret: account.secret,
  token: account.token,
  encodingAesKey: account.encodingAesKey,
  openKfIds: [account.openKfId],
  apiBase,
  pollIntervalMs: 0,
  handoffDelayMs: 0,
  sendsPerSecond: 1_000,
  ...more,
})

export const configOf = (more: Record<string, unknown> = {}): WecomConfig =>
  wecom.config.parse(sectionOf('http://127.0.0.1:9', more))

const closing: (() => Promise<unknown>)[] = []

/** Closes what `setStage` opened, after each test of the file that calls it. */
export const closeStages = (): void => {
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
}

export interface Stage {
  readonly host: ContractHost
  readonly simulator: WecomSimulator
  readonly channel: Channel
  readonly apiBase: string
  /** Starts the node anew on the same host and store; pushes go to it from now on. */
  startNode(more?: Record<string, unknown>): Promise<Channel>
  /** Starts one more node on the same host and store; pushes go to all in turn. */
  joinNode(): Promise<Channel>
  /** Ends the running node. */
  stopNode(): Promise<void>
}

export interface StageOptions {
  readonly host?: ContractHost
  readonly section?: Record<string, unknown>
  readonly simulator?: Partial<Omit<WecomSimulatorOptions, 'account' | 'callbackUrl' | 'clock'>>
  /** Has the platform hold something before the first node starts. */
  readonly before?: (simulator: WecomSimulator, host: ContractHost) => void
}

const serveApi = async (simulator: WecomSimulator): Promise<string> => {
  const listener = getRequestListener((request) => simulator.api.fetch(request))
  const api = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const address = api.address()
  closing.push(() => {
    api.closeAllConnections()
    return new Promise((resolve) => api.close(resolve))
  })
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

/** The real adapter and the simulated platform, talking over HTTP in both directions. */
export const setStage = async (options: StageOptions = {}): Promise<Stage> => {
  const host = options.host ?? createContractHost()
  let urls: string[] = []
  let pushes = 0
  const simulator = createWecomSimulator({
    account,
    callbackUrl: () => `${urls[(pushes += 1) % urls.length] ?? 'http://127.0.0.1:9'}/callback`,
    clock: host.clock,
    users: [{ key: userKey, name: '阿白', unionid: 'oUnion0001', wroteBefore: true }],
    servicers: [
      { userid: 'zhangsan', serving: true },
      { userid: 'lisi', serving: false },
    ],
    ...options.simulator,
    timing: { attempts: 1, retryDelayMs: 1, ...options.simulator?.timing },
  })
  const apiBase = await serveApi(simulator)
  options.before?.(simulator, host)
  let server: Awaited<ReturnType<typeof serveChannel>> | undefined
  const addNode = async (more: Record<string, unknown> = {}): Promise<Channel> => {
    const config = wecom.config.parse(sectionOf(apiBase, { ...options.section, ...more }))
    const started = await serveChannel({
      inboxId: host.inboxId,
      create: () => wecom.create(config, host),
    })
    server = started
    urls.push(started.url)
    closing.push(() => started.close())
    return started.channel
  }
  const channel = await addNode()
  closing.push(() => simulator.close())
  return {
    host,
    simulator,
    channel,
    apiBase,
    startNode: (more) => {
      urls = []
      return addNode(more)
    },
    joinNode: () => addNode(),
    stopNode: async () => {
      await server?.close()
    },
  }
}

/** Sends a part to the contact. */
export const send = (stage: Stage, part: Part, more: Partial<OutboundMessage> = {}) =>
  stage.channel.deliver(
    outbound(part, {
      id: '018f3a5e-0000-7000-8000-000000000001',
      contactKey: userKey,
      threadKey,
      accountKey: account.openKfId,
      ...more,
    }),
  )

export const text = (words: string): Part => ({ kind: 'text', text: words })

/** What the contact sees of the account. */
export const heard = ({ simulator }: Stage, key = userKey) =>
  simulator.client.lines(key).filter(({ from }) => from === 'account')

/** What a call throws. */
export const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

export const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==',
    'base64',
  ),
)
