import { createHmac, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkIdentity } from '../../../channels/web/identity-token.ts'
import type { SessionAnswer } from '../../../channels/web/protocol.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { openSession, request, serveWeb, visitorOf } from './visitor.ts'

const secret = 'a secret of the brand that is long enough'
const now = new Date('2026-11-28T04:00:00Z')
const nowS = now.getTime() / 1_000
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as a brand's server makes it. */
const tokenOf = (
  claims: Record<string, unknown>,
  options: { readonly header?: object; readonly key?: string; readonly hash?: string } = {},
): string => {
  const { header = { alg: 'HS256', typ: 'JWT' }, key = secret, hash = 'sha256' } = options
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`
}
const good = { sub: 'u-1', exp: nowS + 600 }
const check = (token: string) => checkIdentity(token, { secret, inboxId: 'web-test', maxMinutes: 60 }, now)

describe('identity tokens', () => {
  it('say who the customer is', () => {
    expect(check(tokenOf({ ...good, name: ' 阿白\u202E ', iat: nowS, aud: ['web-test'] }))).toEqual({
      kind: 'valid',
      customer: { id: 'u-1', name: '阿白' },
    })
    expect(check(tokenOf(good))).toEqual({ kind: 'valid', customer: { id: 'u-1' } })
  })

  it.each([
    ['no signature', `${encode({ alg: 'none' })}.${encode(good)}.`, 'malformed'],
    ['another algorithm', tokenOf(good, { header: { alg: 'HS512' }, hash: 'sha512' }), 'malformed'],
    ['an algorithm in lower case', tokenOf(good, { header: { alg: 'hs256' } }), 'malformed'],
    [
      'a header that must be understood',
      tokenOf(good, { header: { alg: 'HS256', crit: ['b64'] } }),
      'malformed',
    ],
    ['another secret', tokenOf(good, { key: `${secret}.` }), 'forged'],
    ['a changed body', tokenOf(good).replace(encode(good), encode({ ...good, sub: 'u-2' })), 'forged'],
    ['no end', tokenOf({ sub: 'u-1' }), 'malformed'],
    ['no customer', tokenOf({ exp: good.exp }), 'malformed'],
    ['a number for a customer', tokenOf({ ...good, sub: 7 }), 'malformed'],
    ['a line break in the customer', tokenOf({ ...good, sub: 'u\n1' }), 'malformed'],
    ['an end that has come', tokenOf({ ...good, exp: nowS }), 'expired'],
    ['a long life', tokenOf({ ...good, exp: nowS + 3_700 }), 'lives_too_long'],
    ['a beginning to come', tokenOf({ ...good, nbf: nowS + 120 }), 'early'],
    ['another audience', tokenOf({ ...good, aud: 'web-other' }), 'other_audience'],
    ['two parts', 'a.b', 'malformed'],
    ['no JSON', 'a.b.c', 'malformed'],
    ['a long text', `${'a'.repeat(5_000)}.b.c`, 'malformed'],
  ])('with %s are refused', (_what, token, reason) => {
    expect(check(token)).toEqual({ kind: 'refused', reason })
  })
})

describe('identifying', () => {
  let host: TestChannelHost
  let server: ChannelServer
  beforeEach(async () => {
    host = createTestChannelHost()
    server = await serveWeb(host, { identity: { secret } })
  })
  afterEach(() => server.close())

  const identityOf = (sub: string, name?: string): string =>
    tokenOf({ sub, exp: host.clock.now().getTime() / 1_000 + 600, ...(name !== undefined && { name }) })
  const identify = async (sub: string, token?: string, name?: string): Promise<SessionAnswer> => {
    const response = await request(server, '/identify', {
      body: { token: identityOf(sub, name) },
      ...(token !== undefined && { token }),
    })
    expect(response.status).toBe(200)
    return (await response.json()) as SessionAnswer
  }
  const say = async (token: string, text: string): Promise<void> => {
    const response = await request(server, '/messages', {
      token,
      body: { clientMsgId: randomUUID(), content: { text } },
    })
    expect(response.status).toBe(200)
  }

  it('leads a customer to one conversation from every browser', async () => {
    const phone = await identify('u-1')
    const desktop = await identify('u-1', await openSession(server))
    expect(desktop.visitor).toBe(phone.visitor)
    expect((await identify('u-2')).visitor).not.toBe(phone.visitor)
    expect(phone.known).toBe(true)
    expect(phone.hasSpoken).toBeUndefined()
  })

  it('joins what a customer writes by a key of the brand, under their name', async () => {
    const { token, visitor } = await identify('u-1', undefined, '阿白')
    await say(token, '退款')
    expect(host.accepted).toMatchObject([
      { contactKey: visitor, unionKey: 'web:web-test:u-1', displayName: '阿白' },
    ])
    expect((await identify('u-1')).hasSpoken).toBe(true)
  })

  it('ranks customers as the brand says', async () => {
    const identity = tokenOf({
      ...{ sub: 'u-1', tier: 'gold' },
      exp: host.clock.now().getTime() / 1_000 + 600,
    })
    const response = await request(server, '/identify', { body: { token: identity } })
    const { token, visitor } = (await response.json()) as SessionAnswer
    expect(host.tiers.size).toBe(0)
    await say(token, '退款')
    expect(host.tiers.get(visitor)).toBe('gold')
  })

  it('makes a stranger’s conversation the customer’s', async () => {
    const stranger = await openSession(server)
    await say(stranger, '退款多久到账')
    const known = await identify('u-1', stranger)
    expect(known.visitor).not.toBe(visitorOf(stranger))
    expect(host.accepted.at(-1)).toMatchObject({
      contactKey: visitorOf(stranger),
      unionKey: 'web:web-test:u-1',
      parts: [{ kind: 'event', name: 'identified' }],
      wantsReply: false,
    })
    expect(host.moved).toEqual([{ from: visitorOf(stranger), to: known.visitor }])
    const news = (await (await request(server, '/events?after=0', { token: known.token })).json()) as {
      events: { parts: unknown[] }[]
    }
    expect(news.events.map(({ parts }) => parts)).toEqual([[{ kind: 'text', text: '退款多久到账' }]])
  })

  it('stays with what was just said where the customer has a conversation already', async () => {
    await say((await identify('u-1')).token, '上周的事')
    const stranger = await openSession(server)
    await say(stranger, '今天的事')
    const known = await identify('u-1', stranger)
    expect(known.visitor).toBe(visitorOf(stranger))
    expect(host.moved).toEqual([])
    expect(host.accepted.at(-1)?.unionKey).toBe('web:web-test:u-1')
    expect((await identify('u-1', known.token)).visitor).toBe(known.visitor)
  })

  it('shows the next customer of a browser nothing of the one before', async () => {
    const first = await identify('u-1')
    await say(first.token, '我的事')
    const second = await identify('u-2', first.token)
    expect(second.visitor).not.toBe(first.visitor)
    expect(host.moved).toEqual([])
  })

  it('ends with the session’s hours; the page has to say again who it is', async () => {
    const { token } = await identify('u-1')
    host.clock.advance(12 * 3_600_000)
    expect((await request(server, '/session', { method: 'POST', token })).status).toBe(401)
  })

  it('refuses forged tokens with one word, and everything without a secret', async () => {
    const forged = await request(server, '/identify', { body: { token: `${identityOf('u-1')}x` } })
    expect([forged.status, await forged.json()]).toEqual([401, { code: 'bad_identity', retryable: false }])
    expect(host.logged.map(({ event }) => event)).toContain('identity token refused')
    expect(JSON.stringify(host.logged)).not.toContain(secret)
    await server.close()
    server = await serveWeb(host)
    const closed = await request(server, '/identify', { body: { token: identityOf('u-1') } })
    expect([closed.status, await closed.json()]).toEqual([401, { code: 'bad_identity', retryable: false }])
  })

  it('tells whether anybody said anything; a greeting alone is nothing', async () => {
    const { token } = await identify('u-1')
    expect((await request(server, '/events?after=0', { token })).status).toBe(200)
    expect(host.accepted).toHaveLength(1)
    expect((await identify('u-1')).hasSpoken).toBeUndefined()
    const pressed = await request(server, '/messages', {
      token,
      body: { clientMsgId: randomUUID(), content: { choice: 'refund' } },
    })
    expect(pressed.status).toBe(200)
    expect((await identify('u-1')).hasSpoken).toBe(true)
  })

  it('has limits: a customer’s is theirs, and bad tokens hold up no good ones', async () => {
    await server.close()
    const limits = { identitiesPerMinute: 2, sessionsPerMinute: 1 }
    server = await serveWeb(host, { identity: { secret }, limits })
    await openSession(server)
    const statusOf = async (token: string) => (await request(server, '/identify', { body: { token } })).status
    const forged = `${identityOf('u-1')}x`
    expect([await statusOf(forged), await statusOf(forged), await statusOf(forged)]).toEqual([401, 401, 429])
    expect([await statusOf(identityOf('u-1')), await statusOf(identityOf('u-1'))]).toEqual([200, 200])
    const more = await request(server, '/identify', { body: { token: identityOf('u-1') } })
    expect([more.status, await more.json()]).toMatchObject([429, { code: 'rate_limited', retryable: true }])
    expect(await statusOf(identityOf('u-2'))).toBe(200)
  })

  it('is for listed pages only', async () => {
    const foreign = await request(server, '/identify', {
      body: { token: identityOf('u-1') },
      origin: 'https://evil.test',
    })
    expect(foreign.status).toBe(403)
  })
})
