import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser, type Browser } from './client.ts'
import { createAuthenticator, enrol, hireWithApp } from './authenticator.ts'
import { openWorld, useLink, type World } from './world.ts'

const password = 'correct horse 白马'
const minute = 60_000

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.stop())

let addresses = 0
/** Each try comes from an address of its own, so that one test's failures do not slow the next. */
const fromElsewhere = (): Record<string, string> => {
  addresses += 1
  return { 'x-forwarded-for': `198.19.${addresses >> 8}.${addresses & 255}` }
}

const me = (browser: Browser) => browser.get('/api/desk/me')
const first = (browser: Browser, email: string, headers = {}) =>
  browser.post('/api/desk/session/password', { email, password }, { ...fromElsewhere(), ...headers })
const second = (browser: Browser, code: string, headers = {}) =>
  browser.post('/api/desk/session/second-step', { code }, { ...fromElsewhere(), ...headers })

/** A browser in which the first step was taken. */
const halfWay = async (email: string): Promise<Browser> => {
  const browser = createBrowser(world.origin)
  expect((await first(browser, email)).json).toEqual({ next: 'second-step' })
  return browser
}

describe('enrolling', () => {
  it('shows the secret once, and counts from the first right code on', async () => {
    const agent = await world.hire('agent')
    const browser = await world.enter(agent)
    const begun = await browser.post('/api/desk/second-step/begin')
    expect(begun.json).toMatchObject({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      address: expect.stringContaining('otpauth://totp/Tongda:'),
      qr: { size: expect.any(Number), path: expect.stringMatching(/^(M\d+ \d+h1v1h-1z)+$/) },
    })
    const app = createAuthenticator(world, String(begun.json.secret))
    expect((await browser.post('/api/desk/second-step/confirm', { code: app.code(5) })).status).toBe(403)
    expect((await browser.get('/api/desk/second-step')).json).toMatchObject({ enrolled: false })

    const confirmed = await browser.post('/api/desk/second-step/confirm', { code: app.code() })
    expect(confirmed.status).toBe(200)
    expect(new Set(confirmed.json.recoveryCodes as string[]).size).toBe(10)
    const state = await browser.get('/api/desk/second-step')
    expect(state.json).toEqual({
      ...{ enrolled: true, recoveryCodesLeft: 10, mustEnrol: false },
      ...{ hasPassword: false, asksPassword: false },
    })
    expect((await browser.post('/api/desk/second-step/begin')).status).toBe(409)
  })

  it('ends every other session and changes the token of this one', async () => {
    const agent = await world.hire('agent')
    const [browser, other] = [await world.enter(agent), await world.enter(agent)]
    const before = browser.cookies.get('tongda_session')
    await enrol(world, browser)
    expect(browser.cookies.get('tongda_session')).not.toBe(before)
    expect([(await me(browser)).status, (await me(other)).status]).toEqual([200, 401])
  })

  it('keeps neither the secret nor a recovery code where the database can be read', async () => {
    const browser = await world.enter(await world.hire('agent'))
    const begun = await browser.post('/api/desk/second-step/begin')
    const app = createAuthenticator(world, String(begun.json.secret))
    const { json } = await browser.post('/api/desk/second-step/confirm', { code: app.code() })
    const rows = JSON.stringify([
      await world.database.query('select * from second_factors'),
      await world.database.query('select * from recovery_codes'),
      await world.database.query('select * from audit_log'),
    ])
    const [code = ''] = json.recoveryCodes as string[]
    for (const secret of [String(begun.json.secret), code, code.replaceAll('-', '')])
      expect(rows).not.toContain(secret)
    expect(JSON.stringify(world.log)).not.toContain(String(begun.json.secret))
  })

  it('asks an old session for the password', async () => {
    const agent = await world.hire('agent')
    const browser = await world.enter(agent)
    await browser.post('/api/desk/password', { next: password })
    world.clock.advance(15 * minute)
    const begin = (body: object) => browser.post('/api/desk/second-step/begin', body, fromElsewhere())
    expect((await begin({})).status).toBe(403)
    expect((await begin({ password: 'wrong wrong wrong' })).status).toBe(403)
    expect((await begin({ password })).status).toBe(200)
  })
})

