import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { permissions, roles, type Permission, type Role } from '../../src/core/agent.ts'
import { topics } from '../../src/core/bus.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import type { Me, TicketDetail, TicketList } from '../../src/http/api.ts'
import { createBrowser } from './client.ts'
import { openStaff, type Staff } from './staff.ts'
import { brief, type World } from './world.ts'

let staff: Staff
let world: World
beforeAll(async () => {
  staff = await openStaff()
  ;({ world } = staff)
})
afterAll(() => world.stop())

const as = (role: Role | 'nobody') => staff.as(role)
const read = <View>(role: Role, path: string): Promise<View> => staff.read<View>(role, path)
const idOf = async (role: Role): Promise<string> => (await read<Me>(role, '/me')).agent.id
const key = () => ({ 'idempotency-key': randomUUID() })
const transcriptOf = (ticket: Ticket) => world.tickets.transcript(ticket.conversationId, 100)

describe('who may do what', () => {
  const somewhere = randomUUID()
  const table: readonly [
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: string,
    needs: Permission | 'anything',
    body?: unknown,
    headers?: Record<string, string>,
  ][] = [
    ['get', '/me', 'anything'],
    ['get', '/tickets', 'ticket.read'],
    ['get', `/tickets/${somewhere}`, 'ticket.read'],
    ['get', `/tickets/${somewhere}/messages`, 'ticket.read'],
    [
      'put',
      `/tickets/${somewhere}/draft`,
      'ticket.read',
      { mode: 'reply', text: 'x', files: [], key: 'a-key-of-8' },
    ],
    ['post', `/tickets/${somewhere}/take`, 'ticket.take'],
    ['post', `/tickets/${somewhere}/take`, 'ticket.take-over', { force: true }],
    ['post', `/tickets/${somewhere}/reply`, 'ticket.reply', { text: 'x' }],
    ['post', `/tickets/${somewhere}/typing`, 'ticket.reply', { on: true }],
    ['post', `/tickets/${somewhere}/viewing`, 'ticket.read', { doing: 'looking' }],
    ['post', `/tickets/${somewhere}/assist/summary`, 'ticket.note', {}],
    ['get', `/tickets/${somewhere}/assist/summary`, 'ticket.note'],
    ['post', `/tickets/${somewhere}/assist/reply`, 'ticket.reply', {}],
    ['post', `/tickets/${somewhere}/assist/rewrite`, 'ticket.reply', { text: 'x', how: 'shorter' }],
    ['post', `/tickets/${somewhere}/assist/translation`, 'ticket.note', { messageId: somewhere, to: 'en' }],
    ['post', `/tickets/${somewhere}/assist/fields`, 'ticket.change', {}],
    ['get', '/colleagues', 'ticket.note'],
    ['post', `/tickets/${somewhere}/mentions/read`, 'ticket.read', {}],
    ['post', `/tickets/${somewhere}/note`, 'ticket.note', { text: 'x' }],
    ['post', `/tickets/${somewhere}/hand-back`, 'ticket.handback'],
    ['post', `/tickets/${somewhere}/solve`, 'ticket.solve'],
    ['get', `/tickets/${somewhere}/undo`, 'ticket.read'],
    ['post', `/tickets/${somewhere}/undo-solve`, 'ticket.solve'],
    ['post', `/messages/${somewhere}/withdraw`, 'ticket.reply'],
    ['post', `/messages/${somewhere}/retry`, 'ticket.reply'],
    ['get', `/media/${somewhere}`, 'media.read'],
    ['get', `/media/${somewhere}/sound`, 'media.read'],
    ['get', `/messages/${somewhere}/original`, 'media.read'],
    ['get', `/inboxes/${somewhere}/quiet`, 'ticket.read'],
    ['post', '/media', 'ticket.reply', 'bytes', { 'content-type': 'application/octet-stream' }],
    ['get', '/events?unknown=1', 'ticket.read'],
    ['get', '/inboxes', 'inbox.read'],
    ['get', `/contacts/${somewhere}`, 'contact.read'],
    ['get', '/contacts?search=x', 'contact.read'],
    ['post', `/contacts/${somewhere}/merge`, 'contact.merge', { from: somewhere }],
    ['post', `/merges/${somewhere}/undo`, 'contact.merge', {}],
    [
      'post',
      `/contacts/${somewhere}/fallback`,
      'contact.change',
      { inboxId: 'a', contactKey: 'b', fallback: true },
    ],
    ['get', `/conversations/${somewhere}/messages`, 'ticket.read'],
    ['post', `/tickets/${somewhere}/move`, 'ticket.reply', { conversationId: somewhere }],
    ['post', `/inboxes/${somewhere}/resume`, 'inbox.resume', {}],
    ['get', '/presence', 'team.read'],
    ['post', '/presence', 'ticket.take', {}],
    ['post', '/presence/beat', 'ticket.take', {}],
    ['post', `/tickets/${somewhere}/transfer`, 'ticket.take', { agentId: 'nobody', note: '' }],
    ['get', '/push', 'ticket.take'],
    ['post', '/push', 'ticket.take', { unknown: 1 }],
    ['delete', `/push/${somewhere}`, 'ticket.take', {}],
    ['post', '/presence/leave', 'ticket.take', { unknown: 1 }],
    ['get', '/views', 'ticket.read'],
    ['post', '/views', 'ticket.read', { name: '' }],
    ['post', '/views', 'view.share', { name: 'x', shared: true, filter: {}, order: 'due' }],
    ['post', '/views', 'view.share', { name: 'x', teamId: somewhere, filter: {}, order: 'due' }],
    ['patch', `/views/${somewhere}`, 'ticket.read', { version: 1 }],
    ['delete', `/views/${somewhere}`, 'ticket.read', {}],
    ['get', `/views/${somewhere}/tickets`, 'ticket.read'],
    ['post', '/views/count', 'ticket.read', { filter: {} }],
    ['get', '/preferences', 'anything'],
    ['post', '/preferences', 'anything', { unknown: 1 }],
    ['post', '/password', 'anything', { next: 'short' }],
    ['get', '/sessions', 'anything'],
    ['post', `/sessions/${somewhere}/end`, 'anything', {}],
    ['post', '/sessions/end-others', 'anything', { unknown: 1 }],
    ['get', '/second-step', 'anything'],
    ['post', '/second-step/begin', 'anything', { unknown: 1 }],
    ['post', '/second-step/confirm', 'anything', { code: '000000' }],
    ['post', '/second-step/recovery-codes', 'anything', { code: '' }],
    ['post', '/second-step/turn-off', 'anything', { code: '' }],
  ]
  /** Open to whoever is not signed in; what is written there must come from our own page. */
  const doors = [
    ...['link', 'password', 'second-step', 'provider', 'invitation/look', 'invitation', 'sign-out'].map(
      (door) => `post /session/${door}`,
    ),
    'get /session/ways',
  ]
  const asked = async (
    role: Role | 'nobody',
    [method, path, , body, headers]: (typeof table)[number],
  ): Promise<number> => {
    const browser = as(role)
    const answer =
      method === 'get'
        ? await browser.get(`/api/desk${path}`)
        : await browser.call(method.toUpperCase(), `/api/desk${path}`, {
            body,
            headers: { ...key(), ...headers },
          })
    return answer.status
  }

  it.each(table)('%s %s needs %s', async (...row) => {
    for (const role of roles) {
      const [, , needs] = row
      const allowed = needs === 'anything' || permissions[role].includes(needs)
      const status = await asked(role, row)
      // Behind the door nothing is found or the input is wrong: what counts is which door opened.
      if (allowed) expect([200, 400, 404, 409], role).toContain(status)
      else expect(status, role).toBe(403)
    }
    expect(await asked('nobody', row)).toBe(401)
  })

  it.each(doors.filter((door) => door.startsWith('post')))('%s is a door of our own page', async (door) => {
    const path = `/api/desk${door.replace('post ', '')}`
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: undefined },
      { 'sec-fetch-site': 'cross-site' },
    ])
      expect((await createBrowser(world.origin).post(path, {}, headers)).status).toBe(403)
    expect((await createBrowser(world.origin).post(path, 'x', { 'content-type': 'text/plain' })).status).toBe(
      415,
    )
  })

  it('leaves no route of the API out of this table', async () => {
    const described = (await as('nobody').get('/api/openapi.json')).json as { paths: Record<string, object> }
    const routes = Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    const known = table.map(
      ([method, path]) => `${method} ${path.replace(somewhere, '{id}').replace(/\?.*/, '')}`,
    )
    expect(new Set([...known, ...doors])).toEqual(new Set(routes))
  })

  it('answers what does not exist as a problem', async () => {
    const answer = await as('admin').get('/api/desk/nothing')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })
})

