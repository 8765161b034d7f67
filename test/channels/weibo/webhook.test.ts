import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Refusal, readJson } from '../../../channels/kit/index.ts'
import { decode } from '../../../channels/weibo/decode.ts'
import { createStillHost } from '../../support/still-host.ts'
import { bodyOf, createAccount, push, setupRequest } from './push.ts'
import type { Account, Signing } from './push.ts'
import { account, fan } from './stage.ts'

const oneRefusal = { status: 401, body: 'unauthorized' }

const nowOf = ({ host }: Account): Signing => ({ now: host.clock.now() })

/** Moves an account's clock to a moment. */
const at = ({ host }: Account, moment: Date): void =>
  host.clock.advance(moment.getTime() - host.clock.now().getTime())

/** The answer, what was stored, and what was logged. */
const outcome = async ({ host, call }: Account, request: Request) => {
  const before = host.logged.length
  const { status, body } = await call(request)
  const logged = host.logged.slice(before)
  const codes = logged.map(({ facts }) => z.object({ code: z.string() }).parse(JSON.parse(facts)).code)
  return { status, body, codes, stored: host.accepted.length, logged: JSON.stringify(logged) }
}

/** The documentation's own example. */
const example = {
  appSecret: 'xyz123xyz',
  timestamp: '1397022061823',
  nonce: '57155157',
  signature: '90e4c22c90a58f26526c2dd5b6c56c8822edeaa1',
  echostr: 'dnPdpTZz85',
}

