import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { randomInt, randomUUID } from 'node:crypto'
import { signedHeaders } from '../../sandbox/api/signing.ts'
import { encrypt, sign } from '../../sandbox/kit/wx-crypto.ts'
import { createWecomSimulator, type Simulator } from '../../sandbox/index.ts'
import { buildPush } from '../../sandbox/weibo/push-request.ts'
import { demoClients } from '../../src/app/demo-clients.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import { createParserCases } from '../parser-cases.ts'
import { account, seal } from '../wechat-client.ts'
import { startPlainPlatform } from './plain-platform.ts'

/** A request as a provider makes it. */
export interface WebhookRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A channel that providers push to. */
export interface Webhook {
  readonly channel: string
  /** What its provider pushes. */
  readonly seeds: readonly string[]
  /** Signs what is pushed, and encrypts it where its provider does: whatever it is, it comes from the provider. */
  readonly seal: (content: string) => WebhookRequest
}

/** Every channel with a webhook, its provider, and the inboxes as they stand in the configuration. */
export interface Webhooks {
  readonly webhooks: readonly Webhook[]
  readonly inboxes: Readonly<Record<string, object>>
  close(): Promise<void>
}

const seconds = (): string => String(Math.floor(Date.now() / 1_000))
const json = { 'content-type': 'application/json' } as const
const xml = { 'content-type': 'text/xml' } as const
/** Whom the seeds of Weibo are for. */
const weiboUid = '1902538057'
const telegramSecret = 'torture-0123456789abcdefghijklmn'

const seedsByChannel = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const cases = createParserCases()
  for (const { close } of cases) await close?.()
  return new Map(cases.map(({ channel, seeds }) => [channel, seeds]))
}

/**
 * WeCom, which limits calls without the token of a push; mutated tokens are none, and what is limited is rightly asked for again
 * (503). Here the pushes are looked at, so that limit is open.
 */
const openWecom = (surroundings: Parameters<typeof demoClients.wecom>[0]) => {
  const { inbox } = demoClients.wecom(surroundings)
  const { openKfIds, ...section } = inbox.section
  const simulator = createWecomSimulator({
    account: { name: '次元站客服', agentId: '1000002', openKfId: openKfIds[0] ?? '', ...section },
    clock: surroundings.clock,
    callbackUrl: () => `${surroundings.base}/channels/${inbox.inboxId}/callback`,
    unaskedPerMinute: Infinity,
  })
  return { simulator, inbox }
}

/** The simulated providers, served at one address. */
const openProviders = async (base: string) => {
  const port = await freePort()
  const apiOf = (channel: string): string => `http://127.0.0.1:${String(port)}/${channel}`
  const surroundings = { base, clock: systemClock, names: ['阿白'], apiOf }
  const providers = {
    weibo: demoClients.weibo(surroundings),
    wecom: openWecom(surroundings),
    telegram: demoClients.telegram(surroundings),
    botframework: demoClients.botframework(surroundings),
    api: demoClients.api(surroundings),
  }
  const simulators: readonly Simulator[] = Object.values(providers).map(({ simulator }) => simulator)
  const app = new Hono()
  for (const { channel, api } of simulators) app.route(`/${channel}`, api)
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    ...{ providers, apiOf },
    close: async (): Promise<void> => {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await Promise.allSettled(simulators.map((simulator) => simulator.close()))
    },
  }
}

type Providers = Awaited<ReturnType<typeof openProviders>>

const pathOf = (inboxId: string, end: string): string => `/channels/${inboxId}${end}`

const wechat = (seeds: readonly string[]): Webhook => ({
  channel: 'wechat',
  seeds,
  seal: (content) => ({ ...seal(pathOf('torture', '/callback'), 'oMutated', content), headers: xml }),
})

