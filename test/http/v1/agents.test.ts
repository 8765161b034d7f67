import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Agent } from '../../../src/core/agent.ts'
import { hireWithApp } from '../authenticator.ts'
import { createBrowser, type Browser } from '../client.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

const password = 'correct horse 白马'

let world: World
let boss: Agent
let program: Program
const mails: { readonly to: string; readonly path: string }[] = []
let mailWorks = false
beforeAll(async () => {
  world = await openWorld(
    // A live connection ends because it is told to: no heartbeat comes that would end it.
    { heartbeatMs: 3_600_000 },
    [],
    {},
    {
      mail: ({ invitation, path }) => {
        if (mailWorks) mails.push({ to: invitation.email, path })
        return Promise.resolve(mailWorks)
      },
    },
  )
  boss = await world.hire('admin')
  program = await createProgram(world, ['admin'])
})
afterAll(() => world.stop())
beforeEach(() => {
  mailWorks = false
  mails.length = 0
})

const patch = (who: Program, path: string, body: object, headers = {}) =>
  who.call('PATCH', path, { body, headers })
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/api/desk/me')).status === 200
const auditOf = async (id: string): Promise<readonly string[]> =>
  (
    await world.database.query<{ act: string }>(
      "select act from audit_log where object_id = $1 and act not like 'session.%' and act not like 'link.%' order by seq",
      [id],
    )
  ).map(({ act }) => act)

