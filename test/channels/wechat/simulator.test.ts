import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterEach, describe, expect, it } from 'vitest'
import { wechat } from '../../../channels/wechat/index.ts'
import { createWechatSimulator } from '../../../sandbox/index.ts'
import type {
  WechatAccount,
  WechatMode,
  WechatSimulator,
  WechatSimulatorOptions,
} from '../../../sandbox/index.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { Part } from '../../../src/core/message.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { serveChannel } from '../../support/channel-server.ts'
import { accountKey, appId, encodingAesKey, openId, token } from './account.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Stage {
  readonly host: ContractHost
  readonly simulator: WechatSimulator
  readonly channel: Channel
}

const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==',
    'base64',
  ),
)

/** The real adapter and the simulated platform, talking over HTTP in both directions. */
const setStage = async (
  more: {
    account?: Partial<WechatAccount>
    section?: Record<string, unknown>
    timing?: WechatSimulatorOptions['timing']
  } = {},
): Promise<Stage> => {
  const host = createContractHost()
  const account: WechatAccount = {
    name: '次元站',
    appId,
    appSecret: 'app-secret-1',
    originalId: accountKey,
    token,
    encodingAesKey,
    mode: 'safe',
    kind: 'service',
    ...more.account,
  }
  let url = ''
  const simulator: WechatSimulator = createWechatSimulator({
    account,
    callbackUrl: () => `${url}/callback`,
    apiUrl: () => apiBase,
    clock: host.clock,
    users: [{ openid: openId, name: '阿白' }],
    timing: { retryDelayMs: 1, ...more.timing },
  })
  const listener = getRequestListener((request) => simulator.api.fetch(request))
  const api = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const address = api.address()
  const apiBase = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  closing.push(() => {
    api.closeAllConnections()
    return new Promise((resolve) => api.close(resolve))
  })
  const { appSecret, originalId, mode } = account
  const section = { appId, appSecret, originalId, token, encodingAesKey, mode, apiBase, ...more.section }
  const server = await serveChannel({
    inboxId: host.inboxId,
    create: () => wechat.create(wechat.config.parse(section), host),
  })
  url = server.url
  closing.push(
    () => server.close(),
    () => {
      simulator.close()
      return Promise.resolve()
    },
  )
  return { host, simulator, channel: server.channel }
}

const send = ({ channel }: Stage, part: Part) =>
  channel.deliver(outbound(part, { contactKey: openId, threadKey: openId }))

/** What the contact sees of us. */
const shown = ({ simulator }: Stage) =>
  simulator
    .transcript(openId)
    .flatMap(({ source, content }) => (source === 'user' ? [] : [{ source, ...content }]))

const says = ({ simulator }: Stage, text = '在吗') => simulator.push(openId, { kind: 'text', text })

describe.each<WechatMode>(['plain', 'compatible', 'safe'])(
  'against the simulated platform, %s mode',
  (mode) => {
    it('passes the set-up check', async () => {
      const { simulator } = await setStage({ account: { mode } })
      expect(await simulator.checkCallback()).toEqual({ ok: true, problem: '' })
    })

    it('answers within the request', async () => {
      const stage = await setStage({ account: { mode } })
      stage.host.answerWith({ kind: 'text', text: '在的 😀 ]]>' })
      expect(await says(stage, '你好 ]]> <xml>')).toMatchObject({ state: 'answered' })
      expect(stage.host.accepted).toMatchObject([{ parts: [{ kind: 'text', text: '你好 ]]> <xml>' }] }])
      expect(shown(stage)).toEqual([{ source: 'passive', kind: 'text', text: '在的 😀 ]]>' }])
      await expect.poll(() => stage.host.confirmed).toHaveLength(1)
    })

    it.each(['fresh', 'identical'] as const)('gives %s retries the same bytes', async (retries) => {
      const stage = await setStage({ account: { mode }, timing: { retries } })
      stage.host.answerWith({ kind: 'text', text: '在的' })
      await stage.simulator.push(openId, { kind: 'text', text: '在吗' }, { loseAnswers: 2 })
      const pushes = stage.simulator
        .trace()
        .flatMap((exchange) => (exchange.kind === 'push' ? [exchange] : []))
      expect(pushes).toHaveLength(3)
      expect(pushes[0]?.responsePlain).toContain('在的')
      expect(new Set(pushes.map(({ responseBody }) => responseBody)).size).toBe(1)
      expect(stage.host.accepted).toHaveLength(1)
    })

    it('acknowledges what gets no answer', async () => {
      const stage = await setStage({ account: { mode } })
      expect(await says(stage)).toMatchObject({ state: 'acknowledged' })
      expect(shown(stage)).toEqual([])
    })
  },
)