describe('preferences', () => {
  const asUsual = { keys: { single: true, bindings: {} }, notices: {} }
  const tooMany = Object.fromEntries(
    Array.from({ length: 101 }, (_, n) => [`${'a'.repeat(n % 26)}-${'b'.repeat(Math.floor(n / 26))}`, 'x']),
  )
  const hers = {
    keys: { single: false, bindings: { solve: 'Mod+e', 'go-mine': '' } },
    notices: { waiting: 'off', broken: 'sound' },
  }
  it('are kept with the agent, not with the browser', async () => {
    const agent = await world.hire('agent')
    const [office, home] = [await world.enter(agent), await world.enter(agent)]
    expect((await office.get('/api/desk/preferences')).json).toEqual(asUsual)
    expect((await office.post('/api/desk/preferences', hers)).json).toEqual(hers)
    expect((await home.get('/api/desk/preferences')).json).toEqual(hers)
    expect(await read<object>('senior', '/preferences')).toEqual(asUsual)
    await home.post('/api/desk/preferences', asUsual)
    expect((await office.get('/api/desk/preferences')).json).toEqual(asUsual)
  })

  it.each([
    { ...asUsual, keys: { single: 'no', bindings: {} } },
    { ...asUsual, keys: { single: true, bindings: { 'not a command': 'x' } } },
    { ...asUsual, keys: { single: true, bindings: { solve: 'x'.repeat(31) } } },
    { ...asUsual, keys: { single: true, bindings: tooMany } },
    { ...asUsual, notices: { waiting: 'loud' } },
    { ...asUsual, notices: { birthday: 'sound' } },
  ])('refuses what is none: %j', async (preferences) => {
    expect((await as('agent').post('/api/desk/preferences', preferences)).status).toBe(400)
  })
})