const weibo = ({ providers: { weibo: provider } }: Providers, seeds: readonly string[]): Webhook => {
  const { inboxId, section } = provider.inbox
  const { appSecret, accessToken, callbackKey } = section
  const callbackUrl = `http://127.0.0.1${pathOf(inboxId, `/callback/${callbackKey}`)}`
  const target = {
    account: { name: '', uid: weiboUid, appSecret, accessToken },
    ...{ callbackUrl, clock: systemClock },
  }
  return {
    channel: 'weibo',
    seeds,
    seal: (content) => {
      const { url, headers, body } = buildPush(content, target, {})
      const { pathname, search } = new URL(url)
      return { path: pathname + search, headers: { 'content-type': headers['Content-Type'] ?? '' }, body }
    },
  }
}

/** Its pushes hold no message, they say that there are some. */
const wecom = ({ providers: { wecom: provider } }: Providers): Webhook => {
  const { inboxId, section } = provider.inbox
  const { corpId, token, encodingAesKey, openKfIds } = section
  return {
    channel: 'wecom',
    seeds: [
      `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><CreateTime>${seconds()}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENCtorture]]></Token><OpenKfId><![CDATA[${String(openKfIds[0])}]]></OpenKfId></xml>`,
    ],
    seal: (content) => {
      const [timestamp, nonce] = [seconds(), String(randomInt(1, 2 ** 31))]
      const sealed = encrypt(content, { encodingAesKey, receiveId: corpId })
      const query = new URLSearchParams({
        msg_signature: sign(token, timestamp, nonce, sealed),
        timestamp,
        nonce,
      })
      return {
        path: `${pathOf(inboxId, '/callback')}?${query.toString()}`,
        headers: xml,
        body: `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`,
      }
    },
  }
}

const telegram = ({ providers }: Providers, seeds: readonly string[]): Webhook => ({
  channel: 'telegram',
  seeds,
  seal: (body) => ({
    path: pathOf(providers.telegram.inbox.inboxId, '/webhook'),
    headers: { ...json, 'x-telegram-bot-api-secret-token': telegramSecret },
    body,
  }),
})

const botframework = ({ providers, apiOf }: Providers, seeds: readonly string[]): Webhook => {
  const { simulator, inbox } = providers.botframework
  const serviceUrl = `${apiOf('botframework')}/`
  return {
    channel: 'botframework',
    seeds: seeds.map((text) => text.replace('https://smba.trafficmanager.net/', serviceUrl)),
    seal: (body) => ({
      path: pathOf(inbox.inboxId, '/messages'),
      headers: { ...json, authorization: simulator.signer.authorize(serviceUrl) },
      body,
    }),
  }
}

const api = ({ providers }: Providers, seeds: readonly string[]): Webhook => {
  const { inboxId, section } = providers.api.inbox
  return {
    channel: 'api',
    seeds,
    seal: (body) => ({
      path: pathOf(inboxId, '/messages'),
      headers: { ...json, ...signedHeaders(section.secret, `msg_${randomUUID()}`, new Date(), body) },
      body,
    }),
  }
}

/** Opens the providers of every channel with a webhook, for a product at `base`. */
export const openWebhooks = async (base: string): Promise<Webhooks> => {
  const [seeds, opened, platform] = [
    await seedsByChannel(),
    await openProviders(base),
    await startPlainPlatform(),
  ]
  const of = (channel: string): readonly string[] => seeds.get(channel) ?? []
  const { providers } = opened
  const sections = Object.values(providers).map(
    ({ inbox: { inboxId, channel, section } }): [string, object] => [inboxId, { channel, ...section }],
  )
  const changed = {
    torture: { channel: 'wechat', mode: 'safe', ...account, apiBase: platform.url },
    [providers.weibo.inbox.inboxId]: { channel: 'weibo', ...providers.weibo.inbox.section, uid: weiboUid },
    [providers.telegram.inbox.inboxId]: {
      ...{ channel: 'telegram', ...providers.telegram.inbox.section },
      webhookSecret: telegramSecret,
    },
  }
  return {
    webhooks: [
      ...[wechat(of('wechat')), weibo(opened, of('weibo')), wecom(opened), telegram(opened, of('telegram'))],
      ...[botframework(opened, of('botframework')), api(opened, of('api'))],
    ],
    inboxes: { ...Object.fromEntries(sections), ...changed },
    close: async () => {
      platform.close()
      await opened.close()
    },
  }
}
