import { beforeAll, describe, expect, it } from 'vitest'
import { hireWithApp } from './authenticator.ts'
import { createBrowser } from './client.ts'
import { configure, leave, me, someone, team, useProviders } from './provider-stage.ts'
import { createProgram, type Program } from './v1/program.ts'
import { openWorld } from './world.ts'

const password = 'correct horse 白马'
const stage = useProviders()
const { goThrough, enter, hireAs } = stage
let program: Program
beforeAll(async () => {
  program = await createProgram(stage.world, ['admin'])
})

describe('the sign-in page', () => {
  it('is told which providers there are, and no more', async () => {
    const { status, json, text } = await createBrowser(stage.world.origin).get('/api/desk/session/ways')
    expect([status, json.providers]).toEqual([
      200,
      ['staff', 'strict', 'ruled'].map((id) => ({ id, label: { zh: '公司账号', en: 'company account' } })),
    ])
    expect(text).not.toContain(stage.idp.clientSecret)
    expect(text).not.toContain(stage.idp.issuer)
  })

  it('leads to the provider with PKCE, state and nonce, each new', async () => {
    const urls = await Promise.all(
      [0, 1].map(
        async () => new URL(String((await leave(createBrowser(stage.world.origin), 'staff')).json.url)),
      ),
    )
    for (const url of urls)
      expect(Object.fromEntries(url.searchParams)).toEqual({
        client_id: stage.idp.clientId,
        response_type: 'code',
        redirect_uri: `${stage.world.origin}/desk/sign-in/callback/staff`,
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
      expect((await leave(createBrowser(stage.world.origin), 'staff', { wanted })).status).toBe(400)
    },
  )

  it('says so when the provider is away, and finds it when it is back', async () => {
    const fresh = await openWorld({}, [], {}, { oidc: configure(stage.idp) })
    try {
      stage.idp.down = true
      const ask = () => createBrowser(fresh.origin).post('/api/desk/session/provider', { provider: 'staff' })
      const refused = await ask()
      expect([refused.status, refused.json]).toMatchObject([503, { reason: 'provider' }])
      stage.idp.down = false
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
    const colleague = await stage.world.hire('admin')
    const again = await enter({ ...who, email: colleague.email })
    expect((await me(again.browser))?.id).toBe(agent.id)
    const { sessions } = (await again.browser.get('/api/desk/sessions')).json as {
      sessions: { by: string; current: boolean }[]
    }
    expect(sessions.find(({ current }) => current)).toMatchObject({ by: 'provider' })
    const [noted] = await stage.world.database.query(
      "select detail from audit_log where act = 'identity.linked' and object_id = $1",
      [agent.id],
    )
    expect(noted).toEqual({ detail: { issuer: stage.idp.issuer } })
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
      await stage.world.database.query('select 1 from agent_identities where subject = $1', [who.sub]),
    ).toHaveLength(0)
  })

  it('is believed whose provider writes it as text, or tells it on request alone', async () => {
    const text = someone({ email_verified: 'true' })
    await hireAs(text)
    expect((await enter(text)).at).toBe('/desk')

    const { sub, ...claims } = someone()
    const agent = await hireAs(claims)
    stage.idp.is({ sub }, claims)
    const browser = createBrowser(stage.world.origin)
    expect(await goThrough(browser)).toBe('/desk')
    expect((await me(browser))?.id).toBe(agent.id)
  })

  it('is not believed when one source has the address and the other verifies another', async () => {
    const { sub, email } = someone()
    await hireAs({ email })
    stage.idp.is({ sub, email }, { email: 'mine@example.com', email_verified: true })
    expect(await goThrough(createBrowser(stage.world.origin))).toBe('/desk/sign-in#refused=unverified')
    stage.idp.is({ sub, email }, { email, email_verified: true })
    expect(await goThrough(createBrowser(stage.world.origin))).toBe('/desk')
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
    await stage.world.hire('admin')
    const [linked, unlinked] = [someone(), someone()]
    const agents = [await hireAs(linked), await hireAs(unlinked)]
    await enter(linked)
    for (const { id } of agents) await program.post(`/agents/${id}/deactivate`)
    for (const who of [linked, unlinked])
      expect((await enter(who)).at).toBe('/desk/sign-in#refused=deactivated')
    expect((await enter(unlinked, 'strict')).at).toBe('/desk/sign-in#refused=deactivated')
  })

  it('owes the second step all the same, unless the provider is trusted with it', async () => {
    const { agent, app } = await hireWithApp(stage.world, password)
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
    stage.idp.is(who)
    expect(await goThrough(createBrowser(stage.world.origin), 'staff', { wanted: '#/t/abc-1' })).toBe(
      '/desk#/t/abc-1',
    )
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
    const lonely = await openWorld({}, [], {}, { oidc: configure(stage.idp) })
    try {
      const who = withRoles('staff')
      await lonely.agents.create({ name: '掌柜', email: who.email, role: 'admin' })
      stage.idp.is(who)
      const browser = createBrowser(lonely.origin)
      const { json } = await browser.post('/api/desk/session/provider', { provider: 'ruled' })
      const back = await stage.idp.visit(String(json.url))
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
      `${stage.idp.issuer}/end`,
      { client_id: stage.idp.clientId, post_logout_redirect_uri: `${stage.world.origin}/desk/sign-in` },
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
    stage.idp.is(who)
    const browser = createBrowser(stage.world.origin)
    expect(await goThrough(browser, 'staff', { invitation })).toBe('/desk')
    expect(await me(browser)).toMatchObject({ name: '陈晨', email: 'invited@example.com', role: 'senior' })
    expect((await enter(who)).at).toBe('/desk')
    expect(await goThrough(createBrowser(stage.world.origin), 'staff', { invitation })).toBe('/desk')
    stage.idp.is(someone())
    expect(await goThrough(createBrowser(stage.world.origin), 'staff', { invitation })).toBe(
      '/desk/sign-in#refused=invitation',
    )
  })

  it('makes no second person of somebody who is here', async () => {
    const who = someone()
    const agent = await hireAs(who)
    await enter(who)
    const invitation = await invite('second@example.com')
    stage.idp.is(who)
    const browser = createBrowser(stage.world.origin)
    expect(await goThrough(browser, 'staff', { invitation })).toBe('/desk')
    expect((await me(browser))?.id).toBe(agent.id)
    // It is still there for whom it is for.
    stage.idp.is(someone())
    const other = createBrowser(stage.world.origin)
    expect(await goThrough(other, 'staff', { invitation })).toBe('/desk')
    expect(await me(other)).toMatchObject({ email: 'second@example.com' })
  })
})
