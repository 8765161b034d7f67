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
    createProgram(world, ['tickets:read', 'tickets:write', 'contacts:read', 'rules:manage', 'teams:read']),
    createProgram(world, ['personal:reveal', 'tickets:read', 'contacts:read']),
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

  it('is masked where macros and rules tell of tickets, and in the queues of teams', async () => {
    const actions = [{ do: 'set-priority', priority: 'urgent' }]
    const reply = [{ do: 'reply', text: '{{contact}}您好，这是工单 {{ticket}}' }]
    const macro = await reader.post('/macros', { name: { zh: '加急', en: 'Urgent' }, actions })
    const words = await reader.post('/macros', { name: { zh: '问候', en: 'Hello' }, actions: reply })
    const rule = { name: '加急', on: ['opened'], when: [], actions }
    const [team] = (await reader.get('/teams')).json.data as readonly { id: string }[]
    const answers = [
      await reader.get(`/tickets/${ticketId}/macros/${String(words.json.id)}`),
      await reader.post(`/tickets/${ticketId}/macros/${String(macro.json.id)}`),
      await reader.post('/rules/dry-run', { rule }),
      ...(team === undefined ? [] : [await reader.get(`/teams/${team.id}/queue`)]),
    ]
    for (const { status, text } of answers) {
      expect(status, text).toBe(200)
      expect(text).not.toMatch(/13800138000|zhang@qq|19900307/)
    }
    expect(answers[1]?.json).toMatchObject({ title: `找回账号 ${masked}`, priority: 'urgent' })
  })

  it('is masked in what a provider sent, however it is named and written', async () => {
    const raw = { mobile: 13800138000, payerId: '13800138000', url: 'tel:13800138000', at: 1764230400000 }
    const { conversationId: other } = await world.arrive({
      parts: [{ kind: 'unsupported', type: 'pay', raw }],
    })
    const { json } = await reader.get(`/conversations/${other}/messages`)
    const [first] = json.data as readonly { parts: readonly { raw: unknown }[] }[]
    const hidden = '138****8000'
    expect(first?.parts[0]?.raw).toEqual({
      ...{ mobile: hidden, payerId: hidden, url: `tel:${hidden}`, at: raw.at },
    })
  })

  it('is shown only to who may read it masked, and each look is written down', async () => {
    const alone = await createProgram(world, ['personal:reveal'])
    const before = (await recorded(messageId)).length
    for (const path of [`/messages/${messageId}`, `/tickets/${ticketId}`, `/contacts/${contactId}`])
      expect((await alone.post(`${path}/reveal`, { reason: '回电核实' })).status).toBe(403)
    const key = { 'idempotency-key': randomUUID() }
    for (let look = 0; look < 2; look += 1)
      expect((await revealer.post(`/messages/${messageId}/reveal`, { reason: '回电核实' }, key)).status).toBe(
        200,
      )
    expect((await recorded(messageId)).length).toBe(before + 2)
  })

  it('is not shown when that cannot be written down', async () => {
    await world.database.script('alter table audit_log rename to audit_log_away')
    try {
      const { status, text } = await revealer.post(`/messages/${messageId}/reveal`, { reason: '回电核实' })
      expect(status).toBe(500)
      expect(text).not.toContain('13800138000')
    } finally {
      await world.database.script('alter table audit_log_away rename to audit_log')
    }
  })
})
