import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ConversationStore, OutboxStore } from '../../src/core/stores.ts'
import { createConversationStore, createOutboxStore } from '../../src/store/index.ts'
import { buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:00Z')

/** What every database must know about answers that are to ride on a request. */
export const knowsWhatMayRide = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let store: ConversationStore
  let outbox: OutboxStore
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      'truncate contacts, contact_identities, conversations, messages, outbox, delivery_attempts, inbox_pauses cascade',
    )
    store = createConversationStore(test.database)
    outbox = createOutboxStore(test.database)
  })

  const asks = async (): Promise<string> => {
    const [accepted] = await store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    return accepted?.messageId ?? ''
  }
  const isAnswered = async (): Promise<void> => {
    const [claim] = await store.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    await store.commit([buildOutcome(claim)], now)
  }
  const rides = async (id: string) => (await outbox.claimPassive('web', [id], 60_000, now)).get(id)

  it.each([
    ['soon', { retryInMs: 1_000 }, true],
    ['after its time', { retryInMs: 120_000 }, false],
    ['once its inbox goes on', { retryInMs: 0, pauseInboxMs: 120_000 }, false],
  ])('knows whether one may still ride when what stands before it goes %s', async (_, end, may) => {
    const one = await asks()
    await isAnswered()
    const two = await asks()
    expect(await outbox.waitsToRide(two)).toBe(false)
    await isAnswered()
    expect(await outbox.waitsToRide(two)).toBe(true)
    expect(await rides(two)).toBeUndefined()
    const claim = await rides(one)
    if (claim === undefined) throw new Error('nothing to ride')
    const error = { code: 'temporary', message: 'busy' } as const
    await outbox.settle([{ claim, result: { status: 'queued', error, ...end } }], now)
    expect(await outbox.waitsToRide(two)).toBe(may)
  })
}
