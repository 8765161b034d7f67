import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['surveys:read', 'surveys:manage'])
})
afterAll(() => world.stop())

const dayMs = 86_400_000
const inDays = (days: number): string => new Date(world.clock.now().getTime() + days * dayMs).toISOString()
const good = () => ({
  title: '会员退款体验',
  question: { type: 'nps', wording: { zh: '会推荐吗？' } },
  audience: {},
  endsAt: inDays(14),
})
const create = async (over: object = {}) => {
  const { status, json, headers } = await program.post('/surveys/campaigns', { ...good(), ...over })
  expect(status).toBe(201)
  return { path: `/surveys/campaigns/${String(json.id)}`, json, tag: headers.get('etag') ?? '' }
}
const choice = (...options: object[]) => ({
  question: { type: 'choice', wording: { zh: '选一个' }, options },
})
const solved = (from: number, to: number) => ({
  audience: { topics: ['vip'], solvedFrom: inDays(from), solvedTo: inDays(to) },
})

describe('a campaign over the API', () => {
  it.each<[string, () => object]>([
    ['an end before now', () => ({ endsAt: inDays(-1) })],
    ['an end before its start', () => ({ startsAt: inDays(5), endsAt: inDays(4) })],
    ['a start in no year', () => ({ startsAt: '0000-01-01T00:00:00Z' })],
    ['a title of nothing', () => ({ title: '\0' })],
    ['no share', () => ({ share: 0 })],
    ['more than all', () => ({ share: 1.1 })],
    ['nobody a day', () => ({ mostADay: 0 })],
    ['half a contact a day', () => ({ mostADay: 1.5 })],
    ['an empty title', () => ({ title: ' ' })],
    ['a member nobody knows', () => ({ state: 'running' })],
    ['a question without words', () => ({ question: { type: 'nps', wording: { zh: ' ' } } })],
    ['a choice without options', () => ({ question: { type: 'choice', wording: { zh: '选一个' } } })],
    [
      'options of no choice',
      () => ({ question: { ...choice({ zh: '甲' }, { zh: '乙' }).question, type: 'csat' } }),
    ],
    ['one option', () => choice({ zh: '甲' })],
    ['two options of the same words', () => choice({ zh: 'VIP' }, { zh: 'ｖｉｐ' })],
    ['two options of the same English', () => choice({ zh: '快', en: 'Fast' }, { zh: '好', en: 'fast' })],
    ['an option that is the number of another', () => choice({ zh: '2' }, { zh: '乙' })],
    ['a label that buttons cut off', () => choice({ zh: '甲'.repeat(21) }, { zh: '乙' })],
    ['topics without a time', () => ({ audience: { topics: ['vip'] } })],
    ['a time that ends before it begins', () => solved(-1, -2)],
    ['a channel nobody knows', () => ({ audience: { channels: ['fax'] } })],
    ['an empty list of contacts', () => ({ audience: { contactIds: [] } })],
    ['what is no id of a contact', () => ({ audience: { contactIds: ["' or true --"] } })],
  ])('is refused with %s', async (_what, over) => {
    const { status, json } = await program.post('/surveys/campaigns', { ...good(), ...over() })
    expect([status, json.code]).toEqual([400, 'bad_input'])
  })

  it('is made once by a request that is sent twice', async () => {
    const [body, key] = [good(), { 'idempotency-key': randomUUID() }]
    const first = await program.post('/surveys/campaigns', body, key)
    const second = await program.post('/surveys/campaigns', body, key)
    expect([second.status, second.json.id]).toEqual([201, first.json.id])
  })

  it('shows whoever comes too late how it is now', async () => {
    const { path, tag } = await create()
    const seen = { 'if-match': tag }
    const renamed = await program.call('PATCH', path, { body: { title: '新名字' }, headers: seen })
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"2"'])
    for (const stale of [
      await program.call('PATCH', path, { body: { share: 0.5 }, headers: seen }),
      await program.post(`${path}/start`, {}, seen),
      await program.post(`${path}/end`, {}, seen),
    ]) {
      expect([stale.status, stale.json.code]).toEqual([409, 'stale'])
      expect(stale.json.current).toMatchObject({ title: '新名字', state: 'draft', version: 2 })
    }
    expect((await program.call('PATCH', path, { body: {}, headers: { 'if-match': '2' } })).status).toBe(400)
  })

  it('goes only where it may from where it is', async () => {
    const { path, json } = await create()
    expect((await program.post(`${path}/pause`)).status).toBe(409)
    expect((await program.post(`${path}/start`, { reason: '开始' })).json).toMatchObject({ state: 'running' })
    expect((await program.post(`${path}/start`)).status).toBe(409)
    const question = { type: 'csat', wording: { zh: '好吗' } }
    expect((await program.call('PATCH', path, { body: { question } })).status).toBe(409)
    expect((await program.call('PATCH', path, { body: { endsAt: inDays(-1) } })).status).toBe(400)
    expect((await program.call('PATCH', path, { body: { endsAt: inDays(20) } })).status).toBe(200)
    expect((await program.post(`${path}/end`)).json).toMatchObject({ state: 'ended' })
    for (const move of ['start', 'pause', 'end'])
      expect((await program.post(`${path}/${move}`)).status, move).toBe(409)
    expect((await program.call('PATCH', path, { body: { title: 'x' } })).status).toBe(409)
    const { json: history } = await program.get(`${path}/history`)
    expect((history.data as { change: string }[]).map(({ change }) => change)).toEqual([
      ...['created', 'started', 'changed', 'ended'],
    ])
    expect(json.state).toBe('draft')
  })

  it('is not there under an id that nobody gave out', async () => {
    const nowhere = `/surveys/campaigns/${randomUUID()}`
    for (const path of ['', '/history', '/preview', '/results', '/invitations'])
      expect((await program.get(`${nowhere}${path}`)).status, path).toBe(404)
    expect((await program.post(`${nowhere}/start`)).status).toBe(404)
    expect((await program.get('/surveys/campaigns/x')).status).toBe(400)
  })
})

describe('consent over the API', () => {
  it('needs a proof, a time that was, and a contact', async () => {
    const { contactId } = await world.arrive({ text: '你好' })
    const path = `/contacts/${contactId}/survey-consents`
    const proof = '报名表第 18 行'
    for (const body of [{ proof: 'x', givenAt: inDays(-1) }, { proof }, { proof, givenAt: inDays(1) }])
      expect((await program.post(path, body)).status).toBe(400)
    const nobody = `/contacts/${randomUUID()}/survey-consents`
    expect((await program.post(nobody, { proof, givenAt: inDays(-1) })).status).toBe(404)
    expect((await program.get(nobody)).status).toBe(404)
    expect((await program.post(path, { proof, givenAt: inDays(-1) })).status).toBe(201)
    expect((await program.post(`${path}/withdraw`)).status).toBe(400)
    const { json } = await program.post(`${path}/withdraw`, { reason: '来电说不要了' })
    expect(json.data).toMatchObject([{ proof, withdrawal: '来电说不要了' }])
  })
})
