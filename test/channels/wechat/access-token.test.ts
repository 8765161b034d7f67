import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../../src/core/channel.ts'
import { ChannelError } from '../../../src/core/errors.ts'
import { outbound } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { createStillHost } from '../../support/still-host.ts'
import { createAccount } from './account.ts'
import { sendPath, startProvider, tokenPath } from './provider.ts'
import type { Provider } from './provider.ts'

let provider: Provider
let host: ContractHost
let channel: Channel

beforeEach(async () => {
  provider = await startProvider()
  host = createStillHost()
  ;({ channel } = createAccount({ apiBase: provider.url }, host))
})
afterEach(async () => {
  await channel.stop()
  await provider.close()
})

const send = (to: Channel = channel) => to.deliver(outbound({ kind: 'text', text: '在的' }))

const failureOf = async (work: Promise<unknown>): Promise<ChannelError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ChannelError) return error
  throw new Error('this should have failed', { cause: error })
}

const usedTokens = (): readonly (string | undefined)[] =>
  provider.callsTo(sendPath).map(({ query }) => query.get('access_token')?.slice(0, 7))

describe('the access token', () => {
  it('comes from stable_token and is kept, 512 characters and more', async () => {
    await send()
    await send()
    expect(provider.sent(tokenPath)).toEqual([
      {
        grant_type: 'client_credential',
        appid: 'wx0a1b2c3d4e5f6071',
        secret: 'app-secret-1',
        force_refresh: false,
      },
    ])
    expect(usedTokens()).toEqual(['token-1', 'token-1'])
  })

  it('is fetched once, however many need it on however many nodes', async () => {
    const second = createAccount({ apiBase: provider.url }, host).channel
    await Promise.all(Array.from({ length: 40 }, (_, n) => send(n % 2 === 0 ? channel : second)))
    expect(provider.callsTo(tokenPath)).toHaveLength(1)
    expect(new Set(usedTokens())).toEqual(new Set(['token-1']))
  })

  it('is renewed five to ten minutes before its end', async () => {
    await send()
    host.clock.advance((7_200 - 601) * 1_000)
    await send()
    expect(provider.callsTo(tokenPath)).toHaveLength(1)
    host.clock.advance(302_000)
    await send()
    expect(usedTokens()).toEqual(['token-1', 'token-1', 'token-2'])
  })

  it('holds on while renewing fails, until it ends', async () => {
    await send()
    host.clock.advance((7_200 - 200) * 1_000)
    provider.refuse(tokenPath, -1, -1)
    await send()
    expect(usedTokens()).toEqual(['token-1', 'token-1'])
    host.clock.advance(201_000)
    expect(await failureOf(send())).toMatchObject({ code: 'temporary' })
  })

  it.each([40001, 40014, 42001])(
    'is fetched again after errcode %i and the call repeated once',
    async (errcode) => {
      provider.refuse(sendPath, errcode)
      await send()
      expect(usedTokens()).toEqual(['token-1', 'token-2'])
      await send()
      expect(usedTokens()).toEqual(['token-1', 'token-2', 'token-2'])
    },
  )

  it('is not chased in a loop when a fresh one is refused too', async () => {
    provider.refuse(sendPath, 40001, 40001, 40001, 40001)
    const error = await failureOf(send())
    expect(error).toMatchObject({
      code: 'needs_operator',
      facts: { providerCode: 40001, hint: expect.stringContaining('/cgi-bin/token') },
    })
    expect(provider.callsTo(sendPath)).toHaveLength(2)
    expect(provider.callsTo(tokenPath)).toHaveLength(2)
  })

  it('is dropped only while it is the one that failed', async () => {
    // Both calls go out with the first token; the one answered last finds that the other has renewed it.
    const held: (() => void)[] = []
    provider.on(sendPath, ({ query }) => {
      const refused = query.get('access_token')?.startsWith('token-1') === true
      const answer = { json: { errcode: refused ? 40001 : 0, errmsg: '' } }
      return refused ? new Promise((resolve) => held.push(() => resolve(answer))) : answer
    })
    const first = send()
    const second = send()
    await expect.poll(() => held.length).toBe(2)
    held[0]?.()
    await Promise.race([first, second])
    held[1]?.()
    await Promise.all([first, second])
    expect(provider.callsTo(tokenPath)).toHaveLength(2)
  })

  it.each([
    [40164, 'needs_operator', 'add 203.0.113.9 to'],
    [61004, 'needs_operator', 'add 203.0.113.9 to'],
    [40125, 'needs_operator', 'set appSecret'],
    [40001, 'needs_operator', 'set appSecret'],
    [40243, 'needs_operator', 'unfreeze'],
    [40013, 'needs_operator', 'set appId'],
    [89503, 'needs_operator', 'administrator'],
    [89506, 'needs_operator', 'administrator'],
    [-1, 'temporary', ''],
    [45009, 'daily_quota', 'midnight'],
  ])('refused with %i is %s, and the hint says what to do', async (errcode, code, hint) => {
    provider.on(tokenPath, () => ({
      json: { errcode, errmsg: 'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 1' },
    }))
    const error = await failureOf(send())
    expect(error).toMatchObject({ code, facts: { providerCode: errcode } })
    expect(error.facts.hint ?? '').toContain(hint)
    expect(provider.callsTo(sendPath)).toHaveLength(0)
  })

  it('stays out of errors and logs, as the secret does', async () => {
    provider.refuse(sendPath, 40001, 40001)
    const refused = await failureOf(send())
    await provider.close()
    const unreachable = await failureOf(send())
    const seen = JSON.stringify([
      refused,
      refused.message,
      String(refused.cause),
      unreachable.message,
      String(unreachable.cause),
      host.logged,
    ])
    expect(['temporary', 'provider_down']).toContain(unreachable.code)
    expect(seen).not.toMatch(/token-\d|app-secret/)
  })
})

describe('an answer that is no answer', () => {
  it.each([
    [500, {}, 'temporary'],
    [502, {}, 'temporary'],
    [503, {}, 'provider_down'],
    [429, { 'retry-after': '7' }, 'rate_limited'],
    [404, {}, 'needs_operator'],
    [302, { location: '/elsewhere' }, 'temporary'],
  ])('HTTP %i is %s', async (status, headers, code) => {
    provider.on(sendPath, () => ({ json: {}, status, headers }))
    const error = await failureOf(send())
    expect(error.code).toBe(code)
    expect(error.facts.retryAfterMs).toBe(status === 429 ? 7_000 : undefined)
    expect(provider.callsTo('/elsewhere')).toHaveLength(0)
  })

  it.each(['', 'not json', '[1]', 'null'])('the body %j is temporary', async (json) => {
    provider.on(sendPath, () => ({ json }))
    expect((await failureOf(send())).code).toBe('temporary')
  })

  it('an endless body is cut off', async () => {
    provider.on(sendPath, () => ({ json: 'x'.repeat(1_100_000) }))
    expect((await failureOf(send())).code).toBe('permanent')
  })

  it('a token answer without a token is temporary', async () => {
    provider.on(tokenPath, () => ({ json: { expires_in: 7200 } }))
    expect((await failureOf(send())).code).toBe('temporary')
  })
})
