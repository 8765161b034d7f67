import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Claim } from '../../src/core/conversation.ts'
import type { ConversationStore, OutboxStore } from '../../src/core/stores.ts'
import { createConversationStore, createMessageLog, createOutboxStore } from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:00Z')

/** What every database must do for the way of a message. */
export const itIsAConversationStore = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let store: ConversationStore
  let outbox: OutboxStore

  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      'truncate contacts, contact_identities, conversations, messages, outbox, delivery_attempts, inbox_pauses, tickets, ticket_timeline cascade',
    )
    store = createConversationStore(test.database)
    outbox = createOutboxStore(test.database)
  })

  const claimOne = async (leaseMs = 60_000): Promise<Claim> => {
    const [claim] = await store.claim('worker', 10, leaseMs)
    if (claim === undefined) throw new Error('nothing was ready')
    return claim
  }
  const said = (threadKey = 'oUser0001') =>
    createMessageLog(test.database).read({
      inboxId: 'wechat-test',
      threadKey,
      afterSeq: 0,
      limit: 100,
      visibleOnly: false,
    })

  it('stores a message once, however often it comes, also after a restart', async () => {
    const message = buildInbound({ dedupKey: 'm1' })
    const [first] = await store.accept([buildItem(message)], now)
    const [again, twin] = await createConversationStore(test.database).accept(
      [buildItem(message), buildItem(message)],
      now,
    )

    expect(first?.outcome).toBe('accepted')
    expect([again, twin].map((accepted) => accepted?.outcome)).toEqual(['duplicate', 'duplicate'])
    expect(again?.messageId).toBe(first?.messageId)
    expect((await claimOne()).pending).toHaveLength(1)
  })

  it('takes a message and its twin in one batch as one', async () => {
    const message = buildInbound({ dedupKey: 'm1' })
    const results = await store.accept([buildItem(message), buildItem(message)], now)
    expect(results.map((result) => result.outcome)).toEqual(['accepted', 'duplicate'])
    expect(await said()).toHaveLength(1)
  })

  it('accepts the same message at once from several sides and keeps one', async () => {
    const message = buildInbound({ dedupKey: 'm1' })
    const stores = Array.from({ length: 8 }, () => createConversationStore(test.database))
    const results = await Promise.all(stores.map((one) => one.accept([buildItem(message)], now)))
    expect(results.flat().filter((result) => result.outcome === 'accepted')).toHaveLength(1)
    expect(await said()).toHaveLength(1)
    const claim = await claimOne()
    await store.commit([buildOutcome(claim)], now)
    expect(await store.claim('worker', 10, 60_000)).toEqual([])
  })

  it('tells equal dedup keys of two inboxes apart', async () => {
    const results = await store.accept(
      [
        buildItem(buildInbound({ dedupKey: 'm1' })),
        buildItem(buildInbound({ dedupKey: 'm1', inboxId: 'wechat-other' })),
      ],
      now,
    )
    expect(results.map((result) => result.outcome)).toEqual(['accepted', 'accepted'])
  })

  it('numbers a conversation in the order of sending, whatever the order of arrival within a batch', async () => {
    const at = (second: number) => new Date(now.getTime() + second * 1_000)
    await store.accept(
      [
        buildItem(buildInbound({ text: 'b', sentAt: at(2), providerId: '2' })),
        buildItem(buildInbound({ text: 'c', sentAt: at(2), providerId: '3' })),
        buildItem(buildInbound({ text: 'a', sentAt: at(1), providerId: '1' })),
      ],
      now,
    )
    const texts = (await said()).map((message) => message.parts[0])
    expect(texts).toEqual(['a', 'b', 'c'].map((text) => ({ kind: 'text', text })))
    expect((await claimOne()).pending.map((message) => message.seq)).toEqual([1, 2, 3])
  })

  it('has a message ready for the very next claim', async () => {
    for (let n = 0; n < 20; n += 1) {
      await store.accept([buildItem(buildInbound({ contactKey: `contact-${String(n)}` }))], now)
      expect(await store.claim('worker', 10, 60_000)).toHaveLength(1)
    }
  })

  it('leases a conversation to one worker at a time', async () => {
    await store.accept([buildItem()], now)
    await claimOne()
    expect(await store.claim('other', 10, 60_000)).toEqual([])
  })

  it('gives a conversation on when its lease runs out, and refuses the late commit', async () => {
    await store.accept([buildItem()], now)
    const slow = await claimOne(0)
    const fast = await claimOne()
    expect(fast.fence).toBeGreaterThan(slow.fence)
    expect(await store.commit([buildOutcome(fast, { outbound: [buildDraft('快')] })], now)).toEqual([
      'committed',
    ])
    expect(await store.commit([buildOutcome(slow, { outbound: [buildDraft('慢')] })], now)).toEqual([
      'fenced',
    ])
    const out = (await said()).filter((message) => message.direction === 'out')
    expect(out.map((message) => message.parts[0])).toEqual([{ kind: 'text', text: '快' }])
  })

  it('makes a turn take effect once, however often its commit is repeated', async () => {
    await store.accept([buildItem()], now)
    const outcome = buildOutcome(await claimOne())
    expect(await store.commit([outcome], now)).toEqual(['committed'])
    expect(await store.commit([outcome], now)).toEqual(['fenced'])
    expect((await said()).filter((message) => message.direction === 'out')).toHaveLength(1)
    await store.release(outcome.claim, 0)
    expect(await store.claim('worker', 10, 60_000)).toEqual([])
  })

  it('commits living turns beside a fenced one', async () => {
    await store.accept(
      [buildItem(buildInbound({ contactKey: 'a' })), buildItem(buildInbound({ contactKey: 'b' }))],
      now,
    )
    const [one, two] = await store.claim('worker', 10, 60_000)
    if (one === undefined || two === undefined) throw new Error('two were ready')
    const results = await store.commit(
      [buildOutcome({ ...one, fence: one.fence - 1 }), buildOutcome(two)],
      now,
    )
    expect(results).toEqual(['fenced', 'committed'])
  })

  it('keeps a message that arrives during a turn for the next one', async () => {
    await store.accept([buildItem(buildInbound({ text: '一' }))], now)
    const claim = await claimOne()
    await store.accept([buildItem(buildInbound({ text: '二' }))], now)
    await store.commit([buildOutcome(claim)], now)
    const next = await claimOne()
    expect(next.pending.map((message) => message.parts[0])).toEqual([{ kind: 'text', text: '二' }])
  })

  it('waits for further pieces, but not behind something that must not wait', async () => {
    const settling = { settleMs: 60_000, settleMaxMs: 60_000 }
    await store.accept([buildItem(buildInbound({ text: '我的大会员' }), settling)], now)
    expect(await store.claim('worker', 10, 60_000)).toEqual([])
    await store.accept([buildItem(buildInbound({ text: '转人工' }))], now)
    expect((await claimOne()).pending).toHaveLength(2)
  })

  it('ends the wait for pieces after its longest time', async () => {
    const settling = { settleMs: 60_000, settleMaxMs: 0 }
    await store.accept([buildItem(buildInbound({ text: '我的' }), { settleMs: 1, settleMaxMs: 0 })], now)
    await store.accept([buildItem(buildInbound({ text: '大会员' }), settling)], now)
    await expect.poll(() => store.claim('worker', 10, 60_000)).toHaveLength(1)
  })

  it('gives a released claim back with its messages', async () => {
    await store.accept([buildItem()], now)
    const claim = await claimOne()
    await store.release(claim, 0)
    expect((await claimOne()).pending).toEqual(claim.pending)
  })

  it('stores the decision with the last piece and opens a ticket in the same commit', async () => {
    await store.accept(
      [buildItem(buildInbound({ text: '一' })), buildItem(buildInbound({ text: '二' }))],
      now,
    )
    const claim = await claimOne()
    const number = await store.nextTicketNumber()
    await store.commit([buildOutcome(claim, { mode: 'human', openTicket: buildTicketDraft(number) })], now)
    const messages = await said()
    expect(messages.map((message) => message.decision?.rule)).toEqual([undefined, 'test', undefined])
    await store.accept([buildItem(buildInbound({ text: '三' }))], now)
    const next = await claimOne()
    expect(next.mode).toBe('human')
    expect(next.ticket?.number).toBe(number)
  })

  it('keeps odd text as it came, but for what a database cannot hold', async () => {
    await store.accept([buildItem(buildInbound({ text: 'a\0b\uD800c 👨‍👩‍👧 \u202Edcba' }))], now)
    expect((await said())[0]?.parts).toEqual([{ kind: 'text', text: 'ab\uFFFDc 👨‍👩‍👧 \u202Edcba' }])
  })

  it('sends in conversation order, one at a time, with each attempt recorded before it is made', async () => {
    await store.accept([buildItem()], now)
    await store.commit(
      [buildOutcome(await claimOne(), { outbound: [buildDraft('一'), buildDraft('二')] })],
      now,
    )
    const [first, ...none] = await outbox.claim('sender', 10, 60_000, now)
    expect(none).toEqual([])
    expect(first?.message.part).toEqual({ kind: 'text', text: '一' })
    const attempts = await test.database.query('select number, ended_at from delivery_attempts')
    expect(attempts).toEqual([{ number: 1, ended_at: null }])
    if (first === undefined) return
    await outbox.settle([{ claim: first, result: { status: 'sent', providerId: 'p1' } }], now)
    const [second] = await outbox.claim('sender', 10, 60_000, now)
    expect(second?.message.part).toEqual({ kind: 'text', text: '二' })
  })

  it('marks a message whose attempt never ended, and sends it once more', async () => {
    await store.accept([buildItem()], now)
    await store.commit([buildOutcome(await claimOne())], now)
    await outbox.claim('dead', 10, 0, now)
    const [again] = await outbox.claim('sender', 10, 60_000, now)
    expect(again?.uncertain).toBe(true)
    expect(again?.message.attempt).toBe(2)
    expect((await said()).at(-1)?.delivery?.repeated).toBe(true)
  })

  it('lets a failed message be tried again by hand, and shows why it failed', async () => {
    await store.accept([buildItem()], now)
    await store.commit([buildOutcome(await claimOne())], now)
    const [claim] = await outbox.claim('sender', 10, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'permanent', message: '48001', providerCode: '48001' } as const
    await outbox.settle([{ claim, result: { status: 'failed', error } }], now)
    const failed = (await said()).at(-1)
    expect(failed?.delivery).toMatchObject({ status: 'failed', error })
    await outbox.retry(failed?.id ?? '')
    expect(await outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
    await expect(outbox.retry(failed?.id ?? '')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('holds an answer back for the request it may ride on, and gives the same one to a retry', async () => {
    const [accepted] = await store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    await store.commit([buildOutcome(await claimOne())], now)
    const id = accepted?.messageId ?? ''
    expect(await outbox.claim('sender', 10, 60_000, now)).toEqual([])
    const first = (await outbox.claimPassive('web', [id], 60_000, now)).get(id)
    const again = (await outbox.claimPassive('web', [id], 60_000, now)).get(id)
    expect(first?.message.part).toEqual({ kind: 'text', text: '您好' })
    expect(again?.message.id).toBe(first?.message.id)
    if (first === undefined) return
    await outbox.settle([{ claim: first, result: { status: 'sent' } }], now)
    expect((await outbox.claimPassive('web', [id], 60_000, now)).get(id)?.message.id).toBe(first.message.id)
    expect((await said()).at(-1)?.delivery).toMatchObject({ status: 'sent', via: 'passive' })
  })

  it('sends an unconfirmed passive answer again by API, marked', async () => {
    const [accepted] = await store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    await store.commit([buildOutcome(await claimOne())], now)
    await outbox.claimPassive('web', [accepted?.messageId ?? ''], 0, now)
    const [again] = await outbox.claim('sender', 10, 60_000, now)
    expect(again?.uncertain).toBe(true)
  })

  const quota = (left: number) => ({ message: { left, until: new Date(now.getTime() + 1_000), reserved: 1 } })

  it('keeps the last slot for a person, and lets the rest wait for the contact', async () => {
    await store.accept([buildItem(buildInbound(), { quota: quota(2) })], now)
    const drafts = [buildDraft('一'), buildDraft('二'), buildDraft('三', { author: 'agent' })]
    await store.commit([buildOutcome(await claimOne(), { outbound: drafts })], now)
    const sent: unknown[] = []
    for (let tries = 0; tries < 5; tries += 1) {
      const claims = await outbox.claim('sender', 10, 60_000, now)
      sent.push(...claims.map((claim) => claim.message.part))
      await outbox.settle(
        claims.map((claim) => ({ claim, result: { status: 'sent' } as const })),
        now,
      )
    }
    expect(sent).toEqual([
      { kind: 'text', text: '一' },
      { kind: 'text', text: '三' },
    ])
    const waiting = (await said()).find((message) => message.delivery?.status === 'waiting')
    expect(waiting?.delivery?.error?.code).toBe('quota_exhausted')

    await store.accept([buildItem(buildInbound(), { quota: quota(5) })], now)
    const [released] = await outbox.claim('sender', 10, 60_000, now)
    expect(released?.message.part).toEqual({ kind: 'text', text: '二' })
  })

  it('does not send after the window has closed', async () => {
    await store.accept([buildItem(buildInbound(), { quota: quota(5) })], now)
    await store.commit([buildOutcome(await claimOne())], now)
    const later = new Date(now.getTime() + 2_000)
    expect(await outbox.claim('sender', 10, 60_000, later)).toEqual([])
    expect((await said()).at(-1)?.delivery).toMatchObject({
      status: 'waiting',
      error: { code: 'window_closed' },
    })
    expect(await outbox.expire(new Date(now.getTime() + 1), later)).toBe(1)
    expect((await said()).at(-1)?.delivery?.status).toBe('expired')
  })

  it('gives a slot back when the provider refused before counting', async () => {
    await store.accept([buildItem(buildInbound(), { quota: quota(2) })], now)
    await store.commit([buildOutcome(await claimOne())], now)
    const [claim] = await outbox.claim('sender', 10, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'temporary', message: 'busy' } as const
    await outbox.settle(
      [{ claim, result: { status: 'queued', error, retryInMs: 0, refundAllowance: true } }],
      now,
    )
    expect(await outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
  })

  it('pays once for a message, however often it is tried', async () => {
    await store.accept([buildItem(buildInbound(), { quota: quota(2) })], now)
    await store.commit([buildOutcome(await claimOne())], now)
    const error = { code: 'temporary', message: 'connection refused' } as const
    for (let tries = 0; tries < 3; tries += 1) {
      const [claim] = await outbox.claim('sender', 10, 60_000, now)
      if (claim === undefined) throw new Error('nothing to send')
      await outbox.settle([{ claim, result: { status: 'queued', error, retryInMs: 0 } }], now)
    }
    expect(await outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
  })

  it('sends at once what was refused for a window that the contact has opened again meanwhile', async () => {
    await store.accept([buildItem(buildInbound(), { quota: quota(5) })], now)
    await store.commit([buildOutcome(await claimOne())], now)
    const [claim] = await outbox.claim('sender', 10, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    await store.accept([buildItem(buildInbound(), { quota: quota(5) })], new Date(now.getTime() + 10))
    const error = { code: 'window_closed', message: '45015' } as const
    await outbox.settle([{ claim, result: { status: 'waiting', error } }], now)
    expect(await outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
  })

  it('pauses an inbox as long as its provider asks', async () => {
    await store.accept(
      [buildItem(buildInbound({ contactKey: 'a' })), buildItem(buildInbound({ contactKey: 'b' }))],
      now,
    )
    const claims = await store.claim('worker', 10, 60_000)
    await store.commit(
      claims.map((claim) => buildOutcome(claim)),
      now,
    )
    const [first] = await outbox.claim('sender', 1, 60_000, now)
    if (first === undefined) throw new Error('nothing to send')
    const error = { code: 'daily_quota', message: '45009' } as const
    await outbox.settle(
      [{ claim: first, result: { status: 'queued', error, retryInMs: 0, pauseInboxMs: 60_000 } }],
      now,
    )
    expect(await outbox.claim('sender', 10, 60_000, now)).toEqual([])
  })

  it('sends on a passive-only account with the next request', async () => {
    const passive = buildInbound({ passiveBudgetMs: 60_000 })
    await store.accept([buildItem(passive)], now)
    await store.commit(
      [
        buildOutcome(await claimOne(), {
          outbound: [buildDraft('稍后的答复', { passiveOnly: true, author: 'agent' })],
        }),
      ],
      now,
    )
    expect(await outbox.claim('sender', 10, 60_000, now)).toEqual([])
    const [next] = await store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    const answers = await outbox.claimPassive('web', [next?.messageId ?? ''], 60_000, now)
    expect([...answers.values()].map((answer) => answer.message.part)).toEqual([
      { kind: 'text', text: '稍后的答复' },
    ])
  })
}
