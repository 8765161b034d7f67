import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { writePush } from '../../../sandbox/weibo/index.ts'
import { createContractHost } from '../../contract/channel.ts'
import { createStillHost } from '../../support/still-host.ts'
import { createCallApi } from '../../../channels/weibo/client.ts'
import { account, configOf, fan, setStage as raise } from './stage.ts'
import type { Stage, StageOptions } from './stage.ts'

const closing: Stage[] = []
const setStage = async (section: Record<string, unknown> = {}, options?: StageOptions): Promise<Stage> => {
  const stage = await raise(section, options)
  closing.push(stage)
  return stage
}
afterEach(async () => {
  await Promise.all(closing.splice(0).map((stage) => stage.close()))
})

const text = (words: string) => ({ kind: 'text', text: words }) as const

const failure = async (sending: Promise<unknown>) =>
  z.object({ code: z.string(), facts: z.object({ retryAfterMs: z.number().optional() }) }).parse(
    await sending.then(
      () => ({}),
      (error: unknown) => error,
    ),
  )

describe('the adapter on the simulated platform', () => {
  it('passes the set-up check', async () => {
    expect(await (await setStage()).simulator.checkCallback()).toBe(true)
    const other = await setStage({ appSecret: 'another' })
    expect(await other.simulator.checkCallback()).toBe(false)
  })

  it('answers within the request and by API', async () => {
    const stage = await setStage()
    stage.host.answerWith(text('在路上了'))
    expect(await stage.simulator.push(fan.key, text('我的快递呢'))).toMatchObject({
      state: 'answered',
      answer: '在路上了',
      problems: [],
    })
    await stage.send(text('预计明天到 & 100% + 🚚'))
    await stage.send({ kind: 'location', latitude: 39.9, longitude: 116.3 })
    expect(stage.shown()).toEqual(['在路上了', '预计明天到 & 100% + 🚚', '[位置] 39.9, 116.3'])
    expect(stage.calls('/reply.json')).toHaveLength(2)
  })

  it('sends cards where it has a picture for them', async () => {
    const stage = await setStage({ articleImage: 'https://a.example/card.png' }, { wroteBefore: true })
    await stage.send({ kind: 'link', url: 'https://a.example/help', title: '退款' })
    expect(stage.shown()).toEqual(['[图文] 退款\n\nhttps://a.example/help'])
  })

  it('gets every kind of push across', async () => {
    const { simulator, host } = await setStage()
    const place = { kind: 'position', latitude: 39.98, longitude: 116.3 } as const
    const deeds = [
      { kind: 'text', text: '在吗' },
      place,
      { kind: 'follow' },
      { kind: 'subscribe', keyword: 'dy' },
      { kind: 'unsubscribe' },
      { kind: 'scan', scene: '123' },
      { kind: 'scan_follow', scene: '123' },
      { kind: 'click', key: 'get_groupon' },
      { kind: 'view', url: 'https://a.example' },
      { kind: 'mention', text: '怎么退款' },
      { kind: 'event', subtype: 'poke' },
      { kind: 'other', type: 'hologram' },
      { kind: 'unfollow' },
    ] as const
    for (const deed of deeds)
      expect(await simulator.push(fan.key, deed)).toMatchObject({ state: 'acknowledged', problems: [] })
    expect(host.accepted.map(({ parts }) => parts[0]?.kind)).toEqual([
      'text',
      'location',
      ...Array.from({ length: 8 }, () => 'event'),
      'unsupported',
      'unsupported',
      'event',
    ])
    expect(new Set(host.accepted.map(({ contactKey }) => contactKey))).toEqual(new Set([fan.key]))
  })

  it('stores one row for a message that comes ten times', async () => {
    const stage = await setStage()
    stage.host.answerWith(text('在路上了'))
    const outcome = await stage.simulator.push(fan.key, text('我的快递呢'), { copies: 10 })
    expect(outcome).toMatchObject({ state: 'answered', problems: [] })
    expect(stage.host.accepted).toHaveLength(1)
    expect(stage.shown()).toEqual(['在路上了'])
  })

  it('gives the retry after a lost answer the same bytes', async () => {
    const stage = await setStage()
    stage.host.answerWith(text('在路上了'))
    const outcome = await stage.simulator.push(fan.key, text('我的快递呢'), { loseAnswers: 2 })
    expect(outcome).toMatchObject({ state: 'answered', problems: [] })
    expect(new Set(outcome.responses.map(({ body }) => body)).size).toBe(1)
    expect(outcome.responses).toHaveLength(3)
    expect(stage.host.accepted).toHaveLength(1)
  })

  it('refuses forged and stale pushes', async () => {
    const { simulator, host } = await setStage({}, { attempts: 1 })
    for (const fault of [{ badSignature: true }, { staleByMs: 301_000 }, { staleByMs: -301_000 }])
      expect(await simulator.push(fan.key, text('转账'), fault)).toMatchObject({
        state: 'failed',
        responses: [{ status: 401, body: 'unauthorized' }],
      })
    expect(host.accepted).toEqual([])
  })

  it('keeps messages apart that come the wrong way round', async () => {
    const { simulator, host } = await setStage()
    simulator.client.setFault('out-of-order', true)
    simulator.client.act(fan.key, text('一'))
    host.clock.advance(1_000)
    simulator.client.act(fan.key, text('二'))
    await expect.poll(() => host.accepted.length).toBe(2)
    const bySentAt = [...host.accepted].sort((one, other) => one.sentAt.getTime() - other.sentAt.getTime())
    expect(bySentAt.map(({ parts }) => parts[0])).toEqual([text('一'), text('二')])
    expect(host.accepted[0]?.parts[0]).toEqual(text('二'))
  })

  it('knows after a restart what it has seen before', async () => {
    const host = createContractHost()
    const body = writePush({ type: 'text', text: '在吗', data: {} }, fan.key, account.uid, host.clock.now())
    const first = await raise({}, { host })
    await first.simulator.pushBody(fan.key, body)
    await first.close()
    const second = await setStage({}, { host })
    expect(await second.simulator.pushBody(fan.key, body)).toMatchObject({ state: 'acknowledged' })
    expect(host.accepted).toHaveLength(1)
  })
})

