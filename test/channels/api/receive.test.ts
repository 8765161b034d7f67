import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { inboundBody } from '../../../channels/api/index.ts'
import { createStillHost } from '../../support/still-host.ts'
import { bodyOf, contactId, openStage, otherSecret, requestOf, secret, signatureOf } from './stage.ts'
import type { Stage } from './stage.ts'

const stages: Stage[] = []
const open = async (...given: Parameters<typeof openStage>): Promise<Stage> => {
  const stage = await openStage(...given)
  stages.push(stage)
  return stage
}
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()))
})

const hello = bodyOf({ kind: 'text', text: '在吗' })

describe('the proof of a request', () => {
  it('is the one of Standard Webhooks, by its own example', async () => {
    // From the specification's libraries: the same id, time, secret and body must give this signature.
    const example = signatureOf(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '1614265330',
      '{"test": 2432232314}',
    )
    expect(example).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    const { says } = await open({ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })
    expect((await says(hello, { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })).status).toBe(200)
  })

  it('is taken with the secret before the last change while that stands in the configuration', async () => {
    const rotating = await open({ previousSecret: otherSecret })
    for (const each of [secret, otherSecret])
      expect((await rotating.says(hello, { secret: each })).status).toBe(200)
    const rotated = await open()
    expect((await rotated.says(hello, { secret: otherSecret })).status).toBe(401)
  })

  it('may stand beside others', async () => {
    const { host, call } = await open()
    const now = host.clock.now()
    const seconds = Math.floor(now.getTime() / 1_000)
    const good = signatureOf(secret, 'msg_1', seconds, hello)
    const bad = signatureOf(otherSecret, 'msg_1', seconds, hello)
    const withSignature = (value: string) =>
      call(requestOf(hello, { now, headers: { 'webhook-signature': value } }))
    expect((await withSignature(`v1a,YWJj ${bad} ${good}`)).status).toBe(200)
    expect((await withSignature(`${`${bad} `.repeat(6)}${good}`)).status).toBe(401)
  })

  it.each<[string, Record<string, string | undefined>]>([
    ['no signature', { 'webhook-signature': undefined }],
    ['no id', { 'webhook-id': undefined }],
    ['no time', { 'webhook-timestamp': undefined }],
    ['an empty signature', { 'webhook-signature': '' }],
    ['another scheme', { 'webhook-signature': 'v1a,YWJjZGVm' }],
    ['a bare signature', { 'webhook-signature': 'YWJjZGVm' }],
    ['a long signature', { 'webhook-signature': `v1,${'A'.repeat(100_000)}` }],
    ['a short signature', { 'webhook-signature': 'v1,A' }],
    ['a doubled time', { 'webhook-timestamp': '1767225600, 1767225600' }],
    ['a time that is none', { 'webhook-timestamp': 'soon' }],
    ['a negative time', { 'webhook-timestamp': '-1' }],
    ['a time with a tail', { 'webhook-timestamp': '1767225600x' }],
    ['another id', { 'webhook-id': 'msg_2' }],
    ['an id with a comma', { 'webhook-id': 'msg_1,msg_2' }],
  ])('is refused with %s', async (_, headers) => {
    const { host, call } = await open()
    const answer = await call(requestOf(hello, { now: host.clock.now(), headers }))
    expect(answer).toEqual({ status: 401, body: 'unauthorized' })
    expect(host.accepts()).toBe(0)
  })

  it('covers the whole body, byte by byte', async () => {
    const { host, call } = await open()
    const now = host.clock.now()
    const signed = signatureOf(secret, 'msg_1', Math.floor(now.getTime() / 1_000), hello)
    for (const body of [hello.replace('在吗', '转人工'), `${hello} `, hello.slice(0, -1), ''])
      expect((await call(requestOf(body, { now, headers: { 'webhook-signature': signed } }))).status).toBe(
        401,
      )
  })

  it('ends after five minutes, before and after our time', async () => {
    const { host, says } = await open({}, createStillHost())
    const at = (minutes: number) => ({ now: new Date(host.clock.now().getTime() + minutes * 60_000) })
    for (const minutes of [-4.9, 4.9]) expect((await says(hello, at(minutes))).status).toBe(200)
    for (const minutes of [-5.1, 5.1, -600, 600]) expect((await says(hello, at(minutes))).status).toBe(401)
  })

  it('is worth one message, however often it is shown', async () => {
    const { host, call } = await open()
    const now = host.clock.now()
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(requestOf(hello, { now }))))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1)
    expect(host.accepted).toHaveLength(1)
  })

  it('says which secret to compare, in the log alone', async () => {
    const { host, says } = await open()
    await says(hello, { secret: otherSecret })
    expect(JSON.stringify(host.logged)).toContain('compare secret')
    expect(JSON.stringify(host.logged)).not.toContain(otherSecret.slice(6))
  })
})

