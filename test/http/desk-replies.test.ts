import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/core/agent.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import type { TicketChanged, TicketDetail } from '../../src/http/api.ts'
import { openStaff, type Staff } from './staff.ts'
import type { World } from './world.ts'

let staff: Staff
let world: World
beforeAll(async () => {
  staff = await openStaff()
  ;({ world } = staff)
})
afterAll(() => world.stop())

const as = (role: Role | 'nobody') => staff.as(role)
const read = <View>(role: Role, path: string): Promise<View> => staff.read<View>(role, path)
const key = () => ({ 'idempotency-key': randomUUID() })

describe('typing a reply', () => {
  const types = (role: Role, { id }: Ticket, on: boolean) =>
    as(role).post(`/api/desk/tickets/${id}/typing`, { on })
  const shownTo = ({ conversationId }: Ticket) =>
    world.typed.filter((shown) => shown.conversationId === conversationId).map(({ on }) => on)

  it('is shown to the contact, once in a few seconds, and taken back', async () => {
    const ticket = await world.arrive()
    for (const on of [true, true, true, false]) expect((await types('agent', ticket, on)).status).toBe(200)
    expect(shownTo(ticket)).toEqual([true, false])
  })

  it('is shown of nobody but the agent who holds the ticket', async () => {
    const ticket = await world.arrive()
    await as('agent').post(`/api/desk/tickets/${ticket.id}/take`, {}, key())
    expect((await types('supervisor', ticket, true)).status).toBe(200)
    expect(shownTo(ticket)).toEqual([])
    await types('agent', ticket, true)
    expect(shownTo(ticket)).toEqual([true])
  })

  it('changes nothing about the ticket', async () => {
    const ticket = await world.arrive()
    await types('agent', ticket, true)
    expect(await world.tickets.get(ticket.id)).toEqual(ticket)
  })
})

