import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOutgoing } from '../../channels/kit/index.ts'
import { pushNotice } from '../../src/app/push-job.ts'
import { pushHandler, startPush } from '../../src/app/push.ts'
import { createPost, outgoingPolicyOf } from '../../src/app/webhooks.ts'
import type { Agent } from '../../src/core/agent.ts'
import { topics } from '../../src/core/bus.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { openJobs } from '../../src/jobs/index.ts'
import { createTimerStore } from '../../src/store/index.ts'
import type { Browser } from '../http/client.ts'
import { createMemoryLog, openWorld, type LogLine, type World } from '../http/world.ts'
import {
  openPushService,
  vapidClaims,
  type PushedBrowser,
  type PushService,
} from '../support/push-service.ts'

let world: World
let service: PushService
let lines: LogLine[]
let stop: () => Promise<void>
let agent: Agent
let browser: Browser
let publicKey: string

beforeAll(async () => {
  world = await openWorld()
  service = await openPushService()
})
afterAll(async () => {
  service.stop()
  await world.stop()
})

/** The product's part: looking for news, and the jobs that bring them. */
const start = async (): Promise<() => Promise<void>> => {
  const { database, bus, clock } = world
  lines = []
  const log = createMemoryLog(lines)
  const timers = createTimerStore(database)
  const jobs = await openJobs({ database, timers, bus, kinds: [pushNotice], clock, log })
  const parts = { ...world.push, log, work: { jobs }, backbone: { ...world.push.backbone, bus } }
  const outgoing = createOutgoing({ policy: outgoingPolicyOf(parts.config) })
  const handlers = [pushHandler(parts, createPost(outgoing))]
  const stopJobs = await jobs.start({ handlers, concurrency: 4, stopMs: 5_000 }, [])
  const stopWatch = await startPush(parts)
  return async () => {
    await stopWatch()
    await stopJobs()
    await outgoing.close()
  }
}

beforeEach(async () => {
  await world.database.query("update tickets set state = 'closed'")
  await world.database.query('delete from push_subscriptions')
  agent = await world.hire('agent')
  browser = await world.enter(agent)
  ;({ publicKey } = (await browser.get('/api/desk/push')).json as { publicKey: string })
  service.pushed.length = 0
  service.answers.length = 0
  stop = await start()
})
afterEach(() => stop())

const subscribe = async (from = browser, language: 'zh' | 'en' = 'zh'): Promise<PushedBrowser> => {
  const made = service.subscribe(language)
  const { status, text } = await from.post('/api/desk/push', made.given)
  expect(status, text).toBe(200)
  return made
}
const count = () => service.pushed.length
const opened = (made: PushedBrowser): readonly unknown[] => service.pushed.map(({ body }) => made.open(body))
const subscriptions = async (from = browser) =>
  ((await from.get('/api/desk/push')).json as { subscriptions: readonly object[] }).subscriptions
const take = async (ticket: Ticket): Promise<void> => {
  expect((await browser.post(`/api/desk/tickets/${ticket.id}/take`)).status).toBe(200)
}
const mention = async (ticket: Ticket, who = agent): Promise<void> => {
  const colleague = await world.enter(await world.hire('agent'))
  const headers = { 'idempotency-key': randomUUID() }
  await colleague.post(`/api/desk/tickets/${ticket.id}/note`, { text: `@${who.name} 看看` }, headers)
  world.bus.publish(topics.ticket, { ticketId: ticket.id })
}

describe('what is pushed', () => {
  it('is sealed for the browser, signed by the product, and says nothing that anybody said', async () => {
    await world.arrive({ title: '在那之前就在等' })
    const made = await subscribe()
    const ticket = await world.arrive({ title: '大会员多扣一个月', text: '我要找人工' })
    await expect.poll(count).toBe(1)
    expect(opened(made)).toEqual([
      {
        ...{ title: `有人等接手 · T-${String(ticket.number)}`, body: '点开处理', lang: 'zh-CN' },
        ...{ tag: `ticket-${ticket.id}`, path: `/desk/app/inbox/open/${ticket.id}` },
      },
    ])
    const [call] = service.pushed
    if (call === undefined) throw new Error('nothing came')
    const claims = vapidClaims(call, publicKey)
    expect(claims).toMatchObject({ aud: service.origin, sub: 'https://desk.example.com' })
    expect(Number(claims.exp) - Date.now() / 1_000).toBeLessThanOrEqual(86_400)
    expect(call.headers).toMatchObject({
      ...{ 'content-encoding': 'aes128gcm', ttl: '14400', urgency: 'high' },
      topic: ticket.id.replaceAll('-', ''),
    })
    const told = JSON.stringify(lines)
    expect(told).not.toContain(made.given.endpoint)
  })

  it('is what concerns the agent, as they chose, in the language of the browser', async () => {
    const notices = { waiting: 'off', mentioned: 'notice' }
    await browser.post('/api/desk/preferences', { keys: { single: true, bindings: {} }, notices })
    const made = await subscribe(browser, 'en')
    const ticket = await world.arrive()
    await take(ticket)
    await world.database.query(
      `update tickets set next_reply_due_at = now() + interval '1 hour' where id = $1`,
      [ticket.id],
    )
    world.bus.publish(topics.ticket, { ticketId: ticket.id })
    await expect.poll(count).toBe(1)
    await mention(ticket)
    await expect.poll(count).toBe(2)
    const number = `T-${String(ticket.number)}`
    expect(opened(made)).toMatchObject([
      { title: `New message · ${number}`, lang: 'en' },
      { title: `A colleague mentioned you · ${number}`, path: `/desk/app/inbox/mentioned/${ticket.id}` },
    ])
  })

  it('waits until no window is open, and does not repeat what the window told', async () => {
    const made = await subscribe()
    await browser.post('/api/desk/presence/beat', { active: true })
    const told = await world.arrive()
    await expect
      .poll(() => world.database.query('select 1 from push_told where ticket_id = $1', [told.id]))
      .toHaveLength(1)
    await browser.post('/api/desk/presence/leave', {})
    const ticket = await world.arrive()
    await expect.poll(count).toBe(1)
    expect(opened(made)).toMatchObject([{ tag: `ticket-${ticket.id}`, body: '点开处理' }])
  })

  it('comes once to every browser, the first of several things with the number of others', async () => {
    const second = await world.enter(agent)
    const both = [await subscribe(), await subscribe(second)] as const
    await stop()
    const first = await world.arrive()
    await world.arrive()
    await world.arrive()
    stop = await start()
    await expect.poll(count).toBe(2)
    for (const made of both) {
      const call = service.pushed.find(({ path }) => made.given.endpoint.endsWith(path))
      expect(made.open(call?.body ?? Buffer.alloc(0))).toMatchObject({
        ...{ tag: `ticket-${first.id}`, body: '另有 2 件，点开处理' },
      })
    }
  })
})

