import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Agent } from '../../src/core/agent.ts'
import { createBrowser, type Browser } from './client.ts'
import { openWorld, useLink, type World } from './world.ts'

const password = 'correct horse 白马'
const minute = 60_000
const hour = 60 * minute

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.stop())

let addresses = 0
/** Each test comes from an address of its own, so that one's failures do not slow the next. */
const fromElsewhere = (): Record<string, string> => {
  addresses += 1
  return { 'x-forwarded-for': `198.18.${addresses >> 8}.${addresses & 255}` }
}

const me = (browser: Browser) => browser.get('/api/desk/me')

const withPassword = async (agent: Agent): Promise<Browser> => {
  const browser = await world.enter(agent)
  expect((await browser.post('/api/desk/password', { next: password })).status).toBe(200)
  return browser
}

const tryPassword = (browser: Browser, email: string, secret: string, from = fromElsewhere()) =>
  browser.post('/api/desk/session/password', { email, password: secret }, from)

describe('one-time links', () => {
  it('sign in once', async () => {
    const agent = await world.hire('agent')
    const link = await world.signIn.createLink(agent.id, 15)
    const first = createBrowser(world.origin)
    expect((await useLink(first, link.path)).status).toBe(200)
    expect((await me(first)).json).toMatchObject({ agent: { id: agent.id, role: 'agent' } })

    const second = createBrowser(world.origin)
    const refused = await useLink(second, link.path)
    expect(refused.status).toBe(401)
    expect(refused.json).toMatchObject({ code: 'unauthenticated' })
    expect(second.cookies.size).toBe(0)
  })

  it('let exactly one of twenty at once in', async () => {
    const agent = await world.hire('agent')
    const { path } = await world.signIn.createLink(agent.id, 15)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => useLink(createBrowser(world.origin), path)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('end after their minutes, a day at most', async () => {
    const agent = await world.hire('agent')
    const short = await world.signIn.createLink(agent.id, 15)
    world.clock.advance(15 * minute)
    expect((await useLink(createBrowser(world.origin), short.path)).status).toBe(401)
    const long = await world.signIn.createLink(agent.id, 1_000_000)
    expect(long.expiresAt.getTime() - world.clock.now().getTime()).toBeLessThanOrEqual(24 * hour)
  })

  it('replace each other', async () => {
    const agent = await world.hire('agent')
    const old = await world.signIn.createLink(agent.id, 15)
    const fresh = await world.signIn.createLink(agent.id, 15)
    expect((await useLink(createBrowser(world.origin), old.path)).status).toBe(401)
    expect((await useLink(createBrowser(world.origin), fresh.path)).status).toBe(200)
  })

  it('carry 256 bits behind #, and the store has only their hash', async () => {
    const agent = await world.hire('agent')
    const { path } = await world.signIn.createLink(agent.id, 15)
    const token = /^\/desk\/sign-in#token=([\w-]{43})$/.exec(path)?.[1] ?? ''
    expect(token).not.toBe('')
    const rows = JSON.stringify(await world.database.query('select * from sign_in_links'))
    expect(rows).not.toContain(token)
  })

  it('are not used up by looking at the page', async () => {
    const agent = await world.hire('agent')
    const { path } = await world.signIn.createLink(agent.id, 15)
    const page = await createBrowser(world.origin).get(path.split('#')[0] ?? '')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect((await useLink(createBrowser(world.origin), path)).status).toBe(200)
  })
})

describe('sessions', () => {
  it('have cookies that scripts and other sites cannot use', async () => {
    const browser = await world.enter(await world.hire('agent'))
    const [session = '', csrf = ''] = browser.setCookies
    expect(session).toMatch(/^tongda_session=[\w-]{43};/)
    expect(session).toMatch(/HttpOnly/i)
    for (const line of [session, csrf]) {
      expect(line).toMatch(/SameSite=Lax/i)
      expect(line).toMatch(/Path=\//)
      expect(line).not.toMatch(/Domain/i)
    }
  })

  it('are kept hashed', async () => {
    const browser = await world.enter(await world.hire('agent'))
    const token = browser.cookies.get('tongda_session') ?? ''
    const rows = JSON.stringify(await world.database.query('select * from sessions'))
    expect(token).toHaveLength(43)
    expect(rows).not.toContain(token)
  })

  it('begin under a new token and end the one the browser had', async () => {
    const agent = await world.hire('agent')
    const browser = createBrowser(world.origin)
    browser.cookies.set('tongda_session', 'chosen-by-somebody-else')
    await useLink(browser, (await world.signIn.createLink(agent.id, 15)).path)
    const first = browser.cookies.get('tongda_session') ?? ''
    expect(first).not.toBe('chosen-by-somebody-else')

    await useLink(browser, (await world.signIn.createLink(agent.id, 15)).path)
    expect(browser.cookies.get('tongda_session')).not.toBe(first)
    const old = createBrowser(world.origin)
    old.cookies.set('tongda_session', first)
    expect((await me(old)).status).toBe(401)
  })

  it('end after 8 hours without use, and not before', async () => {
    const browser = await world.enter(await world.hire('agent'))
    world.clock.advance(8 * hour - minute)
    expect((await me(browser)).status).toBe(200)
    world.clock.advance(8 * hour - minute)
    expect((await me(browser)).status).toBe(200)
    world.clock.advance(8 * hour)
    expect((await me(browser)).status).toBe(401)
  })

  it('are not kept alive by what a page fetches by itself', async () => {
    const browser = await world.enter(await world.hire('agent'))
    for (let hours = 0; hours < 8; hours += 4) {
      world.clock.advance(4 * hour - minute)
      expect((await browser.get('/api/desk/me', { 'x-background': '1' })).status).toBe(200)
    }
    world.clock.advance(2 * minute)
    expect((await me(browser)).status).toBe(401)
  })

  it('end after 30 days in any case', async () => {
    const browser = await world.enter(await world.hire('agent'))
    for (let hours = 0; hours < 30 * 24 - 6; hours += 6) {
      world.clock.advance(6 * hour)
      expect((await me(browser)).status).toBe(200)
    }
    world.clock.advance(6 * hour)
    expect((await me(browser)).status).toBe(401)
  })

  it('end everywhere when the role changes', async () => {
    const agent = await world.hire('agent')
    const [one, other] = [await world.enter(agent), await world.enter(agent)]
    await world.agents.setRole(agent.id, 'auditor')
    expect((await me(one)).status).toBe(401)
    expect((await me(other)).status).toBe(401)
    expect((await me(await world.enter(agent))).json).toMatchObject({ agent: { role: 'auditor' } })
  })

  it('end at sign-out, for the server too', async () => {
    const browser = await world.enter(await world.hire('agent'))
    const token = browser.cookies.get('tongda_session') ?? ''
    expect((await browser.post('/api/desk/session/sign-out')).status).toBe(200)
    expect(browser.cookies.size).toBe(0)
    browser.cookies.set('tongda_session', token)
    expect((await me(browser)).status).toBe(401)
  })
})

describe('passwords', () => {
  it('sign in once set', async () => {
    const agent = await world.hire('agent')
    await withPassword(agent)
    const browser = createBrowser(world.origin)
    const answer = await tryPassword(browser, agent.email.toUpperCase(), password)
    expect(answer.status).toBe(200)
    expect((await me(browser)).json).toMatchObject({ agent: { id: agent.id } })
  })

  it('are argon2id', async () => {
    await withPassword(await world.hire('agent'))
    const rows = await world.database.query<{ password_hash: string }>(
      'select password_hash from agents where password_hash is not null',
    )
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('end every other session, and change the token of this one', async () => {
    const agent = await world.hire('agent')
    const other = await world.enter(agent)
    const browser = await world.enter(agent)
    const before = browser.cookies.get('tongda_session') ?? ''
    await browser.post('/api/desk/password', { next: password })
    expect((await me(browser)).status).toBe(200)
    expect((await me(other)).status).toBe(401)
    const old = createBrowser(world.origin)
    old.cookies.set('tongda_session', before)
    expect((await me(old)).status).toBe(401)
  })

  it('change only with the current one, or right after a link', async () => {
    const agent = await world.hire('agent')
    await withPassword(agent)
    const browser = createBrowser(world.origin)
    await tryPassword(browser, agent.email, password)
    const next = 'another good phrase 12'
    expect((await browser.post('/api/desk/password', { next }, fromElsewhere())).status).toBe(403)
    expect(
      (await browser.post('/api/desk/password', { next, current: 'wrong wrong wrong' }, fromElsewhere()))
        .status,
    ).toBe(403)
    expect(
      (await browser.post('/api/desk/password', { next, current: password }, fromElsewhere())).status,
    ).toBe(200)

    const forgetful = await world.enter(agent)
    expect((await forgetful.post('/api/desk/password', { next: password })).status).toBe(200)
    const late = await world.enter(agent)
    world.clock.advance(15 * minute)
    expect((await late.post('/api/desk/password', { next }, fromElsewhere())).status).toBe(403)
  })

  it.each(['short', 'aaaaaaaaaaaaaaaa', 'person: PERSON', 'x'.repeat(129)])(
    'refuse the weak %s',
    async (next) => {
      const agent = await world.agents.create({
        name: 'w',
        email: `person-${next.length}@example.com`,
        role: 'agent',
      })
      const weak = next.startsWith('person') ? agent.email : next
      const browser = await world.enter(agent)
      const answer = await browser.post('/api/desk/password', { next: weak })
      expect(answer.status).toBe(400)
      expect(answer.text).not.toContain(weak)
    },
  )

  it('refuse an unknown person and a wrong password with the same words', async () => {
    const agent = await world.hire('agent')
    await withPassword(agent)
    const browser = createBrowser(world.origin)
    const unknown = await tryPassword(browser, 'nobody@example.com', password)
    const wrong = await tryPassword(browser, agent.email, `${password}!`)
    const unset = await tryPassword(browser, (await world.hire('agent')).email, password)
    expect(unknown.status).toBe(401)
    expect([wrong.text, unset.text]).toEqual([unknown.text, unknown.text])
  })

  it('take as long for an unknown person as for a wrong password', async () => {
    const browser = createBrowser(world.origin)
    const measure = async (email: string): Promise<number> => {
      const from = fromElsewhere()
      const start = performance.now()
      expect((await tryPassword(browser, email, `${password}!`, from)).status).toBe(401)
      return performance.now() - start
    }
    let known = Infinity
    let unknown = Infinity
    const ratio = (): number => Math.max(known, unknown) / Math.min(known, unknown)
    // The fastest of many: other work on the machine only ever adds, and a real difference never goes away.
    for (let people = 0; people < 15 && !(people > 1 && ratio() <= 1.2); people += 1) {
      const agent = await world.hire('agent')
      await withPassword(agent)
      for (let tries = 0; tries < 4; tries += 1) {
        known = Math.min(known, await measure(agent.email))
        unknown = Math.min(unknown, await measure(`nobody-${people}-${tries}@example.com`))
      }
    }
    expect(ratio()).toBeLessThanOrEqual(1.2)
  })

  it('cannot be guessed: after five tries an account answers 429, right password or not', async () => {
    const agent = await world.hire('agent')
    await withPassword(agent)
    const browser = createBrowser(world.origin)
    for (let tries = 0; tries < 5; tries += 1)
      expect((await tryPassword(browser, agent.email, `wrong ${tries}`)).status).toBe(401)
    const blocked = await tryPassword(browser, agent.email, password)
    expect(blocked.status).toBe(429)
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(blocked.json).toMatchObject({ code: 'too_many' })
  })

  it('cannot be guessed by many tries at once', async () => {
    const agent = await world.hire('agent')
    await withPassword(agent)
    const browser = createBrowser(world.origin)
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, place) => tryPassword(browser, agent.email, `wrong ${place}`)),
    )
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5)
  })

  it('cannot be tried on many accounts from one address', async () => {
    const browser = createBrowser(world.origin)
    const from = fromElsewhere()
    const statuses: number[] = []
    for (let tries = 0; tries < 8; tries += 1)
      statuses.push((await tryPassword(browser, `some${tries}@example.com`, password, from)).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  })

  it('never reach the log, nor do mail addresses and tokens', async () => {
    const agent = await world.hire('agent')
    const { path } = await world.signIn.createLink(agent.id, 15)
    const browser = createBrowser(world.origin)
    await useLink(browser, path)
    await tryPassword(browser, agent.email, 'a planted secret phrase')
    const log = JSON.stringify(world.log)
    expect(log).toContain('sign-in refused')
    for (const secret of [
      'planted secret',
      agent.email,
      path.slice(-43),
      browser.cookies.get('tongda_session'),
    ])
      expect(log).not.toContain(secret)
  })
})

describe('writes from elsewhere', () => {
  const cases: readonly [string, Record<string, string | undefined>, number][] = [
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['no origin', { origin: undefined }, 403],
    ['a null origin', { origin: 'null' }, 403],
    ['an origin that only begins like ours', { origin: 'SUFFIX' }, 403],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a same-site fetch', { 'sec-fetch-site': 'same-site' }, 403],
    ['no CSRF token', { 'x-csrf-token': undefined }, 403],
    ['a wrong CSRF token', { 'x-csrf-token': 'A'.repeat(43) }, 403],
    ['JSON as text/plain', { 'content-type': 'text/plain' }, 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415],
  ]
  it.each(cases)('%s: refused, and nothing happens', async (_name, headers, status) => {
    const browser = await world.enter(await world.hire('agent'))
    const given = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value === 'SUFFIX' ? `${world.origin}.evil.example` : value,
      ]),
    )
    const answer = await browser.post('/api/desk/session/sign-out', {}, given)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect((await me(browser)).status).toBe(200)
  })

  it("refuses another session's CSRF token", async () => {
    const [one, other] = [
      await world.enter(await world.hire('agent')),
      await world.enter(await world.hire('agent')),
    ]
    const answer = await one.post(
      '/api/desk/session/sign-out',
      {},
      { 'x-csrf-token': other.cookies.get('tongda_csrf') },
    )
    expect(answer.status).toBe(403)
  })

  it('cannot sign somebody in', async () => {
    const agent = await world.hire('agent')
    const { path } = await world.signIn.createLink(agent.id, 15)
    const browser = createBrowser(world.origin)
    const token = path.slice(-43)
    const answer = await browser.post('/api/desk/session/link', { token }, { origin: 'https://evil.example' })
    expect(answer.status).toBe(403)
    expect(browser.cookies.size).toBe(0)
    expect((await useLink(browser, path)).status).toBe(200)
  })

  it('grants no other origin anything by CORS', async () => {
    const browser = await world.enter(await world.hire('agent'))
    const answer = await browser.get('/api/desk/me', { origin: 'https://evil.example' })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })
})
