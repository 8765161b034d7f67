import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createMovableClock } from '../../../src/core/clock.ts'
import { createOriginRule, createTokens, createVisitorId } from '../../../channels/web/verify.ts'

const dayMs = 86_400_000
const setUp = (secret = 's3cret', inboxId = 'web-a') => {
  // It stands still: tokens are looked at a second before their end.
  const clock = createMovableClock({ now: () => new Date('2026-11-28T04:00:00Z') })
  return {
    clock,
    tokens: createTokens({
      inboxId,
      secret: () => Promise.resolve(secret),
      clock,
      lifeMs: 30 * dayMs,
      customerLifeMs: dayMs,
    }),
  }
}

describe('visitor tokens', () => {
  it('carry the visitor over restarts of the server', async () => {
    const visitor = createVisitorId()
    const { token } = await setUp().tokens.issue(visitor)
    const check = await setUp().tokens.verify(token)
    expect(check).toMatchObject({ kind: 'valid', session: { visitor } })
  })

  it('are refused by another inbox, even with the same secret', async () => {
    const { token } = await setUp('s3cret', 'web-a').tokens.issue(createVisitorId())
    expect(await setUp('s3cret', 'web-b').tokens.verify(token)).toEqual({
      kind: 'refused',
      reason: 'foreign',
    })
  })

  it('are refused when another secret signed them', async () => {
    const { token } = await setUp('other').tokens.issue(createVisitorId())
    expect(await setUp().tokens.verify(token)).toEqual({ kind: 'refused', reason: 'forged' })
  })

  it('end exactly after 30 days and age after 15', async () => {
    const { clock, tokens } = setUp()
    const { token, expiresAt } = await tokens.issue(createVisitorId())
    const check = await tokens.verify(token)
    if (check.kind !== 'valid') throw new Error('expected a valid token')
    expect(tokens.isAging(check.session)).toBe(false)
    clock.advance(15 * dayMs + 1_000)
    expect(tokens.isAging(check.session)).toBe(true)
    clock.advance(expiresAt.getTime() - clock.now().getTime() - 1_000)
    expect((await tokens.verify(token)).kind).toBe('valid')
    clock.advance(1_000)
    expect(await tokens.verify(token)).toEqual({ kind: 'refused', reason: 'expired' })
  })

  it('say who a customer is, for a day, and only the brand renews them', async () => {
    const { clock, tokens } = setUp()
    const customer = { id: 'u-1', name: '阿白' }
    const { token } = await tokens.issue(await tokens.homeOf(customer), customer)
    clock.advance(dayMs - 2_000)
    const check = await tokens.verify(token)
    if (check.kind !== 'valid') throw new Error('expected a valid token')
    expect(check.session).toMatchObject({ customer, visitor: await setUp().tokens.homeOf({ id: 'u-1' }) })
    expect(tokens.isAging(check.session)).toBe(false)
    clock.advance(2_000)
    expect(await tokens.verify(token)).toEqual({ kind: 'refused', reason: 'expired' })
  })

  it('make another visitor of each customer, and of the same one in another inbox', async () => {
    const homes = await Promise.all([
      setUp().tokens.homeOf({ id: 'u-1' }),
      setUp().tokens.homeOf({ id: 'u-2' }),
      setUp('s3cret', 'web-b').tokens.homeOf({ id: 'u-1' }),
      setUp('other').tokens.homeOf({ id: 'u-1' }),
    ])
    expect(new Set(homes).size).toBe(4)
    for (const home of homes) expect(home).toMatch(/^[\w-]{22}$/)
  })

  it('are refused when any one character is changed', async () => {
    const { tokens } = setUp()
    const { token } = await tokens.issue(createVisitorId())
    for (let at = 0; at < token.length; at += 1) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      expect((await tokens.verify(changed)).kind, `position ${at}`).toBe('refused')
    }
  })

  it.each([
    '',
    'v1',
    'v1...',
    'v2.00000000.e30.x',
    `v1.00000000.${'A'.repeat(5_000)}.${'A'.repeat(43)}`,
    '\u0000',
  ])('are refused without a throw: %j', async (token) =>
    expect((await setUp().tokens.verify(token)).kind).toBe('refused'),
  )

  it('are refused when the signature is right but the claims are not ours', async () => {
    const { tokens } = setUp()
    const keyId = (await tokens.issue(createVisitorId())).token.split('.')[1] ?? ''
    for (const claims of [
      'null',
      '{}',
      '[]',
      '{"inbox":"web-a","visitor":"x","iat":0,"exp":9e99}',
      'not json',
    ]) {
      const signed = `v1.${keyId}.${Buffer.from(claims).toString('base64url')}`
      const signature = createHmac('sha256', 's3cret').update(signed).digest('base64url')
      expect(await tokens.verify(`${signed}.${signature}`)).toEqual({ kind: 'refused', reason: 'malformed' })
    }
  })

  it('tolerate claims of a newer version', async () => {
    const { tokens, clock } = setUp()
    const visitor = createVisitorId()
    const keyId = (await tokens.issue(visitor)).token.split('.')[1] ?? ''
    const iat = Math.floor(clock.now().getTime() / 1_000)
    const claims = JSON.stringify({ inbox: 'web-a', visitor, iat, exp: iat + 60, sub: 'customer-1' })
    const signed = `v1.${keyId}.${Buffer.from(claims).toString('base64url')}`
    const signature = createHmac('sha256', 's3cret').update(signed).digest('base64url')
    expect((await tokens.verify(`${signed}.${signature}`)).kind).toBe('valid')
  })

  it('ask for the secret again after a failure', async () => {
    let asked = 0
    const secret = () =>
      (asked += 1) === 1 ? Promise.reject(new Error('database away')) : Promise.resolve('s3cret')
    const lives = { lifeMs: dayMs, customerLifeMs: dayMs }
    const tokens = createTokens({ inboxId: 'web-a', secret, clock: createMovableClock(), ...lives })
    await expect(tokens.issue(createVisitorId())).rejects.toThrow('database away')
    const { token } = await tokens.issue(createVisitorId())
    expect((await tokens.verify(token)).kind).toBe('valid')
    expect(asked).toBe(2)
  })

  it('belong to visitors with 128 random bits', () => {
    const ids = Array.from({ length: 1_000 }, createVisitorId)
    expect(new Set(ids).size).toBe(1_000)
    expect(ids.every((id) => Buffer.from(id, 'base64url').length === 16)).toBe(true)
  })
})