describe('the people who may sign in', () => {
  it('are listed with what tells how they sign in, and nothing secret', async () => {
    const { agent, recoveryCodes } = await hireWithApp(world, password, 'senior')
    const { status, json, text } = await program.get(`/agents/${agent.id}`)
    expect([status, json]).toMatchObject([
      200,
      {
        name: agent.name,
        email: agent.email,
        role: 'senior',
        hasPassword: true,
        hasSecondStep: true,
        teamIds: [],
      },
    ])
    expect(json.lastSeenAt).toEqual(expect.any(String))
    expect(text).not.toMatch(/argon2|secret/)
    expect(text).not.toContain(recoveryCodes[0])
    const listed = (await program.get('/agents')).json.data as { id: string }[]
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([agent.id, boss.id]))
    expect((await program.get('/agents/nobody')).status).toBe(404)
  })

  it('change name, role and teams; a new role ends their sessions', async () => {
    const agent = await world.hire('agent')
    const team = await program.post('/teams', { name: { zh: '会员组', en: 'Members' } })
    const teamId = String(team.json.id)
    const browser = await world.enter(agent)
    const named = await patch(program, `/agents/${agent.id}`, { name: ' 新名字 ', teamIds: [teamId] })
    expect(named.json).toMatchObject({ name: '新名字', teamIds: [teamId], version: 2 })
    expect(await isIn(browser)).toBe(true)
    const raised = await patch(program, `/agents/${agent.id}`, { role: 'editor' })
    // Who works no tickets is in no team.
    expect(raised.json).toMatchObject({ role: 'editor', teamIds: [], version: 3 })
    expect(await isIn(browser)).toBe(false)
    expect(await auditOf(agent.id)).toEqual(['person.added', 'person.changed', 'role.changed'])
    expect((await patch(program, `/agents/${agent.id}`, { teamIds: [teamId] })).status).toBe(400)
    expect(
      (await patch(program, `/agents/${agent.id}`, { teamIds: [randomUUID()], role: 'agent' })).status,
    ).toBe(404)
    expect((await program.get(`/agents/${agent.id}`)).json).toMatchObject({ role: 'editor', version: 3 })
  })

  it('have no name that nobody sees whole, and none that looks like a colleague’s', async () => {
    const [agent, colleague] = [await world.hire('agent'), await world.hire('agent')]
    const rename = (id: string, name: string) => patch(program, `/agents/${id}`, { name })
    expect((await rename(colleague.id, 'Paco Copes')).status).toBe(200)
    for (const name of [
      'аdmin',
      'Pаco Copes',
      'Расо Сорез'.replace('з', 'ѕ'),
      'Ｐａｃｏ Ｃｏｐｅｓ',
      'Paco  C0pes',
      'ρaco',
      '管理员\u202e',
      '管\u200b理员',
      '管理员\u0007',
      'admin\u3164',
    ]) {
      const { status, json } = await rename(agent.id, name)
      expect([name, status, json.code]).toEqual([name, 400, 'bad_input'])
      // However somebody comes in.
      const invited = await program.post('/invitations', { email: 'look@example.com', name })
      expect([name, invited.status]).toEqual([name, 400])
      await expect(
        world.agents.create({ name, email: 'look@example.com', role: 'agent' }),
      ).rejects.toMatchObject({ code: 'bad_input' })
    }
    expect((await program.get(`/agents/${agent.id}`)).json).toMatchObject({ name: agent.name, version: 1 })
    // Names are refused for what they look like, not for their alphabet or for being somebody's already.
    for (const name of ['Пётр Иванов', 'Νίκος', '佐藤 Sato', 'Zoë O’Neil', 'Paco Copes', '张伟'])
      expect([name, (await rename(agent.id, name)).status]).toEqual([name, 200])
  })

  it('are shown as they are to who comes too late', async () => {
    const agent = await world.hire('agent')
    const path = `/agents/${agent.id}`
    await patch(program, path, { name: '甲' }, { 'if-match': '"1"' })
    const late = await patch(program, path, { name: '乙' }, { 'if-match': '"1"' })
    expect([late.status, late.json]).toMatchObject([
      409,
      { code: 'stale', current: { name: '甲', version: 2 } },
    ])
  })

  it('cannot be raised beyond whoever raises them, nor touched when they stand above', async () => {
    const agent = await world.hire('agent')
    const helper = await createProgram(world, ['agents:manage'])
    for (const [path, body] of [
      [`/agents/${agent.id}`, { role: 'admin' }],
      [`/agents/${boss.id}`, { name: 'x' }],
    ] as const)
      expect((await patch(helper, path, body)).status).toBe(403)
    for (const act of ['deactivate', 'second-step/reset'])
      expect((await helper.post(`/agents/${boss.id}/${act}`)).status).toBe(403)
    expect((await helper.call('DELETE', `/agents/${boss.id}/sessions`)).status).toBe(403)
    expect((await helper.post('/invitations', { email: 'x@example.com', role: 'admin' })).status).toBe(403)
  })

  it('never lose their last administrator, also not when two go at once', async () => {
    const second = await world.hire('admin')
    const [one, other] = await Promise.all([
      program.post(`/agents/${boss.id}/deactivate`),
      patch(program, `/agents/${second.id}`, { role: 'agent' }),
    ])
    expect([one.status, other.status].sort()).toEqual([200, 409])
    const left = one.status === 200 ? second : boss
    for (const answer of [
      await program.post(`/agents/${left.id}/deactivate`),
      await patch(program, `/agents/${left.id}`, { role: 'supervisor' }),
    ])
      expect(answer.json).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('last administrator'),
      })
    // As before, for the other tests.
    await program.post(`/agents/${boss.id}/reactivate`)
    await patch(program, `/agents/${boss.id}`, { role: 'admin' })
  })

  it('are deactivated at once: sessions, links, password; and come back', async () => {
    const { agent, browser } = await hireWithApp(world, password)
    const link = await world.signIn.createLink(agent.id, 15)
    const gone = await program.post(`/agents/${agent.id}/deactivate`)
    expect(gone.json).toMatchObject({ deactivatedAt: expect.any(String), version: 2 })
    expect(await isIn(browser)).toBe(false)
    const stranger = createBrowser(world.origin)
    const enter = (door: string, body: object) => stranger.post(`/api/desk/session/${door}`, body)
    expect((await enter('link', { token: link.path.replace(/^.*=/, '') })).status).toBe(401)
    const refused = await enter('password', { email: agent.email, password })
    const unknown = await enter('password', { email: 'nobody@example.com', password })
    expect([refused.status, refused.text]).toEqual([401, unknown.text])
    const ids = async (query: string) =>
      ((await program.get(`/agents${query}`)).json.data as { id: string }[]).map(({ id }) => id)
    expect(await ids('')).not.toContain(agent.id)
    expect(await ids('?deactivated=true')).toContain(agent.id)
    // Once more changes nothing.
    expect((await program.post(`/agents/${agent.id}/deactivate`)).json).toMatchObject({ version: 2 })

    expect((await program.post(`/agents/${agent.id}/reactivate`)).json).toMatchObject({ version: 3 })
    expect((await enter('password', { email: agent.email, password })).json).toEqual({ next: 'second-step' })
    expect((await auditOf(agent.id)).slice(-2)).toEqual(['person.deactivated', 'person.reactivated'])
  })

  it('leave their tickets to the queue when they are deactivated, and are given none', async () => {
    const agent = await world.hire('agent')
    const ticket = await world.arrive()
    await (await world.enter(agent)).post(`/api/desk/tickets/${ticket.id}/take`)
    expect(await world.tickets.get(ticket.id)).toMatchObject({ assigneeId: agent.id })
    await program.post(`/agents/${agent.id}/deactivate`)
    const free = await world.tickets.get(ticket.id)
    expect([free.assigneeId, free.state]).toEqual([undefined, 'open'])
    expect((await program.post(`/tickets/${ticket.id}/assign`, { agentId: agent.id })).status).toBe(404)
  })
})

