import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/core/agent.ts'
import type { SavedView, SavedViews, TicketList, ViewTickets } from '../../src/http/api.ts'
import type { Answer } from './client.ts'
import { openStaff, type Staff } from './staff.ts'
import { createProgram } from './v1/program.ts'

let staff: Staff
beforeAll(async () => {
  staff = await openStaff()
})
afterAll(() => staff.world.stop())

const views = '/api/desk/views'
const viewOf = ({ json }: Answer) => json as unknown as SavedView
const create = (role: Role, over: object = {}) =>
  staff.as(role).post(views, { name: '退款', filter: { tags: ['退款'] }, order: 'newest', ...over })
const write = (role: Role, method: 'PATCH' | 'DELETE', id: string, body: object) =>
  staff.as(role).call(method, `${views}/${id}`, { body })
const listed = async (role: Role) => (await staff.read<SavedViews>(role, '/views')).views

describe('lists that time brings tickets into', () => {
  it('hold what is due soon by the server’s clock, and what waits', async () => {
    const ticket = await staff.world.arrive({ dueInMs: 3_600_000 })
    const ids = async (view: string) =>
      (await staff.read<TicketList>('agent', `/tickets?view=${view}`)).tickets.map(({ id }) => id)
    expect(await ids('due')).not.toContain(ticket.id)
    staff.world.clock.advance(2_800_000)
    expect(await ids('due')).toContain(ticket.id)
    const held = await staff.world.arrive({})
    await staff.as('agent').call('POST', `/api/v1/tickets/${held.id}/hold`, {
      body: { reason: '等财务' },
      headers: { 'idempotency-key': randomUUID() },
    })
    expect(await ids('held')).toEqual([held.id])
  })
})

describe('a view of one’s own', () => {
  it('counts and lists what fits, page by page, and goes when it is removed', async () => {
    const tickets = [await staff.world.arrive({}), await staff.world.arrive({})]
    const tag = `t-${randomUUID()}`
    await staff.world.database.query('update tickets set tags = array[$1] where id = any($2::uuid[])', [
      tag,
      tickets.map(({ id }) => id),
    ])
    const filter = { tags: [tag], inboxes: ['gone-inbox', 'wechat-test'] }
    const made = viewOf(await create('agent', { filter }))
    expect(made).toMatchObject({ name: '退款', own: true, shared: false, version: 1 })
    expect(await listed('agent')).toMatchObject([{ id: made.id, count: 2, more: false }])
    expect((await staff.as('agent').post(`${views}/count`, { filter })).json).toEqual({
      count: 2,
      more: false,
    })
    const first = await staff.read<ViewTickets>('agent', `/views/${made.id}/tickets?limit=1`)
    expect(first.tickets.map(({ id }) => id)).toEqual([tickets[1]?.id])
    expect(first.gone).toEqual({ agents: [], teams: [], tags: [], inboxes: filter.inboxes })
    const next = String(first.next)
    const second = await staff.read<ViewTickets>('agent', `/views/${made.id}/tickets?limit=1&after=${next}`)
    expect([second.tickets.map(({ id }) => id), second.next]).toEqual([[tickets[0]?.id], undefined])
    expect((await staff.as('senior').get(`${views}/${made.id}/tickets`)).status).toBe(404)
    expect((await write('senior', 'DELETE', made.id, {})).status).toBe(404)
    expect((await write('agent', 'DELETE', made.id, {})).status).toBe(200)
    expect(await listed('agent')).toEqual([])
  })

  it('refuses a change on an old version and shows the new one', async () => {
    const { id } = viewOf(await create('agent', { filter: { topic: '退款' } }))
    const changed = viewOf(await write('agent', 'PATCH', id, { version: 1, name: '换了名' }))
    expect(changed).toMatchObject({ name: '换了名', filter: { topic: '退款' }, order: 'newest', version: 2 })
    const late = await write('agent', 'PATCH', id, { version: 1, name: '晚了' })
    expect([late.status, late.json.code]).toEqual([409, 'stale'])
    expect(late.json.current).toMatchObject({ id, name: '换了名', version: 2 })
    await write('agent', 'DELETE', id, {})
  })

  it('is shared by seniors and up, and stays its owner’s', async () => {
    expect((await create('agent', { shared: true })).status).toBe(403)
    const made = viewOf(await create('senior', { shared: true, filter: { holder: { who: 'me' } } }))
    expect(await listed('agent')).toMatchObject([{ id: made.id, own: false, ownerName: 'senior 一号' }])
    expect((await write('agent', 'PATCH', made.id, { version: 1, name: 'x' })).status).toBe(404)
    const own = viewOf(await create('agent'))
    expect((await write('agent', 'PATCH', own.id, { version: 1, shared: true })).status).toBe(403)
    await write('agent', 'DELETE', own.id, {})
    await write('senior', 'PATCH', made.id, { version: 1, shared: false })
    expect(await listed('agent')).toEqual([])
  })

  it('is shared with one team by seniors and up who are in it, and by whoever leads', async () => {
    const program = await createProgram(staff.world, ['teams:manage'])
    const name = { zh: '会员组', en: 'Memberships' }
    const team = String((await program.post('/teams', { name })).json.id)
    expect((await create('agent', { teamId: team })).status).toBe(403)
    expect((await create('senior', { teamId: team })).status).toBe(400)
    expect((await create('supervisor', { teamId: team, shared: true })).status).toBe(400)
    const made = viewOf(await create('supervisor', { teamId: team }))
    expect(made).toMatchObject({ teamId: team, shared: false })
    expect((await staff.read<SavedViews>('supervisor', '/views')).teams).toEqual([{ id: team, name }])
    expect((await staff.read<SavedViews>('agent', '/views')).teams).toEqual([])
    expect([await listed('agent'), (await listed('admin')).map(({ id }) => id)]).toEqual([[], [made.id]])
    expect((await staff.as('agent').get(`${views}/${made.id}/tickets`)).status).toBe(404)
    const everybody = viewOf(await write('supervisor', 'PATCH', made.id, { version: 1, shared: true }))
    expect([everybody.shared, everybody.teamId]).toEqual([true, undefined])
    const again = viewOf(await write('supervisor', 'PATCH', made.id, { version: 2, teamId: team }))
    expect([again.shared, again.teamId]).toEqual([false, team])
    const nobody = viewOf(await write('supervisor', 'PATCH', made.id, { version: 3, teamId: null }))
    expect([nobody.shared, nobody.teamId]).toEqual([false, undefined])
    await write('supervisor', 'DELETE', made.id, {})
  })

  it('takes no filter that it does not know, and comes back as it was written', async () => {
    for (const filter of [
      { unknown: 1 },
      { states: ['lost'] },
      { waitingMinutes: -1 },
      { holder: { who: 'agent' } },
      { teams: ['x'] },
    ])
      expect((await create('agent', { filter })).status).toBe(400)
    expect((await create('agent', { name: ' ' })).status).toBe(400)
    // A name is its owner's own word: nothing in it is masked, or it would be saved so.
    const made = viewOf(await create('agent', { name: '13812345678 的单' }))
    expect((await listed('agent'))[0]?.name).toBe('13812345678 的单')
    await write('agent', 'DELETE', made.id, {})
  })
})
