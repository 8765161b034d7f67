import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ticket } from '../../../src/core/ticket.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let officer: Program
let reader: Program
beforeAll(async () => {
  world = await openWorld()
  ;[officer, reader] = await Promise.all([
    createProgram(world, ['privacy:manage']),
    createProgram(world, ['privacy:read', 'contacts:read', 'tickets:read', 'audit:read']),
  ])
})
afterAll(() => world.stop())

const arrive = (): Promise<Ticket> => world.arrive({ text: '我的手机13800138000', name: '张三' })
const reason = '本人13800138000来电要求'
const masked = '本人138****8000来电要求'
const nobody = randomUUID()

describe('erasing a contact', () => {
  it('is planned, looked at, confirmed as it was looked at, and then nobody knows the contact', async () => {
    const { contactId, id: ticketId } = await arrive()
    const path = `/contacts/${contactId}/erasure`
    const planned = await officer.post(path, { reason })
    expect(planned).toMatchObject({ status: 201, json: { state: 'planned', reason: masked, blockedBy: [] } })
    expect(planned.headers.get('etag')).toBe('"1"')
    const lines = planned.json.lines as readonly { table: string; fate: string; why?: unknown }[]
    expect(lines.find(({ table }) => table === 'messages')).toMatchObject({ fate: 'deleted' })
    expect(lines.find(({ table }) => table === 'tickets')?.why).toBeDefined()
    expect((await officer.post(path, { reason })).status).toBe(409)

    const stale = await officer.post(`${path}/confirm`, {}, { 'if-match': '"4"' })
    expect(stale).toMatchObject({ status: 409, json: { current: { state: 'planned', version: 1 } } })
    expect((await reader.get(`/contacts/${contactId}`)).status).toBe(200)
    const confirmed = await officer.post(`${path}/confirm`, {}, { 'if-match': '"1"' })
    expect(confirmed).toMatchObject({ status: 202, json: { state: 'confirmed', version: 2 } })
    expect((await reader.get(`/contacts/${contactId}`)).status).toBe(404)
    expect((await reader.get(`/tickets/${ticketId}`)).json).toMatchObject({
      state: 'closed',
      title: '已删除 Erased',
    })
    expect((await reader.get(path)).json).toMatchObject({ state: 'confirmed' })
    expect((await officer.post(`${path}/cancel`)).status).toBe(409)
    const acts = (await reader.get(`/audit?object=${contactId}`)).json.data as readonly Record<
      string,
      unknown
    >[]
    expect(acts).toMatchObject([
      { act: 'erasure.confirmed', reason: masked, actor: { kind: 'key', id: officer.key.id } },
      { act: 'erasure.planned', reason: masked },
    ])
  })

  it('is refused while a hold stands, which says so', async () => {
    const { contactId } = await arrive()
    const hold = await officer.post('/holds', { kind: 'contact', id: contactId, reason })
    expect(hold).toMatchObject({ status: 201, json: { objectId: contactId, reason: masked, version: 1 } })
    expect((await officer.post('/holds', { kind: 'contact', id: contactId, reason })).status).toBe(409)
    const path = `/contacts/${contactId}/erasure`
    const planned = await officer.post(path, { reason })
    expect(planned.json.blockedBy).toMatchObject([{ kind: 'hold', id: hold.json.id }])
    const refused = await officer.post(`${path}/confirm`)
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('legal hold')])
    expect((await reader.get('/holds')).json.data).toMatchObject([{ id: hold.json.id }])
    const lift = `/holds/${String(hold.json.id)}/lift`
    expect((await officer.post(lift, { reason }, { 'if-match': '"9"' })).json).toMatchObject({
      current: { version: 1 },
    })
    expect((await officer.post(lift, { reason })).json).toMatchObject({ liftReason: masked, version: 2 })
    expect((await reader.get('/holds')).json.data).toEqual([])
    expect((await reader.get('/holds?lifted=true')).json.data).toMatchObject([{ id: hold.json.id }])
    expect((await officer.post(`${path}/confirm`)).status).toBe(202)
  })
})

describe('a copy of a contact', () => {
  it('is asked for, and cannot be taken before it is made', async () => {
    const { contactId } = await arrive()
    const asked = await officer.post(`/contacts/${contactId}/export`, { reason })
    expect(asked).toMatchObject({ status: 202, json: { state: 'waiting', reason: masked } })
    const path = `/contacts/${contactId}/exports/${String(asked.json.id)}`
    expect(asked.headers.get('location')).toBe(`/api/v1${path}`)
    expect((await reader.get(path)).json).toMatchObject({ state: 'waiting', contactId })
    expect((await officer.get(`${path}/archive`)).status).toBe(409)
  })
})

describe('what is not understood', () => {
  it('is refused, and what is not there is not found', async () => {
    for (const path of [`/contacts/${nobody}/export`, `/contacts/${nobody}/erasure`]) {
      for (const body of [
        {},
        { reason: '' },
        { reason: ' x ' },
        { reason: 'x'.repeat(501) },
        { reason, further: 1 },
      ])
        expect([path, body, (await officer.post(path, body)).status]).toEqual([path, body, 400])
      expect((await officer.post(path, { reason })).status).toBe(404)
    }
    for (const body of [
      {},
      { kind: 'agent', id: nobody, reason },
      { kind: 'contact', id: 'x', reason },
      { kind: 'contact', id: nobody },
    ])
      expect((await officer.post('/holds', body)).status).toBe(400)
    expect((await officer.post('/holds', { kind: 'contact', id: nobody, reason })).status).toBe(404)
    expect((await officer.post(`/holds/${nobody}/lift`, { reason })).status).toBe(404)
    expect((await officer.post(`/contacts/${nobody}/erasure/confirm`)).status).toBe(404)
    expect((await officer.post('/contacts/x/erasure', { reason })).status).toBe(400)
    for (const path of ['/holds?lifted=maybe', '/holds?cursor=x', '/holds?limit=0'])
      expect([path, (await reader.get(path)).status]).toEqual([path, 400])
  })
})
