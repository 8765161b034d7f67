import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { weiboFaultNames } from '../../../sandbox/weibo/index.ts'
import { account, fan, setStage } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const token = { access_token: account.accessToken }
const hour = 3_600_000

const reply = async (form: Record<string, string> = {}) => {
  const whole = { ...token, type: 'text', receiver_id: fan.key, data: '{"text":"在"}', ...form }
  const response = await stage.call('/2/messages/reply.json', {}, whole)
  return { status: response.status, body: await response.text() }
}

describe('the API', () => {
  it('sends what is form-encoded once', async () => {
    await stage.simulator.push(fan.key, { kind: 'text', text: '在吗' })
    expect(await reply()).toEqual({
      status: 200,
      body: `{"result":true,"sender_id":1902538057,"receiver_id":9007199254740993,"type":"text","data":"{\\"text\\":\\"在\\"}"}`,
    })
    expect((await reply({ data: encodeURIComponent('{"text":"在"}') })).body).toContain('10017')
    expect(stage.screen().at(-1)).toBe('account 在')
  })

  it.each([
    [{ access_token: '' }, '10006'],
    [{ access_token: 'guessed' }, '21332'],
    [{ receiver_id: '1' }, '20003'],
    [{ type: 'image' }, '10008'],
    [{ data: '{}' }, '10017'],
    [{ data: '{"text":""}' }, '20008'],
    [{ data: JSON.stringify({ text: '字'.repeat(300) }) }, '20012'],
    [{}, '20302'],
  ])('refuses %o with %s', async (form, code) => {
    const { status, body } = await reply(form)
    expect(status).toBe(400)
    expect(JSON.parse(body)).toMatchObject({ request: '/2/messages/reply.json', error_code: code })
  })

  it('takes the token from the query too', async () => {
    const response = await stage.call('/2/eps/user/info.json', { ...token, uid: fan.key })
    expect(await response.text()).toContain('"nickname":"阿白"')
  })

  it('keeps a menu', async () => {
    const menus = JSON.stringify({ button: [{ type: 'click', name: '找人工', key: 'person' }] })
    expect((await stage.call('/2/messages/menu/create.json', {}, { ...token, menus })).status).toBe(200)
    expect(stage.simulator.menu()).toBe(menus)
    expect(
      (await stage.call('/2/messages/menu/create.json', {}, { ...token, menus: '{"button":[]}' })).status,
    ).toBe(400)
    expect((await stage.call('/2/messages/menu/delete.json', {}, token)).status).toBe(200)
    expect((await stage.call('/2/messages/menu/show.json', token)).status).toBe(400)
  })

  it('knows no other paths and methods', async () => {
    expect(await (await stage.call('/2/statuses/update.json', token)).text()).toContain('10020')
    expect(await (await stage.call('/2/messages/reply.json', token)).text()).toContain('10021')
  })

  it('shows pictures to the page and nothing else', async () => {
    const picture = stage.simulator.upload(Buffer.from('\u0089PNG', 'latin1'))
    const page = stage.simulator.upload(Buffer.from('<script>'))
    expect((await stage.call(`/pictures/${picture}`)).headers.get('content-type')).toBe('image/png')
    expect((await stage.call(`/pictures/${page}`)).status).toBe(404)
  })
})

describe('windows', () => {
  it('open with what the fan does and close after 48 hours', async () => {
    expect(stage.simulator.client.allowance(fan.key)).toMatchObject({ left: 0 })
    for (const kind of ['follow', 'subscribe'] as const) {
      await stage.simulator.push(fan.key, { kind })
      expect((await reply()).status).toBe(200)
      stage.clock.advance(48 * hour)
      expect((await reply()).body).toContain('20302')
    }
  })

  it('open for one answer to a mention, once in 48 hours', async () => {
    await stage.simulator.push(fan.key, { kind: 'mention', text: '怎么退款' })
    expect(stage.simulator.client.allowance(fan.key)).toMatchObject({ left: 1 })
    expect((await reply()).status).toBe(200)
    await stage.simulator.push(fan.key, { kind: 'mention', text: '在吗' })
    expect((await reply()).body).toContain('20302')
    stage.clock.advance(48 * hour)
    await stage.simulator.push(fan.key, { kind: 'mention', text: '在吗' })
    expect((await reply()).status).toBe(200)
  })

  it('are all closed by an unfollow', async () => {
    await stage.simulator.push(fan.key, { kind: 'text', text: '在吗' })
    await stage.simulator.push(fan.key, { kind: 'unfollow' })
    expect((await reply()).body).toContain('20301')
  })
})

