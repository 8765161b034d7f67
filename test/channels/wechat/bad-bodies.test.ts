import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAccount, messageXml, plainPush, rawSafePush, safePush, textXml, xmlOf } from './account.ts'
import type { Account, Signing } from './account.ts'

const oneRefusal = { status: 401, body: 'unauthorized' }

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

describe('bad bodies', () => {
  const plain = { mode: 'plain' }
  const cases: readonly (readonly [string, string | Uint8Array<ArrayBuffer>, number])[] = [
    ['nothing', '', 400],
    ['words', 'hello', 400],
    ['broken XML', '<xml><A></xml>', 400],
    ['broken JSON', '{"a":', 400],
    ['another root', '<rss><A>1</A></rss>', 400],
    ['DOCTYPE', `<!DOCTYPE x><xml><A>1</A></xml>`, 400],
    ['doubled field', messageXml({ MsgType: 'text', Content: 'a', MsgId: '1' }, '<Content>b</Content>'), 400],
    [
      'prototype key',
      messageXml({ MsgType: 'text', Content: 'a', MsgId: '1' }, '<__proto__><x>1</x></__proto__>'),
      400,
    ],
    [
      'invalid UTF-8',
      new Uint8Array([...Buffer.from('<xml><A>'), 0xff, 0xfe, ...Buffer.from('</A></xml>')]),
      400,
    ],
    [
      'half a character',
      new Uint8Array([...Buffer.from('<xml><A>'), 0xe4, 0xbd, ...Buffer.from('</A></xml>')]),
      400,
    ],
    [
      'no sender',
      xmlOf('<ToUserName>gh_1</ToUserName><CreateTime>1</CreateTime><MsgType>text</MsgType>'),
      400,
    ],
    [
      'no receiver',
      xmlOf('<FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType>'),
      400,
    ],
    ['no type', messageXml({}), 400],
    ['no time', messageXml({ MsgType: 'text', CreateTime: 'soon' }), 400],
    ['endless sender', messageXml({ MsgType: 'text', FromUserName: 'o'.repeat(129) }), 400],
    ['too much', textXml('x'.repeat(262_145)), 413],
  ]

  it.each(cases)('refuses %s with a fixed answer', async (_, body, status) => {
    const account = createAccount(plain)
    const seen = await outcome(account, plainPush(body, nowOf(account)))
    expect(seen).toMatchObject({ status, stored: 0, codes: [status === 413 ? 'too_large' : 'malformed'] })
    expect(seen.body).toBe(status === 413 ? 'payload too large' : 'bad request')
  })

  it('refuses compressed bodies', async () => {
    const account = createAccount(plain)
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000)))
    const seen = await outcome(account, plainPush(bomb, nowOf(account), { 'content-encoding': 'gzip' }))
    expect(seen).toMatchObject({ status: 415, stored: 0, codes: ['unsupported_encoding'] })
  })

  it('stops reading a stream that does not end', async () => {
    const account = createAccount(plain)
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1
        controller.enqueue(new Uint8Array(65_536).fill(0x78))
      },
    })
    const { url } = plainPush('', nowOf(account))
    const request = new Request(url, { method: 'POST', body: endless, duplex: 'half' })
    expect(await outcome(account, request)).toMatchObject({ status: 413, stored: 0 })
    expect(pulled).toBeLessThan(10)
  })

  it('does not read what is not signed', async () => {
    const account = createAccount()
    let pulled = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled += 1
          controller.enqueue(new Uint8Array(1_024))
        },
      },
      { highWaterMark: 0 },
    )
    const { url } = safePush(textXml('x'), { ...nowOf(account), token: 'wrongToken' })
    expect(await outcome(account, new Request(url, { method: 'POST', body, duplex: 'half' }))).toMatchObject(
      oneRefusal,
    )
    expect(pulled).toBe(0)
  })

  it('never throws and never answers 5xx, whatever is changed', async () => {
    const account = createAccount(plain)
    const safe = createAccount()
    const original = textXml('我的订单到哪了 😀')
    let pushes = 0
    const changes = fc.array(
      fc.record({
        at: fc.nat(original.length),
        cut: fc.nat(12),
        insert: fc.oneof(
          fc.string(),
          fc.constantFrom('<', '>', ']]>', '<![CDATA[', '&#0;', '<!DOCTYPE', '\u0000', '{', '}'),
        ),
      }),
      { maxLength: 5 },
    )
    const noise = fc.dictionary(
      fc.constantFrom('signature', 'timestamp', 'nonce', 'msg_signature', 'encrypt_type', 'x'),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(changes, noise, async (list, params) => {
        const body = list.reduce(
          (text, { at: from, cut, insert }) => text.slice(0, from) + insert + text.slice(from + cut),
          original,
        )
        const query = (given: URLSearchParams): void =>
          Object.entries(params).forEach(([name, value]) => given.set(name, value))
        const answers = [
          await account.call(plainPush(body, { ...nowOf(account), nonce: String((pushes += 1)) })),
          await account.call(plainPush(body, { ...nowOf(account), query })),
          await safe.call(safePush(body, nowOf(safe))),
          await safe.call(rawSafePush(body, nowOf(safe))),
        ]
        for (const { status } of answers) expect(status).toBeLessThan(500)
      }),
      { numRuns: 500 },
    )
  })
})