describe('a push service', () => {
  it('that knows the browser no more has it forgotten', async () => {
    await subscribe()
    service.answers.push({ status: 410 })
    await world.arrive()
    await expect.poll(subscriptions).toEqual([])
    await subscribe()
    service.answers.push({ status: 404 })
    await world.arrive()
    await expect.poll(subscriptions).toEqual([])
  })

  it('that asks to wait is asked again when it said, one that fails after a while', async () => {
    const made = await subscribe()
    service.answers.push({ status: 429, retryAfter: '1' }, { status: 500 })
    const at = performance.now()
    await world.arrive()
    await expect.poll(count).toBe(2)
    expect(performance.now() - at).toBeGreaterThan(1_000)
    await expect.poll(count, { timeout: 80_000 }).toBe(3)
    expect(new Set(opened(made).map((note) => JSON.stringify(note))).size).toBe(1)
    expect(await subscriptions()).toHaveLength(1)
  })

  it('that refuses is not asked again', async () => {
    await subscribe()
    service.answers.push({ status: 403 })
    await world.arrive()
    await expect
      .poll(() =>
        world.database.query(`select state from pgboss.job where name = 'push-notice' and state = 'failed'`),
      )
      .toHaveLength(1)
    expect(count()).toBe(1)
  })
})

describe('asking for it', () => {
  it('lists the agent’s own browsers, and takes them off', async () => {
    await subscribe()
    const second = await world.enter(agent)
    await subscribe(second)
    expect(await subscriptions()).toMatchObject([
      { here: false },
      { here: true, service: expect.stringContaining('127.0.0.1') },
    ])
    const stranger = await world.enter(await world.hire('agent'))
    expect(await subscriptions(stranger)).toEqual([])
    const [other] = (await subscriptions()) as readonly { readonly id: string }[]
    const path = `/api/desk/push/${other?.id ?? ''}`
    expect((await stranger.call('DELETE', path)).status).toBe(404)
    expect((await browser.call('DELETE', path)).status).toBe(200)
    expect(await subscriptions()).toMatchObject([{ here: true }])
    const everything = JSON.stringify(await world.database.query('select * from push_subscriptions'))
    expect(everything).not.toContain('/push/')
  })

  it('said again takes the place of what was said, and of who had the browser before', async () => {
    const { given } = await subscribe()
    const said = async (from: Browser) => (await from.post('/api/desk/push', given)).json.id
    expect(await said(browser)).toBe(await said(browser))
    const next = await world.enter(await world.hire('agent'))
    await said(next)
    expect(await subscriptions()).toEqual([])
    expect(await subscriptions(next)).toHaveLength(1)
  })

  it('ends with the session, and with the agent', async () => {
    await subscribe()
    const second = await world.enter(agent)
    await subscribe(second)
    await second.post('/api/desk/session/sign-out', {})
    expect(await subscriptions()).toMatchObject([{ here: true }])
    const admin = await world.enter(await world.hire('admin'))
    const { status, text } = await admin.post(`/api/v1/agents/${agent.id}/deactivate`, {})
    expect(status, text).toBe(200)
    expect(await world.database.query('select 1 from push_subscriptions')).toEqual([])
  })

  it('has an end at ten browsers', async () => {
    for (let n = 0; n < 10; n += 1) await subscribe(await world.enter(agent))
    const { status, json } = await browser.post('/api/desk/push', service.subscribe().given)
    expect([status, json.code]).toEqual([409, 'conflict'])
  })

  it.each([
    ['a private address', { endpoint: 'https://10.0.0.1/push' }],
    ['the metadata of a cloud', { endpoint: 'https://169.254.169.254/push' }],
    ['plain http', { endpoint: 'http://push.example.com/x' }],
    [
      'a key that is none',
      { keys: { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: 'a'.repeat(22) } },
    ],
    ['a short secret', { keys: { p256dh: 'a'.repeat(87), auth: 'abc' } }],
    ['another language', { language: 'fr' }],
  ])('refuses %s', async (_, wrong) => {
    const { status } = await browser.post('/api/desk/push', { ...service.subscribe().given, ...wrong })
    expect(status).toBe(400)
  })

  it('gives the same key after a start and on every node', async () => {
    expect(Buffer.from(publicKey, 'base64url')).toHaveLength(65)
    const other = await world.enter(await world.hire('agent'))
    expect((await other.get('/api/desk/push')).json.publicKey).toBe(publicKey)
    expect(JSON.stringify(await world.database.query('select * from secrets'))).not.toContain(publicKey)
  })
})