describe('set-up request', () => {
  it('echoes exactly, for the published example', async () => {
    const { appSecret, echostr, ...signed } = example
    const tested = createAccount({ appSecret })
    at(tested, new Date(Number(signed.timestamp)))
    const query = new URLSearchParams({ ...signed, echostr })
    const answer = await tested.call(new Request(`https://desk.example/callback?${query.toString()}`))
    expect(answer).toMatchObject({ status: 200, body: echostr })
    expect(answer.response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(answer.response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('refuses a wrong secret, no echo and an endless one', async () => {
    const tested = createAccount()
    const wrong = { ...nowOf(tested), appSecret: 'guessed' }
    expect(await outcome(tested, setupRequest('<b>echo</b>', wrong))).toMatchObject(oneRefusal)
    expect(await outcome(tested, setupRequest('', nowOf(tested)))).toMatchObject({ status: 400 })
    expect(await outcome(tested, setupRequest('x'.repeat(1_025), nowOf(tested)))).toMatchObject({
      status: 400,
    })
  })
})

describe('proof of origin', () => {
  const change = (name: string, value: (old: string) => string): Partial<Signing> => ({
    query: (query) => query.set(name, value(query.get(name) ?? '')),
  })
  const drop = (name: string): Partial<Signing> => ({ query: (query) => query.delete(name) })
  const double = (name: string): Partial<Signing> => ({
    query: (query) => query.append(name, query.get(name) ?? ''),
  })
  const faults: readonly (readonly [string, Partial<Signing>])[] = [
    ['wrong secret', { appSecret: 'guessed' }],
    ['wrong signature', change('signature', () => 'f'.repeat(40))],
    ['upper-case signature', change('signature', (old) => old.toUpperCase())],
    ['short signature', change('signature', (old) => old.slice(1))],
    ['doubled length', change('signature', (old) => old + old)],
    ['endless signature', change('signature', () => 'a'.repeat(100_000))],
    ['no signature', drop('signature')],
    ['signature given twice', double('signature')],
    [
      'array signature',
      {
        query: (query) => {
          query.set('signature[]', query.get('signature') ?? '')
          query.delete('signature')
        },
      },
    ],
    ['changed nonce', change('nonce', (old) => `${old}1`)],
    ['no nonce', drop('nonce')],
    ['nonce given twice', double('nonce')],
    ['changed timestamp', change('timestamp', (old) => String(Number(old) + 1))],
    ['no timestamp', drop('timestamp')],
    ['timestamp in seconds', { timestamp: '1397022061' }],
    ['timestamp that is no number', { timestamp: 'NaN' }],
    ['timestamp long past', { timestamp: '1397022061823' }],
    ['timestamp far ahead', { timestamp: '4102444800000' }],
  ]

  it.each(faults)('%s gets the one refusal, and nothing is stored', async (_, fault) => {
    const tested = createAccount()
    const seen = await outcome(tested, push(bodyOf({}), { ...nowOf(tested), ...fault }))
    expect(seen).toMatchObject({ ...oneRefusal, stored: 0 })
    expect(seen.codes).toEqual([expect.stringMatching(/^(unauthorized|stale)$/)])
  })

  it('names the secret and where it is found in the log alone', async () => {
    const tested = createAccount()
    const seen = await outcome(tested, push(bodyOf({}), { ...nowOf(tested), appSecret: 'guessed' }))
    expect(seen.logged).toContain('appSecret')
    expect(seen.logged).toContain('微博开放平台')
    expect(seen.logged).not.toContain(account.appSecret)
  })

  it('takes the secret before the last reset while it is configured', async () => {
    const tested = createAccount({ previousAppSecret: 'the-old-one' })
    const signing = { ...nowOf(tested), appSecret: 'the-old-one' }
    expect(await outcome(tested, push(bodyOf({}), signing))).toMatchObject({ status: 200, stored: 1 })
  })

  it('takes a push up to five minutes old or ahead', async () => {
    const tested = createAccount({}, createStillHost())
    const now = tested.host.clock.now().getTime()
    for (const [place, offset] of [-299_000, 299_000].entries())
      expect(
        await outcome(tested, push(bodyOf({ text: `"${place}"` }), { now: new Date(now + offset) })),
      ).toMatchObject({ status: 200, stored: place + 1 })
    expect(await outcome(tested, push(bodyOf({}), { now: new Date(now - 301_000) }))).toMatchObject(
      oneRefusal,
    )
  })

  it('refuses a signature with another body, and lets the platform repeat its own', async () => {
    const tested = createAccount()
    const signing = nowOf(tested)
    expect(await outcome(tested, push(bodyOf({}), signing))).toMatchObject({ status: 200, stored: 1 })
    expect(await outcome(tested, push(bodyOf({}), signing))).toMatchObject({ status: 200, stored: 1 })
    expect(await outcome(tested, push(bodyOf({ text: '"转账"' }), signing))).toMatchObject({
      ...oneRefusal,
      codes: ['replayed'],
      stored: 1,
    })
  })

  it('refuses pushes for another account, and says so', async () => {
    const tested = createAccount()
    const seen = await outcome(tested, push(bodyOf({ receiver_id: '1902538058' }), nowOf(tested)))
    expect(seen).toMatchObject({ ...oneRefusal, stored: 0 })
    expect(seen.logged).toContain('uid')
  })

  it('listens only where the key says', () => {
    const callbackKey = '0123456789abcdef'
    const paths = createAccount({ callbackKey }).channel.routes.map(({ path }) => path)
    expect(paths).toEqual([`/callback/${callbackKey}`, `/callback/${callbackKey}`])
  })
})

describe('bodies', () => {
  const sends = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
    const tested = createAccount()
    return outcome(tested, push(body, nowOf(tested), headers))
  }

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['half a document', bodyOf({}).slice(0, -2)],
    ['a list', '[]'],
    ['a number', '1'],
    ['a doubled field', '{"type":"text","type":"event"}'],
    ['no type', bodyOf({ type: '""' })],
    ['no sender', bodyOf({ sender_id: 'null' })],
    ['a sender with a sign', bodyOf({ sender_id: '-1' })],
    ['a sender in words', bodyOf({ sender_id: '"me"' })],
    ['a sender with an exponent', bodyOf({ sender_id: '1e9' })],
    ['a sender that is a list', bodyOf({ sender_id: '[1]' })],
    ['no date', bodyOf({ created_at: '""' })],
    ['prototype names', bodyOf({ data: '{"__proto__":{"polluted":1}}' })],
    ['deep nesting', bodyOf({ data: `${'{"a":'.repeat(40)}1${'}'.repeat(40)}` })],
    ['brackets without end', '['.repeat(200_000)],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ])('refuses %s', async (_, body) => {
    expect(await sends(body)).toMatchObject({ status: 400, stored: 0, codes: ['malformed'] })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('refuses XML and says how to switch it off', async () => {
    const seen = await sends('<xml><MsgType><![CDATA[text]]></MsgType></xml>')
    expect(seen).toMatchObject({ status: 400, stored: 0 })
    expect(seen.logged).toContain('set_format.json')
  })

  it('refuses what is too large or compressed', async () => {
    expect(await sends(bodyOf({ text: `"${'字'.repeat(100_000)}"` }))).toMatchObject({
      status: 413,
      stored: 0,
    })
    const zipped = new Uint8Array(gzipSync(bodyOf({})))
    expect(await sends(zipped, { 'content-encoding': 'gzip' })).toMatchObject({ status: 415, stored: 0 })
  })

  it.each(['text/xml', 'application/x-www-form-urlencoded', 'application/json', ''])(
    'reads JSON whatever the content type %j says',
    async (type) => {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
      expect(await sends(bodyOf({}), headers)).toMatchObject({ status: 200, stored: 1 })
    },
  )

  it('drops what the account itself said, and takes it', async () => {
    const seen = await sends(bodyOf({ sender_id: account.uid, receiver_id: fan.key }))
    expect(seen).toMatchObject({ status: 200, body: '', stored: 0 })
  })
})

describe('mutated pushes', () => {
  const pieces = [
    '"',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    'null',
    '1e400',
    '\\u0000',
    '\\ud800',
    '__proto__',
    '😀',
    '-',
    '9'.repeat(30),
  ]
  const seeds = [
    bodyOf({}),
    bodyOf({ type: '"image"', data: '{"vfid":821804459,"tovfid":821804469}' }),
    bodyOf({ type: '"event"', data: '{"subtype":"scan_follow","key":"QR_SCENE_123","ticket":"T"}' }),
    bodyOf({ type: '"mention"', data: '{"subtype":"status","key":"3456789012345678"}' }),
    bodyOf({ type: '"position"', data: '{"longitude":"116.3","latitude":"39.9"}' }),
  ]
  const mutations = fc.array(
    fc.record({
      at: fc.nat(400),
      cut: fc.nat(12),
      piece: fc.constantFrom('', ...pieces),
    }),
    { minLength: 1, maxLength: 6 },
  )
  const mutate = (text: string, changes: readonly { at: number; cut: number; piece: string }[]): string =>
    changes.reduce((body, { at: place, cut, piece }) => {
      const start = place % (body.length + 1)
      return body.slice(0, start) + piece + body.slice(start + cut)
    }, text)

  it('are values or typed refusals, ten thousand of them', () => {
    const context = { inboxId: 'inbox-1', uid: account.uid, passiveBudgetMs: 1 }
    let values = 0
    fc.assert(
      fc.property(fc.constantFrom(...seeds), mutations, (seed, changes) => {
        try {
          const read = decode({ fields: readJson(mutate(seed, changes)), signedAt: new Date(0) }, context)
          values += 1
          if (read.kind === 'echo') return
          expect(read.message.contactKey).toMatch(/^\d+$/)
          expect(Number.isNaN(read.message.sentAt.getTime())).toBe(false)
          expect(read.message.parts.length).toBeGreaterThan(0)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
        }
      }),
      { numRuns: 10_000, seed: 20_261_126 },
    )
    expect(values).toBeGreaterThan(100)
  })
})
