import { describe, expect, it } from 'vitest'
import { encryptWx, parseEncodingAesKey, wxSignature } from '../../../channels/kit/index.ts'
import { account, closeStages, paths, setStage, text as say, threadKey, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

closeStages()

const call = async (stage: Stage, request: Request): Promise<{ status: number; body: string }> => {
  const route = stage.channel.routes.find(({ method }) => method === request.method)
  const response = await route?.handle(request, { remoteAddress: '203.0.113.7', onFinished: () => undefined })
  return { status: response?.status ?? 404, body: (await response?.text()) ?? '' }
}

const origin = 'https://desk.example/channels/inbox-1/callback'
const aesKey = parseEncodingAesKey(account.encodingAesKey) ?? Buffer.alloc(32)

interface Sealing {
  readonly token?: string
  readonly corpId?: string
  readonly aesKey?: Buffer
  /** Replaces the ciphertext, correctly signed. */
  readonly encrypted?: string
  readonly timestamp?: string
  readonly query?: (query: URLSearchParams) => void
}

const signed = (stage: Stage, encrypted: string, sealing: Sealing): URLSearchParams => {
  const timestamp = sealing.timestamp ?? String(Math.floor(stage.host.clock.now().getTime() / 1_000))
  const values = [sealing.token ?? account.token, timestamp, '1372623149', encrypted]
  const query = new URLSearchParams({
    msg_signature: wxSignature(values),
    timestamp,
    nonce: '1372623149',
  })
  sealing.query?.(query)
  return query
}

const newsXml = (openKfId = account.openKfId, event = 'kf_msg_or_event', toUser = account.corpId): string =>
  `<xml><ToUserName><![CDATA[${toUser}]]></ToUserName><CreateTime>1348831860</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${event}]]></Event><Token><![CDATA[ENCtoken]]></Token><OpenKfId><![CDATA[${openKfId}]]></OpenKfId></xml>`

const push = (stage: Stage, plaintext = newsXml(), sealing: Sealing = {}): Request => {
  const key = { aesKey: sealing.aesKey ?? aesKey, receiveId: sealing.corpId ?? account.corpId }
  const encrypted = sealing.encrypted ?? encryptWx(key, Buffer.alloc(16, 7), plaintext)
  return new Request(`${origin}?${signed(stage, encrypted, sealing).toString()}`, {
    method: 'POST',
    body: `<xml><ToUserName><![CDATA[${account.corpId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  })
}

describe('the set-up check', () => {
  it('is passed on the simulated platform', async () => {
    const { simulator } = await setStage()
    expect(await simulator.checkCallback()).toEqual({ ok: true, problem: '' })
  })

  it('answers the published vector, with + escaped or as it is', async () => {
    const stage = await setStage({
      section: { corpId: 'wx5823bf96d3bd56c7', timestampToleranceMs: 86_400_000 },
    })
    stage.host.clock.advance(1_409_659_589_000 - stage.host.clock.now().getTime())
    const echo = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='
    const rest = 'msg_signature=5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3&timestamp=1409659589&nonce=263014780'
    for (const echostr of [echo, encodeURIComponent(echo)]) {
      const answer = await call(stage, new Request(`${origin}?${rest}&echostr=${echostr}`))
      expect(answer).toEqual({ status: 200, body: '1616140317555161061' })
    }
  })

  it('refuses what is not signed, not ours or not there', async () => {
    const stage = await setStage()
    const request = (echostr: string, sealing: Sealing = {}): Request => {
      const query = signed(stage, echostr, sealing)
      query.set('echostr', echostr)
      return new Request(`${origin}?${query.toString()}`)
    }
    const good = encryptWx({ aesKey, receiveId: account.corpId }, Buffer.alloc(16), '123')
    const foreign = encryptWx({ aesKey, receiveId: 'wwSomebodyElse' }, Buffer.alloc(16), '123')
    expect((await call(stage, request(good))).body).toBe('123')
    for (const bad of [
      request(good, { token: 'guessed' }),
      request(foreign),
      request(''),
      request('plain text'),
      new Request(origin),
    ])
      expect(await call(stage, bad)).toEqual({ status: 401, body: 'unauthorized' })
  })
})

describe('a push', () => {
  it.each<[string, Sealing]>([
    ['a wrong token', { token: 'guessed' }],
    ['a wrong key', { aesKey: Buffer.alloc(32, 1) }],
    ['another company', { corpId: 'wwSomebodyElse' }],
    ['no base64', { encrypted: '!!!!' }],
    ['half a block', { encrypted: Buffer.alloc(24).toString('base64') }],
    ['an empty ciphertext', { encrypted: ' ' }],
    ['noise', { encrypted: Buffer.alloc(64, 3).toString('base64') }],
    ['a stale timestamp', { timestamp: '1409659589' }],
    ['no timestamp', { query: (query) => query.delete('timestamp') }],
    ['a doubled signature', { query: (query) => query.append('msg_signature', 'a'.repeat(40)) }],
    ['a short signature', { query: (query) => query.set('msg_signature', 'abc') }],
    ['no signature', { query: (query) => query.delete('msg_signature') }],
  ])('with %s gets the one refusal, and nothing is fetched', async (_name, sealing) => {
    const stage = await setStage()
    await expect.poll(() => stage.simulator.calls(paths.sync).length).toBe(1)
    expect(await call(stage, push(stage, newsXml(), sealing))).toEqual({ status: 401, body: 'unauthorized' })
    expect(stage.simulator.calls(paths.sync)).toHaveLength(1)
    expect(stage.host.logged.filter(({ event }) => event === 'webhook refused')).toHaveLength(1)
  })

  it('without encryption is refused', async () => {
    const stage = await setStage()
    const query = signed(stage, '', {})
    const request = new Request(`${origin}?${query.toString()}`, { method: 'POST', body: newsXml() })
    expect((await call(stage, request)).status).toBe(401)
  })

  it('for another company inside the envelope is refused', async () => {
    const stage = await setStage()
    const plaintext = newsXml(account.openKfId, 'kf_msg_or_event', 'wwSomebodyElse')
    expect((await call(stage, push(stage, plaintext))).status).toBe(401)
  })

  it.each([
    '<!DOCTYPE xml [<!ENTITY a "b">]><xml><ToUserName>&a;</ToUserName></xml>',
    '<xml><ToUserName>a</ToUserName><ToUserName>b</ToUserName></xml>',
    '{"ToUserName":"x"}',
    '',
  ])('with evil content %j is refused as malformed', async (plaintext) => {
    const stage = await setStage()
    expect((await call(stage, push(stage, plaintext))).status).toBe(400)
  })

  it('opened with the previous key is taken while the key rotates', async () => {
    const before = 'b3RoZXIta2V5LWZvci1uZWdhdGl2ZS10ZXN0cy0wMDA'
    const stage = await setStage({ section: { previousEncodingAesKey: before } })
    const aesKeyBefore = parseEncodingAesKey(before) ?? Buffer.alloc(32)
    expect((await call(stage, push(stage, newsXml(), { aesKey: aesKeyBefore }))).status).toBe(200)
  })

  it('about other accounts or of other kinds is acknowledged and left alone', async () => {
    const stage = await setStage()
    await expect.poll(() => stage.simulator.calls(paths.sync).length).toBe(1)
    for (const plaintext of [newsXml('wkAnother'), newsXml(account.openKfId, 'kf_account_auth_change')])
      expect(await call(stage, push(stage, plaintext))).toEqual({ status: 200, body: 'success' })
    expect(stage.simulator.calls(paths.sync)).toHaveLength(1)
  })

  it('repeated by a thief only makes us look once more', async () => {
    const stage = await setStage()
    await stage.simulator.says(userKey, { kind: 'text', text: '在吗' })
    const request = push(stage)
    for (const attempt of [1, 2, 3])
      expect((await call(stage, request.clone())).status, String(attempt)).toBe(200)
    expect(stage.host.accepted).toHaveLength(1)
  })

  it('is answered within the platform’s patience when storing is slow, and nothing is lost', async () => {
    const stage = await setStage()
    const release = stage.host.holdAccept()
    const { status } = await stage.simulator.says(userKey, { kind: 'text', text: '在吗' })
    expect(status).toBe(200)
    expect(stage.host.accepted).toHaveLength(0)
    release()
    await expect.poll(() => stage.host.accepted.map(({ threadKey: key }) => key)).toEqual([threadKey])
  })

  it('is refused with 503 while WeCom’s API is away, and its retry brings the message', async () => {
    const stage = await setStage({ simulator: { timing: { attempts: 3, retryDelayMs: 1 } } })
    await expect.poll(() => stage.simulator.calls(paths.sync).length).toBe(1)
    stage.simulator.refuse(paths.sync, -1)
    const { status, attempts } = await stage.simulator.says(userKey, { kind: 'text', text: '在吗' })
    expect([status, attempts]).toEqual([200, 2])
    expect(stage.host.accepted).toMatchObject([{ parts: [say('在吗')] }])
  })
})
