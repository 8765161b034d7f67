import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Agent, Role } from '../../../src/core/agent.ts'
import type { Ticket } from '../../../src/core/ticket.ts'
import { createAssignment } from '../../../src/store/index.ts'
import type { Answer, Browser } from '../client.ts'
import { openWorld, type World } from '../world.ts'
import { callApi, createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['teams:manage', 'tickets:read', 'tickets:write'])
})
afterAll(() => world.stop())

const name = { zh: '会员组', en: 'Memberships' }
const newTeam = async (over: object = {}): Promise<string> =>
  String((await program.post('/teams', { name, ...over })).json.id)

interface Person {
  readonly agent: Agent
  readonly browser: Browser
  call(method: string, path: string, body?: unknown): Promise<Answer>
}
const hire = async (role: Role): Promise<Person> => {
  const agent = await world.hire(role)
  const browser = await world.enter(agent)
  const call = (method: string, path: string, body?: unknown) =>
    callApi(world.origin, undefined)(method, path, {
      body,
      headers: {
        cookie: [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; '),
        origin: world.origin,
        'x-csrf-token': browser.cookies.get('tongda_csrf') ?? '',
      },
    })
  return { agent, browser, call }
}
const here = async (role: Role): Promise<Person> => {
  const person = await hire(role)
  const said = await person.call('PATCH', '/presence/me', { availability: 'online' })
  expect(said.status, said.text).toBe(200)
  return person
}
const take = (person: Person, { id }: Ticket) => person.browser.post(`/api/desk/tickets/${id}/take`, {})
const lastLine = async ({ id }: Ticket) => (await world.tickets.timeline(id)).at(-1)
const notes = async ({ conversationId }: Ticket) =>
  (await world.tickets.transcript(conversationId, 50)).filter(({ direction }) => direction === 'note')

describe('teams', () => {
  it('are made once, read, changed on their version, and deleted', async () => {
    const key = { 'idempotency-key': 'team-0001-abc' }
    const made = await program.post('/teams', { name, takes: { topics: ['vip-refund'] } }, key)
    expect(made.status, made.text).toBe(201)
    expect(made.json).toMatchObject({ name, spread: 'leastLoaded', isDefault: false, skills: {}, version: 1 })
    expect(made.json.takes).toEqual({ kinds: [], topics: ['vip-refund'], priorities: [], channels: [] })
    const path = `/teams/${String(made.json.id)}`
    expect(made.headers.get('location')).toBe(`/api/v1${path}`)
    const changed = await program.call('PATCH', path, {
      body: { spread: 'roundRobin' },
      headers: { 'if-match': '"1"' },
    })
    expect(changed.json).toMatchObject({ spread: 'roundRobin', version: 2, name })
    const stale = await program.call('PATCH', path, { body: { name }, headers: { 'if-match': '"1"' } })
    expect([stale.status, stale.json.code]).toEqual([409, 'stale'])
    expect(stale.json).toMatchObject({ current: { version: 2 }, yours: { version: 1, changes: { name } } })
    expect((await program.get('/teams')).json.data).toContainEqual(expect.objectContaining({ version: 2 }))
    expect((await program.call('DELETE', path)).status).toBe(200)
    expect((await program.get(path)).status).toBe(404)
  })

  it.each([
    { name: { zh: '', en: 'x' } },
    { name: { zh: '组' } },
    { name, spread: 'random' },
    { name, takes: { kinds: ['nothing'] } },
    { name, takes: { channels: ['fax'] } },
    { name, skills: { 'VIP!': 'x' } },
    { name, members: [] },
  ])('%j is refused', async (body) => {
    expect((await program.post('/teams', body)).status).toBe(400)
  })

  it('have members with grades and skills', async () => {
    const id = await newTeam()
    const { agent } = await hire('agent')
    const put = await program.post(`/teams/${id}/members`, {
      agentId: agent.id,
      grade: 'senior',
      skills: ['refunds'],
    })
    expect(put.json).toEqual({
      teamId: id,
      agentId: agent.id,
      agentName: agent.name,
      grade: 'senior',
      skills: ['refunds'],
    })
    expect((await program.get(`/teams/${id}/members`)).json).toEqual({ data: [put.json] })
    const editor = await hire('editor')
    expect((await program.post(`/teams/${id}/members`, { agentId: editor.agent.id })).status).toBe(400)
    const path = `/teams/${id}/members/${agent.id}`
    expect([
      (await program.call('DELETE', path)).status,
      (await program.call('DELETE', path)).status,
    ]).toEqual([200, 404])
  })
})

describe('presence', () => {
  it('is everybody’s own to say, and anybody’s for who manages teams', async () => {
    const person = await here('agent')
    const listed = (await program.get('/presence')).json.data
    expect(listed).toContainEqual(
      expect.objectContaining({
        agentId: person.agent.id,
        availability: 'online',
        automatic: false,
        load: 0,
      }),
    )
    const other = `/presence/${person.agent.id}`
    expect((await (await hire('agent')).call('PATCH', other, { availability: 'away' })).status).toBe(403)
    const supervisor = await hire('supervisor')
    expect((await supervisor.call('PATCH', other, { availability: 'away' })).json.availability).toBe('away')
    expect((await program.call('PATCH', '/presence/nobody', { body: { availability: 'away' } })).status).toBe(
      404,
    )
    const own = await program.call('PATCH', '/presence/me', { body: { availability: 'online' } })
    expect([own.status, own.json.detail]).toEqual([400, expect.stringContaining('key')])
  })

  it('is the desk’s to say too; it ends with signing out', async () => {
    const { agent, browser } = await hire('agent')
    const beat = (active = true) => browser.post('/api/desk/presence/beat', { active })
    expect((await beat()).json).toEqual({})
    expect((await browser.post('/api/desk/presence', { availability: 'busy' })).status).toBe(200)
    expect((await beat()).json).toEqual({ me: { availability: 'busy', automatic: false } })
    const there = await browser.get('/api/desk/presence')
    expect(there.json).toMatchObject({ me: { availability: 'busy' } })
    expect(there.json.agents).toContainEqual({
      id: agent.id,
      name: agent.name,
      availability: 'busy',
      load: 0,
    })
    await browser.post('/api/desk/session/sign-out', {})
    expect((await program.get('/presence')).json.data).toContainEqual(
      expect.objectContaining({ agentId: agent.id, availability: 'offline', automatic: false }),
    )
  })
})

describe('handing a ticket over', () => {
  it('to a colleague goes with a note that the contact never sees', async () => {
    const [from, to] = [await here('agent'), await here('agent')]
    const ticket = await world.arrive()
    await take(from, ticket)
    const body = { agentId: to.agent.id, note: ' 要退年度大会员，我没有权限 ' }
    const moved = await from.call('POST', `/tickets/${ticket.id}/transfer`, body)
    expect(moved.status, moved.text).toBe(200)
    expect(moved.json).toMatchObject({ assigneeId: to.agent.id, state: 'open', conversationMode: 'human' })
    expect(await lastLine(ticket)).toMatchObject({
      change: 'transferred',
      agentId: from.agent.id,
      detail: { agentId: to.agent.id, facts: { assigneeId: { from: from.agent.id, to: to.agent.id } } },
    })
    expect(await notes(ticket)).toMatchObject([
      {
        author: 'agent',
        agentId: from.agent.id,
        parts: [{ kind: 'text', text: '要退年度大会员，我没有权限' }],
      },
    ])
    // Not theirs any more.
    const again = await from.call('POST', `/tickets/${ticket.id}/transfer`, {
      ...body,
      agentId: from.agent.id,
    })
    expect([again.status, again.json.code]).toEqual([409, 'conflict'])
    expect(again.json.detail).toContain(to.agent.name)
    expect(await notes(ticket)).toHaveLength(1)
  })

  it('to a team puts it into the queue, from the desk as well', async () => {
    const person = await here('agent')
    const team = await newTeam()
    const ticket = await world.arrive({ title: '转给会员组' })
    await take(person, ticket)
    const moved = await person.browser.post(`/api/desk/tickets/${ticket.id}/transfer`, {
      teamId: team,
      note: '请会员组看',
    })
    expect(moved.status, moved.text).toBe(200)
    expect(moved.json.ticket).toMatchObject({ teamId: team, state: 'open' })
    expect(moved.json.ticket).not.toHaveProperty('assigneeId')
    const queue = await program.get(`/teams/${team}/queue`)
    expect(queue.json).toMatchObject({
      waiting: 1,
      data: [{ position: 1, ticketId: ticket.id, title: '转给会员组' }],
    })
    expect(await notes(ticket)).toHaveLength(1)
  })

  it('says nothing and moves nothing without a note, to nobody, or to who is offline', async () => {
    await newTeam()
    const ticket = await world.arrive()
    const offline = await hire('agent')
    const tries = [
      { agentId: offline.agent.id, note: '  ' },
      { agentId: 'nobody', note: 'x' },
      { agentId: offline.agent.id, note: 'x' },
      { teamId: '0198c0de-0000-7000-8000-000000000001', note: 'x' },
      { note: 'x' },
      { agentId: 'a', teamId: '0198c0de-0000-7000-8000-000000000001', note: 'x' },
    ]
    const answers = []
    for (const body of tries)
      answers.push((await program.post(`/tickets/${ticket.id}/transfer`, body)).status)
    expect(answers).toEqual([400, 404, 409, 404, 400, 400])
    expect([(await world.tickets.get(ticket.id)).version, await notes(ticket)]).toEqual([1, []])
  })

  it('is refused on an old version, with both', async () => {
    const team = await newTeam()
    const ticket = await world.arrive()
    await program.call('PATCH', `/tickets/${ticket.id}`, { body: { tags: ['a'] } })
    const body = { teamId: team, note: 'x' }
    const stale = await program.post(`/tickets/${ticket.id}/transfer`, body, { 'if-match': '"1"' })
    expect([stale.status, stale.json.code, stale.json.current]).toEqual([
      409,
      'stale',
      expect.objectContaining({ version: 2 }),
    ])
  })

  it('waits for a solved ticket to be taken up again', async () => {
    const team = await newTeam()
    const ticket = await world.arrive()
    const person = await here('agent')
    await take(person, ticket)
    await person.browser.post(`/api/desk/tickets/${ticket.id}/solve`, {})
    const moved = await program.post(`/tickets/${ticket.id}/transfer`, { teamId: team, note: 'x' })
    expect([moved.status, moved.json.detail]).toEqual([409, expect.stringContaining('take it up again')])
  })
})

describe('supervisors', () => {
  it('give tickets to people and take them over; agents do not', async () => {
    const [agent, other, supervisor] = [await here('agent'), await here('agent'), await here('supervisor')]
    const ticket = await world.arrive()
    const assign = (by: Person, to: Person) =>
      by.call('POST', `/tickets/${ticket.id}/assign`, { agentId: to.agent.id })
    expect((await assign(agent, agent)).status).toBe(403)
    expect((await assign(supervisor, agent)).json).toMatchObject({
      assigneeId: agent.agent.id,
      state: 'open',
    })
    expect((await assign(supervisor, other)).json).toMatchObject({ assigneeId: other.agent.id })
    const over = `/api/desk/tickets/${ticket.id}/take`
    expect((await agent.browser.post(over, { force: true })).status).toBe(403)
    expect((await supervisor.browser.post(over, {})).status).toBe(409)
    expect((await supervisor.browser.post(over, { force: true })).json.ticket).toMatchObject({
      assigneeId: supervisor.agent.id,
      conversationMode: 'human',
    })
    // They watched before: reading needs nobody's leave.
    expect((await supervisor.browser.get(`/api/desk/tickets/${ticket.id}`)).status).toBe(200)
  })

  it('put a ticket back into the queue; agents their own', async () => {
    const [agent, other] = [await here('agent'), await here('agent')]
    const ticket = await world.arrive()
    await take(agent, ticket)
    await agent.browser.post(
      `/api/desk/tickets/${ticket.id}/reply`,
      { text: '您好' },
      { 'idempotency-key': 'reply-0001' },
    )
    expect((await other.call('POST', `/tickets/${ticket.id}/unassign`, {})).status).toBe(409)
    const back = await agent.call('POST', `/tickets/${ticket.id}/unassign`, {})
    expect(back.json).toMatchObject({ state: 'open', conversationMode: 'human' })
    expect(back.json).not.toHaveProperty('assigneeId')
    expect(await lastLine(ticket)).toMatchObject({ change: 'unassigned', agentId: agent.agent.id })
    await newTeam({ isDefault: true })
    const assignment = createAssignment(world.database, {})
    expect((await assignment.route({ after: 0, limit: 200 }, world.clock.now()))?.ticketIds).toContain(
      ticket.id,
    )
  })
})