describe('origins', () => {
  const rule = createOriginRule({
    publicUrl: 'https://chat.example.com/desk/',
    origins: ['https://www.example.com'],
  })

  it.each([
    null,
    'null',
    '',
    '*',
    'https://www.example.com/',
    'https://www.example.com.evil.test',
    'https://evil-www.example.com',
    'https://evil.test/https://www.example.com',
    'https://www.example.com@evil.test',
    'http://www.example.com',
    'https://www.example.com:8443',
    'https://WWW.example.com',
    'https://chat.example.com',
    '//www.example.com',
  ])('refuse %j', (origin) => expect(rule.allows(origin)).toBe(false))

  it('allow exactly what is listed', () => expect(rule.allows('https://www.example.com')).toBe(true))

  it('are the product’s own address by default', () => {
    const own = createOriginRule({ publicUrl: 'https://chat.example.com/desk/' })
    expect(own.allows('https://chat.example.com')).toBe(true)
    expect(own.allows('https://www.example.com')).toBe(false)
  })

  it('may be absent on requests that bear a token, unless the browser says they come from elsewhere', () => {
    const allows = (headers: Record<string, string>) => rule.allowsBearer(new Headers(headers))
    expect(allows({})).toBe(true)
    expect(allows({ 'sec-fetch-site': 'same-origin' })).toBe(true)
    expect(allows({ 'sec-fetch-site': 'cross-site' })).toBe(false)
    expect(allows({ 'sec-fetch-site': 'same-site' })).toBe(false)
    expect(allows({ origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' })).toBe(false)
  })
})
