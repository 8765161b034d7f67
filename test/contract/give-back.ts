import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Claim } from '../../src/core/conversation.ts'
import type { ConversationStore, OutboxStore } from '../../src/core/stores.ts'
import { createConversationStore, createMessageLog, createOutboxStore } from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:00Z')

/** What every database must do with messages that were leased and not tried. */
export const takesBackWhatWasNotTried = (open: () => Promise<TestDatabase>): void => {
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

  const claimOne = async (): Promise<Claim> => {
    const [claim] = await store.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    return claim
  }
  const said = () =>
    createMessageLog(test.database).read({
      inboxId: 'wechat-test',
      threadKey: 'oUser0001',
      afterSeq: 0,
      limit: 100,
      visibleOnly: false,
    })

  it('takes back from its holder, and from nobody else, what was not tried, as if nobody had held it', async () => {
    await store.accept([buildItem()], now)
    const outbound = [buildDraft('一'), buildDraft('二')]
    await store.commit([buildOutcome(await claimOne(), { outbound })], now)
    const [holder] = await outbox.claim('sender', 10, 60_000, now)
    if (holder === undefined) throw new Error('nothing to send')
    await outbox.giveBack([holder])
    const untouched = { status: 'queued', attempts: 0, repeated: false }
    expect((await said()).flatMap(({ delivery }) => delivery ?? [])).toMatchObject([untouched, untouched])
    const [next] = await outbox.claim('other', 10, 60_000, now)
    expect(next).toMatchObject({ uncertain: false, tries: 1, message: { attempt: 1, part: { text: '一' } } })
    await outbox.giveBack([holder])
    expect(await outbox.claim('third', 10, 60_000, now)).toEqual([])
  })

  it('keeps the mark of an earlier attempt when a later one was not made', async () => {
    await store.accept([buildItem()], now)
    await store.commit([buildOutcome(await claimOne())], now)
    await outbox.claim('dead', 10, 0, now)
    const [holder] = await outbox.claim('sender', 10, 60_000, now)
    if (holder === undefined) throw new Error('nothing to send')
    await outbox.giveBack([holder])
    const [again] = await outbox.claim('sender', 10, 60_000, now)
    expect(again).toMatchObject({ uncertain: true, tries: 2, message: { attempt: 2 } })
    expect((await said()).at(-1)?.delivery?.repeated).toBe(true)
  })

  it('pays once for what was taken and given back', async () => {
    const quota = { message: { left: 2, until: new Date(now.getTime() + 1_000), reserved: 1 } }
    await store.accept([buildItem(buildInbound(), { quota })], now)
    await store.commit([buildOutcome(await claimOne())], now)
    for (let times = 0; times < 3; times += 1) {
      const claims = await outbox.claim('sender', 10, 60_000, now)
      expect(claims).toHaveLength(1)
      await outbox.giveBack(claims)
    }
  })
}