describe('the client side', () => {
  it('acts as a fan does', async () => {
    const { client } = stage.simulator
    client.act(fan.key, { kind: 'text', text: '在吗' })
    client.act(fan.key, { kind: 'voice', durationMs: 3_000 })
    client.act(fan.key, { kind: 'location', latitude: 39.9, longitude: 116.3, label: '北京' })
    client.act(fan.key, { kind: 'mention', text: '怎么退款' })
    client.act(fan.key, { kind: 'image', bytes: Buffer.from('\u0089PNG', 'latin1') })
    await expect.poll(() => client.lines(fan.key).filter(({ state }) => state === 'delivered').length).toBe(5)
    client.act(fan.key, { kind: 'unfollow' })
    await expect.poll(() => stage.seen.length).toBe(6)
    // On record once the answer has come back.
    await expect.poll(() => client.exchanges(fan.key)).toHaveLength(6)
    expect(stage.screen()).toEqual([
      'user 在吗 delivered',
      'user 语音 3″ delivered',
      'user [位置] 北京 39.900000, 116.300000 delivered',
      'user @次元站 怎么退款 delivered',
      expect.stringMatching(/^user \/pictures\/\d+ delivered$/),
      'platform 已取消关注 Unfollowed',
    ])
    expect(client.exchanges(fan.key)[0]).toMatchObject({ kind: 'push', title: 'POST /weibo', status: '200' })
  })

  it('refuses what cannot be done', () => {
    const { client } = stage.simulator
    const acting =
      (act: Parameters<typeof client.act>[1], who = fan.key) =>
      () =>
        client.act(who, act)
    expect(acting({ kind: 'file', name: 'a', bytes: new Uint8Array() })).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    )
    expect(acting({ kind: 'text', text: 'a' }, '1')).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect(acting({ kind: 'follow' })).toThrow(expect.objectContaining({ code: 'conflict' }))
    client.act(fan.key, { kind: 'unfollow' })
    expect(acting({ kind: 'text', text: 'a' })).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(() => client.setFault('api-503', true)).toThrow(expect.objectContaining({ code: 'not_found' }))
  })

  it('has a switch for every fault, and hears of changes', () => {
    const { client } = stage.simulator
    let changes = 0
    const end = client.onChange(() => (changes += 1))
    for (const name of weiboFaultNames) client.setFault(name, true)
    expect(client.faults()).toEqual(weiboFaultNames.map((name) => ({ name, on: true })))
    expect(changes).toBe(weiboFaultNames.length)
    end()
    client.setFault('duplicate', false)
    expect(changes).toBe(weiboFaultNames.length)
  })

  it.each([
    ['duplicate', 2],
    ['lost-answer', 2],
    ['bad-signature', 1],
    ['stale-timestamp', 1],
  ])('with %s pushes %i times', async (fault, times) => {
    const { client } = stage.simulator
    client.setFault(fault, true)
    client.act(fan.key, { kind: 'text', text: '在吗' })
    await expect.poll(() => client.lines(fan.key)[0]?.state).toBe('delivered')
    expect(stage.seen).toHaveLength(times)
    const notes = client.exchanges(fan.key).flatMap(({ problems }) => problems)
    expect(notes).toContain(`fault: ${fault}`)
  })

  it('holds a text until the next has overtaken it, or the fault is off', async () => {
    const { client } = stage.simulator
    client.setFault('out-of-order', true)
    client.act(fan.key, { kind: 'text', text: '一' })
    expect(stage.screen()).toEqual(['user 一 held'])
    client.act(fan.key, { kind: 'text', text: '二' })
    await expect.poll(() => stage.seen.length).toBe(2)
    expect(stage.seen.map(({ body }) => body.includes('一'))).toEqual([false, true])
    client.act(fan.key, { kind: 'text', text: '三' })
    client.setFault('out-of-order', false)
    await expect.poll(() => stage.seen.length).toBe(3)
  })

  it.each([
    ['api-500', 500],
    ['api-429', 429],
    ['quota-used-up', 403],
    ['token-expired', 400],
    ['window-closed', 400],
  ])('with %s the API answers %i', async (fault, status) => {
    await stage.simulator.push(fan.key, { kind: 'text', text: '在吗' })
    stage.simulator.client.setFault(fault, true)
    expect((await reply()).status).toBe(status)
    stage.simulator.client.setFault(fault, false)
    expect((await reply()).status).toBe(200)
  })

  it('with api-hang never answers, until it is closed', async () => {
    stage.simulator.client.setFault('api-hang', true)
    const hanging = reply()
    await stage.simulator.close()
    expect((await hanging).status).toBe(504)
  })
})