describe('what the platform lets the account do', () => {
  it('is nothing before the fan acts, and for 48 hours after', async () => {
    const stage = await setStage()
    expect((await failure(stage.send(text('早')))).code).toBe('permanent')
    await stage.simulator.push(fan.key, text('在吗'))
    await stage.send(text('在'))
    stage.host.clock.advance(48 * 3_600_000 + 1)
    expect((await failure(stage.send(text('早')))).code).toBe('permanent')
    expect(stage.shown()).toEqual(['在'])
  })

  it('is nothing after an unfollow', async () => {
    const stage = await setStage({}, { wroteBefore: true })
    await stage.simulator.push(fan.key, { kind: 'unfollow' })
    expect((await failure(stage.send(text('再见')))).code).toBe('unreachable')
  })

  it('is one answer to a mention', async () => {
    const stage = await setStage()
    await stage.simulator.push(fan.key, { kind: 'mention', text: '怎么退款' })
    await stage.send(text('请私信我们'))
    expect((await failure(stage.send(text('还有')))).code).toBe('permanent')
    await stage.simulator.push(fan.key, { kind: 'mention', text: '在吗' })
    expect((await failure(stage.send(text('还有')))).code).toBe('permanent')
    expect(stage.host.accepted.map(({ wantsReply }) => wantsReply)).toEqual([true, false])
  })
})

describe('an API that fails', () => {
  it.each([
    ['api-500', 'temporary'],
    ['api-429', 'rate_limited'],
    ['token-expired', 'needs_operator'],
    ['window-closed', 'permanent'],
    ['quota-used-up', 'rate_limited'],
  ])('with %s means %s, and sending goes on after it', async (fault, code) => {
    const stage = await setStage({}, { wroteBefore: true })
    stage.simulator.client.setFault(fault, true)
    expect((await failure(stage.send(text('在')))).code).toBe(code)
    stage.simulator.client.setFault(fault, false)
    stage.host.clock.advance(2 * 3_600_000)
    await stage.send(text('在'))
    expect(stage.shown()).toEqual(['在'])
  })

  it('by half an answer or by nobody there is tried again', async () => {
    const stage = await setStage({}, { wroteBefore: true })
    stage.simulator.order('/reply.json', { half: true })
    expect((await failure(stage.send(text('在')))).code).toBe('temporary')
    const away = await setStage({ messageApiBase: 'http://127.0.0.1:9' }, { wroteBefore: true })
    expect((await failure(away.send(text('在')))).code).toBe('temporary')
  })

  it('by hanging ends when the channel stops', async () => {
    const stage = await raise({}, { wroteBefore: true })
    stage.simulator.client.setFault('api-hang', true)
    const sending = failure(stage.send(text('在')))
    await stage.channel.stop()
    expect((await sending).code).toBe('temporary')
    await stage.close()
  })

  it('for this hour is not called again until the next', async () => {
    // The hour may not end meanwhile.
    const stage = await setStage({ nicknames: true }, { wroteBefore: true, host: createStillHost() })
    stage.simulator.order('/reply.json', { errorCode: 10023, error: 'User requests out of rate limit!' })
    const first = await failure(stage.send(text('一')))
    expect(first).toMatchObject({ code: 'rate_limited' })
    expect(first.facts.retryAfterMs).toBeLessThanOrEqual(3_602_000)
    const second = await failure(stage.send(text('二')))
    expect(second).toMatchObject({ code: 'rate_limited' })
    await stage.simulator.push(fan.key, text('在吗'))
    expect(stage.calls()).toEqual(['POST /2/messages/reply.json 403'])
    stage.host.clock.advance(first.facts.retryAfterMs ?? 0)
    await stage.send(text('三'))
    expect(stage.shown()).toEqual(['三'])
  })

  it('with “too many pending tasks” under the same number is not held against the hour', async () => {
    const stage = await setStage({}, { wroteBefore: true })
    stage.simulator.order('/reply.json', { errorCode: 10023, error: 'Too many pending tasks,system is busy' })
    expect((await failure(stage.send(text('一')))).code).toBe('temporary')
    await stage.send(text('二'))
    expect(stage.shown()).toEqual(['二'])
  })

  it('for want of a token alarms once, however many messages wait, and never shows the token', async () => {
    const stage = await setStage({}, { wroteBefore: true })
    stage.simulator.expireToken()
    const codes = await Promise.all(
      Array.from({ length: 20 }, async (_, place) => (await failure(stage.send(text(String(place))))).code),
    )
    expect(new Set(codes)).toEqual(new Set(['needs_operator']))
    const alarms = stage.host.logged.filter(({ facts }) => facts.includes('reauthorise'))
    expect(alarms).toHaveLength(1)
    expect(alarms[0]?.facts).toContain('开发模式')
    expect(JSON.stringify(stage.host.logged)).not.toContain(account.accessToken)
    stage.simulator.renewToken(account.accessToken)
    await stage.send(text('在'))
    expect(stage.shown()).toEqual(['在'])
  })

  it('with a token of another app says which setting is wrong', async () => {
    const stage = await setStage({ accessToken: '2.00of-another-app' }, { wroteBefore: true })
    const error = await stage.send(text('在')).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'needs_operator',
      facts: { providerCode: 21332, hint: expect.stringContaining('accessToken') },
    })
    expect(JSON.stringify(error)).not.toContain('of-another-app')
  })

  it('because its addresses are wrong says so', async () => {
    const stage = await setStage({ replyPath: '/2/messages/replay.json' }, { wroteBefore: true })
    await expect(stage.send(text('在'))).rejects.toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringContaining('replyPath') },
    })
  })
})

