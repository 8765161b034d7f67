import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../src/core/agent.ts'
import { brandMonth } from '../../support/brand-day.ts'
import { ticketForm } from '../../support/quality-world.ts'
import { openStaff, type Staff } from '../staff.ts'
import { callApi, createProgram, type Program } from './program.ts'

let staff: Staff
let program: Program
let month: string
beforeAll(async () => {
  staff = await openStaff()
  program = await createProgram(staff.world, ['quality:manage', 'quality:read'])
  month = brandMonth(staff.world.clock.now())
})
afterAll(() => staff.world.stop())

const call = async (role: Role, method: string, path: string, body?: unknown, headers: object = {}) => {
  const browser = staff.as(role)
  return callApi(staff.world.origin, undefined)(method, path, {
    ...(body === undefined ? {} : { body }),
    headers: {
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      origin: staff.world.origin,
      'x-csrf-token': browser.cookies.get('tongda_csrf') ?? '',
      ...headers,
    },
  })
}
const idOf = async (role: Role): Promise<string> => String((await call(role, 'GET', '/me')).json.id)

/** A ticket that the agent took and solved, to be reviewed. */
const openReview = async (): Promise<string> => {
  const ticket = await staff.world.arrive()
  const browser = staff.as('agent')
  await browser.post(`/api/desk/tickets/${ticket.id}/take`, {})
  await browser.post(`/api/desk/tickets/${ticket.id}/solve`, {})
  const { json, status } = await call('senior', 'POST', '/quality/reviews', {
    subject: 'ticket',
    workId: ticket.id,
  })
  expect(status).toBe(201)
  return String(json.id)
}
const answers = {
  ...{
    tone: { value: 5 },
    understanding: { value: 5 },
    correctness: { value: 5 },
    completeness: { value: 5 },
  },
  ...{ procedure: { value: 'not-applicable' }, privacy: { value: 'yes' } },
}
const complete = async (id: string): Promise<void> => {
  await call('senior', 'POST', `/quality/reviews/${id}/claim`, {})
  await call('senior', 'PATCH', `/quality/reviews/${id}`, { answers })
  const { json } = await call('senior', 'POST', `/quality/reviews/${id}/complete`, {})
  expect(json).toMatchObject({ state: 'completed', total: 100 })
}

describe('reviews over the API', () => {
  it('go from the queue to whose work it is, who reads their own and nothing else', async () => {
    const id = await openReview()
    const queue = await call('senior', 'GET', '/quality/queue')
    expect(queue.json.data).toMatchObject([{ id, state: 'open' }])
    expect((await call('agent', 'GET', `/quality/reviews/${id}`)).status).toBe(404)
    expect((await call('agent', 'GET', '/quality/queue')).status).toBe(403)
    await complete(id)
    const shown = await call('agent', 'GET', `/quality/reviews/${id}`)
    expect(shown.json).toMatchObject({ review: { total: 100 }, form: { id: ticketForm } })
    const work = await call('agent', 'GET', `/quality/reviews/${id}/work`)
    expect((work.json.messages as unknown[]).length).toBeGreaterThan(0)
    const own = await call('agent', 'GET', `/quality/me?month=${month}`)
    expect(own.json).toMatchObject({
      reviews: [{ id }],
      // One review of one agent: no mean.
      numbers: { groups: [{ reviews: 1 }] },
      surveys: `/surveys/results/me?month=${month}`,
    })
    expect((own.json.trend as { by: string }).by).toBe('month')
    expect((await call('agent', 'GET', '/quality/reviews')).status).toBe(403)
    expect((await call('agent', 'GET', `/quality/numbers?from=${month}`)).status).toBe(403)
    expect((await program.get(`/quality/me?month=${month}`)).status).toBe(400)
  })

  it('are disputed by whose work it is and decided by somebody else', async () => {
    const id = await openReview()
    await complete(id)
    const reasons = { tone: '已经道歉了' }
    expect((await call('agent', 'POST', `/quality/reviews/${id}/dispute`, { reasons: {} })).status).toBe(400)
    expect((await call('agent', 'POST', `/quality/reviews/${id}/dispute`, { reasons })).status).toBe(200)
    expect((await call('senior', 'GET', '/quality/disputes')).json.data).toEqual([])
    expect((await call('supervisor', 'GET', '/quality/disputes')).json.data).toMatchObject([{ id }])
    const decision = { reason: '维持原判' }
    expect((await call('senior', 'POST', `/quality/reviews/${id}/decide`, decision)).status).toBe(403)
    const decided = await call('supervisor', 'POST', `/quality/reviews/${id}/decide`, decision)
    expect(decided.json).toMatchObject({ dispute: { state: 'upheld' } })
    const history = await call('agent', 'GET', `/quality/reviews/${id}/history`)
    expect(history.json.data).toMatchObject([
      ...['added', 'claimed', 'saved', 'completed', 'disputed', 'decided'].map((change) => ({ change })),
    ])
  })

  it('refuse a stale write with the review as it is, and programs where a person is needed', async () => {
    const id = await openReview()
    const { json } = await call('senior', 'POST', `/quality/reviews/${id}/claim`, {})
    await call('senior', 'PATCH', `/quality/reviews/${id}`, { answers: { tone: { value: 3 } } })
    const stale = await call(
      'senior',
      'PATCH',
      `/quality/reviews/${id}`,
      { comment: 'x' },
      { 'if-match': `"${String(json.version)}"` },
    )
    expect(stale.status).toBe(409)
    expect(stale.json).toMatchObject({ code: 'stale', current: { answers: { tone: { value: 3 } } } })
    const wrong = await call('senior', 'PATCH', `/quality/reviews/${id}`, { answers: { mood: { value: 3 } } })
    expect([wrong.status, String(wrong.json.detail)]).toEqual([
      400,
      expect.stringContaining('no criterion mood'),
    ])
    const byProgram = await program.post(`/quality/reviews/${id}/claim`)
    expect([byProgram.status, String(byProgram.json.detail)]).toEqual([
      400,
      expect.stringContaining('by a person'),
    ])
    expect((await program.post(`/quality/reviews/${id}/cancel`, { reason: '重复' })).json.state).toBe(
      'cancelled',
    )
  })

  it('are told as numbers with CSV in both languages', async () => {
    const numbers = await program.get(`/quality/numbers?from=${month}&by=form`)
    expect(numbers.json).toMatchObject({ by: 'form', groups: [{ key: ticketForm, mean: { value: 100 } }] })
    const csv = await program.get(`/quality/numbers?from=${month}&format=csv`, { 'accept-language': 'zh' })
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.text).toContain('一票否决率')
    expect((await program.get(`/quality/calibration?from=${month}`)).json).toMatchObject({
      doubled: 0,
      criteria: [],
    })
  })
})

