import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ticket } from '../../../src/core/ticket.ts'
import type { Answer } from '../client.ts'
import { openStaff, type Staff } from '../staff.ts'
import type { World } from '../world.ts'
import { callApi, createProgram, type Program } from './program.ts'

let staff: Staff
let world: World
let program: Program
beforeAll(async () => {
  staff = await openStaff()
  ;({ world } = staff)
  program = await createProgram(world, ['tickets:read', 'tickets:write'])
})
afterAll(() => world.stop())

/** An agent signed in at the desk, calling the API from our own page. */
const agentCalls = (method: string, path: string, body: unknown): Promise<Answer> => {
  const { cookies } = staff.as('agent')
  return callApi(world.origin, undefined)(method, path, {
    body,
    headers: {
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      origin: world.origin,
      'x-csrf-token': cookies.get('tongda_csrf') ?? '',
    },
  })
}
const patch = (ticket: Ticket, body: unknown, headers: Record<string, string> = {}) =>
  program.call('PATCH', `/tickets/T-${String(ticket.number)}`, { body, headers })
const post = (ticket: Ticket, act: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  program.post(`/tickets/${ticket.id}/${act}`, body, headers)
const lastLine = async ({ id }: Ticket) => (await world.tickets.timeline(id)).at(-1)

describe('facts of a ticket', () => {
  it('are changed, and the history names the key or the agent', async () => {
    const ticket = await world.arrive({})
    const facts = {
      title: '多扣一个月',
      tags: ['vip', '退款'],
      fields: { orderNumber: 'A1' },
      priority: 'high',
    }
    const changed = await patch(ticket, facts)
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"'])
    expect(changed.json).toMatchObject(facts)
    expect(await lastLine(ticket)).toMatchObject({
      actor: 'system',
      detail: { rule: `api: ${program.key.name}` },
    })
    const byAgent = await agentCalls('PATCH', `/tickets/${ticket.id}`, { title: null })
    expect(byAgent.status, byAgent.text).toBe(200)
    expect(byAgent.json.title).not.toBe('多扣一个月')
    expect(await lastLine(ticket)).toMatchObject({ actor: 'agent', change: 'changed' })
  })

  it('written on an old version are refused with both', async () => {
    const ticket = await world.arrive({})
    await patch(ticket, { tags: ['a'] })
    const stale = await patch(ticket, { tags: ['b'] }, { 'if-match': '"1"' })
    expect([stale.status, stale.headers.get('etag')]).toEqual([409, '"2"'])
    expect(stale.json).toMatchObject({
      code: 'stale',
      current: { version: 2, tags: ['a'] },
      yours: { version: 1, changes: { tags: ['b'] } },
    })
  })

  it.each([
    ['an unknown member', { colour: 'red' }],
    ['an unknown field', { fields: { colour: 'red' } }],
    ['a topic that is none', { topic: 'VIP refund' }],
    ['itself as its parent', { parentId: 'itself' }],
  ])('that name %s are refused', async (_what, body) => {
    const ticket = await world.arrive({})
    const sent = 'parentId' in body ? { parentId: ticket.id } : body
    const refused = await patch(ticket, sent)
    expect([refused.status, refused.json.code], refused.text).toEqual([400, 'bad_input'])
    expect((await world.tickets.get(ticket.id)).version).toBe(1)
  })
})

describe('the state of a ticket', () => {
  it('is held, comes back, and ends for good', async () => {
    const ticket = await world.arrive({})
    const until = new Date(world.clock.now().getTime() + 3_600_000).toISOString()
    const held = await post(ticket, 'hold', { reason: '等财务', until })
    expect(held.json).toMatchObject({ state: 'on_hold', holdReason: '等财务', holdUntil: until })
    // A program holds no tickets.
    expect(held.json.assigneeId).toBeUndefined()
    expect((await post(ticket, 'resume')).json).toMatchObject({ state: 'open' })
    expect((await post(ticket, 'close', { reason: '广告' })).json).toMatchObject({ state: 'closed' })
    const again = await post(ticket, 'reopen', { reason: '误关' })
    expect([again.status, again.json.detail]).toEqual([409, expect.stringContaining('closed for good')])
    expect((await post(ticket, 'hold', { reason: '' })).status).toBe(400)
  })

  it('changes once however often the request comes', async () => {
    const ticket = await world.arrive({})
    const key = { 'idempotency-key': randomUUID() }
    const [first, second] = [
      await post(ticket, 'hold', { reason: '等财务' }, key),
      await post(ticket, 'hold', { reason: '等财务' }, key),
    ]
    expect(second.text).toBe(first.text)
    expect((await world.tickets.get(ticket.id)).version).toBe(2)
  })
})

describe('what belongs together', () => {
  it('is linked from one end, read from both, and taken apart', async () => {
    const [one, two] = [await world.arrive({}), await world.arrive({})]
    const linked = await post(one, 'link', { to: `T-${String(two.number)}`, kind: 'duplicate' })
    expect(linked.status, linked.text).toBe(200)
    expect((await program.get(`/tickets/${two.id}/related`)).json.data).toEqual([
      expect.objectContaining({ number: one.number, relation: 'duplicate', inverse: true }),
    ])
    await post(two, 'unlink', { to: one.id, kind: 'duplicate' })
    expect((await program.get(`/tickets/${one.id}/related`)).json.data).toEqual([])
  })

  it('is split off by an agent, who has it then, and merged again', async () => {
    const ticket = await world.arrive({})
    const [message] = await world.tickets.transcript(ticket.conversationId, 10)
    const body = { messageIds: [message?.id], title: '还有发票' }
    const split = await agentCalls('POST', `/tickets/${ticket.id}/split`, body)
    expect(split.status, split.text).toBe(201)
    expect(split.json).toMatchObject({
      title: '还有发票',
      state: 'open',
      assigneeName: expect.any(String) as unknown,
    })
    expect(split.headers.get('location')).toBe(`/api/v1/tickets/${String(split.json.id)}`)
    const merged = await program.post(`/tickets/${String(split.json.id)}/merge`, { into: ticket.id })
    expect(merged.json).toMatchObject({ id: ticket.id })
    expect(await world.tickets.get(String(split.json.id))).toMatchObject({
      state: 'closed',
      mergedInto: ticket.id,
    })
  })

  it('of two contacts is not merged', async () => {
    const [one, two] = [await world.arrive(), await world.arrive()]
    const refused = await post(one, 'merge', { into: two.id })
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining('two contacts')])
  })
})
