import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { decrypt, sign } from '../../../sandbox/kit/wx-crypto.ts'
import { createWecomSimulator } from '../../../sandbox/index.ts'
import type { WecomSimulator } from '../../../sandbox/index.ts'
import { faultNames } from '../../../sandbox/wecom/index.ts'
import { createMovableClock } from '../../../src/core/clock.ts'
import type { MovableClock } from '../../../src/core/clock.ts'

const account = {
  name: '次元站客服',
  corpId: 'ww0a1b2c3d4e5f6071',
  secret: 'secret-1',
  agentId: '1000002',
  token: 'token1',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  openKfId: 'wkTest',
}
const userKey = 'wmTest'
const hour = 3_600_000

interface Pushed {
  readonly plaintext: string
  readonly signatureFits: boolean
  readonly timestamp: number
}

interface Stage {
  readonly simulator: WecomSimulator
  readonly clock: MovableClock
  readonly pushed: Pushed[]
  call(path: string, body?: Record<string, unknown>): Promise<Record<string, unknown>>
}

const open: { readonly server: Server; readonly simulator: WecomSimulator }[] = []
afterEach(async () => {
  for (const { server, simulator } of open.splice(0)) {
    await simulator.close()
    server.closeAllConnections()
    server.close()
  }
})

/** A callback that takes everything, or answers with the given statuses first. */
const setStage = async (statuses: number[] = [], unaskedPerMinute = 120): Promise<Stage> => {
  const clock = createMovableClock()
  const pushed: Pushed[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const query = new URL(request.url ?? '', 'http://callback').searchParams
      const encrypted = /<Encrypt><!\[CDATA\[(.*)\]\]>/.exec(Buffer.concat(chunks).toString())?.[1] ?? ''
      const key = { encodingAesKey: account.encodingAesKey, receiveId: account.corpId }
      const opened = decrypt(encrypted, key)
      const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? '']
      pushed.push({
        plaintext: opened.ok ? opened.message.toString('utf8') : '',
        signatureFits: sign(account.token, timestamp, nonce, encrypted) === query.get('msg_signature'),
        timestamp: Number(timestamp) * 1_000,
      })
      response.writeHead(statuses.shift() ?? 200).end('success')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const simulator = createWecomSimulator({
    account,
    callbackUrl: () => `http://127.0.0.1:${port}/callback`,
    clock,
    users: [{ key: userKey, name: '阿白' }],
    servicers: [{ userid: 'zhangsan', serving: true }],
    timing: { attemptTimeoutMs: 60_000, retryDelayMs: 1 },
    unaskedPerMinute,
  })
  open.push({ server, simulator })
  const fetchApi = async (path: string, body?: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await simulator.api.request(path, init)
    return (await response.json()) as Record<string, unknown>
  }
  return {
    simulator,
    clock,
    pushed,
    call: async (path, body) => {
      const issued = await fetchApi(`/cgi-bin/gettoken?corpid=${account.corpId}&corpsecret=${account.secret}`)
      return fetchApi(`${path}?access_token=${String(issued['access_token'])}`, body)
    },
  }
}

const says = ({ simulator }: Stage, text = '在吗') => simulator.says(userKey, { kind: 'text', text })
const message = (text = '在的') => ({
  touser: userKey,
  open_kfid: account.openKfId,
  msgtype: 'text',
  text: { content: text },
})
const target = { open_kfid: account.openKfId, external_userid: userKey }
const sync = (stage: Stage, more: Record<string, unknown> = {}) =>
  stage.call('/cgi-bin/kf/sync_msg', { open_kfid: account.openKfId, ...more })

describe('pushes', () => {
  it('are sealed, hold no message, and come up to three times', async () => {
    const stage = await setStage([500, 500])
    expect(await says(stage, '秘密')).toMatchObject({ status: 200, attempts: 3 })
    expect(stage.pushed).toHaveLength(3)
    expect(stage.pushed.every(({ signatureFits }) => signatureFits)).toBe(true)
    expect(stage.pushed[0]?.plaintext).toContain('kf_msg_or_event')
    expect(stage.pushed[0]?.plaintext).not.toContain('秘密')
    expect(stage.simulator.client.lines(userKey)).toMatchObject([{ from: 'user', state: 'delivered' }])
  })

  it('are given up after three attempts, and the user sees it', async () => {
    const stage = await setStage([500, 500, 500])
    expect(await says(stage)).toMatchObject({ status: 500, attempts: 3 })
    await expect.poll(() => stage.simulator.client.lines(userKey)[0]?.state).toBe('failed')
  })

  it('are wrong in the ordered way', async () => {
    const stage = await setStage()
    const { client } = stage.simulator
    client.setFault('bad-signature', true)
    client.setFault('stale-timestamp', true)
    await says(stage)
    expect(stage.pushed[0]?.signatureFits).toBe(false)
    expect(stage.clock.now().getTime() - (stage.pushed[0]?.timestamp ?? 0)).toBeGreaterThanOrEqual(hour)
    client.setFault('bad-signature', false)
    client.setFault('lost-connection', true)
    await says(stage)
    expect(stage.pushed).toHaveLength(1)
  })
})