describe('the second step', () => {
  it('follows the password, and nothing opens before it', async () => {
    const { agent, app } = await hireWithApp(world, password)
    const browser = await halfWay(agent.email)
    expect([browser.cookies.has('tongda_session'), (await me(browser)).status]).toEqual([false, 401])
    const entered = await second(browser, app.code())
    expect([entered.status, entered.json]).toEqual([200, { next: 'desk' }])
    expect((await me(browser)).json).toMatchObject({ agent: { id: agent.id } })
    expect(browser.cookies.has('tongda_step')).toBe(false)
  })

  it('follows a link too', async () => {
    const { agent, app } = await hireWithApp(world, password)
    const browser = createBrowser(world.origin)
    const { path } = await world.signIn.createLink(agent.id, 15)
    expect((await useLink(browser, path)).json).toEqual({ next: 'second-step' })
    expect((await me(browser)).status).toBe(401)
    expect((await second(browser, app.code())).status).toBe(200)
  })

  it('is asked of nobody whose password is wrong, in the words that nobody else hears', async () => {
    const { agent } = await hireWithApp(world, password)
    const wrong = async (email: string) =>
      createBrowser(world.origin).post(
        '/api/desk/session/password',
        { email, password: 'not the password' },
        fromElsewhere(),
      )
    const [known, unknown] = [await wrong(agent.email), await wrong('nobody@example.com')]
    expect([known.status, known.text]).toEqual([401, unknown.text])
  })

  it('takes the code of a neighbouring half minute and none beyond', async () => {
    const { agent, app } = await hireWithApp(world, password)
    const half = 30_000
    // At the beginning of a half minute, so that none ends between a code and its use.
    const useAt = (who: Browser, later: number) => {
      world.clock.advance(half - (world.clock.now().getTime() % half))
      return second(who, app.code(later))
    }
    const browser = await halfWay(agent.email)
    expect((await useAt(browser, -2)).status).toBe(401)
    expect((await useAt(browser, 2)).status).toBe(401)
    expect((await useAt(browser, -1)).status).toBe(200)
    expect((await useAt(await halfWay(agent.email), 1)).status).toBe(200)
  })

  it('takes each code once, also of twenty at once, and never an older one', async () => {
    const { agent, app } = await hireWithApp(world, password)
    const browsers = await Promise.all(Array.from({ length: 5 }, () => halfWay(agent.email)))
    const code = app.code()
    const answers = await Promise.all(browsers.map((browser) => second(browser, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await second(await halfWay(agent.email), app.code(-1))).status).toBe(401)
  })

  it('takes a recovery code in its place, once, however it is typed', async () => {
    const { agent, recoveryCodes } = await hireWithApp(world, password)
    const [code = ''] = recoveryCodes
    const browser = await halfWay(agent.email)
    expect((await second(browser, code.toUpperCase().replaceAll('-', ' '))).status).toBe(200)
    expect((await second(await halfWay(agent.email), code)).status).toBe(401)
    expect((await browser.get('/api/desk/second-step')).json).toMatchObject({ recoveryCodesLeft: 9 })
  })

  it('takes no recovery code of a colleague', async () => {
    const [one, other] = [await hireWithApp(world, password), await hireWithApp(world, password)]
    const browser = await halfWay(one.agent.email)
    expect((await second(browser, other.recoveryCodes[0] ?? '')).status).toBe(401)
  })

  it('can be taken for five minutes, by the browser that took the first', async () => {
    const { agent, app } = await hireWithApp(world, password)
    const late = await halfWay(agent.email)
    world.clock.advance(5 * minute)
    expect((await second(late, app.code())).json).toMatchObject({ reason: 'challenge' })

    const mine = createBrowser(world.origin)
    await first(mine, agent.email, { 'user-agent': 'Mine/1' })
    const thief = createBrowser(world.origin)
    thief.cookies.set('tongda_step', mine.cookies.get('tongda_step') ?? '')
    expect((await second(thief, app.code(), { 'user-agent': 'Thief/1' })).json).toMatchObject({
      reason: 'challenge',
    })
    expect((await second(createBrowser(world.origin), app.code())).status).toBe(401)
    expect((await second(mine, app.code(), { 'user-agent': 'Mine/1' })).status).toBe(200)
  })

  it('has a cookie that no script reads', async () => {
    const { agent } = await hireWithApp(world, password)
    const browser = await halfWay(agent.email)
    expect(browser.setCookies.find((line) => line.startsWith('tongda_step='))).toMatch(
      /^tongda_step=[\w-]{43}; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/i,
    )
  })

  it('cannot be guessed: after five wrong codes the first step is over, and the account waits', async () => {
    const { agent, app } = await hireWithApp(world, password)
    const browser = await halfWay(agent.email)
    for (let tries = 0; tries < 5; tries += 1)
      expect((await second(browser, `00000${String(tries)}`)).json).toMatchObject({ reason: 'code' })
    expect((await second(browser, app.code())).json).toMatchObject({ reason: 'challenge' })
    // Knowing the password does not begin the count anew.
    const again = await second(await halfWay(agent.email), app.code())
    expect([again.status, Number(again.headers.get('retry-after')) > 0]).toEqual([429, true])
  })

  it('is noted when it fails, and not the code', async () => {
    const { agent } = await hireWithApp(world, password)
    await second(await halfWay(agent.email), '918273')
    const rows = await world.database.query(
      "select detail from audit_log where act = 'session.refused' and object_id = $1",
      [agent.id],
    )
    expect(rows).toEqual([{ detail: { by: 'password', step: 'second' } }])
    expect(JSON.stringify(world.log)).not.toContain('918273')
  })
})

describe('proof', () => {
  it.each(['turn-off', 'recovery-codes'])('%s needs password and code', async (act) => {
    const { agent, browser, app } = await hireWithApp(world, password)
    const ask = (body: object) => browser.post(`/api/desk/second-step/${act}`, body, fromElsewhere())
    expect((await ask({ code: app.code() })).status).toBe(403)
    expect((await ask({ code: '000000', password })).status).toBe(403)
    expect((await ask({ code: app.code(), password: 'wrong wrong wrong' })).status).toBe(403)
    expect((await second(await halfWay(agent.email), app.code())).status).toBe(200)
    world.clock.advance(minute)
    expect((await ask({ code: app.code(), password })).status).toBe(200)
  })

  it('renews recovery codes: the old ones are dead', async () => {
    const { agent, browser, app, recoveryCodes } = await hireWithApp(world, password)
    const { json } = await browser.post('/api/desk/second-step/recovery-codes', {
      ...{ code: app.code(), password },
    })
    expect((await second(await halfWay(agent.email), recoveryCodes[0] ?? '')).status).toBe(401)
    const [fresh = ''] = json.recoveryCodes as string[]
    expect((await second(await halfWay(agent.email), fresh)).status).toBe(200)
  })

  it('turns it off: the password lets in alone, and all other sessions end', async () => {
    const { agent, browser, app } = await hireWithApp(world, password)
    const other = await halfWay(agent.email)
    await second(other, app.code())
    world.clock.advance(minute)
    const off = await browser.post('/api/desk/second-step/turn-off', { code: app.code(), password })
    expect(off.status).toBe(200)
    expect([(await me(browser)).status, (await me(other)).status]).toEqual([200, 401])
    expect((await first(createBrowser(world.origin), agent.email)).json).toEqual({ next: 'desk' })
  })
})

describe('where the role asks for it', () => {
  let strict: World
  beforeAll(async () => {
    strict = await openWorld({}, [], {}, { requireTotp: ['admin'] })
  })
  afterAll(() => strict.stop())

  it('nothing else is allowed before it is there', async () => {
    const browser = createBrowser(strict.origin)
    const { path } = await strict.signIn.createLink((await strict.hire('admin')).id, 15)
    expect((await useLink(browser, path)).json).toEqual({ next: 'enrol' })
    for (const route of [
      '/api/desk/me',
      '/api/desk/tickets',
      '/api/desk/sessions',
      '/api/v1/me',
      '/api/v1/keys',
    ])
      expect((await browser.get(route)).json, route).toMatchObject({ code: 'forbidden', reason: 'enrol' })
    expect((await browser.post('/api/desk/password', { next: password })).json.reason).toBe('enrol')
    expect((await browser.get('/api/desk/second-step')).json).toMatchObject({ mustEnrol: true })
    await enrol(strict, browser)
    expect((await browser.get('/api/desk/me')).status).toBe(200)
    expect((await browser.get('/api/v1/keys')).status).toBe(200)
  })

  it('others go on as before, and who turned it off begins again', async () => {
    expect((await me(await strict.enter(await strict.hire('agent')))).status).toBe(200)
    const browser = await strict.enter(await strict.hire('admin'))
    const { app } = await enrol(strict, browser)
    await browser.post('/api/desk/second-step/turn-off', { code: app.code() })
    expect((await me(browser)).json).toMatchObject({ reason: 'enrol' })
  })

  it('a password that is set afterwards does not lose it', async () => {
    const browser = await strict.enter(await strict.hire('admin'))
    await enrol(strict, browser)
    expect((await browser.post('/api/desk/password', { next: password })).status).toBe(200)
    expect((await me(browser)).status).toBe(200)
  })
})