describe('against the simulated platform', () => {
  it('fetches pictures, voice and video', async () => {
    const stage = await setStage()
    const mediaId = (kind: 'image' | 'voice' | 'video' | 'thumb') => stage.simulator.upload(kind, png).mediaId
    await stage.simulator.push(openId, { kind: 'image', mediaId: mediaId('image') })
    await stage.simulator.push(openId, {
      kind: 'voice',
      mediaId: mediaId('voice'),
      mediaId16k: mediaId('voice'),
    })
    await stage.simulator.push(openId, {
      kind: 'video',
      mediaId: mediaId('video'),
      thumbMediaId: mediaId('thumb'),
    })
    const file = { mediaId: expect.any(String), bytes: png.length }
    expect(stage.host.accepted.map(({ parts }) => parts[0])).toMatchObject([
      { kind: 'image', media: file },
      { kind: 'audio', media: file, highQuality: file },
      { kind: 'video', media: file, thumbnail: file },
    ])
  })

  it('delivers every kind of message', async () => {
    const stage = await setStage({ section: { menus: true } })
    await says(stage)
    const { mediaId } = stage.host.media.add('image/png', png)
    await send(stage, { kind: 'text', text: '您好' })
    await send(stage, { kind: 'link', url: 'https://example.com', title: '标题' })
    await send(stage, { kind: 'choices', prompt: '满意吗？', choices: [{ id: '101', label: '满意' }] })
    await send(stage, { kind: 'image', media: { mediaId } })
    expect(shown(stage)).toMatchObject([
      { source: 'api', kind: 'text', text: '您好' },
      { kind: 'news', articles: [{ title: '标题', url: 'https://example.com' }] },
      { kind: 'menu', head: '满意吗？', entries: [{ id: '101', label: '满意' }] },
      { kind: 'image' },
    ])
  })

  it('shows choices as text where the account has no menus', async () => {
    const stage = await setStage({ account: { kind: 'subscription' }, section: { menus: true } })
    await says(stage)
    await send(stage, { kind: 'choices', prompt: '满意吗？', choices: [{ id: '101', label: '满意' }] })
    expect(shown(stage)).toMatchObject([{ kind: 'text', text: '满意吗？\n1. 满意' }])
  })

  it('hears the platform’s limits', async () => {
    const stage = await setStage()
    await expect(send(stage, { kind: 'text', text: '早' })).rejects.toMatchObject({ code: 'window_closed' })
    await says(stage)
    for (let count = 1; count <= 5; count += 1) await send(stage, { kind: 'text', text: String(count) })
    await expect(send(stage, { kind: 'text', text: '6' })).rejects.toMatchObject({ code: 'quota_exhausted' })
    stage.host.clock.advance(48 * 3_600_000 + 1)
    await expect(send(stage, { kind: 'text', text: '7' })).rejects.toMatchObject({ code: 'window_closed' })
  })

  it('outlives its token', async () => {
    const stage = await setStage()
    await says(stage)
    await send(stage, { kind: 'text', text: '1' })
    stage.simulator.expireTokens()
    await send(stage, { kind: 'text', text: '2' })
    stage.host.clock.advance(2 * 3_600_000)
    await send(stage, { kind: 'text', text: '3' })
    expect(shown(stage)).toHaveLength(3)
  })

  it('knows a wrong secret and a missing right', async () => {
    const wrong = await setStage({ section: { appSecret: 'another-secret' } })
    await says(wrong)
    await expect(send(wrong, { kind: 'text', text: 'a' })).rejects.toMatchObject({ code: 'needs_operator' })
    const unverified = await setStage({ account: { kind: 'unverified' } })
    await says(unverified)
    await expect(send(unverified, { kind: 'text', text: 'a' })).rejects.toMatchObject({
      code: 'no_permission',
    })
  })

  it('never makes the platform show its error sentence', async () => {
    const stage = await setStage()
    stage.host.answerWith({ kind: 'location', latitude: 1, longitude: 2 })
    for (const kind of ['hologram', 'miniprogrampage'])
      await stage.simulator.push(openId, { kind: 'message', type: kind })
    for (const event of ['kf_create_session', 'card_pass_check', 'LOCATION'])
      await stage.simulator.push(openId, { kind: 'event', event })
    await stage.simulator.push(openId, { kind: 'unsubscribe' })
    await stage.simulator.push(openId, { kind: 'subscribe', scene: 'order_8842' })
    expect(shown(stage)).toEqual([])
    expect(stage.host.accepted).toHaveLength(7)
  })
})
