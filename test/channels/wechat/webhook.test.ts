import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import vectors from '../../fixtures/wechat/wechat-crypto-vectors.json' with { type: 'json' }
import { createStillHost } from '../../support/still-host.ts'
import {
  accountKey,
  createAccount,
  messageXml,
  openReply,
  otherAesKey,
  plainPush,
  rawSafePush,
  safePush,
  setupRequest,
  textXml,
} from './account.ts'
import type { Account, Signing } from './account.ts'

const oneRefusal = { status: 401, body: 'unauthorized' }

/** Moves an account's clock to a moment. */
const at = (account: Account, moment: Date): void =>
  account.host.clock.advance(moment.getTime() - account.host.clock.now().getTime())

const nowOf = (account: Account): Signing => ({ now: account.host.clock.now() })

/** The answer, what was stored, and the codes that were logged. */
const outcome = async (account: Account, request: Request) => {
  const before = account.host.logged.length
  const { status, body } = await account.call(request)
  const codes = account.host.logged
    .slice(before)
    .map(({ facts }) => z.object({ code: z.string() }).parse(JSON.parse(facts)).code)
  return { status, body, codes, stored: account.host.accepted.length }
}

describe('set-up request', () => {
  it('echoes exactly, for the published example', async () => {
    const example = vectors.urlSignature[0]
    if (example?.echostr === undefined) throw new Error('the vector is missing')
    const { token, timestamp, nonce, signature, echostr } = example
    const account = createAccount({ token })
    at(account, new Date(Number(timestamp) * 1_000))
    const query = new URLSearchParams({ signature, timestamp, nonce, echostr })
    const answer = await account.call(new Request(`https://desk.example/callback?${query.toString()}`))
    expect(answer).toMatchObject({ status: 200, body: echostr })
    expect(answer.response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(answer.response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it.each<[string, Partial<Signing>]>([
    ['a wrong token', { token: 'wrongToken' }],
    ['an old timestamp', { timestamp: '1714036504' }],
    [
      'an upper-case signature',
      { query: (query) => query.set('signature', (query.get('signature') ?? '').toUpperCase()) },
    ],
    ['no signature', { query: (query) => query.delete('signature') }],
    ['a doubled signature', { query: (query) => query.append('signature', query.get('signature') ?? '') }],
  ])('refuses %s without an echo', async (_, signing) => {
    const account = createAccount()
    expect(
      await outcome(account, setupRequest('<b>echo</b>', { ...nowOf(account), ...signing })),
    ).toMatchObject(oneRefusal)
  })

  it('refuses an absent and an endless echo', async () => {
    const account = createAccount()
    expect(await outcome(account, setupRequest('', nowOf(account)))).toMatchObject({ status: 400 })
    expect(await outcome(account, setupRequest('x'.repeat(1_025), nowOf(account)))).toMatchObject({
      status: 400,
    })
  })
})

describe('proof of origin', () => {
  const inner = textXml('我的订单到哪了')
  const mutated = (change: (query: URLSearchParams) => void): Partial<Signing> => ({ query: change })
  const faults: readonly (readonly [string, Partial<Signing>])[] = [
    ['wrong token', { token: 'wrongToken' }],
    ['wrong msg_signature', mutated((query) => query.set('msg_signature', 'f'.repeat(40)))],
    [
      'upper-case msg_signature',
      mutated((query) => query.set('msg_signature', (query.get('msg_signature') ?? '').toUpperCase())),
    ],
    ['short msg_signature', mutated((query) => query.set('msg_signature', 'abc'))],
    ['endless msg_signature', mutated((query) => query.set('msg_signature', 'a'.repeat(100_000)))],
    ['no msg_signature', mutated((query) => query.delete('msg_signature'))],
    ['empty msg_signature', mutated((query) => query.set('msg_signature', ''))],
    [
      'doubled msg_signature',
      mutated((query) => query.append('msg_signature', query.get('msg_signature') ?? '')),
    ],
    [
      'array msg_signature',
      mutated((query) => {
        query.set('msg_signature[]', query.get('msg_signature') ?? '')
        query.delete('msg_signature')
      }),
    ],
    [
      'signature in place of msg_signature',
      mutated((query) => query.set('msg_signature', query.get('signature') ?? '')),
    ],
    ['wrong signature beside a right one', mutated((query) => query.set('signature', 'f'.repeat(40)))],
    ['changed nonce', mutated((query) => query.set('nonce', '4156707411'))],
    ['no nonce', mutated((query) => query.delete('nonce'))],
    [
      'changed timestamp',
      mutated((query) => query.set('timestamp', String(Number(query.get('timestamp')) + 1))),
    ],
    ['no timestamp', mutated((query) => query.delete('timestamp'))],
    ['timestamp that is no number', { timestamp: 'NaN' }],
    ['timestamp with a sign', { timestamp: '-176722560' }],
    ['timestamp in milliseconds', { timestamp: '1767225600000' }],
    ['timestamp long past', { timestamp: '1714112445' }],
    ['timestamp far ahead', { timestamp: '4102444800' }],
    ['no encrypt_type', mutated((query) => query.delete('encrypt_type'))],
    ['raw encrypt_type', mutated((query) => query.set('encrypt_type', 'raw'))],
    ['unknown encrypt_type', mutated((query) => query.set('encrypt_type', 'AES'))],
    ['wrong AES key', { aesKey: otherAesKey }],
    ['wrong AppID', { appId: 'wxffffffffffffffff' }],
    ['empty AppID', { appId: '' }],
  ]

  it.each(faults)('safe mode: %s gets the one refusal, and nothing is stored', async (_, fault) => {
    const account = createAccount()
    const seen = await outcome(account, safePush(inner, { ...nowOf(account), ...fault }))
    expect(seen).toMatchObject({ ...oneRefusal, stored: 0 })
    expect(seen.codes).toEqual([expect.stringMatching(/^(unauthorized|stale)$/)])
  })

  const ciphertexts = vectors.negative.filter(({ name }) => !/signature|nonce|aes-key/.test(name))

  it.each(ciphertexts.map(({ name, encrypt }) => [name, encrypt] as const))(
    'safe mode: the ciphertext %s gets the one refusal',
    async (_, encrypt) => {
      const account = createAccount()
      const seen = await outcome(account, rawSafePush(encrypt, nowOf(account)))
      expect(seen).toMatchObject({ ...oneRefusal, stored: 0, codes: ['unauthorized'] })
    },
  )

  it('safe mode refuses a plain message, however well signed', async () => {
    const account = createAccount()
    expect(await outcome(account, plainPush(inner, nowOf(account)))).toMatchObject({
      ...oneRefusal,
      stored: 0,
    })
    const disguised = plainPush(inner, {
      ...nowOf(account),
      query: (query) => {
        query.set('encrypt_type', 'aes')
        query.set('msg_signature', query.get('signature') ?? '')
      },
    })
    expect(await outcome(account, disguised)).toMatchObject({ ...oneRefusal, stored: 0 })
  })

  it('compatible mode believes the decrypted fields alone', async () => {
    const account = createAccount({ mode: 'compatible' })
    const lies = '<FromUserName><![CDATA[somebody-else]]></FromUserName><Content><![CDATA[lie]]></Content>'
    expect(await outcome(account, safePush(inner, nowOf(account), lies))).toMatchObject({
      status: 200,
      stored: 1,
    })
    expect(account.host.accepted[0]).toMatchObject({ parts: [{ text: '我的订单到哪了' }] })
    expect(JSON.stringify(account.host.accepted)).not.toMatch(/somebody|lie/)
    expect(await outcome(account, plainPush(inner, nowOf(account)))).toMatchObject(oneRefusal)
  })

  it('takes the published safe-mode example, in JSON', async () => {
    const example = vectors.decrypt[0]
    if (example === undefined) throw new Error('the vector is missing')
    const account = createAccount({
      token: 'AAAAA',
      encodingAesKey: example.encodingAESKey,
      appId: example.receiveId,
    })
    at(account, new Date(Number(example.timestamp) * 1_000))
    const query = new URLSearchParams({
      signature: '6c5c811b55cc85e0e1b54100749188c20beb3f5d',
      timestamp: example.timestamp,
      nonce: example.nonce,
      openid: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      encrypt_type: 'aes',
      msg_signature: example.msgSignature,
    })
    const body = JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: example.encrypt })
    const request = new Request(`https://desk.example/callback?${query.toString()}`, { method: 'POST', body })
    expect(await outcome(account, request)).toMatchObject({ status: 200, body: 'success', stored: 1 })
    expect(account.host.accepted[0]).toMatchObject({
      contactKey: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      parts: [{ kind: 'event', name: 'other', value: 'debug_demo', data: { debug_str: 'hello world' } }],
    })
  })

  it('opens with the previous key and answers with it', async () => {
    const account = createAccount({ previousEncodingAesKey: otherAesKey })
    account.host.answerWith({ kind: 'text', text: '在的' })
    const { body } = await account.call(safePush(inner, { ...nowOf(account), aesKey: otherAesKey }))
    expect(openReply(body, otherAesKey).plaintext).toContain('在的')
    expect(openReply(body).plaintext).toMatch(/^unopened/)
  })

  it('refuses pushes for another account when the original id is known', async () => {
    const account = createAccount({ originalId: 'gh_another' })
    expect(await outcome(account, safePush(inner, nowOf(account)))).toMatchObject({
      ...oneRefusal,
      stored: 0,
    })
    const ours = createAccount({ originalId: accountKey })
    expect(await outcome(ours, safePush(inner, nowOf(ours)))).toMatchObject({ status: 200, stored: 1 })
  })

  it('opens the window exactly as wide as configured', async () => {
    const account = createAccount({ timestampToleranceMs: 60_000 }, createStillHost())
    const { now } = nowOf(account)
    const seconds = Math.floor(now.getTime() / 1_000)
    const pushAt = (offset: number) => safePush(inner, { now, timestamp: String(seconds + offset) })
    expect(await outcome(account, pushAt(-58))).toMatchObject({ status: 200 })
    expect(await outcome(account, pushAt(59))).toMatchObject({ status: 200 })
    expect(await outcome(account, pushAt(-62))).toMatchObject({ ...oneRefusal, codes: ['stale'] })
    expect(await outcome(account, pushAt(63))).toMatchObject({ ...oneRefusal, codes: ['stale'] })
  })
})

describe('plain mode', () => {
  it('binds a signature to the body it first came with, and lets the retry pass', async () => {
    const account = createAccount({ mode: 'plain' })
    const signing = nowOf(account)
    expect(await outcome(account, plainPush(textXml('一', '1'), signing))).toMatchObject({
      status: 200,
      stored: 1,
    })
    expect(await outcome(account, plainPush(textXml('一', '1'), signing))).toMatchObject({
      status: 200,
      stored: 1,
    })
    const stolen = await outcome(account, plainPush(textXml('二', '2'), signing))
    expect(stolen).toMatchObject({ ...oneRefusal, stored: 1, codes: ['replayed'] })
  })

  it('refuses encrypted pushes, saying in the log what to do', async () => {
    const account = createAccount({ mode: 'plain' })
    expect(await outcome(account, safePush(textXml('一'), nowOf(account)))).toMatchObject(oneRefusal)
    expect(account.host.logged.at(-1)?.facts).toContain('set mode')
  })

  it('takes JSON as well as XML', async () => {
    const account = createAccount({ mode: 'plain' })
    const body = `{"ToUserName":"${accountKey}","FromUserName":"o1","CreateTime":1767225600,"MsgType":"text","Content":"在吗","MsgId":4607741009594608123}`
    expect(await outcome(account, plainPush(body, nowOf(account)))).toMatchObject({ status: 200, stored: 1 })
    expect(account.host.accepted[0]).toMatchObject({
      dedupKey: '4607741009594608123',
      providerId: '4607741009594608123',
    })
  })
})

describe('de-duplication', () => {
  const keysOf = async (...bodies: readonly string[]): Promise<readonly string[]> => {
    const account = createAccount()
    for (const body of bodies) await account.call(safePush(body, nowOf(account)))
    return account.host.accepted.map(({ dedupKey }) => dedupKey)
  }
  const event = (values: Record<string, string | number>): string =>
    messageXml({ MsgType: 'event', ...values })

  it('goes by MsgId for messages', async () => {
    expect(await keysOf(textXml('一', '1'), textXml('一', '1'), textXml('一', '2'))).toEqual(['1', '2'])
  })

  it('goes by sender, second, event and key for events', async () => {
    const keys = await keysOf(
      event({ Event: 'CLICK', EventKey: 'A' }),
      event({ Event: 'CLICK', EventKey: 'A' }),
      event({ Event: 'CLICK', EventKey: 'B' }),
      event({ Event: 'VIEW', EventKey: 'A' }),
      event({ Event: 'CLICK', EventKey: 'A', CreateTime: 1767225601 }),
      event({ Event: 'CLICK', EventKey: 'A', FromUserName: 'o2' }),
      event({ Event: 'TEMPLATESENDJOBFINISH', MsgID: '1' }),
      event({ Event: 'TEMPLATESENDJOBFINISH', MsgID: '2' }),
    )
    expect(new Set(keys).size).toBe(7)
    expect(keys).toHaveLength(7)
  })

  it('cannot be steered from one field into the next', async () => {
    expect(
      await keysOf(event({ Event: 'A', EventKey: 'BC' }), event({ Event: 'AB', EventKey: 'C' })),
    ).toHaveLength(2)
  })
})