describe('reading', () => {
  it('lists by view', async () => {
    const [free, mine] = [await world.arrive(), await world.arrive()]
    await as('agent').post(`/api/desk/tickets/${mine.id}/take`)
    const ids = async (view: string) =>
      (await read<TicketList>('agent', `/tickets?view=${view}`)).tickets.map(({ id }) => id)
    expect(await ids('unassigned')).toContain(free.id)
    expect(await ids('unassigned')).not.toContain(mine.id)
    expect(await ids('mine')).toEqual([mine.id])
    expect(await ids('open')).toEqual(expect.arrayContaining([free.id, mine.id]))
    expect(await ids('solved')).toEqual([])
  })

  it('opens a conversation with one request: ticket, history, transcript with decision and delivery', async () => {
    const ticket = await world.arrive({
      text: '多扣了25元',
      name: '鹿目',
      decision: { rule: 'two-failed-turns', reasons: ['两次没有帮上忙'] },
    })
    const { status, json } = await as('auditor').get(`/api/desk/tickets/${ticket.id}`)
    expect(status).toBe(200)
    expect(json).toMatchObject({
      ticket: {
        id: ticket.id,
        contactName: '鹿目',
        state: 'new',
        version: 1,
        firstReplyDueAt: ticket.firstReplyDueAt.toISOString(),
      },
      timeline: [{ change: 'opened' }],
      messages: [
        {
          direction: 'in',
          parts: [{ kind: 'text', text: '多扣了25元' }],
          decision: { kind: 'escalate', rule: 'two-failed-turns', reasons: ['两次没有帮上忙'] },
        },
        { direction: 'out', author: 'bot', delivery: { status: 'queued', attempts: 0 } },
      ],
    })
  })

  it('tells of a ticket in the language that is asked for', async () => {
    const { id } = await world.arrive({ brief, title: '[图片 2]' })
    const told = async (language: string) =>
      (await as('agent').get(`/api/desk/tickets/${id}`, { 'accept-language': language })).json.ticket
    expect(await told('zh')).toMatchObject({ title: '[图片 2]', reason: '连续 2 次没有帮到联系人' })
    const english = await told('en-GB,en;q=0.9')
    expect(english).toMatchObject({
      title: '[picture 2]',
      reason: 'The contact was not helped 2 times in a row',
      summary: expect.stringContaining('Answered (3 more before):'),
    })
    expect(english).not.toHaveProperty('brief')
  })

  it('gives reasons as data, and as words what was stored as words', async () => {
    const reason = { code: 'angry', values: { strength: 3, limit: 2 } } as const
    const { id } = await world.arrive({ decision: { reasons: [reason, '用户很急'] } })
    const { messages } = await read<TicketDetail>('agent', `/tickets/${id}`)
    expect(messages[0]?.decision?.reasons).toEqual([reason, '用户很急'])
  })

  it.each([
    ['/tickets?view=everything', 'view'],
    ['/tickets?limit=100000', 'limit'],
    ['/tickets?view=open&order=1;drop table tickets', ''],
    ['/tickets/not-a-uuid', 'id'],
    ["/tickets/' or 1=1", 'id'],
    ['/media/..%2f..%2fetc%2fpasswd', 'id'],
  ])('refuses %s', async (path, field) => {
    const answer = await as('admin').get(`/api/desk${encodeURI(path).replaceAll('%25', '%')}`)
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      type: 'urn:tongda:problem:bad_input',
      status: 400,
      code: 'bad_input',
      errors: [expect.objectContaining({ field })],
    })
  })

  it('is described by OpenAPI 3.1', async () => {
    const { json } = await createBrowser(world.origin).get('/api/openapi.json')
    expect(json).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/api/desk' }] })
    expect(Object.keys((json.components as { schemas: object }).schemas)).toEqual(
      expect.arrayContaining(['Ticket', 'Message', 'Decision', 'Delivery', 'Problem']),
    )
  })
})

