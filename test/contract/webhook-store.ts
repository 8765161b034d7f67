import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { WebhookDeliveries, WebhookEndpoints, WebhookQueue } from '../../src/core/webhook.ts'
import {
  createSealing,
  createWebhookDeliveries,
  createWebhookEndpoints,
  createWebhookQueue,
} from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

const now = new Date('2026-11-23T04:00:00Z')
const dayMs = 86_400_000

/** What every database must do for webhooks. */
export const itKeepsWebhooks = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let endpoints: WebhookEndpoints
  let deliveries: WebhookDeliveries
  let queue: WebhookQueue
  beforeAll(async () => {
    test = await open()
    const sealing = createSealing(randomBytes(32))
    endpoints = createWebhookEndpoints(test.database, sealing)
    deliveries = createWebhookDeliveries(test.database)
    queue = createWebhookQueue(test.database, sealing)
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query('truncate events, webhook_endpoints, webhook_deliveries')
  })

  const create = (changes: Partial<Parameters<WebhookEndpoints['create']>[0]> = {}) =>
    endpoints.create({
      url: 'https://crm.example.com/hook',
      description: '',
      types: [],
      createdBy: 'test',
      now,
      ...changes,
    })
  const happens = (type = 'ticket.changed') =>
    test.database.query(`insert into events (type, at, data) values ($1, $2, '{"a":1}'::jsonb)`, [type, now])
  /** An endpoint is told of what cannot be read yet when it begins: only what was readable is the past for sure. */
  const happened = async (type?: string): Promise<void> => {
    await happens(type)
    await untilEventsAreReadable(test.database)
  }
  const spread = async (): Promise<boolean> => {
    await untilEventsAreReadable(test.database)
    return queue.spread()
  }
  const claimOne = async () => {
    await spread()
    const [claim] = await queue.claim(1, 60_000)
    if (claim === undefined) throw new Error('nothing was due')
    return claim
  }

  it('keeps secrets sealed, and two of them while they change', async () => {
    const { endpoint, secret } = await create()
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
    const { secret: next } = await endpoints.change(endpoint.id, {
      rotate: { overlapMs: dayMs },
      now: new Date(),
    })
    await happens()
    expect((await claimOne()).secrets).toEqual([next, secret])
    const stored = JSON.stringify(await test.database.query('select * from webhook_endpoints'))
    expect(stored).not.toContain(secret)
    await test.database.query("update webhook_endpoints set old_secret_until = now() - interval '1 second'")
    await happens()
    expect((await claimOne()).secrets).toEqual([next])
  })

  it('makes one delivery of each event that is wanted, from its creation on', async () => {
    await happened('ticket.opened')
    const { endpoint: all } = await create()
    const { endpoint: some } = await create({ types: ['ticket.opened'] })
    await happens('ticket.opened')
    await happens('ticket.changed')
    await Promise.all([spread(), spread(), spread()])
    await spread()
    const types = async (id: string) =>
      (await deliveries.list(id, { limit: 10 })).map(({ type }) => type).reverse()
    expect(await types(all.id)).toEqual(['ticket.opened', 'ticket.changed'])
    expect(await types(some.id)).toEqual(['ticket.opened'])
    const [claim] = (await queue.claim(10, 60_000)).filter(({ endpointId }) => endpointId === some.id)
    expect(JSON.parse(claim?.payload ?? '')).toEqual({
      id: expect.stringMatching(/^\d+-\d+$/),
      type: 'ticket.opened',
      at: '2026-11-23T04:00:00.000Z',
      data: { a: 1 },
    })
  })

  it('goes through a long log in pieces', async () => {
    const { endpoint } = await create()
    await test.database.query(
      `insert into events (type, at, data) select 'ticket.changed', $1, '{}'::jsonb from generate_series(1, 450)`,
      [now],
    )
    const more = []
    for (let n = 0; n < 4; n += 1) more.push(await spread())
    expect(more).toEqual([true, true, false, false])
    expect(await deliveries.list(endpoint.id, { limit: 1_000 })).toHaveLength(450)
  })

  it('leases a delivery to one sender, few of one endpoint at once, and again when the lease is over', async () => {
    await create()
    await create()
    for (let n = 0; n < 10; n += 1) await happens()
    await spread()
    const claims = (await Promise.all([queue.claim(50, 60_000), queue.claim(50, 60_000)])).flat()
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length)
    expect(claims.length).toBeLessThanOrEqual(16)
    expect(await queue.claim(50, 60_000)).toEqual([])
    await test.database.query(
      "update webhook_deliveries set lease_until = now() - interval '1 second' where lease_until is not null",
    )
    const again = await queue.claim(50, 60_000)
    expect(again.some(({ attempt }) => attempt === 2)).toBe(true)
  })

  it('records an end once, and not that of a sender who was too late', async () => {
    const { endpoint } = await create()
    await happens()
    const claim = await claimOne()
    await test.database.query("update webhook_deliveries set lease_until = now() - interval '1 second'")
    const [second] = await queue.claim(1, 60_000)
    if (second === undefined) throw new Error('not claimed again')
    await queue.settle(claim, { kind: 'dead', status: 500 }, dayMs)
    expect((await deliveries.list(endpoint.id, { limit: 1 }))[0]?.state).toBe('pending')
    await queue.settle(second, { kind: 'delivered', status: 204, body: '' }, dayMs)
    expect((await deliveries.list(endpoint.id, { limit: 1 }))[0]).toMatchObject({
      state: 'delivered',
      attempts: 2,
      lastStatus: 204,
    })
  })

  it('waits before it tries again, and gives up when told so', async () => {
    const { endpoint } = await create()
    await happens()
    const claim = await claimOne()
    await queue.settle(claim, { kind: 'retry', retryInMs: 60_000, status: 503, body: 'busy' }, dayMs)
    expect(await queue.claim(1, 60_000)).toEqual([])
    const [waiting] = await deliveries.list(endpoint.id, { limit: 1 })
    expect(waiting).toMatchObject({ state: 'pending', lastStatus: 503, lastBody: 'busy' })
    expect((await endpoints.get(endpoint.id)).failingSince).toBeInstanceOf(Date)
    await test.database.query('update webhook_deliveries set next_attempt_at = now()')
    await queue.settle(await claimOne(), { kind: 'dead', error: 'no answer' }, dayMs)
    expect(await deliveries.list(endpoint.id, { limit: 9, state: 'dead' })).toHaveLength(1)
    expect(await deliveries.replay(endpoint.id, undefined)).toBe(1)
    await queue.settle(await claimOne(), { kind: 'delivered', status: 200, body: '' }, dayMs)
    expect((await endpoints.get(endpoint.id)).failingSince).toBeUndefined()
    expect(await deliveries.replay(endpoint.id, undefined)).toBe(0)
    expect(await deliveries.replay(endpoint.id, claim.id)).toBe(1)
    await expect(deliveries.replay(endpoint.id, endpoint.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('disables an endpoint where nothing arrives for days, and one that says it is gone', async () => {
    const { endpoint } = await create()
    await happens()
    expect(await queue.settle(await claimOne(), { kind: 'retry', retryInMs: 0, status: 500 }, dayMs)).toBe(
      false,
    )
    await test.database.query("update webhook_endpoints set failing_since = now() - interval '2 days'")
    expect(await queue.settle(await claimOne(), { kind: 'retry', retryInMs: 0, status: 500 }, dayMs)).toBe(
      true,
    )
    expect(await endpoints.get(endpoint.id)).toMatchObject({ disabledReason: 'failing' })
    expect(await queue.claim(1, 60_000)).toEqual([])
    // Enabled again, it is told of what happens from then on.
    await happened()
    const enabled = await endpoints.change(endpoint.id, { disabled: false, now: new Date() })
    expect(enabled.endpoint).not.toHaveProperty('disabledAt')
    await spread()
    expect(await deliveries.list(endpoint.id, { limit: 10 })).toHaveLength(1)
    expect(await queue.settle(await claimOne(), { kind: 'gone', status: 410 }, dayMs)).toBe(true)
    expect(await endpoints.get(endpoint.id)).toMatchObject({ disabledReason: 'gone' })
  })

  it('changes an endpoint on the version that was seen', async () => {
    const { endpoint } = await create()
    const changed = await endpoints.change(endpoint.id, {
      url: 'https://b.example.com/',
      expectedVersion: 1,
      now,
    })
    expect(changed.endpoint).toMatchObject({ url: 'https://b.example.com/', version: 2, types: [] })
    await expect(
      endpoints.change(endpoint.id, { description: 'x', expectedVersion: 1, now }),
    ).rejects.toMatchObject({ code: 'conflict' })
    await endpoints.remove(endpoint.id)
    await expect(endpoints.get(endpoint.id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(endpoints.remove(endpoint.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('forgets deliveries that ended long ago', async () => {
    const { endpoint } = await create()
    await happens()
    await queue.settle(await claimOne(), { kind: 'delivered', status: 200, body: '' }, dayMs)
    await happens()
    await spread()
    await queue.retire(new Date(Date.now() + dayMs))
    expect((await deliveries.list(endpoint.id, { limit: 9 })).map(({ state }) => state)).toEqual(['pending'])
  })
}
