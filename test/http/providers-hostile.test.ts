import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import type { Person, Twist } from '../support/identity-provider.ts'
import { createBrowser, type Browser } from './client.ts'
import { fromElsewhere, leave, someone, useProviders } from './provider-stage.ts'

const stage = useProviders()
const { comeBack, goThrough, enter, hireAs } = stage

describe('what comes back', () => {
  const left = async (who: Person): Promise<{ browser: Browser; back: string }> => {
    stage.idp.is(who)
    const browser = createBrowser(stage.world.origin)
    const { json } = await leave(browser, 'staff')
    return { browser, back: await stage.idp.visit(String(json.url)) }
  }
  const placeOf = async (browser: Browser, back: string): Promise<string | null> =>
    (await comeBack(browser, back)).headers.get('location')

  it('counts once', async () => {
    const who = someone()
    await hireAs(who)
    const { browser, back } = await left(who)
    const cookie = browser.cookies.get('tongda_way') ?? ''
    expect(await placeOf(browser, back)).toBe('/desk')
    browser.cookies.set('tongda_way', cookie)
    expect(await placeOf(browser, back)).toBe('/desk/sign-in#refused=expired')
  })

  it('counts in the browser that left, at the provider it left for, for ten minutes', async () => {
    const who = someone()
    await hireAs(who)
    const stolen = await left(who)
    const victim = createBrowser(stage.world.origin)
    expect(await placeOf(victim, stolen.back)).toBe('/desk/sign-in#refused=expired')
    const other = await left(who)
    victim.cookies.set('tongda_way', other.browser.cookies.get('tongda_way') ?? '')
    expect(await placeOf(victim, (await left(who)).back)).toBe('/desk/sign-in#refused=expired')
    const mixed = await left(who)
    expect(await placeOf(mixed.browser, mixed.back.replace('/staff?', '/strict?'))).toBe(
      '/desk/sign-in#refused=expired',
    )
    const late = await left(who)
    stage.world.clock.advance(10 * 60_000)
    expect(await placeOf(late.browser, late.back)).toBe('/desk/sign-in#refused=expired')
  })

  it.each<Twist>([
    'audience',
    'expired',
    'issuer',
    'nonce',
    'no-id-token',
    'secret-as-key',
    'signature',
    'strange-key',
    'token-error',
    'unsigned',
  ])('is not believed with a wrong %s', async (twist) => {
    const who = someone()
    await hireAs(who)
    stage.idp.twist(twist)
    const { browser, at } = await enter(who)
    expect([at, browser.cookies.has('tongda_session')]).toEqual(['/desk/sign-in#refused=failed', false])
  })

  it('is not believed when the provider tells of somebody else', async () => {
    const { sub, ...claims } = someone()
    await hireAs(claims)
    stage.idp.twist('user-info-of-another')
    stage.idp.is({ sub }, claims)
    expect(await goThrough(createBrowser(stage.world.origin))).toBe('/desk/sign-in#refused=failed')
  })

  it.each([
    ['/staff', 'expired'],
    ['/staff?state=', 'expired'],
    ['/staff?code=x&state=<script>alert(1)</script>', 'expired'],
    ['/staff?error=access_denied&state=x', 'expired'],
    ['/nowhere?state=x', 'failed'],
    [`/staff?state=${'x'.repeat(9_000)}`, 'failed'],
  ])('may be anything, and leads to our own page: %s', async (path, refusal) => {
    const browser = createBrowser(stage.world.origin)
    const answer = await browser.get(encodeURI(`/desk/sign-in/callback${path}`), fromElsewhere())
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/desk/sign-in#refused=${refusal}`])
    expect([answer.text, answer.headers.get('cache-control')]).toEqual(['', 'no-store'])
    expect(browser.cookies.size).toBe(0)
  })

  it('may be a state of nobody, or a no', async () => {
    stage.idp.twist('state')
    expect((await enter(someone())).at).toBe('/desk/sign-in#refused=expired')
    stage.idp.twist('denied')
    expect((await enter(someone())).at).toBe('/desk/sign-in#refused=denied')
  })

  it('leaves no code, token or secret in the log, the audit log or the sign-in tables', async () => {
    const who = someone()
    await hireAs(who)
    for (const twist of [undefined, 'signature', 'token-error'] as const) {
      stage.idp.twist(twist)
      await enter(who)
    }
    await leave(createBrowser(stage.world.origin), 'staff')
    const rows = JSON.stringify([
      await stage.world.database.query('select * from audit_log'),
      await stage.world.database.query('select * from agent_identities'),
      await stage.world.database.query('select * from provider_attempts'),
      stage.world.log,
    ])
    expect(stage.idp.given.length).toBeGreaterThan(6)
    for (const secret of [...stage.idp.given, stage.idp.clientSecret]) expect(rows).not.toContain(secret)
  })
})

describe('the configuration', () => {
  const faultsOf = (more: object): string => {
    const base = { issuer: 'https://login.example.com', clientId: 'x', label: { zh: '账号', en: 'account' } }
    const parsed = parseConfig({ signIn: { oidc: { staff: { ...base, ...more } } } })
    return 'faults' in parsed ? parsed.faults.map(({ key }) => key).join() : ''
  }
  it.each([
    ['http elsewhere than on loopback', { issuer: 'http://login.example.com' }, 'issuer'],
    ['a query', { issuer: 'https://login.example.com/?x=1' }, 'issuer'],
    ['a user in the address', { issuer: 'https://u:p@login.example.com' }, 'issuer'],
    ['a domain with @', { allowedDomains: ['@example.com'] }, 'allowedDomains'],
    ['a role that is none', { role: 'root' }, 'role'],
    ['a team by its name', { teams: { claim: 'g', values: { a: ['refunds'] } } }, 'teams'],
    ['an unknown key', { secret: 'x' }, 'staff'],
  ])('refuses %s', (_what, more, key) => {
    expect(faultsOf(more)).toContain(key)
    expect(faultsOf({})).toBe('')
  })
})
