import { expect, it } from 'vitest'
import { createConversationStore, createFindTurn } from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import { conversationGround, now } from '../support/conversation-ground.ts'
import type { TestDatabase } from '../support/databases.ts'

/** What every database must do for the way of a message. */
export const itIsAConversationStore = (open: () => Promise<TestDatabase>): void => {
  const ground = conversationGround(open)
  const { claimOne, said } = ground

  it('stores a message once, however often it comes, also after a restart', async () => {
    const message = buildInbound({ dedupKey: 'm1' })
    const [first] = await ground.store.accept([buildItem(message)], now)
    const [again, twin] = await createConversationStore(ground.test.database).accept(
      [buildItem(message), buildItem(message)],
      now,
    )

    expect(first?.outcome).toBe('accepted')
    expect([again, twin].map((accepted) => accepted?.outcome)).toEqual(['duplicate', 'duplicate'])
    expect(again?.messageId).toBe(first?.messageId)
    expect((await claimOne()).pending).toHaveLength(1)
  })

  it('tells a turn whether it may still speak, and what was said last', async () => {
    await ground.store.accept([buildItem(buildInbound({ dedupKey: 'm1' }))], now)
    const turn = await claimOne()
    const findTurn = createFindTurn(ground.test.database)
    expect(await findTurn(turn)).toEqual({ threadKey: 'oUser0001', isOurs: true, lastSeq: 1 })
    await ground.store.accept([buildItem(buildInbound({ dedupKey: 'm2' }))], now)
    expect(await findTurn(turn)).toEqual({ threadKey: 'oUser0001', isOurs: true, lastSeq: 2 })
    expect(await findTurn({ ...turn, fence: turn.fence + 1 })).toMatchObject({ isOurs: false })
    expect(await findTurn({ ...turn, conversationId: turn.pending[0]?.id ?? '' })).toBeUndefined()
  })

  it('takes a message and its twin in one batch as one', async () => {
    const message = buildInbound({ dedupKey: 'm1' })
    const results = await ground.store.accept([buildItem(message), buildItem(message)], now)
    expect(results.map((result) => result.outcome)).toEqual(['accepted', 'duplicate'])
    expect(await said()).toHaveLength(1)
  })

  it('accepts the same message at once from several sides and keeps one', async () => {
    const message = buildInbound({ dedupKey: 'm1' })
    const stores = Array.from({ length: 8 }, () => createConversationStore(ground.test.database))
    const results = await Promise.all(stores.map((one) => one.accept([buildItem(message)], now)))
    expect(results.flat().filter((result) => result.outcome === 'accepted')).toHaveLength(1)
    expect(await said()).toHaveLength(1)
    const claim = await claimOne()
    await ground.store.commit([buildOutcome(claim)], now)
    expect(await ground.store.claim('worker', 10, 60_000)).toEqual([])
  })

  it('tells equal dedup keys of two inboxes apart', async () => {
    const results = await ground.store.accept(
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
    await ground.store.accept(
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
      await ground.store.accept([buildItem(buildInbound({ contactKey: `contact-${String(n)}` }))], now)
      expect(await ground.store.claim('worker', 10, 60_000)).toHaveLength(1)
    }
  })

  it('leases a conversation to one worker at a time', async () => {
    await ground.store.accept([buildItem()], now)
    await claimOne()
    expect(await ground.store.claim('other', 10, 60_000)).toEqual([])
  })

  it('gives a conversation on when its lease runs out, and refuses the late commit', async () => {
    await ground.store.accept([buildItem()], now)
    const slow = await claimOne(0)
    const fast = await claimOne()
    expect(fast.fence).toBeGreaterThan(slow.fence)
    expect(await ground.store.commit([buildOutcome(fast, { outbound: [buildDraft('快')] })], now)).toEqual([
      'committed',
    ])
    expect(await ground.store.commit([buildOutcome(slow, { outbound: [buildDraft('慢')] })], now)).toEqual([
      'fenced',
    ])
    const out = (await said()).filter((message) => message.direction === 'out')
    expect(out.map((message) => message.parts[0])).toEqual([{ kind: 'text', text: '快' }])
  })

  it('makes a turn take effect once, however often its commit is repeated', async () => {
    await ground.store.accept([buildItem()], now)
    const outcome = buildOutcome(await claimOne())
    expect(await ground.store.commit([outcome], now)).toEqual(['committed'])
    expect(await ground.store.commit([outcome], now)).toEqual(['fenced'])
    expect((await said()).filter((message) => message.direction === 'out')).toHaveLength(1)
    await ground.store.release(outcome.claim, 0)
    expect(await ground.store.claim('worker', 10, 60_000)).toEqual([])
  })

  it('commits living turns beside a fenced one', async () => {
    await ground.store.accept(
      [buildItem(buildInbound({ contactKey: 'a' })), buildItem(buildInbound({ contactKey: 'b' }))],
      now,
    )
    const [one, two] = await ground.store.claim('worker', 10, 60_000)
    if (one === undefined || two === undefined) throw new Error('two were ready')
    const results = await ground.store.commit(
      [buildOutcome({ ...one, fence: one.fence - 1 }), buildOutcome(two)],
      now,
    )
    expect(results).toEqual(['fenced', 'committed'])
  })

  it('takes some of those who wrote last before the many who waited longer, and leaves nobody out', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    for (const contactKey of names) await ground.store.accept([buildItem(buildInbound({ contactKey }))], now)
    const waiting = await ground.test.database.query<{ id: string }>(
      'select id from conversations order by ready_at',
    )
    const oldestFirst = waiting.map(({ id }) => id)
    const claim = async (): Promise<readonly (string | undefined)[]> => {
      const claims = await ground.store.claim('worker', 4, 60_000)
      return claims.map(({ conversationId }) => names[oldestFirst.indexOf(conversationId)]).sort()
    }
    expect(await claim()).toEqual(['a', 'b', 'c', 'h'])
    expect(await claim()).toEqual(['d', 'e', 'f', 'g'])
  })

  it('keeps a message that arrives during a turn for the next one', async () => {
    await ground.store.accept([buildItem(buildInbound({ text: '一' }))], now)
    const claim = await claimOne()
    await ground.store.accept([buildItem(buildInbound({ text: '二' }))], now)
    await ground.store.commit([buildOutcome(claim)], now)
    const next = await claimOne()
    expect(next.pending.map((message) => message.parts[0])).toEqual([{ kind: 'text', text: '二' }])
  })

  it('waits for further pieces, but not behind something that must not wait', async () => {
    const settling = { settleMs: 60_000, settleMaxMs: 60_000 }
    await ground.store.accept([buildItem(buildInbound({ text: '我的大会员' }), settling)], now)
    expect(await ground.store.claim('worker', 10, 60_000)).toEqual([])
    await ground.store.accept([buildItem(buildInbound({ text: '转人工' }))], now)
    expect((await claimOne()).pending).toHaveLength(2)
  })

  it('ends the wait for pieces after its longest time', async () => {
    const settling = { settleMs: 60_000, settleMaxMs: 0 }
    await ground.store.accept(
      [buildItem(buildInbound({ text: '我的' }), { settleMs: 1, settleMaxMs: 0 })],
      now,
    )
    await ground.store.accept([buildItem(buildInbound({ text: '大会员' }), settling)], now)
    await expect.poll(() => ground.store.claim('worker', 10, 60_000)).toHaveLength(1)
  })

  it('takes two things pressed in the menu as two turns, the same one pressed again as one', async () => {
    const press = (key: string, second: number) =>
      buildItem(
        buildInbound({
          dedupKey: `${key}-${String(second)}`,
          parts: [{ kind: 'event', name: 'menu', value: key }],
          sentAt: new Date(now.getTime() + second * 1_000),
        }),
      )
    await ground.store.accept([press('A', 0), press('A', 1), press('B', 2), press('A', 3)], now)
    const turns: (readonly (string | undefined)[])[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      const claim = await claimOne()
      turns.push(claim.pending.map(({ parts }) => (parts[0]?.kind === 'event' ? parts[0].value : undefined)))
      await ground.store.commit([buildOutcome(claim)], now)
    }
    expect(turns).toEqual([['A', 'A'], ['B'], ['A']])
    expect(await ground.store.claim('worker', 10, 60_000)).toEqual([])
  })

  it('gives a released claim back with its messages', async () => {
    await ground.store.accept([buildItem()], now)
    const claim = await claimOne()
    await ground.store.release(claim, 0)
    expect((await claimOne()).pending).toEqual(claim.pending)
  })

  it('stores the decision with the last piece and opens a ticket in the same commit', async () => {
    await ground.store.accept(
      [buildItem(buildInbound({ text: '一' })), buildItem(buildInbound({ text: '二' }))],
      now,
    )
    const claim = await claimOne()
    const number = await ground.store.nextTicketNumber()
    await ground.store.commit(
      [buildOutcome(claim, { mode: 'human', openTicket: buildTicketDraft(number) })],
      now,
    )
    const messages = await said()
    expect(messages.map((message) => message.decision?.rule)).toEqual([undefined, 'test', undefined])
    await ground.store.accept([buildItem(buildInbound({ text: '三' }))], now)
    const next = await claimOne()
    expect(next.mode).toBe('human')
    expect(next.ticket?.number).toBe(number)
  })

  it('hands each message to one turn, however claims, commits and arrivals meet', async () => {
    const contacts = Array.from({ length: 6 }, (_, n) => `oRace000${n}`)
    const each = 40
    const handled: string[] = []
    const accepted: string[] = []
    let arriving = contacts.length
    const talk = async (contactKey: string): Promise<void> => {
      const own = createConversationStore(ground.test.database)
      for (let n = 0; n < each; n += 1) {
        const [one] = await own.accept([buildItem(buildInbound({ contactKey }))], now)
        if (one !== undefined) accepted.push(one.messageId)
      }
      arriving -= 1
    }
    const work = async (worker: string): Promise<void> => {
      const own = createConversationStore(ground.test.database)
      for (let idle = 0; arriving > 0 || idle < 3;) {
        const claims = await own.claim(worker, 10, 60_000)
        idle = claims.length === 0 ? idle + 1 : 0
        await Promise.all(
          claims.map(async (claim) => {
            const [result] = await own.commit([buildOutcome(claim)], now)
            if (result !== 'fenced') handled.push(...claim.pending.map(({ id }) => id))
          }),
        )
      }
    }
    await Promise.all([...contacts.map(talk), ...['a', 'b', 'c', 'd'].map(work)])
    expect(accepted).toHaveLength(contacts.length * each)
    expect(handled.sort()).toEqual(accepted.sort())
  })

  it('keeps odd text as it came, but for what a database cannot hold', async () => {
    await ground.store.accept([buildItem(buildInbound({ text: 'a\0b\uD800c 👨‍👩‍👧 \u202Edcba' }))], now)
    expect((await said())[0]?.parts).toEqual([{ kind: 'text', text: 'ab\uFFFDc 👨‍👩‍👧 \u202Edcba' }])
  })
}
