import { randomUUID } from 'node:crypto'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../src/core/agent.ts'
import { openStaff, type Staff } from '../staff.ts'
import type { World } from '../world.ts'
import { callApi, createProgram, type Program } from './program.ts'

let staff: Staff
let world: World
let writer: Program
beforeAll(async () => {
  staff = await openStaff()
  ;({ world } = staff)
  writer = await createProgram(world, ['complaints:write', 'tickets:read'])
})
afterAll(() => world.stop())

/** A signed-in agent's call, as the desk's page makes it. */
const as = (role: Role) => {
  const { cookies } = staff.as(role)
  const headers = {
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    origin: world.origin,
    'x-csrf-token': cookies.get('tongda_csrf') ?? '',
  }
  return (path: string, body: unknown = {}, more: Record<string, string> = {}) =>
    callApi(world.origin, undefined)('POST', path, { body, headers: { ...headers, ...more } })
}

const complain = async () => {
  const ticket = await world.arrive({ text: '他天天在评论区骂我', title: '被人骂' })
  await world.database.query(`update tickets set kind = 'complaint' where id = $1`, [ticket.id])
  return ticket
}
const opened = async (over: object = {}) => {
  const ticket = await complain()
  const answer = await writer.post('/complaints', {
    ticket: `T-${String(ticket.number)}`,
    kind: 'harassment',
    objects: ['https://space.bilibili.com/42'],
    ...over,
  })
  return { ticket, answer, path: `/complaints/${String(answer.json.id)}` }
}

