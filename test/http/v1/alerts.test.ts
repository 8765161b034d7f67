import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ticket } from '../../../src/core/ticket.ts'
import { createPromiseBook } from '../../../src/store/index.ts'
import type { Answer } from '../client.ts'
import { openStaff, type Staff } from '../staff.ts'
import type { World } from '../world.ts'
import { callApi, createProgram } from './program.ts'

let staff: Staff
let world: World
beforeAll(async () => {
  staff = await openStaff()
  ;({ world } = staff)
})
afterAll(() => world.stop())

const as = (role: 'agent' | 'supervisor', method: string, path: string, body?: unknown): Promise<Answer> => {
  const { cookies } = staff.as(role)
  return callApi(world.origin, undefined)(method, path, {
    body,
    headers: {
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      origin: world.origin,
      'x-csrf-token': cookies.get('tongda_csrf') ?? '',
    },
  })
}

/** Supervisors hear that the ticket's first reply is late. */
const raise = async ({ id }: Ticket): Promise<void> => {
  const now = world.clock.now()
  await world.database.transaction((transaction) =>
    createPromiseBook(world.database).raise(
      transaction,
      { ticketId: id, promise: 'first-reply', since: now, dueAt: now, step: 0, tell: ['supervisor'] },
      now,
    ),
  )
}

describe('alerts', () => {
  it('are the own ones of who is signed in, until they are seen', async () => {
    const ticket = await world.arrive({})
    await raise(ticket)
    const listed = await as('supervisor', 'GET', '/alerts?unseen=true')
    expect(listed.json).toMatchObject({
      data: [{ ticketId: ticket.id, number: ticket.number, promise: 'first-reply', kind: 'broken' }],
    })
    expect((await as('agent', 'GET', '/alerts')).json).toEqual({ data: [] })
    const ids = (listed.json.data as { id: string }[]).map(({ id }) => id)
    expect((await as('agent', 'POST', '/alerts/seen', { ids })).status).toBe(200)
    expect((await as('supervisor', 'GET', '/alerts?unseen=true')).json.data).toHaveLength(1)
    expect((await as('supervisor', 'POST', '/alerts/seen', { ids })).status).toBe(200)
    expect((await as('supervisor', 'GET', '/alerts?unseen=true')).json.data).toEqual([])
    expect((await as('supervisor', 'GET', '/alerts')).json.data).toMatchObject([
      { seenAt: expect.any(String) },
    ])
  })

  it('are nothing for programs, who are told where to look', async () => {
    const program = await createProgram(world, ['tickets:read'])
    const refused = await program.get('/alerts')
    expect(refused).toMatchObject({
      status: 400,
      json: { detail: expect.stringContaining('ticket.changed') },
    })
  })
})

describe('the rank of a contact', () => {
  it('is set, shown on its tickets, and taken away', async () => {
    const ticket = await world.arrive({})
    const program = await createProgram(world, ['contacts:write', 'tickets:read'])
    const path = `/contacts/${ticket.contactId}`
    const ranked = await program.call('PATCH', path, { body: { tier: 'vip' } })
    expect(ranked).toMatchObject({ status: 200, json: { id: ticket.contactId, tier: 'vip' } })
    expect((await program.get(`/tickets/${ticket.id}`)).json.contactTier).toBe('vip')
    const unranked = await program.call('PATCH', path, { body: { tier: null } })
    expect(unranked.json).not.toHaveProperty('tier')
    for (const body of [{ tier: '' }, { tier: 'x'.repeat(41) }, {}])
      expect((await program.call('PATCH', path, { body })).status).toBe(400)
  })
})
