import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Agent } from '../../src/core/agent.ts'
import { parseConfig } from '../../src/config.ts'
import {
  startIdentityProvider,
  type IdentityProvider,
  type Person,
  type Twist,
} from '../support/identity-provider.ts'
import { hireWithApp } from './authenticator.ts'
import { createBrowser, type Answer, type Browser } from './client.ts'
import { createProgram, type Program } from './v1/program.ts'
import { openWorld, type World } from './world.ts'

const password = 'correct horse 白马'
const team = randomUUID()

let idp: IdentityProvider
let world: World
let program: Program

/** The configuration of the providers, checked as the product checks it. */
const configure = ({ issuer, clientId, clientSecret }: IdentityProvider) => {
  const common = { issuer, clientId, label: { zh: '公司账号', en: 'company account' } }
  const parsed = parseConfig({
    signIn: {
      oidc: {
        staff: { ...common, clientSecret },
        strict: { ...common, clientSecret, allowedDomains: ['example.com'], create: true },
        ruled: {
          ...{ ...common, clientSecret, create: true, trustSecondStep: true, signOutThere: true },
          roles: { claim: 'realm.roles', values: { leads: 'supervisor', staff: 'agent' } },
          teams: { claim: 'groups', values: { refunds: [team] } },
        },
      },
    },
  })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config.signIn.oidc
}

beforeAll(async () => {
  idp = await startIdentityProvider()
  world = await openWorld({}, [], {}, { oidc: configure(idp) })
  program = await createProgram(world, ['admin'])
  await world.database.query(
    `insert into teams (id, name_zh, name_en, spread, is_default, kinds, topics, priorities, channels, skills, created_at, updated_at)
     values ($1, '退款组', 'Refunds', 'leastLoaded', false, '{}', '{}', '{}', '{}', '{}', now(), now())`,
    [team],
  )
})
afterAll(async () => {
  await world.stop()
  await idp.stop()
})
afterEach(() => {
  idp.twist(undefined)
  idp.down = false
})

let people = 0
/** Somebody whom the provider knows by a verified address. */
const someone = (more: Readonly<Record<string, unknown>> = {}): Person & { readonly email: string } => {
  people += 1
  return {
    sub: `sub-${String(people)}`,
    email: `known${String(people)}@example.com`,
    email_verified: true,
    ...more,
  }
}

let addresses = 0
const fromElsewhere = (): Record<string, string> => {
  addresses += 1
  return { 'x-forwarded-for': `198.18.${String(100 + (addresses >> 8))}.${String(addresses & 255)}` }
}
const leave = (browser: Browser, provider: string, more: object = {}): Promise<Answer> =>
  browser.post('/api/desk/session/provider', { provider, ...more }, fromElsewhere())
const comeBack = (browser: Browser, back: string): Promise<Answer> =>
  browser.get(back.replace(world.origin, ''), fromElsewhere())

/** Goes to the provider and back; gives where the browser is led in the end. */
const goThrough = async (browser: Browser, provider = 'staff', more: object = {}): Promise<string | null> => {
  const left = await leave(browser, provider, more)
  expect([left.status, left.text]).toEqual([200, expect.any(String)])
  const answer = await comeBack(browser, await idp.visit(String(left.json.url)))
  expect(answer.status).toBe(303)
  return answer.headers.get('location')
}
const enter = async (who: Person, provider = 'staff'): Promise<{ browser: Browser; at: string | null }> => {
  idp.is(who)
  const browser = createBrowser(world.origin)
  return { browser, at: await goThrough(browser, provider) }
}
const me = async (browser: Browser): Promise<Agent | undefined> =>
  (await browser.get('/api/desk/me')).json.agent as Agent | undefined
const hireAs = ({ email }: { readonly email: string }, role: Agent['role'] = 'agent') =>
  world.agents.create({ name: '李然', email, role })