describe('an administrator', () => {
  it('sees and ends the sessions of somebody', async () => {
    const agent = await world.hire('agent')
    const [one, other] = [await world.enter(agent), await world.enter(agent)]
    const listed = (await program.get(`/agents/${agent.id}/sessions`)).json.data as { id: string }[]
    expect(listed).toHaveLength(2)
    // The last used first.
    await program.call('DELETE', `/agents/${agent.id}/sessions/${listed[0]?.id ?? ''}`)
    expect([await isIn(one), await isIn(other)].sort()).toEqual([false, true])
    await program.call('DELETE', `/agents/${agent.id}/sessions`)
    expect([await isIn(one), await isIn(other)]).toEqual([false, false])
  })

  it('takes down the second step of who lost it, and the audit log knows', async () => {
    const { agent, browser } = await hireWithApp(world, password)
    const path = `/agents/${agent.id}/second-step/reset`
    expect((await program.post(path)).status).toBe(200)
    expect(await isIn(browser)).toBe(false)
    const entered = await createBrowser(world.origin).post('/api/desk/session/password', {
      ...{ email: agent.email, password },
    })
    expect(entered.json).toEqual({ next: 'desk' })
    expect((await program.post(path)).status).toBe(409)
    const [noted] = await world.database.query(
      "select actor_kind, detail from audit_log where act = 'second-factor.removed' and object_id = $1",
      [agent.id],
    )
    expect(noted).toEqual({ actor_kind: 'key', detail: { why: 'reset' } })
  })

  it('ends what somebody is told live at once', async () => {
    const agent = await world.hire('agent')
    const browser = await world.enter(agent)
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const stream = await fetch(`${world.origin}/api/desk/events`, { headers: { cookie } })
    const ended = stream.text()
    await program.call('DELETE', `/agents/${agent.id}/sessions`)
    expect(await ended).toContain('event: ready')
  })
})

const tokenOf = (link: unknown): string => /#invitation=([\w-]{43})$/.exec(String(link))?.[1] ?? ''
const look = (token: string) =>
  createBrowser(world.origin).post('/api/desk/session/invitation/look', { token })
const accept = (browser: Browser, token: string, body: object = {}) =>
  browser.post('/api/desk/session/invitation', { token, name: '陈晨', password, ...body })