describe('complaint cases', () => {
  it('are opened by the number people say, once for a key, and read back', async () => {
    const ticket = await complain()
    const body = { ticket: `T-${String(ticket.number)}`, kind: 'fraud', objects: ['UID:42'] }
    const key = { 'idempotency-key': randomUUID() }
    const first = await writer.post('/complaints', body, key)
    expect([first.status, first.json.state, first.headers.get('etag')]).toEqual([201, 'received', '"1"'])
    expect(first.headers.get('location')).toBe(`/api/v1/complaints/${String(first.json.id)}`)
    expect((await writer.post('/complaints', body, key)).json).toEqual(first.json)
    expect((await writer.post('/complaints', body)).status).toBe(409)
    expect((await writer.get(`/complaints/${String(first.json.id)}`)).json).toEqual(first.json)
    const listed = await writer.get(`/complaints?ticket=T-${String(ticket.number)}&kind=fraud&object=UID:42`)
    expect(listed.json.data).toMatchObject([{ id: first.json.id, objects: [{ key: 'user:42' }] }])
  })

  it('refuse what is not understood and name the rule', async () => {
    const { answer } = await opened({ objects: ['他'] })
    expect([answer.status, answer.json.detail]).toEqual([400, expect.stringContaining('accepted are BV')])
    const { path } = await opened()
    const unknown = await writer.get(`/complaints/${randomUUID()}`)
    expect([unknown.status, unknown.json.code]).toEqual([404, 'not_found'])
    const illegal = await as('senior')(`${path}/decisions`, {
      verdict: 'warn',
      reason: 'harassment.messages',
    })
    expect([illegal.status, illegal.json.detail]).toEqual([
      409,
      expect.stringContaining('does not take “decide”'),
    ])
  })

  it('refuse a stale version with the case as it is', async () => {
    const { path } = await opened()
    await writer.post(`${path}/examine`)
    const stale = await writer.post(`${path}/withdraw`, { why: '撤回' }, { 'if-match': '"1"' })
    expect([stale.status, stale.json]).toMatchObject([
      409,
      { code: 'stale', current: { state: 'examining', version: 2 }, yours: { version: 1 } },
    ])
  })

  it('take files in the request and refuse those that lie', async () => {
    const { path } = await opened()
    const content = Buffer.from('聊天记录\n'.repeat(40_000)).toString('base64')
    const added = await writer.post(`${path}/evidence`, { content, name: 'chat.txt' })
    expect([added.status, added.json.evidence]).toMatchObject([200, [{ contentType: 'text/plain' }]])
    const lying = await writer.post(`${path}/evidence`, { content, name: 'chat.png' })
    expect([lying.status, lying.json.detail]).toEqual([400, expect.stringMatching(/\.png.*text\/plain/)])
    expect((await writer.post(`${path}/evidence`, {})).status).toBe(400)
  })

  it('of a ban go from the proposer over the approver to the moderation system and back', async () => {
    const { path } = await opened()
    await writer.post(`${path}/examine`)
    const ban = { verdict: 'ban-temporary', reason: 'harassment.messages', hours: 72 }
    expect((await as('agent')(`${path}/decisions`, ban)).status).toBe(403)
    const proposed = await as('supervisor')(`${path}/decisions`, ban)
    expect([proposed.status, proposed.json.state]).toEqual([200, 'proposed'])
    // Who may decide alone is not yet who may be the second person.
    expect((await as('senior')(`${path}/approve`)).status).toBe(403)
    expect((await as('senior')(`${path}/reject`, { why: '不' })).status).toBe(403)
    const own = await as('supervisor')(`${path}/approve`)
    expect([own.status, own.json.detail]).toEqual([403, expect.stringContaining('two-person rule')])
    const approved = await as('admin')(`${path}/approve`)
    expect(approved.json).toMatchObject({ state: 'decided', actions: [{ state: 'requested' }] })
    const events = await createProgram(world, ['events:read'])
    const heard = await events.get('/events?types=complaint.action&limit=200')
    const action = (heard.json.data as { data: Record<string, unknown> }[]).find(
      ({ data }) => path === `/complaints/${String(data['caseId'])}`,
    )
    expect(action?.data).toMatchObject({ action: 'ban-temporary', hours: 72, objects: [{ id: '42' }] })
    const moderation = await createProgram(world, ['complaints:act'])
    const confirm = () =>
      moderation.post(`${path}/actions/${String(action?.data['actionId'])}/confirm`, {
        state: 'confirmed',
        reference: 'M-1',
      })
    expect((await confirm()).json.actions).toMatchObject([{ state: 'confirmed', reference: 'M-1' }])
    expect((await confirm()).status).toBe(200)
    const key = await createProgram(world, ['admin'])
    expect((await key.post(`${path}/decisions`, ban)).status).toBe(403)
  })

  it('tell beforehand what a decision would bring about, and change nothing by it', async () => {
    const { path } = await opened()
    await writer.post(`${path}/examine`)
    const warning = { verdict: 'warn', reason: 'harassment.messages', toReported: '请停止。' }
    const preview = (body: object) => as('senior')(`${path}/decisions/preview`, body)
    const seen = await preview(warning)
    expect(seen.json).toMatchObject({
      ...{ isProposal: false, language: 'zh', actions: ['warn'] },
      notices: [{ side: 'reporter' }, { side: 'reported' }],
    })
    expect(
      await preview({ verdict: 'ban-temporary', reason: 'harassment.messages', hours: 24 }),
    ).toMatchObject({
      json: { isProposal: true, actions: ['ban-temporary'] },
    })
    const refused = await preview({ ...warning, toReported: '有人说你天天在评论区骂我' })
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining('the words')])
    expect((await writer.get(path)).json).toMatchObject({ state: 'examining', version: 2, notices: [] })
    const decided = await as('senior')(`${path}/decisions`, warning)
    const told = decided.json.notices as { readonly side: string; readonly words: unknown }[]
    expect(told.map(({ side, words }) => ({ side, words }))).toEqual(seen.json.notices)
  })

  it('come as one ZIP', async () => {
    const { path } = await opened()
    const response = await fetch(`${world.origin}/api/v1${path}/archive`, {
      headers: { authorization: `Bearer ${writer.token}` },
    })
    expect(response.headers.get('content-type')).toBe('application/zip')
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()))
    expect(Object.keys(files)).toEqual(['case.json', 'timeline.json', 'messages.json', 'manifest.json'])
    const auditor = await createProgram(world, ['audit:read'])
    const noted = await auditor.get(
      `/audit?act=complaint.exported&object=${path.replace('/complaints/', '')}`,
    )
    expect(noted.json.data).toMatchObject([{ actor: { kind: 'key', id: writer.key.id } }])
  })

  it('have a list of reasons to choose from', async () => {
    const policy = await writer.get('/complaint-policy')
    expect(policy.json.reasons).toContainEqual(expect.objectContaining({ code: 'copyright.reupload' }))
  })
})