describe('the sign-in page', () => {
  it('is told which providers there are, and no more', async () => {
    const { status, json, text } = await createBrowser(world.origin).get('/api/desk/session/ways')
    expect([status, json.providers]).toEqual([
      200,
      ['staff', 'strict', 'ruled'].map((id) => ({ id, label: { zh: '公司账号', en: 'company account' } })),
    ])
    expect(text).not.toContain(idp.clientSecret)
    expect(text).not.toContain(idp.issuer)
  })

  it('leads to the provider with PKCE, state and nonce, each new', async () => {
    const urls = await Promise.all(
      [0, 1].map(async () => new URL(String((await leave(createBrowser(world.origin), 'staff')).json.url))),
    )
    for (const url of urls)
      expect(Object.fromEntries(url.searchParams)).toEqual({
        client_id: idp.clientId,
        response_type: 'code',
        redirect_uri: `${world.origin}/desk/sign-in/callback/staff`,
        scope: 'openid email profile',
        code_challenge_method: 'S256',
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        state: expect.stringMatching(/^[\w-]{43}$/),
        nonce: expect.stringMatching(/^[\w-]{43}$/),
      })
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(urls[0]?.searchParams.get(name)).not.toBe(urls[1]?.searchParams.get(name))
  })

  it.each(['https://evil.example', '//evil.example', '/desk', '#/t/../../x', 'javascript:alert(1)'])(
    'leads nowhere else afterwards: %s',
    async (wanted) => {
      expect((await leave(createBrowser(world.origin), 'staff', { wanted })).status).toBe(400)
    },
  )

  it('says so when the provider is away, and finds it when it is back', async () => {
    const fresh = await openWorld({}, [], {}, { oidc: configure(idp) })
    try {
      idp.down = true
      const ask = () => createBrowser(fresh.origin).post('/api/desk/session/provider', { provider: 'staff' })
      const refused = await ask()
      expect([refused.status, refused.json]).toMatchObject([503, { reason: 'provider' }])
      idp.down = false
      expect((await ask()).status).toBe(200)
      expect(
        (await createBrowser(fresh.origin).post('/api/desk/session/provider', { provider: 'no' })).status,
      ).toBe(404)
    } finally {
      await fresh.stop()
    }
  })
})

describe('somebody who comes back', () => {
  it('is linked by a verified address once, and known by the account from then on', async () => {
    const who = someone()
    const agent = await hireAs(who)
    const first = await enter(who)
    expect([first.at, (await me(first.browser))?.id]).toEqual(['/desk', agent.id])

    // Another address at the provider, even a colleague's, makes nobody else of them.
    const colleague = await world.hire('admin')
    const again = await enter({ ...who, email: colleague.email })
    expect((await me(again.browser))?.id).toBe(agent.id)
    const { sessions } = (await again.browser.get('/api/desk/sessions')).json as {
      sessions: { by: string; current: boolean }[]
    }
    expect(sessions.find(({ current }) => current)).toMatchObject({ by: 'provider' })
    const [noted] = await world.database.query(
      "select detail from audit_log where act = 'identity.linked' and object_id = $1",
      [agent.id],
    )
    expect(noted).toEqual({ detail: { issuer: idp.issuer } })
  })

  it.each([
    ['without a word of it', { email_verified: undefined }],
    ['that is not verified', { email_verified: false }],
    ['that is said not to be', { email_verified: 'false' }],
  ])('is nobody by an address %s', async (_what, claims) => {
    const who = someone(claims)
    await hireAs(who)
    const { browser, at } = await enter(who)
    expect(at).toBe('/desk/sign-in#refused=unverified')
    expect(browser.cookies.has('tongda_session')).toBe(false)
    expect(
      await world.database.query('select 1 from agent_identities where subject = $1', [who.sub]),
    ).toHaveLength(0)
  })

  it('is believed whose provider writes it as text, or tells it on request alone', async () => {
    const text = someone({ email_verified: 'true' })
    await hireAs(text)
    expect((await enter(text)).at).toBe('/desk')

    const { sub, ...claims } = someone()
    const agent = await hireAs(claims as { email: string })
    idp.is({ sub }, claims)
    const browser = createBrowser(world.origin)
    expect(await goThrough(browser)).toBe('/desk')
    expect((await me(browser))?.id).toBe(agent.id)
  })

  it('is not believed when one source has the address and the other verifies another', async () => {
    const { sub, email } = someone()
    await hireAs({ email })
    idp.is({ sub, email }, { email: 'mine@example.com', email_verified: true })
    expect(await goThrough(createBrowser(world.origin))).toBe('/desk/sign-in#refused=unverified')
    idp.is({ sub, email }, { email, email_verified: true })
    expect(await goThrough(createBrowser(world.origin))).toBe('/desk')
  })

  it('is refused who is nobody here, unless the provider may bring new people', async () => {
    const who = someone({ name: '新来' })
    expect((await enter(who)).at).toBe('/desk/sign-in#refused=unknown')
    const { browser } = await enter(who, 'strict')
    expect(await me(browser)).toMatchObject({ name: '新来', email: who.email, role: 'agent' })
  })

  it('is refused with an address of another domain', async () => {
    for (const email of ['who@example.org', 'who@sub.example.com', 'who@example.com.evil.example'])
      expect((await enter(someone({ email }), 'strict')).at).toBe('/desk/sign-in#refused=domain')
    expect((await enter({ sub: 'no-address' }, 'strict')).at).toBe('/desk/sign-in#refused=domain')
  })

  it('is refused with a second account that shows the same address', async () => {
    const who = someone()
    await hireAs(who)
    await enter(who)
    expect((await enter({ ...who, sub: 'another-account' })).at).toBe('/desk/sign-in#refused=other-account')
  })

  it('is refused who was deactivated, by account and by address', async () => {
    await world.hire('admin')
    const [linked, unlinked] = [someone(), someone()]
    const agents = [await hireAs(linked), await hireAs(unlinked)]
    await enter(linked)
    for (const { id } of agents) await program.post(`/agents/${id}/deactivate`)
    for (const who of [linked, unlinked])
      expect((await enter(who)).at).toBe('/desk/sign-in#refused=deactivated')
    expect((await enter(unlinked, 'strict')).at).toBe('/desk/sign-in#refused=deactivated')
  })

  it('owes the second step all the same, unless the provider is trusted with it', async () => {
    const { agent, app } = await hireWithApp(world, password)
    const who = someone({ email: agent.email, realm: { roles: ['staff'] } })
    const { browser, at } = await enter(who)
    expect([at, await me(browser)]).toEqual(['/desk/sign-in#second-step', undefined])
    const second = await browser.post('/api/desk/session/second-step', { code: app.code() })
    expect([second.json, (await me(browser))?.id]).toEqual([{ next: 'desk' }, agent.id])
    expect((await enter(who, 'ruled')).at).toBe('/desk')
  })

  it('lands where they wanted to', async () => {
    const who = someone()
    await hireAs(who)
    idp.is(who)
    expect(await goThrough(createBrowser(world.origin), 'staff', { wanted: '#/t/abc-1' })).toBe(
      '/desk#/t/abc-1',
    )
  })
})

