import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProgram, type Program } from './program.ts'
import { openWorld, type World } from '../world.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['incidents:manage'])
})
afterAll(() => world.stop())

type Json = Record<string, unknown>
const dataOf = ({ json }: { readonly json: Json }): readonly Json[] => json.data as readonly Json[]

const spike = async (over: { readonly topic?: string; readonly channel?: string } = {}): Promise<string> => {
  const id = randomUUID()
  const evidence = { observed: 64, expected: 11.2, factor: 5.7, minutes: 10, p: 1e-9 }
  await world.database.query(
    `insert into spike_proposals (id, topic, channel, since_at, evidence, state, created_at, updated_at)
     values ($1, $2, $3, $4, $5::jsonb, 'proposed', $4, $4)`,
    [id, over.topic ?? null, over.channel ?? null, world.clock.now(), JSON.stringify(evidence)],
  )
  return id
}

describe('incidents over the API', () => {
  it('are declared from a spike by its id alone, once a key', async () => {
    const spikeId = await spike({ topic: 'vip-refund', channel: 'wechat' })
    expect(dataOf(await program.get('/spikes?state=proposed'))).toMatchObject([
      { id: spikeId, evidence: { observed: 64, factor: 5.7 }, topic: 'vip-refund' },
    ])
    const key = { 'idempotency-key': randomUUID() }
    const made = await program.post('/incidents', { spikeId }, key)
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({
      ...{ state: 'open', topics: ['vip-refund'], channels: ['wechat'], title: { zh: '服务异常' } },
      declaredBy: { kind: 'key' },
    })
    expect((await program.post('/incidents', { spikeId }, key)).json.id).toBe(made.json.id)
    expect(dataOf(await program.get('/spikes?state=declared'))).toMatchObject([{ incidentId: made.json.id }])
    const again = await program.post('/incidents', { spikeId })
    expect([again.status, again.json.code]).toEqual([409, 'conflict'])
  })

  it('are changed on the version that was seen, told of and closed', async () => {
    const declared = await program.post('/incidents', {
      title: { zh: '投稿异常', en: 'Uploads' },
      notice: { zh: '投稿可能失败' },
      channelNotices: { email: { zh: '投稿可能失败（邮件）' } },
      topics: ['video-upload'],
    })
    const path = `/incidents/${String(declared.json.id)}`
    const seen = { 'if-match': '"1"' }
    const body = { notice: { zh: '投稿正在恢复' } }
    const changed = await program.call('PATCH', path, { body, headers: seen })
    expect(changed.json).toMatchObject({ noticeVersion: 2, version: 2 })
    const stale = await program.call('PATCH', path, { body, headers: seen })
    expect([stale.status, stale.json.code]).toEqual([409, 'stale'])
    expect(stale.json).toMatchObject({ current: { version: 2 }, yours: { changes: body } })
    const told = await program.post(`${path}/updates`, { wording: { zh: '一半好了' } })
    expect(told.json).toMatchObject({ state: 'open', version: 3 })
    expect((await program.get(`${path}/telling`)).json).toMatchObject({ people: 0 })
    expect(dataOf(await program.get(`${path}/notices`))).toEqual([])
    const closed = await program.post(`${path}/close`, {})
    expect(closed.json).toMatchObject({ state: 'closed', closedBy: { kind: 'key' } })
    expect((await program.post(`${path}/close`, {})).status).toBe(409)
    const history = dataOf(await program.get(`${path}/history`))
    expect(history.map(({ change }) => change)).toEqual(['declared', 'changed', 'updated', 'closed'])
    const report = await program.get(`${path}/report`)
    expect(report.json).toMatchObject({ timeZone: 'Asia/Shanghai', tickets: { total: 0 }, told: { now: 0 } })
    const written = await program.call('GET', `${path}/report?format=markdown`, {
      headers: { 'accept-language': 'en' },
    })
    expect(written.text).toContain(`# Incident report I-${String(declared.json.number)} Uploads`)
    expect(written.text).toContain('progress told: 一半好了')
    expect(dataOf(await program.get('/incidents?state=closed&limit=1'))).toMatchObject([
      { id: declared.json.id },
    ])
  })

  it('take tickets that are hung under them, each under one', async () => {
    const ticket = await world.arrive()
    const [one, other] = [
      (await program.post('/incidents', { gather: false })).json,
      (await program.post('/incidents', { gather: false })).json,
    ]
    const hung = await program.post(`/incidents/${String(one.id)}/tickets`, { ticketId: ticket.id })
    expect(hung.json).toMatchObject({ tickets: 1, openTickets: 1, followers: 1 })
    const refused = await program.post(`/incidents/${String(other.id)}/tickets`, { ticketId: ticket.id })
    expect([refused.status, refused.json.code]).toEqual([409, 'conflict'])
    const unknown = await program.post(`/incidents/${String(one.id)}/tickets`, { ticketId: randomUUID() })
    expect(unknown.status).toBe(400)
    const path = `/incidents/${String(one.id)}/tickets/${ticket.id}`
    expect((await program.call('DELETE', path)).json).toMatchObject({ tickets: 0, followers: 0 })
    expect((await program.call('DELETE', path)).status).toBe(404)
    // What was taken out may hang under another.
    const anew = await program.post(`/incidents/${String(other.id)}/tickets`, { ticketId: ticket.id })
    expect(anew.json).toMatchObject({ tickets: 1, followers: 1 })
  })

  it('are about topics that there are', async () => {
    const refused = await program.post('/incidents', { topics: ['video-upload', 'no-such-topic'] })
    expect([refused.status, refused.json.code]).toEqual([400, 'bad_input'])
    expect(refused.json.detail).toContain('there is no topic "no-such-topic"')
    const { id } = (await program.post('/incidents', { topics: ['video-upload'] })).json
    const body = { topics: ['no-such-topic'] }
    expect((await program.call('PATCH', `/incidents/${String(id)}`, { body })).status).toBe(400)
  })

  it('are not made of a spike that is dismissed', async () => {
    const id = await spike({ topic: 'live-room' })
    const dismissed = await program.post(`/spikes/${id}/dismiss`, { reason: '活动开始' })
    expect(dismissed.json).toMatchObject({
      state: 'dismissed',
      reason: '活动开始',
      settledBy: { kind: 'key' },
    })
    expect((await program.post(`/spikes/${id}/dismiss`, { reason: '再一次' })).status).toBe(409)
  })
})
