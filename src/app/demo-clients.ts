import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import {
  createApiSimulator,
  createBotAccount,
  createBotSimulator,
  createEmailSimulator,
  createTelegramAccount,
  createTelegramSimulator,
  createWecomSimulator,
  createWeiboAccount,
  createWechatySimulator,
  createWeiboSimulator,
  openSnapshotFile,
  screensSnapshot,
  showEarlier,
  takeScreens,
  type ScreensSnapshot,
  type Simulator,
} from '../../sandbox/index.ts'
import type { InboxConfig } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { ChannelName } from '../core/message.ts'
import { createAesKey, secretOf } from './demo-secrets.ts'
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
  /** Names of the people of each provider; their addresses are made. */
  readonly names: readonly string[]
  /** What was on the screens when the process ended. */
  readonly saved?: ScreensSnapshot | undefined
  /** Pause of a provider before it comes again. Default: the provider's own, a second or more. */
  readonly retryDelayMs?: number
}

/** Where clients keep what outlives the process. */
export interface DemoKeep {
  readonly folder: string
  readonly log: Logger
}

const brand = '次元站'
const names = ['阿白', '鹿目']

/** People of the demo, with the addresses a provider gives them. */
const peopleAs = ({ names: given }: DemoSurroundings, keyOf: (place: string) => string) =>
  given.map((name, place) => ({ key: keyOf(String(place + 1)), name }))

const timingOf = ({ retryDelayMs }: DemoSurroundings) =>
  retryDelayMs === undefined ? {} : { timing: { retryDelayMs } }

const windowMs = 48 * 3_600_000

/** Tells who wrote within the last days, to whom the account may still write. */
const writersOf = (
  channel: ChannelName,
  { saved, clock }: DemoSurroundings,
): ((userKey: string) => boolean) => {
  const since = clock.now().getTime() - windowMs
  const wrote = (saved?.screens ?? [])
    .filter((screen) => screen.channel === channel)
    .filter(({ lines }) => lines.some(({ from, at }) => from === 'user' && at.getTime() > since))
  return (userKey) => wrote.some((screen) => screen.userKey === userKey)
}

const withWriters = <User extends { readonly key: string }>(
  users: readonly User[],
  wrote: (userKey: string) => boolean,
) => users.map((user) => ({ ...user, wroteBefore: wrote(user.key) }))

const weibo = (surroundings: DemoSurroundings) => {
  const { base, apiOf, clock } = surroundings
  const account = createWeiboAccount(brand)
  const inboxId = 'weibo-demo'
  const callbackKey = secretOf(12)
  const api = apiOf('weibo')
  const { uid, appSecret, accessToken } = account
  return {
    simulator: createWeiboSimulator({
      account,
      clock,
      users: withWriters(
        peopleAs(surroundings, (place) => `7000000000${place.padStart(9, '0')}`),
        writersOf('weibo', surroundings),
      ),
      callbackUrl: () => `${base}/channels/${inboxId}/callback/${callbackKey}`,
      ...timingOf(surroundings),
    }),
    inbox: {
      inboxId,
      channel: 'weibo' as const,
      section: {
        ...{ uid, appSecret, accessToken, callbackKey },
        ...{ apiBase: api, messageApiBase: api, uploadApiBase: api },
      },
    },
  }
}

const wecom = (surroundings: DemoSurroundings) => {
  const { base, apiOf, clock } = surroundings
  const inboxId = 'wecom-demo'
  const account = {
    name: `${brand}客服`,
    corpId: `ww${secretOf(8)}`,
    secret: secretOf(16),
    agentId: '1000002',
    token: secretOf(12),
    encodingAesKey: createAesKey(),
    openKfId: `wk${secretOf(12)}`,
  }
  const { corpId, secret, token, encodingAesKey, openKfId } = account
  return {
    simulator: createWecomSimulator({
      account,
      clock,
      users: withWriters(
        peopleAs(surroundings, (place) => `wmDemo${place.padStart(4, '0')}`),
        writersOf('wecom', surroundings),
      ),
      servicers: [{ userid: 'zhangsan', serving: true }],
      callbackUrl: () => `${base}/channels/${inboxId}/callback`,
      ...timingOf(surroundings),
    }),
    inbox: {
      inboxId,
      channel: 'wecom' as const,
      section: {
        ...{ corpId, secret, token, encodingAesKey },
        openKfIds: [openKfId],
        apiBase: apiOf('wecom'),
      },
    },
  }
}

/** A mail server comes again ever more seldom. */
const mailTries = [1, 2, 10, 20, 40, 80, 80]

const email = async (surroundings: DemoSurroundings) => {
  const { clock, retryDelayMs } = surroundings
  const [smtpPort, receiverPort] = [await freePort(), await freePort()]
  const account = {
    name: `${brand}客服`,
    address: 'support@ciyuan.example',
    user: 'support@ciyuan.example',
    password: secretOf(12),
    receiverUser: 'mx',
    receiverPassword: secretOf(12),
    authservId: 'mx.ciyuan.example',
  }
  const simulator = createEmailSimulator({
    ...{ account, smtpPort, clock },
    receiverPort: () => receiverPort,
    users: peopleAs(surroundings, (place) => `user${place}@mail.example`),
    ...(retryDelayMs === undefined
      ? {}
      : { timing: { retriesMs: mailTries.map((factor) => factor * retryDelayMs) } }),
  })
  await simulator.ready
  const { address, name, authservId, user, password, receiverUser, receiverPassword } = account
  return {
    simulator,
    inbox: {
      inboxId: 'email-demo',
      channel: 'email' as const,
      section: {
        ...{ address, name, authservId },
        smtp: { host: '127.0.0.1', port: smtpPort, tls: 'none', user, password },
        receiver: { port: receiverPort, user: receiverUser, password: receiverPassword },
      },
    },
  }
}