describe('what comes back', () => {
  const left = async (who: Person): Promise<{ browser: Browser; back: string }> => {
    idp.is(who)
    const browser = createBrowser(world.origin)
    const { json } = await leave(browser, 'staff')
    return { browser, back: await idp.visit(String(json.url)) }
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
    const victim = createBrowser(world.origin)
    expect(await placeOf(victim, stolen.back)).toBe('/desk/sign-in#refused=expired')
    const other = await left(who)
    victim.cookies.set('tongda_way', other.browser.cookies.get('tongda_way') ?? '')
    expect(await placeOf(victim, (await left(who)).back)).toBe('/desk/sign-in#refused=expired')
    const mixed = await left(who)
    expect(await placeOf(mixed.browser, mixed.back.replace('/staff?', '/strict?'))).toBe(
      '/desk/sign-in#refused=expired',
    )
    const late = await left(who)
    world.clock.advance(10 * 60_000)
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
    idp.twist(twist)
    const { browser, at } = await enter(who)
    expect([at, browser.cookies.has('tongda_session')]).toEqual(['/desk/sign-in#refused=failed', false])
  })

  it('is not believed when the provider tells of somebody else', async () => {
    const { sub, ...claims } = someone()
    await hireAs(claims as { email: string })
    idp.twist('user-info-of-another')
    idp.is({ sub }, claims)
    expect(await goThrough(createBrowser(world.origin))).toBe('/desk/sign-in#refused=failed')
  })

  it.each([
    ['/staff', 'expired'],
    ['/staff?state=', 'expired'],
    ['/staff?code=x&state=<script>alert(1)</script>', 'expired'],
    ['/staff?error=access_denied&state=x', 'expired'],
    ['/nowhere?state=x', 'failed'],
    [`/staff?state=${'x'.repeat(9_000)}`, 'failed'],
  ])('may be anything, and leads to our own page: %s', async (path, refusal) => {
    const browser = createBrowser(world.origin)
    const answer = await browser.get(encodeURI(`/desk/sign-in/callback${path}`), fromElsewhere())
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/desk/sign-in#refused=${refusal}`])
    expect([answer.text, answer.headers.get('cache-control')]).toEqual(['', 'no-store'])
    expect(browser.cookies.size).toBe(0)
  })

  it('may be a state of nobody, or a no', async () => {
    idp.twist('state')
    expect((await enter(someone())).at).toBe('/desk/sign-in#refused=expired')
    idp.twist('denied')
    expect((await enter(someone())).at).toBe('/desk/sign-in#refused=denied')
  })

  it('leaves no code, token or secret in the log, the audit log or the sign-in tables', async () => {
    const rows = JSON.stringify([
      await world.database.query('select * from audit_log'),
      await world.database.query('select * from agent_identities'),
      await world.database.query('select * from provider_attempts'),
      world.log,
    ])
    expect(idp.given.length).toBeGreaterThan(10)
    for (const secret of [...idp.given, idp.clientSecret]) expect(rows).not.toContain(secret)
  })
})