describe('taking back', () => {
  const replied = async (text = '说错了') => {
    const ticket = await world.arrive()
    const answer = await as('agent').post(`/api/desk/tickets/${ticket.id}/reply`, { text }, key())
    const { ticket: after, undo } = answer.json as TicketChanged
    return { ticket, after, undo, withdraw: `/api/desk/messages/${undo?.messageId ?? ''}/withdraw` }
  }
  const solved = async () => {
    const ticket = await world.arrive()
    const path = `/api/desk/tickets/${ticket.id}`
    await as('agent').post(`${path}/take`)
    return { ticket, answer: await as('agent').post(`${path}/solve`), undo: `${path}/undo-solve` }
  }

  it('takes a reply back before it is sent, and the ticket is as it was', async () => {
    const { ticket, after, undo, withdraw } = await replied()
    expect(undo).toEqual({ act: 'reply', messageId: expect.any(String), leftMs: expect.any(Number) })
    expect(after).toMatchObject({ state: 'pending', firstRepliedAt: expect.any(String) })
    const { status, json } = await as('agent').post(withdraw)
    expect(status).toBe(200)
    const now = (json as TicketChanged).ticket
    expect(now).toMatchObject({ state: 'open', version: after.version + 1 })
    expect(now.firstRepliedAt).toBeUndefined()
    const { messages, timeline } = await read<TicketDetail>('agent', `/tickets/${ticket.id}`)
    expect(messages.at(-1)).toMatchObject({ id: undo?.messageId, delivery: { status: 'withdrawn' } })
    expect(timeline.at(-1)).toMatchObject({ change: 'withdrawn', agentName: 'agent 一号' })
    expect((await as('agent').post(withdraw)).status).toBe(409)
  })

  const repliedAndSolved = async () => {
    const ticket = await world.arrive()
    const path = `/api/desk/tickets/${ticket.id}/reply`
    const answer = await as('agent').post(path, { text: '已经退款了', solve: true }, key())
    const { ticket: after, undo } = answer.json as TicketChanged
    return { ticket, after, undo, withdraw: `/api/desk/messages/${undo?.messageId ?? ''}/withdraw` }
  }

  it('takes both back where a reply solved the ticket as well', async () => {
    const { ticket, after, undo, withdraw } = await repliedAndSolved()
    expect(undo).toMatchObject({ act: 'reply', messageId: expect.any(String) })
    expect(after).toMatchObject({
      state: 'solved',
      conversationMode: 'bot',
      solvedAt: expect.any(String),
      firstRepliedAt: expect.any(String),
    })
    const { json } = await as('agent').post(withdraw)
    const now = (json as TicketChanged).ticket
    expect(now).toMatchObject({ state: 'open', conversationMode: 'human' })
    expect([now.solvedAt, now.firstRepliedAt]).toEqual([undefined, undefined])
    const { messages } = await read<TicketDetail>('agent', `/tickets/${ticket.id}`)
    expect(messages.at(-1)).toMatchObject({ id: undo?.messageId, delivery: { status: 'withdrawn' } })
  })

  it('takes both back where a macro replied and solved', async () => {
    const actions = [{ do: 'reply', text: '已经退款了' }, { do: 'solve' }]
    const macro = { name: { zh: '退款并解决', en: 'Refunded' }, actions }
    const made = await as('supervisor').post('/api/v1/macros', macro, key())
    expect(made.status).toBe(201)
    const ticket = await world.arrive()
    const apply = `/api/v1/tickets/${ticket.id}/macros/${String(made.json.id)}`
    expect((await as('agent').post(apply, undefined, key())).json).toMatchObject({ state: 'solved' })
    const last = async () =>
      (await read<TicketDetail>('agent', `/tickets/${ticket.id}`)).messages.findLast(
        ({ author }) => author === 'agent',
      )
    const said = await last()
    expect(said).toMatchObject({ parts: [{ kind: 'text', text: '已经退款了' }] })
    const answer = await as('agent').post(`/api/desk/messages/${said?.id ?? ''}/withdraw`)
    const now = (answer.json as TicketChanged).ticket
    expect(now).toMatchObject({ state: 'open', conversationMode: 'human' })
    expect([now.solvedAt, now.firstRepliedAt]).toEqual([undefined, undefined])
    expect(await last()).toMatchObject({ id: said?.id, delivery: { status: 'withdrawn' } })
  })

  it('keeps a ticket as it is that went on after it was solved by a reply', async () => {
    const { ticket, withdraw } = await repliedAndSolved()
    await as('agent').post(`/api/desk/tickets/${ticket.id}/take`)
    await as('agent').post(`/api/desk/tickets/${ticket.id}/hand-back`)
    expect((await as('agent').post(withdraw)).json).toMatchObject({ ticket: { state: 'pending' } })
  })

  it('neither sends nor solves when a colleague was faster', async () => {
    const ticket = await world.arrive()
    const path = `/api/desk/tickets/${ticket.id}`
    await as('senior').post(`${path}/take`)
    const answer = await as('agent').post(`${path}/reply`, { text: '好的', solve: true }, key())
    expect(answer.status).toBe(409)
    const { ticket: now, messages } = await read<TicketDetail>('agent', `/tickets/${ticket.id}`)
    expect(now.state).toBe('open')
    expect(messages.filter(({ author }) => author === 'agent')).toEqual([])
  })

  it('leaves what has happened since as it is', async () => {
    const { ticket, withdraw } = await replied()
    await as('agent').post(`/api/desk/tickets/${ticket.id}/reply`, { text: '第二条' }, key())
    const { json } = await as('agent').post(withdraw)
    expect(json).toMatchObject({ ticket: { state: 'pending', firstRepliedAt: expect.any(String) } })
  })

  it('leaves the replies of others alone, and answers with the ticket', async () => {
    const { ticket, withdraw } = await replied()
    const answer = await as('senior').post(withdraw)
    expect(answer.status).toBe(409)
    expect(answer.json).toMatchObject({ code: 'conflict', ticket: { id: ticket.id } })
    expect((await as('agent').post(`/api/desk/messages/${randomUUID()}/withdraw`)).status).toBe(404)
  })

  it('takes a solve back', async () => {
    const { answer, undo } = await solved()
    expect(answer.json).toMatchObject({ undo: { act: 'solve' } })
    expect((await as('senior').post(undo)).status).toBe(409)
    const { json } = await as('agent').post(undo)
    expect(json).toMatchObject({ ticket: { state: 'open', conversationMode: 'human' } })
    expect((json as TicketChanged).ticket.solvedAt).toBeUndefined()
    expect((await as('agent').post(undo)).status).toBe(409)
  })

  it('does not take a solve back when its time is over', async () => {
    const { ticket, undo } = await solved()
    world.clock.advance(63_000)
    expect((await as('agent').post(undo)).status).toBe(409)
    expect(await world.tickets.get(ticket.id)).toMatchObject({ state: 'solved' })
  })

  it('tells what the channel makes of a text', async () => {
    const { id } = await world.arrive()
    expect((await read<TicketDetail>('agent', `/tickets/${id}`)).textLimits).toEqual({
      max: 60,
      unit: 'bytes',
      markup: 'links',
      maxMessages: 4,
    })
  })
})