describe('the list', () => {
  it('is handed out in pages by a cursor, and kept for three days', async () => {
    const stage = await setStage()
    for (const text of ['一', '二', '三']) await says(stage, text)
    const first = await sync(stage, { limit: 2 })
    expect(first).toMatchObject({ errcode: 0, has_more: 1, msg_list: [{ origin: 3 }, { origin: 3 }] })
    const second = await sync(stage, { cursor: first['next_cursor'] })
    expect(second).toMatchObject({ has_more: 0, msg_list: [{ text: { content: '三' } }] })
    expect(await sync(stage, { cursor: second['next_cursor'] })).toMatchObject({ msg_list: [] })
    stage.clock.advance(73 * hour)
    expect(await sync(stage)).toMatchObject({ msg_list: [] })
  })

  it('repeats and reverses on demand', async () => {
    const stage = await setStage()
    stage.simulator.client.setFault('duplicate', true)
    await says(stage, '一')
    stage.simulator.client.setFault('duplicate', false)
    stage.simulator.client.setFault('out-of-order', true)
    await says(stage, '二')
    const { msg_list: list } = await sync(stage)
    expect(list).toMatchObject([
      { text: { content: '二' } },
      { text: { content: '一' } },
      { text: { content: '一' } },
    ])
  })

  it('knows its cursors and tokens, and limits who asks unasked', async () => {
    const stage = await setStage([], 1)
    expect(await sync(stage, { cursor: 'invented' })).toMatchObject({ errcode: 95007 })
    expect(await sync(stage, { token: 'invented' })).toMatchObject({ errcode: 95007 })
    expect(await sync(stage)).toMatchObject({ errcode: 45009 })
    expect(await sync(stage, { open_kfid: 'wkOther' })).toMatchObject({ errcode: 95004 })
    await says(stage)
    const token = /<Token><!\[CDATA\[(.*?)\]\]>/.exec(stage.pushed.at(-1)?.plaintext ?? '')?.[1]
    expect(await sync(stage, { token })).toMatchObject({ errcode: 0 })
    stage.clock.advance(10 * 60_000)
    expect(await sync(stage, { token })).toMatchObject({ errcode: 95007 })
  })
})