describe('a call', () => {
  it('ends with its time', async () => {
    const stage = await setStage()
    stage.simulator.client.setFault('api-hang', true)
    const base = stage.apiUrl
    const config = configOf({ apiBase: base, messageApiBase: base, uploadApiBase: base })
    const callApi = createCallApi({ config, host: stage.host, stopped: new AbortController().signal })
    const asking = callApi({ action: 'ask', host: 'api', path: '/2/eps/user/info.json', timeoutMs: 100 })
    await expect(asking).rejects.toMatchObject({
      code: 'temporary',
      message: 'weibo: ask: Weibo’s API cannot be reached (timeout)',
    })
  })
})

describe('the access token', () => {
  const day = 24 * 3_600_000
  const watched = async (section: Record<string, unknown>, options: StageOptions = {}) => {
    const stage = await setStage({ watchToken: true, ...section }, options)
    const logged = (): string => JSON.stringify(stage.host.logged)
    await expect.poll(logged).toContain('weibo access token')
    return logged()
  }

  it('is quiet while it lives long', async () => {
    expect(await watched({})).not.toMatch(/token_ends_soon|other_account/)
  })

  it('is spoken of thirty days before its end', async () => {
    const logged = await watched({}, { tokenLifeMs: 29.5 * day })
    expect(logged).toContain('token_ends_soon')
    expect(logged).toContain('daysLeft\\":29')
    expect(logged).toContain('开发模式')
  })

  it('of another account than `uid` is an error in the log', async () => {
    const logged = await watched({ uid: '1902538058' })
    expect(logged).toContain('other_account')
    expect(logged).not.toContain(account.accessToken)
  })

  it('that has ended raises its alarm at start', async () => {
    expect(await watched({}, { tokenLifeMs: 0 })).toContain('reauthorise')
  })
})

describe('names', () => {
  it('are fetched once for a contact', async () => {
    const stage = await setStage({ nicknames: true })
    await Promise.all([1, 2, 3].map((place) => stage.simulator.push(fan.key, text(String(place)))))
    expect(stage.host.accepted.map(({ displayName }) => displayName)).toEqual(['阿白', '阿白', '阿白'])
    expect(stage.calls('/info.json')).toHaveLength(1)
  })

  it('never hold a message up', async () => {
    const stage = await setStage({ nicknames: true })
    stage.simulator.client.setFault('api-500', true)
    await stage.simulator.push(fan.key, text('一'))
    await stage.simulator.push(fan.key, text('二'))
    expect(stage.host.accepted.map(({ displayName }) => displayName)).toEqual([undefined, undefined])
    expect(stage.calls('/info.json')).toHaveLength(1)
    stage.simulator.client.setFault('api-500', false)
    stage.simulator.client.setFault('api-hang', true)
    const other = { key: '2489518277', name: '鹿目' }
    stage.simulator.addUser(other)
    expect(await stage.simulator.push(other.key, text('三'))).toMatchObject({ state: 'acknowledged' })
  })
})