describe('invitations', () => {
  it('bring a link where no mail goes out, and let in once, as what was offered', async () => {
    const team = await program.post('/teams', { name: { zh: '退款组', en: 'Refunds' } })
    const sent = await program.post('/invitations', {
      ...{ email: 'Chen@Example.com', role: 'senior', teamIds: [team.json.id] },
    })
    expect([sent.status, sent.json]).toMatchObject([201, { email: 'chen@example.com', mailed: false }])
    const token = tokenOf(sent.json.link)
    expect(sent.json.link).toBe(`${world.origin}/desk/sign-in#invitation=${token}`)
    expect((await look(token)).json).toEqual({ email: 'chen@example.com', role: 'senior' })

    const browser = createBrowser(world.origin)
    expect((await accept(browser, token)).json).toEqual({ next: 'desk' })
    const { agent } = (await browser.get('/api/desk/me')).json as { agent: Agent }
    expect(agent).toMatchObject({ name: '陈晨', email: 'chen@example.com', role: 'senior' })
    expect((await program.get(`/agents/${agent.id}`)).json).toMatchObject({ teamIds: [team.json.id] })
    expect((await accept(createBrowser(world.origin), token)).json).toMatchObject({ reason: 'invitation' })
    expect((await look(token)).status).toBe(401)
    expect((await program.get(`/invitations/${String(sent.json.id)}`)).json).toMatchObject({
      agentId: agent.id,
      acceptedAt: expect.any(String),
    })
    const entered = await createBrowser(world.origin).post('/api/desk/session/password', {
      ...{ email: 'chen@example.com', password },
    })
    expect(entered.status).toBe(200)
    expect(await auditOf(String(sent.json.id))).toEqual(['invitation.created', 'invitation.accepted'])
  })

  it('go by mail where they can; then nobody else is shown the link', async () => {
    mailWorks = true
    const sent = await program.post('/invitations', { email: 'mailed@example.com', role: 'agent' })
    expect(sent.json).toMatchObject({ mailed: true })
    expect(sent.json).not.toHaveProperty('link')
    expect(mails).toEqual([{ to: 'mailed@example.com', path: expect.stringContaining('#invitation=') }])
    expect((await accept(createBrowser(world.origin), tokenOf(mails[0]?.path))).status).toBe(200)
  })

  it('let exactly one of ten at once in', async () => {
    const { json } = await program.post('/invitations', { email: 'race@example.com' })
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => accept(createBrowser(world.origin), tokenOf(json.link))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('end after seven days, when they are sent again, and when they are withdrawn', async () => {
    const old = await program.post('/invitations', { email: 'late@example.com' })
    world.clock.advance(7 * 86_400_000)
    expect((await accept(createBrowser(world.origin), tokenOf(old.json.link))).status).toBe(401)
    // What ran out is in nobody's way.
    const first = await program.post('/invitations', { email: 'late@example.com' })
    expect(first.status).toBe(201)
    const path = `/invitations/${String(first.json.id)}`
    const again = await program.post(`${path}/resend`)
    expect((await look(tokenOf(first.json.link))).status).toBe(401)
    expect((await look(tokenOf(again.json.link))).status).toBe(200)
    expect((await program.call('DELETE', path)).json).toMatchObject({ withdrawnAt: expect.any(String) })
    expect((await accept(createBrowser(world.origin), tokenOf(again.json.link))).status).toBe(401)
    expect((await program.post(`${path}/resend`)).status).toBe(409)
  })

  it('are kept without their link', async () => {
    const { json } = await program.post('/invitations', { email: 'kept@example.com' })
    const rows = JSON.stringify([
      await world.database.query('select * from invitations'),
      await world.database.query('select * from audit_log'),
    ])
    expect(rows).not.toContain(tokenOf(json.link))
    expect(JSON.stringify(world.log)).not.toContain(tokenOf(json.link))
  })

  it('are for nobody who is here or invited already', async () => {
    const agent = await world.hire('agent')
    expect((await program.post('/invitations', { email: agent.email })).status).toBe(409)
    await program.post('/invitations', { email: 'twice@example.com' })
    expect((await program.post('/invitations', { email: 'twice@example.com' })).status).toBe(409)
    expect((await program.post('/invitations', { email: 'no mail address' })).status).toBe(400)
  })

  it('take a weak password from nobody, and stay usable', async () => {
    const { json } = await program.post('/invitations', { email: 'weak@example.com' })
    const browser = createBrowser(world.origin)
    expect((await accept(browser, tokenOf(json.link), { password: 'short' })).status).toBe(400)
    expect((await accept(browser, tokenOf(json.link), { name: ' ' })).status).toBe(400)
    expect((await accept(browser, tokenOf(json.link), { name: 'аdmin' })).status).toBe(400)
    expect((await accept(browser, tokenOf(json.link))).status).toBe(200)
  })

  it('are listed page by page', async () => {
    for (const name of ['p1', 'p2', 'p3'])
      await program.post('/invitations', { email: `${name}@example.com` })
    const page = await program.get('/invitations?limit=2')
    const rest = await program.get(`/invitations?limit=200&cursor=${String(page.json.next)}`)
    const emails = [page, rest].flatMap(({ json }) =>
      (json.data as { email: string }[]).map(({ email }) => email),
    )
    expect(emails.slice(0, 3)).toEqual(['p3@example.com', 'p2@example.com', 'p1@example.com'])
    expect(new Set(emails).size).toBe(emails.length)
    expect(emails).not.toContain('chen@example.com')
    const all = await program.get('/invitations?settled=true&limit=200')
    expect(JSON.stringify(all.json)).toContain('late@example.com')
  })
})