describe('sending', () => {
  it('is allowed five times after a message, for 48 h', async () => {
    const stage = await setStage()
    expect(await stage.call('/cgi-bin/kf/send_msg', message())).toMatchObject({ errcode: 95001 })
    await says(stage)
    for (let n = 1; n <= 5; n += 1)
      expect(await stage.call('/cgi-bin/kf/send_msg', message())).toMatchObject({ errcode: 0 })
    expect(await stage.call('/cgi-bin/kf/send_msg', message())).toMatchObject({ errcode: 95001 })
    expect(stage.simulator.client.allowance(userKey)).toMatchObject({ left: 0 })
    await says(stage)
    stage.clock.advance(49 * hour)
    expect(await stage.call('/cgi-bin/kf/send_msg', message())).toMatchObject({ errcode: 95001 })
    expect(stage.simulator.client.allowance(userKey)).toBeUndefined()
  })

  it('repeats nothing for a msgid that was sent', async () => {
    const stage = await setStage()
    await says(stage)
    for (let n = 1; n <= 2; n += 1)
      await stage.call('/cgi-bin/kf/send_msg', { ...message(), msgid: 'same-1' })
    expect(stage.simulator.client.lines(userKey)).toHaveLength(2)
  })

  it.each([
    [{ ...message(), touser: 'wmNobody' }, 40096],
    [{ ...message(), open_kfid: 'wkOther' }, 95000],
    [{ ...message(), msgid: 'with space' }, 40058],
    [{ ...message(), msgtype: 'hologram' }, 40008],
    [message('字'.repeat(700)), 45002],
    [message(''), 44004],
    [{ ...message(), msgtype: 'image', image: { media_id: 'gone' } }, 40007],
    [
      {
        ...message(),
        msgtype: 'msgmenu',
        msgmenu: { list: Array(11).fill({ type: 'text', text: { content: 'a' } }) },
      },
      40058,
    ],
    [{ ...message(), msgtype: 'link', link: { title: 't', url: 'https://a.example' } }, 40058],
  ])('refuses what the documents forbid (%#)', async (body, errcode) => {
    const stage = await setStage()
    await says(stage)
    expect(await stage.call('/cgi-bin/kf/send_msg', body)).toMatchObject({ errcode })
  })

  it('goes by the session’s state', async () => {
    const stage = await setStage()
    const trans = (service_state: number, more = {}) =>
      stage.call('/cgi-bin/kf/service_state/trans', { ...target, service_state, ...more })
    expect(await trans(1)).toMatchObject({ errcode: 95016 })
    await says(stage)
    expect(await trans(1)).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(await trans(3, { servicer_userid: 'nobody' })).toMatchObject({ errcode: 95014 })
    const { msg_code: code } = await trans(2)
    expect(await stage.call('/cgi-bin/kf/send_msg', message())).toMatchObject({ errcode: 95018 })
    const onEvent = { code, msgtype: 'text', text: { content: '排队中' } }
    expect(await stage.call('/cgi-bin/kf/send_msg_on_event', onEvent)).toMatchObject({ errcode: 0 })
    expect(await stage.call('/cgi-bin/kf/send_msg_on_event', onEvent)).toMatchObject({ errcode: 95007 })
    await stage.simulator.servicer.takes(userKey, 'zhangsan')
    expect(await stage.call('/cgi-bin/kf/service_state/get', target)).toMatchObject({
      service_state: 3,
      servicer_userid: 'zhangsan',
    })
    await stage.simulator.servicer.ends(userKey)
    expect(stage.simulator.session(userKey)).toBe(4)
    await says(stage)
    expect(stage.simulator.session(userKey)).toBe(0)
  })

  it('welcomes within 20 s, once in 48 h', async () => {
    const stage = await setStage()
    const enter = async () => {
      await stage.simulator.enters(userKey)
      const list = (await sync(stage))['msg_list'] as { event?: { welcome_code?: string } }[]
      return list.at(-1)?.event?.welcome_code
    }
    const late = await enter()
    stage.clock.advance(21_000)
    const welcome = (code: unknown) =>
      stage.call('/cgi-bin/kf/send_msg_on_event', { code, msgtype: 'text', text: { content: '您好' } })
    expect(await welcome(late)).toMatchObject({ errcode: 95007 })
    expect(await welcome(await enter())).toMatchObject({ errcode: 0 })
    expect(await enter()).toBeUndefined()
  })

  it('may fall off afterwards', async () => {
    const stage = await setStage()
    await says(stage)
    stage.simulator.client.setFault('bounce', true)
    await stage.call('/cgi-bin/kf/send_msg', { ...message(), msgid: 'lost-1' })
    const list = (await sync(stage))['msg_list'] as unknown[]
    expect(list.at(-1)).toMatchObject({
      origin: 4,
      event: { event_type: 'msg_send_fail', fail_msgid: 'lost-1', fail_type: 10 },
    })
    expect(stage.simulator.client.lines(userKey)).toHaveLength(1)
  })
})

describe('the client', () => {
  it('offers every fault by name, and no other', async () => {
    const { client } = (await setStage()).simulator
    expect(client.faults().map(({ name }) => name)).toEqual([...faultNames])
    expect(() => client.setFault('gravity', true)).toThrow(/no fault/)
  })

  it('acts as WeChat’s does, and refuses what it has no form for', async () => {
    const stage = await setStage()
    const { client } = stage.simulator
    let changes = 0
    const stop = client.onChange(() => (changes += 1))
    client.act(userKey, { kind: 'follow' })
    client.act(userKey, { kind: 'text', text: '在吗' })
    client.act(userKey, { kind: 'location', latitude: 1, longitude: 2, label: '店' })
    await stage.simulator.settled()
    stop()
    expect(changes).toBeGreaterThan(0)
    expect(client.lines(userKey)).toHaveLength(2)
    expect(() => client.act(userKey, { kind: 'unfollow' })).toThrow(/no form/)
    expect(() => client.act('nobody', { kind: 'text', text: 'x' })).toThrow(/no such user/)
    expect(client.exchanges(userKey)[0]).toMatchObject({ kind: 'push', status: '200' })
    expect(JSON.stringify(client.exchanges(userKey))).not.toContain(account.secret)
  })
})
