import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Claim } from '../../src/core/conversation.ts'
import type { ConversationStore, OutboxStore } from '../../src/core/stores.ts'
import { createConversationStore, createMessageLog, createOutboxStore } from '../../src/store/index.ts'
import type { TestDatabase } from './databases.ts'

/** Stores of conversations on a database that is empty before each test. */
export interface ConversationGround {
  readonly test: TestDatabase
  readonly store: ConversationStore
  readonly outbox: OutboxStore
  /** The first conversation that is ready; throws where none is. */
  readonly claimOne: (leaseMs?: number) => Promise<Claim>
  /** All that was said in a thread, what nobody sees included. */
  readonly said: (threadKey?: string) => ReturnType<ReturnType<typeof createMessageLog>['read']>
}

/** What the moment of a test is, unless it says otherwise. */
export const now = new Date('2026-11-23T04:00:00Z')

const empty = `
truncate contacts, contact_identities, conversations, messages, outbox, delivery_attempts, inbox_pauses, tickets,
  ticket_timeline cascade`

/** To be called where tests are collected. */
export const conversationGround = (open: () => Promise<TestDatabase>): ConversationGround => {
  let test: TestDatabase
  let store: ConversationStore
  let outbox: OutboxStore
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(empty)
    store = createConversationStore(test.database)
    outbox = createOutboxStore(test.database)
  })
  return {
    get test() {
      return test
    },
    get store() {
      return store
    },
    get outbox() {
      return outbox
    },
    claimOne: async (leaseMs = 60_000) => {
      const [claim] = await store.claim('worker', 10, leaseMs)
      if (claim === undefined) throw new Error('nothing was ready')
      return claim
    },
    said: (threadKey = 'oUser0001') =>
      createMessageLog(test.database).read({
        ...{ inboxId: 'wechat-test', threadKey, afterSeq: 0, limit: 100, visibleOnly: false },
      }),
  }
}