const telegram = (surroundings: DemoSurroundings) => {
  const { base, apiOf, clock } = surroundings
  const account = createTelegramAccount(brand)
  return {
    simulator: createTelegramSimulator({
      account,
      clock,
      users: peopleAs(surroundings, (place) => `500000${place.padStart(4, '0')}`),
      ...timingOf(surroundings),
    }),
    inbox: {
      inboxId: 'telegram-demo',
      channel: 'telegram' as const,
      section: { token: account.token, apiRoot: apiOf('telegram'), publicUrl: base },
    },
  }
}

const botframework = (surroundings: DemoSurroundings) => {
  const { base, apiOf, clock } = surroundings
  const inboxId = 'teams-demo'
  const account = createBotAccount()
  const api = apiOf('botframework')
  const { appId, appPassword, tenantId } = account
  return {
    simulator: createBotSimulator({
      ...{ account, clock },
      apiUrl: () => api,
      messagesUrl: () => `${base}/channels/${inboxId}/messages`,
      channelId: 'msteams' as const,
      users: peopleAs(surroundings, (place) => `29:contact-${place.padStart(4, '0')}`),
      ...timingOf(surroundings),
    }),
    inbox: {
      inboxId,
      channel: 'botframework' as const,
      section: {
        ...{ appId, appPassword, tenantId },
        serviceHosts: ['127.0.0.1'],
        openIdMetadataUrl: `${api}/v1/.well-known/openidconfiguration`,
        loginUrl: api,
      },
    },
  }
}

const forumAndHotline = (surroundings: DemoSurroundings) => {
  const { base, apiOf, clock } = surroundings
  const inboxId = 'brand-demo'
  const members = peopleAs(surroundings, (place) => `member-1${place.padStart(3, '0')}`)
  const simulator = createApiSimulator({
    receiveUrl: () => `${base}/channels/${inboxId}/messages`,
    apiUrl: () => apiOf('api'),
    clock,
    users: [
      ...members.map((member) => ({ ...member, on: 'forum' as const })),
      { key: '+8613800000001', name: '王先生', on: 'phone' },
    ],
    ...timingOf(surroundings),
  })
  return {
    simulator,
    inbox: {
      inboxId,
      channel: 'api' as const,
      section: {
        secret: simulator.account.secret,
        webhookUrl: `${apiOf('api')}/webhook`,
        allowLoopbackHttp: true,
      },
    },
  }
}

const bridgeDir = join('channels', 'wechaty', 'bridge')
const isBridgeInstalled = (): boolean => existsSync(join(bridgeDir, 'node_modules', 'wechaty'))

const personalWechat = async (surroundings: DemoSurroundings & DemoKeep): Promise<DemoClient> => {
  const { clock, folder } = surroundings
  const port = await freePort()
  const simulator = createWechatySimulator({
    ...{ port, clock },
    users: peopleAs(surroundings, (place) => `wxid_demo${place}`),
  })
  await simulator.ready
  return {
    simulator,
    inbox: {
      inboxId: 'personal-demo',
      channel: 'wechaty',
      section: {
        puppet: 'wechaty-puppet-mock',
        puppetOptions: simulator.puppetOptions,
        bridgeDir,
        stateDir: join(folder, 'wechaty-demo'),
        sendsPerSecond: 5,
      },
    },
  }
}

/** A client that is left out because its packages are not here, and the command that brings them. */
export interface MissingClient {
  readonly channel: ChannelName
  readonly command: string
}

const missingClients = (): readonly MissingClient[] =>
  isBridgeInstalled()
    ? []
    : [{ channel: 'wechaty', command: `npm ci --prefix ${bridgeDir} --ignore-scripts` }]

/** Every further channel of the try-it page. */
export const demoClients = {
  weibo,
  email,
  wecom,
  telegram,
  botframework,
  api: forumAndHotline,
} satisfies Readonly<Record<string, (surroundings: DemoSurroundings) => Promise<DemoClient> | DemoClient>>

const createClients = (surroundings: DemoSurroundings & DemoKeep): Promise<readonly DemoClient[]> =>
  Promise.all(
    [...Object.values(demoClients), ...(isBridgeInstalled() ? [personalWechat] : [])].map(async (create) =>
      create(surroundings),
    ),
  )

/** The further channels, their providers answering. */
export interface DemoClients {
  readonly clients: readonly DemoClient[]
  readonly missing: readonly MissingClient[]
  readonly stop: () => Promise<void>
}

/**
 * Starts the simulated providers on a port of their own: they answer before the product listens, as real ones do, so
 * that its channels can reach them when they start.
 */
export const openDemoClients = async (
  given: Pick<DemoSurroundings, 'base' | 'clock'> & Partial<Pick<DemoSurroundings, 'names'>> & DemoKeep,
): Promise<DemoClients> => {
  const port = await freePort()
  const path = join(given.folder, 'sandbox-clients.json')
  const file = openSnapshotFile({ path, shape: screensSnapshot, log: given.log })
  const created = await createClients({
    names,
    ...given,
    saved: file.saved,
    apiOf: (channel) => `http://127.0.0.1:${String(port)}/${channel}`,
  })
  const clients = created.map(({ simulator, inbox }) => ({
    simulator: showEarlier(simulator, file.saved),
    inbox,
  }))
  const simulators = clients.map(({ simulator }) => simulator)
  for (const { client } of simulators) client.onChange(() => file.changed(() => takeScreens(simulators)))
  const app = new Hono()
  for (const { channel, api } of simulators) app.route(`/${channel}`, api)
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    clients,
    missing: missingClients(),
    stop: async () => {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await Promise.allSettled(simulators.map((simulator) => simulator.close()))
      file.close()
    },
  }
}