describe('forms and rules over the API', () => {
  it('are made, changed and switched; what makes no sense is refused with the rule', async () => {
    const listed = await program.get('/quality/forms')
    const [bot, ticket] = listed.json.data as { id: string; subject: string }[]
    expect([bot?.subject, ticket?.subject].toSorted()).toEqual(['bot-answer', 'ticket'])
    const facts = { name: { zh: '短表' }, subject: 'ticket', groups: [{ id: 'all', name: { zh: '全部' } }] }
    const tone = { id: 'tone', group: 'all', name: { zh: '语气' }, kind: 'scale' }
    const critical = await program.post('/quality/forms', {
      ...facts,
      criteria: [{ ...tone, critical: true }],
    })
    expect(String(critical.json.detail)).toContain('must be yes-no')
    const { json: form } = await program.post('/quality/forms', { ...facts, criteria: [tone] })
    expect(form).toMatchObject({ state: 'draft', number: 1 })
    const rule = {
      ...{ name: '每天一成', subject: 'ticket', formId: form.id, amount: { share: 0.1 } },
      when: { reopened: true },
    }
    const early = await program.post('/quality/sampling', rule)
    expect(String(early.json.detail)).toContain('this form is draft')
    await program.post(`/quality/forms/${String(form.id)}/state`, { state: 'active' })
    const { json: made } = await program.post('/quality/sampling', rule)
    expect(made).toMatchObject({ waitDays: 4, dueDays: 7, enabled: true })
    const wrong = await program.post('/quality/sampling', { ...rule, when: { turnedDown: true } })
    expect(String(wrong.json.detail)).toContain('the subject must be bot-answer')
    const off = await program.call('PATCH', `/quality/sampling/${String(made.id)}`, {
      body: { enabled: false },
    })
    expect(off.json).toMatchObject({ enabled: false, version: 2 })
    expect((await program.get(`/quality/sampling/${String(made.id)}/draws`)).json).toEqual({ data: [] })
    const changed = await program.call('PATCH', `/quality/forms/${String(form.id)}`, {
      body: { name: { zh: '新表' } },
    })
    expect(changed.json).toMatchObject({ number: 2, state: 'active' })
    expect((await program.get(`/quality/forms/${String(form.id)}?number=1`)).json.name).toEqual({
      zh: '短表',
    })
    await program.post(`/quality/forms/${String(form.id)}/state`, { state: 'retired' })
  })
})

describe('coaching over the API', () => {
  it('is read by the two it is between, and by nobody else', async () => {
    const agentId = await idOf('agent')
    const text = '下次先确认订单号'
    const { json: note } = await call('supervisor', 'POST', '/quality/coaching', { agentId, text })
    const path = `/quality/coaching/${String(note.id)}`
    for (const role of ['senior', 'admin', 'auditor'] as const) {
      expect((await call(role, 'GET', path)).status).toBe(404)
      expect((await call(role, 'GET', '/quality/coaching')).json.data).toEqual([])
    }
    expect((await program.get(path)).status).toBe(400)
    expect((await call('agent', 'POST', '/quality/coaching', { agentId, text })).status).toBe(403)
    const seen = await call('agent', 'POST', `${path}/acknowledge`, {})
    expect(typeof seen.json.acknowledgedAt).toBe('string')
    const own = await call('agent', 'GET', `/quality/me?month=${month}`)
    expect(own.json.coaching).toMatchObject([{ text }])
    expect((await call('senior', 'POST', '/quality/coaching', { agentId: 'nobody', text })).status).toBe(400)
  })
})
