import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['tickets:read', 'tickets:write', 'rules:manage'])
})
afterAll(() => world.stop())

const macro = { name: { zh: '加急', en: 'Urgent' }, actions: [{ do: 'set-priority', priority: 'urgent' }] }
const rule = {
  name: '退款加急',
  on: ['opened'],
  when: [{ fact: 'topic', op: 'is', values: ['vip-refund'] }],
  actions: [{ do: 'set-priority', priority: 'urgent' }],
}

describe('macros', () => {
  it('are made, changed on the version that was seen, applied and deleted', async () => {
    const key = randomUUID()
    const made = await program.post('/macros', macro, { 'idempotency-key': key })
    expect(made).toMatchObject({ status: 201, json: { ...macro, version: 1 } })
    expect((await program.post('/macros', macro, { 'idempotency-key': key })).json.id).toBe(made.json.id)
    const path = `/macros/${String(made.json.id)}`
    const renamed = { body: { name: { zh: '特急', en: 'Very urgent' } }, headers: { 'if-match': '"1"' } }
    expect(await program.call('PATCH', path, renamed)).toMatchObject({
      status: 200,
      json: { name: renamed.body.name, actions: macro.actions, version: 2 },
    })
    const stale = await program.call('PATCH', path, renamed)
    expect(stale).toMatchObject({ status: 409, json: { current: { version: 2 } } })
    expect((await program.get('/macros')).json.data).toHaveLength(1)

    const ticket = await world.arrive({})
    const place = `/tickets/T-${String(ticket.number)}${path}`
    expect((await program.get(place)).json).toEqual({ facts: { priority: { from: 'normal', to: 'urgent' } } })
    expect(await program.post(place)).toMatchObject({ status: 200, json: { priority: 'urgent' } })
    expect((await program.get(place)).json).toEqual({ facts: {} })
    expect((await program.call('DELETE', path)).json).toEqual({ done: true })
    expect((await program.post(place)).status).toBe(404)
  })

  it.each([
    [{ ...macro, actions: [] }],
    [{ ...macro, actions: [{ do: 'explode' }] }],
    [{ ...macro, actions: [{ do: 'reply', text: '{{password}}' }] }],
    [{ ...macro, name: { zh: '', en: 'x' } }],
  ])('that cannot be meant are refused: %j', async (body) => {
    expect(await program.post('/macros', body)).toMatchObject({ status: 400 })
  })
})

describe('rules', () => {
  it('are made, tried, switched off and deleted', async () => {
    const made = await program.post('/rules', rule)
    expect(made).toMatchObject({ status: 201, json: { ...rule, enabled: true, position: 100, version: 1 } })
    const path = `/rules/${String(made.json.id)}`
    expect((await program.get('/rules')).json.data).toMatchObject([{ name: rule.name }])
    const off = await program.call('PATCH', path, { body: { enabled: false } })
    expect(off).toMatchObject({ status: 200, json: { enabled: false, when: rule.when, version: 2 } })
    expect(off.headers.get('etag')).toBe('"2"')

    const ticket = await world.arrive({})
    const tried = await program.post('/rules/dry-run', { rule: { ...rule, when: [] } })
    expect(tried.status, tried.text).toBe(200)
    expect(tried.json.matches).toContainEqual(
      expect.objectContaining({
        ticketId: ticket.id,
        change: 'opened',
        would: { facts: { priority: { from: 'normal', to: 'urgent' } } },
      }),
    )
    const other = await world.arrive({})
    const onOne = { rule: { ...rule, when: [] }, ticket: `T-${String(other.number)}` }
    expect((await program.post('/rules/dry-run', onOne)).json).toMatchObject({
      ...{ tickets: 1, matches: [{ ticketId: other.id, change: 'opened' }] },
    })
    const nowhere = await program.post('/rules/dry-run', { ...onOne, ticket: 'T-99999999' })
    expect(nowhere.status).toBe(404)
    expect((await program.call('DELETE', path)).status).toBe(200)
    expect((await program.get(path)).status).toBe(404)
  })

  it('that would never end are refused by name', async () => {
    const loop = { name: '记一笔', on: ['noted'], actions: [{ do: 'note', text: '看过' }] }
    const refused = await program.post('/rules', loop)
    expect(refused).toMatchObject({ status: 400, json: { detail: expect.stringContaining('“记一笔”') } })
    expect((await program.get('/rules')).json.data).toEqual([])
  })

  it.each([
    [{ ...rule, on: ['sneezed'] }],
    [{ ...rule, on: [] }],
    [{ ...rule, when: [{ fact: 'field', op: 'is', values: ['x'] }] }],
    [{ ...rule, when: [{ fact: 'topic', op: 'is', values: [] }] }],
    [{ ...rule, actions: [{ do: 'reply', text: '你好' }] }],
  ])('that cannot be meant are refused: %j', async (body) => {
    expect(await program.post('/rules', body)).toMatchObject({ status: 400 })
  })
})