describe('a body', () => {
  it('that is compressed, too large, too deep or not UTF-8 is refused', async () => {
    const { host, says } = await open()
    expect((await says(gzipSync(hello), { headers: { 'content-encoding': 'gzip' } })).status).toBe(415)
    expect((await says('['.repeat(200_000))).status).toBe(400)
    // The signature is over text: these bytes are none that could be signed.
    expect((await says(Buffer.from([0x22, 0xff, 0x22]))).status).toBe(401)
    expect((await says(`"${'x'.repeat(2_000_000)}"`)).status).toBe(413)
    expect(host.accepts()).toBe(0)
  })

  it('with names that mean something to JavaScript is refused, and pollutes nothing', async () => {
    const { says } = await open()
    for (const name of ['__proto__', 'constructor', 'prototype'])
      for (const where of [
        `{"${name}":{"polluted":1},"id":"1"}`,
        `{"id":"1","parts":[{"kind":"x","${name}":{"polluted":1}}]}`,
      ])
        expect((await says(where)).status).toBe(400)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it.each<[string, unknown, string]>([
    ['without an id', { contact: { id: 'a' }, parts: [{ kind: 'text', text: 'x' }] }, 'id'],
    ['with a number for an id', { id: 7, contact: { id: 'a' }, parts: [{ kind: 'text', text: 'x' }] }, 'id'],
    ['without parts', { id: '1', contact: { id: 'a' }, parts: [] }, 'parts'],
    [
      'with an unknown key',
      { id: '1', contact: { id: 'a' }, parts: [{ kind: 'text', text: 'x' }], role: 'agent' },
      '',
    ],
    [
      'with a contact that names a thread',
      { id: '1', contact: { id: 'a|b' }, parts: [{ kind: 'text', text: 'x' }] },
      'contact.id',
    ],
    [
      'with a blank contact',
      { id: '1', contact: { id: ' ' }, parts: [{ kind: 'text', text: 'x' }] },
      'contact.id',
    ],
    [
      'with a text without text',
      { id: '1', contact: { id: 'a' }, parts: [{ kind: 'text' }] },
      'parts.0.text',
    ],
    [
      'with a file that is nowhere',
      { id: '1', contact: { id: 'a' }, parts: [{ kind: 'image', media: {} }] },
      'parts.0.media',
    ],
    [
      'with a script for a link',
      { id: '1', contact: { id: 'a' }, parts: [{ kind: 'link', url: 'javascript:x' }] },
      'parts.0.url',
    ],
    [
      'with a place off the earth',
      { id: '1', contact: { id: 'a' }, parts: [{ kind: 'location', latitude: 91, longitude: 0 }] },
      'parts.0.latitude',
    ],
    [
      'with a time without zone',
      { id: '1', contact: { id: 'a' }, sentAt: '2026-01-01T00:00:00', parts: [{ kind: 'text', text: 'x' }] },
      'sentAt',
    ],
    ['that is a list', [], ''],
  ])('%s is refused with where and what', async (_, body, path) => {
    const { host, says } = await open()
    const answer = await says(JSON.stringify(body))
    expect(answer.status).toBe(400)
    const { faults } = JSON.parse(answer.body) as { faults: { path: string; expected: string }[] }
    expect(faults.map((fault) => fault.path).join(' ')).toContain(path)
    expect(faults[0]?.expected).not.toBe('')
    expect(host.accepts()).toBe(0)
  })

  it('keeps what every kind says', async () => {
    const { host, says } = await open()
    const parts = [
      { kind: 'text', text: '标题\u0000\nline' },
      { kind: 'audio', durationMs: 61_000, transcript: { text: '我想退款', source: 'hotline' } },
      { kind: 'location', latitude: 31.2, longitude: 121.5, label: '上海' },
      { kind: 'link', url: 'https://recordings.example/1.wav', title: '通话录音' },
      { kind: 'sticker', name: '比心' },
      { kind: 'event', name: 'callback-requested', value: '13800138000', data: { line: '400' } },
      { kind: 'video-call', room: { id: 1 } },
    ]
    const more = {
      thread: 'topic-9',
      contact: { id: contactId, displayName: '阿白', unionKey: 'union-1' },
      sentAt: '2026-01-01T08:00:00+08:00',
    }
    expect((await says(bodyOf(parts[0], { ...more, parts }))).status).toBe(200)
    expect(host.accepted[0]).toEqual({
      inboxId: 'inbox-1',
      dedupKey: 'post-1',
      providerId: 'post-1',
      contactKey: contactId,
      threadKey: `${contactId}|topic-9`,
      displayName: '阿白',
      unionKey: 'union-1',
      sentAt: new Date('2026-01-01T00:00:00Z'),
      mayContinue: false,
      wantsReply: true,
      passiveBudgetMs: 0,
      parts: [
        { kind: 'text', text: '标题\nline' },
        { ...parts[1], media: {} },
        ...parts.slice(2, 6),
        { kind: 'unsupported', type: 'video-call', raw: { room: { id: 1 } } },
      ],
    })
  })

  it('written later than now was written now', async () => {
    const { host, says } = await open()
    await says(bodyOf({ kind: 'text', text: 'x' }, { sentAt: '2099-01-01T00:00:00Z' }))
    expect(host.accepted[0]?.sentAt.getTime()).toBeLessThanOrEqual(host.clock.now().getTime())
  })

  it('keeps contacts apart in one thread, and threads of one contact', async () => {
    const { host, says } = await open()
    const places: [string, string | undefined][] = [
      ['a', 't'],
      ['b', 't'],
      ['a', 'u'],
      ['a', undefined],
      ['b', 'a|t'],
    ]
    for (const [place, [id, thread]] of places.entries())
      await says(bodyOf({ kind: 'text', text: 'x' }, { id: String(place), contact: { id }, thread }))
    expect(new Set(host.accepted.map(({ threadKey }) => threadKey)).size).toBe(places.length)
  })

  it.each([
    [{}, [true, false]],
    [{ threads: 'public' }, [true, false]],
    [{ threads: 'private' }, [false, false]],
  ])('with a thread is read by others unless threads are private: %j', async (section, expected) => {
    const { host, channel, says } = await open(section)
    await says(bodyOf({ kind: 'text', text: 'x' }, { id: '1', thread: 't' }))
    await says(bodyOf({ kind: 'text', text: 'x' }, { id: '2' }))
    expect(host.accepted.map((one) => channel.isShared?.(one))).toEqual(expected)
  })

  it('waits for pieces unless it is complete, and may want no reply', async () => {
    const { host, says } = await open()
    const text = { kind: 'text', text: '买了' }
    await says(bodyOf(text, { id: '1', complete: true }))
    await says(bodyOf(text, { id: '2', wantsReply: false }))
    await says(bodyOf({ kind: 'event', name: 'opened' }, { id: '3' }))
    expect(host.accepted.map(({ mayContinue, wantsReply }) => [mayContinue, wantsReply])).toEqual([
      [false, true],
      [true, false],
      [false, true],
    ])
  })
})

describe('10 000 mutated bodies', () => {
  it('are each a message or a refusal', async () => {
    const { host, says } = await open()
    const valid = bodyOf(
      { kind: 'event', name: 'choice', value: 'a', data: { deep: [{ a: 1 }] } },
      { thread: 't' },
    )
    const mutate = fc.tuple(
      fc.constantFrom(
        valid,
        hello,
        JSON.stringify({
          id: 'x',
          contact: { id: 'c' },
          parts: [{ kind: 'file', media: { base64: 'AAAA' }, name: 'a' }],
        }),
      ),
      fc.array(
        fc.tuple(
          fc.nat(400),
          fc.constantFrom('delete', 'insert', 'replace'),
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', '1e999', 'null', '\u0000'),
          ),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    )
    await fc.assert(
      fc.asyncProperty(mutate, async ([base, edits]) => {
        let body = base
        for (const [at, kind, text] of edits)
          body =
            body.slice(0, at) +
            (kind === 'delete' ? '' : text) +
            body.slice(kind === 'insert' ? at : at + text.length)
        const { status } = await says(body)
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 5_000, seed: 7 },
    )
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 5 }), async (body) => {
        expect([200, 400]).toContain((await says(body)).status)
      }),
      { numRuns: 5_000, seed: 8 },
    )
    for (const message of host.accepted) expect(message.parts.length).toBeGreaterThan(0)
  })

  it('never get past the schema', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const parsed = inboundBody.safeParse(value)
        expect(parsed.success ? parsed.data.parts.length > 0 : true).toBe(true)
      }),
      { numRuns: 1_000, seed: 9 },
    )
  })
})