describe('working on a ticket', () => {
  it('takes, replies, notes, hands back and solves', async () => {
    const ticket = await world.arrive()
    const agent = as('agent')
    const path = `/api/desk/tickets/${ticket.id}`
    const taken = await agent.post(`${path}/take`, { version: 1 })
    expect(taken.json).toMatchObject({
      ticket: { assigneeId: await idOf('agent'), conversationMode: 'human', version: 2 },
    })
    expect((await agent.post(`${path}/reply`, { text: ' 已为你退款 ' }, key())).status).toBe(200)
    expect((await agent.post(`${path}/note`, { text: '用户很急' }, key())).status).toBe(200)
    const said = (await transcriptOf(ticket)).slice(2)
    expect(said).toMatchObject([
      { direction: 'out', author: 'agent', agentName: 'agent 一号', parts: [{ text: '已为你退款' }] },
      { direction: 'note', author: 'agent', parts: [{ text: '用户很急' }] },
    ])
    expect((await agent.post(`${path}/hand-back`)).json).toMatchObject({
      ticket: { conversationMode: 'bot' },
    })
    expect((await agent.post(`${path}/solve`)).json).toMatchObject({ ticket: { state: 'solved' } })
  })

  it('answers whoever comes too late with the ticket as it is now', async () => {
    const ticket = await world.arrive()
    const path = `/api/desk/tickets/${ticket.id}`
    await as('senior').post(`${path}/take`, { version: 1 })
    const late = await as('agent').post(`${path}/take`, { version: 1 })
    expect(late.status).toBe(409)
    expect(late.headers.get('content-type')).toBe('application/problem+json')
    expect(late.json).toMatchObject({
      code: 'conflict',
      ticket: { id: ticket.id, assigneeName: 'senior 一号', version: 2 },
    })
  })

  it('lets those who may take over do so', async () => {
    const ticket = await world.arrive()
    const path = `/api/desk/tickets/${ticket.id}/take`
    await as('agent').post(path)
    expect((await as('senior').post(path, { force: true })).status).toBe(403)
    expect((await as('supervisor').post(path)).status).toBe(409)
    expect((await as('supervisor').post(path, { force: true })).json).toMatchObject({
      ticket: { assigneeName: 'supervisor 一号' },
    })
  })

  it('sends once, however often it is asked with the same key', async () => {
    const ticket = await world.arrive()
    const same = key()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        as('agent').post(`/api/desk/tickets/${ticket.id}/reply`, { text: '只发一次' }, same),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    const sent = (await transcriptOf(ticket)).filter(({ author }) => author === 'agent')
    expect(sent).toHaveLength(1)
  })

  it('does not mistake one key for another act or another agent', async () => {
    const ticket = await world.arrive()
    const path = `/api/desk/tickets/${ticket.id}`
    const same = key()
    await as('agent').post(`${path}/note`, { text: '一' }, same)
    await as('senior').post(`${path}/note`, { text: '二' }, same)
    await as('agent').post(`${path}/reply`, { text: '三' }, same)
    const texts = (await transcriptOf(ticket)).slice(2).flatMap(({ parts }) => parts)
    expect(texts).toMatchObject([{ text: '一' }, { text: '二' }, { text: '三' }])
  })

  it.each([
    ['reply', { text: 'x' }, {}, 400],
    ['note', { text: 'x' }, { 'idempotency-key': 'short' }, 400],
    ['reply', { text: '   ' }, key(), 400],
    ['reply', { text: 'x'.repeat(4_001) }, key(), 400],
    ['reply', { text: 'x'.repeat(70_000) }, key(), 413],
    ['reply', { text: 'x', author: 'contact' }, key(), 400],
    ['reply', { text: 'x', __proto__: { admin: true }, constructor: 1 }, key(), 400],
    ['reply', '{"text":"x","__proto__":{"polluted":1}}', key(), 400],
    ['reply', '{"text":', key(), 400],
    ['reply', '['.repeat(30_000), key(), 400],
    ['reply', 'null', key(), 400],
    ['take', { version: '1' }, {}, 400],
    ['take', { force: 'yes' }, {}, 400],
  ] as const)('%s refuses %j %j', async (act, body, headers, status) => {
    const ticket = await world.arrive()
    const answer = await as('agent').post(`/api/desk/tickets/${ticket.id}/${act}`, body, headers)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(await world.tickets.get(ticket.id)).toMatchObject({ version: 1 })
  })

  it('sends a failed message again', async () => {
    const ticket = await world.arrive()
    const now = new Date()
    const [claim] = await world.outbox
      .claim('test', 100, 30_000, now)
      .then((claims) => claims.filter(({ message }) => message.conversationId === ticket.conversationId))
    if (claim === undefined) throw new Error('nothing to send')
    await world.outbox.settle(
      [
        {
          claim,
          result: {
            status: 'failed',
            error: { code: 'window_closed', message: 'over', providerCode: '45015' },
          },
        },
      ],
      now,
    )
    const failed = (await transcriptOf(ticket)).at(-1)
    expect(failed).toMatchObject({
      delivery: { status: 'failed', error: { code: 'window_closed', providerCode: '45015' } },
    })
    const woken: unknown[] = []
    const leave = await world.bus.subscribe(topics.outbox, (payload) => woken.push(payload))
    const retry = () => as('agent').post(`/api/desk/messages/${failed?.id ?? ''}/retry`)
    expect((await retry()).status).toBe(200)
    expect((await transcriptOf(ticket)).at(-1)).toMatchObject({ delivery: { status: 'queued' } })
    expect(woken).toHaveLength(1)
    expect((await retry()).status).toBe(409)
    leave()
  })
})
