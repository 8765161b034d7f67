import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PushStore } from '../../src/core/push.ts'
import {
  createAgentDirectory,
  createPushStore,
  createSealing,
  createSignInStores,
} from '../../src/store/index.ts'
import { openTestEmbedded, openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { openTicket } from '../support/open-ticket.ts'
import { describeWith } from '../support/services.ts'

/** What the store of pushed notices must do on every database. */
const pushes = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let store: PushStore
  const sealing = createSealing(randomBytes(32))
  beforeAll(async () => {
    test = await open()
    store = createPushStore(test.database, sealing, { idleHours: 8 })
  })
  afterAll(() => test.dispose())

  /** An agent with a session and a browser that is pushed to. */
  const subscribed = async () => {
    const { database } = test
    const email = `${randomUUID()}@example.com`
    const { id: agentId } = await createAgentDirectory(database).create({
      name: '李然',
      email,
      role: 'agent',
    })
    const tokenHash = randomUUID()
    const { sessions } = createSignInStores(database, sealing)
    const createdAt = new Date()
    const expiresAt = new Date(createdAt.getTime() + 86_400_000)
    await sessions.create({
      ...{ tokenHash, agentId, by: 'link', createdAt, expiresAt },
      ...{ address: '', userAgent: 'Firefox/140.0' },
    })
    const sessionId = (await sessions.find(tokenHash))?.id ?? ''
    const endpoint = `https://push.example.com/${randomUUID()}`
    const keys = { p256dh: 'p', auth: 'a' }
    const id = await store.put({ agentId, sessionId, endpoint, ...keys, language: 'en' }, 10, new Date())
    return { agentId, sessionId, tokenHash, sessions, endpoint, id }
  }
  const news = (agentIds: readonly string[]) =>
    test.database.transaction((within) => store.news(within, agentIds, new Date()))

  it('keeps a browser as long as its session lives and is used', async () => {
    const { id, agentId, sessionId, endpoint, sessions, tokenHash } = await subscribed()
    expect(await store.find(id)).toEqual({ endpoint, p256dh: 'p', auth: 'a', language: 'en' })
    expect(await store.list(agentId, sessionId)).toMatchObject([
      {
        id,
        service: 'push.example.com',
        userAgent: 'Firefox/140.0',
        here: true,
        createdAt: expect.any(Date),
      },
    ])
    expect(await store.watched()).toContain(agentId)
    await test.database.query(
      `update sessions set last_seen_at = now() - interval '9 hours' where token_hash = $1`,
      [tokenHash],
    )
    expect(await store.find(id)).toBeUndefined()
    expect(await store.watched()).not.toContain(agentId)
    await sessions.end(tokenHash)
    expect(await test.database.query('select 1 from push_subscriptions where id = $1', [id])).toEqual([])
  })

  it('gives news once, however many nodes look at once', async () => {
    await openTicket(test.database, randomUUID())
    const { agentId, id } = await subscribed()
    expect(await news([agentId])).toEqual([])
    const ticket = await openTicket(test.database, randomUUID())
    const looks = await Promise.all([news([agentId]), news([agentId]), news([agentId])])
    expect(looks.flat()).toEqual([
      { agentId, occasion: 'waiting', ticketId: ticket.id, number: ticket.number, subscriptionIds: [id] },
    ])
    expect(await news([agentId])).toEqual([])
    await store.forgetTold(new Date(Date.now() + 1_000))
    expect(await news([agentId])).toEqual([])
    await store.drop(id)
    await store.forgetTold(new Date(Date.now() + 1_000))
    expect(await test.database.query('select 1 from push_told where agent_id = $1', [agentId])).toEqual([])
  })
}

describe('pushed notices on the embedded database', () => pushes(openTestEmbedded))
describeWith('postgres', 'pushed notices on PostgreSQL', (url) => pushes(() => openTestPostgres(url)))