describe('a provider that rules', () => {
  const withRoles = (...words: string[]) => someone({ realm: { roles: words }, name: '组长' })

  it('gives the role at every sign-in, and what was open under the old one ends', async () => {
    const who = withRoles('staff', 'leads')
    const { browser } = await enter(who, 'ruled')
    // Of several the first that is written in the configuration.
    expect(await me(browser)).toMatchObject({ role: 'supervisor' })
    const lowered = await enter({ ...who, realm: { roles: ['staff'] } }, 'ruled')
    expect(await me(lowered.browser)).toMatchObject({ role: 'agent' })
    expect(await me(browser)).toBeUndefined()
  })

  it('lets nobody in for whom it has no role', async () => {
    const who = withRoles('staff')
    await enter(who, 'ruled')
    for (const realm of [{ roles: ['strangers'] }, { roles: 'leadsx' }, {}, 7])
      expect((await enter({ ...who, realm }, 'ruled')).at).toBe('/desk/sign-in#refused=role')
  })

  it('puts into its teams and takes out of them, and leaves the others alone', async () => {
    const other = await program.post('/teams', { name: { zh: '其他组', en: 'Others' } })
    const who = withRoles('staff')
    const { browser } = await enter({ ...who, groups: ['refunds'] }, 'ruled')
    const id = (await me(browser))?.id ?? ''
    const teamsOf = async () => (await program.get(`/agents/${id}`)).json.teamIds
    expect(await teamsOf()).toEqual([team])
    await program.call('PATCH', `/agents/${id}`, { body: { teamIds: [team, other.json.id] } })
    await enter(who, 'ruled')
    expect(await teamsOf()).toEqual([other.json.id])
  })

  it('does not take the last administrator away', async () => {
    const lonely = await openWorld({}, [], {}, { oidc: configure(idp) })
    try {
      const who = withRoles('staff')
      await lonely.agents.create({ name: '掌柜', email: who.email, role: 'admin' })
      idp.is(who)
      const browser = createBrowser(lonely.origin)
      const { json } = await browser.post('/api/desk/session/provider', { provider: 'ruled' })
      const back = await idp.visit(String(json.url))
      expect((await browser.get(back.replace(lonely.origin, ''))).headers.get('location')).toBe('/desk')
      expect((await browser.get('/api/desk/me')).json).toMatchObject({ agent: { role: 'admin' } })
    } finally {
      await lonely.stop()
    }
  })

  it('is told of signing out, where it has a place for it', async () => {
    const { browser } = await enter(withRoles('staff'), 'ruled')
    const { json } = await browser.post('/api/desk/session/sign-out')
    const at = new URL(String(json.at))
    expect([at.origin + at.pathname, Object.fromEntries(at.searchParams)]).toEqual([
      `${idp.issuer}/end`,
      { client_id: idp.clientId, post_logout_redirect_uri: `${world.origin}/desk/sign-in` },
    ])
    const who = someone()
    await hireAs(who)
    const quiet = await enter(who)
    expect((await quiet.browser.post('/api/desk/session/sign-out')).json).toEqual({ done: true })
  })
})

describe('an invitation', () => {
  const invite = async (email: string): Promise<string> => {
    const { json } = await program.post('/invitations', { email, role: 'senior', name: '陈晨' })
    return /#invitation=([\w-]+)$/.exec(String(json.link))?.[1] ?? ''
  }

  it('can be accepted with an account of a provider, whatever its address', async () => {
    const invitation = await invite('invited@example.com')
    const who = someone({ email: 'private@example.org', email_verified: false })
    idp.is(who)
    const browser = createBrowser(world.origin)
    expect(await goThrough(browser, 'staff', { invitation })).toBe('/desk')
    expect(await me(browser)).toMatchObject({ name: '陈晨', email: 'invited@example.com', role: 'senior' })
    expect((await enter(who)).at).toBe('/desk')
    expect(await goThrough(createBrowser(world.origin), 'staff', { invitation })).toBe('/desk')
    idp.is(someone())
    expect(await goThrough(createBrowser(world.origin), 'staff', { invitation })).toBe(
      '/desk/sign-in#refused=invitation',
    )
  })

  it('makes no second person of somebody who is here', async () => {
    const who = someone()
    const agent = await hireAs(who)
    await enter(who)
    const invitation = await invite('second@example.com')
    idp.is(who)
    const browser = createBrowser(world.origin)
    expect(await goThrough(browser, 'staff', { invitation })).toBe('/desk')
    expect((await me(browser))?.id).toBe(agent.id)
    // It is still there for whom it is for.
    idp.is(someone())
    const other = createBrowser(world.origin)
    expect(await goThrough(other, 'staff', { invitation })).toBe('/desk')
    expect(await me(other)).toMatchObject({ email: 'second@example.com' })
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
