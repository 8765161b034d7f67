import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStaff, type Staff } from '../staff.ts'
import type { World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

const said =
  '我的手机13800138000，身份证110101199003078515，邮箱zhang@qq.com，视频BV1xx411c7mD，UID 13912345678'
const masked =
  '我的手机138****8000，身份证110*************15，邮箱z***@qq.com，视频BV1xx411c7mD，UID 13912345678'

let staff: Staff
let world: World
let reader: Program
let revealer: Program
let auditor: Program
let ticketId: string
let conversationId: string
let contactId: string
let messageId: string
beforeAll(async () => {
  staff = await openStaff()
  ;({ world } = staff)
  ;[reader, revealer, auditor] = await Promise.all([
    createProgram(world, ['tickets:read', 'tickets:write', 'contacts:read']),
    createProgram(world, ['personal:reveal']),
    createProgram(world, ['audit:read']),
  ])
  const ticket = await world.arrive({ text: said, name: '张三13800138000', title: `找回账号 ${said}` })
  ;({ id: ticketId, conversationId, contactId } = ticket)
  const [first] = await world.tickets.transcript(conversationId, 10)
  messageId = first?.id ?? ''
})
afterAll(() => world.stop())

const recorded = async (objectId: string) =>
  (await auditor.get(`/audit?act=personal.revealed&object=${objectId}`)).json.data as readonly Record<
    string,
    unknown
  >[]

describe('personal data', () => {
  it('is masked in messages, tickets and contacts; what agents work with is not', async () => {
    const messages = await reader.get(`/conversations/${conversationId}/messages`)
    expect(messages.json.data).toContainEqual(
      expect.objectContaining({ id: messageId, parts: [{ kind: 'text', text: masked }] }),
    )
    const ticket = await reader.get(`/tickets/${ticketId}`)
    expect(ticket.json).toMatchObject({ title: `找回账号 ${masked}`, contactName: '张三138****8000' })
    const contact = await reader.get(`/contacts/${contactId}`)
    expect(contact.json.displayName).toBe('张三138****8000')
    for (const { text } of [messages, ticket, contact, await reader.get('/tickets')])
      expect(text).not.toMatch(/13800138000|zhang@qq|19900307/)
  })

  it('is masked at the desk too, in refusals as well', async () => {
    const agent = staff.as('agent')
    const shown = await agent.get(`/api/desk/tickets/${ticketId}`)
    expect(shown.text).toContain('138****8000')
    const late = await agent.post(`/api/desk/tickets/${ticketId}/take`, { version: 999 })
    expect([late.status, late.text.includes('138****8000')]).toEqual([409, true])
    for (const { text } of [shown, late, await agent.get('/api/desk/tickets?view=all')])
      expect(text).not.toMatch(/13800138000|zhang@qq|19900307/)
    expect((await agent.get('/api/desk/me')).text).toMatch(/"email":"\w{4,}\d*@example.com"/)
  })

  it('stays as it was written where it is stored', async () => {
    const [row] = await world.database.query('select parts from messages where id = $1', [messageId])
    expect(row).toEqual({ parts: [{ kind: 'text', text: said }] })
  })

  it.each([
    ['message', () => `/messages/${messageId}`, () => messageId, said],
    ['ticket', () => `/tickets/${ticketId}`, () => ticketId, `找回账号 ${said}`],
    ['contact', () => `/contacts/${contactId}`, () => contactId, '张三13800138000'],
  ])('of a %s is shown for a reason, which is written down', async (kind, path, id, plain) => {
    const answer = await revealer.post(`${path()}/reveal`, { reason: ' 回电核实 ' })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain(plain)
    expect(await recorded(id())).toMatchObject([
      {
        actor: { kind: 'key', id: revealer.key.id },
        object: { kind, id: id() },
        reason: '回电核实',
        detail: { kinds: expect.arrayContaining(['phone']) },
      },
    ])
    expect((await auditor.get(`/audit?object=${id()}`)).text).not.toContain('13800138000')
  })

  it('is shown neither without a reason nor without the permission, and then nothing is written down', async () => {
    const before = (await recorded(messageId)).length
    expect((await revealer.post(`/messages/${messageId}/reveal`, { reason: ' ' })).status).toBe(400)
    expect((await reader.post(`/messages/${messageId}/reveal`, { reason: '想看看' })).status).toBe(403)
    expect((await revealer.post(`/messages/${randomUUID()}/reveal`, { reason: '想看看' })).status).toBe(404)
    expect((await recorded(messageId)).length).toBe(before)
  })

  it('is not written back masked', async () => {
    const refused = await reader.call('PATCH', `/tickets/${ticketId}`, {
      body: { fields: { orderNumber: '138****8000' } },
    })
    expect([refused.status, refused.text.includes('masked')]).toEqual([400, true])
    const taken = await reader.call('PATCH', `/tickets/${ticketId}`, {
      body: { fields: { orderNumber: '2026112512345678' } },
    })
    expect(taken.status).toBe(200)
  })
})
