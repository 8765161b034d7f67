import { expect, it } from 'vitest'
import type { DispatchClaim } from '../../src/core/stores.ts'
import { createOutboxStore, createRetryDelivery } from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import { conversationGround, now } from '../support/conversation-ground.ts'
import type { TestDatabase } from '../support/databases.ts'

/** What every database must do for messages on their way out. */
export const itIsAnOutboxStore = (open: () => Promise<TestDatabase>): void => {
  const ground = conversationGround(open)
  const { claimOne, said } = ground

  it('sends in conversation order, one at a time, with each attempt recorded before it is made', async () => {
    await ground.store.accept([buildItem()], now)
    await ground.store.commit(
      [buildOutcome(await claimOne(), { outbound: [buildDraft('一'), buildDraft('二')] })],
      now,
    )
    const [first, ...none] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(none).toEqual([])
    expect(first?.message.part).toEqual({ kind: 'text', text: '一' })
    const attempts = await ground.test.database.query('select number, ended_at from delivery_attempts')
    expect(attempts).toEqual([{ number: 1, ended_at: null }])
    if (first === undefined) return
    await ground.outbox.settle([{ claim: first, result: { status: 'sent', providerId: 'p1' } }], now)
    const [second] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(second?.message.part).toEqual({ kind: 'text', text: '二' })
  })

  it('names the message that the turn was about, by the provider’s id', async () => {
    const at = new Date('2026-11-23T03:59:00Z')
    const inbound = (providerId: string, wantsReply: boolean) =>
      buildItem(
        buildInbound({ dedupKey: providerId, providerId, sentAt: at, wantsReply, mayContinue: false }),
      )
    await ground.store.accept([inbound('p-1', true), inbound('p-2', true), inbound('p-3', false)], now)
    const claim = await claimOne()
    await ground.store.commit([buildOutcome(claim, { outbound: [buildDraft('一'), buildDraft('二')] })], now)
    const [first] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(first?.message.inReplyTo).toBe('p-2')
  })

  it('names no message where the provider gives none a name', async () => {
    await ground.store.accept([buildItem(buildInbound())], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const [first] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(first?.message).not.toHaveProperty('inReplyTo')
  })

  it('marks a message whose attempt never ended, and sends it once more', async () => {
    await ground.store.accept([buildItem()], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    await ground.outbox.claim('dead', 10, 0, now)
    const [again] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(again?.uncertain).toBe(true)
    expect(again?.message.attempt).toBe(2)
    expect((await said()).at(-1)?.delivery?.repeated).toBe(true)
  })

  it('takes of each inbox as many as there is room for, the oldest first', async () => {
    const inboxes = ['a', 'a', 'a', 'a', 'b', 'b', 'c']
    await ground.store.accept(
      inboxes.map((inboxId, n) => buildItem(buildInbound({ inboxId, contactKey: `u${String(n)}` }))),
      now,
    )
    const claims = await ground.store.claim('worker', 20, 60_000)
    await ground.store.commit(
      claims.map((claim) => buildOutcome(claim)),
      now,
    )
    const room = {
      total: 20,
      ofEach: 2,
      ofInbox: new Map([
        ['b', 1],
        ['c', 0],
      ]),
    }
    const taken = async () =>
      (await ground.outbox.claim('sender', room, 60_000, now)).map(({ message }) => message.inboxId)
    expect(await taken()).toEqual(['a', 'a', 'b'])
    expect(await taken()).toEqual(['a', 'a', 'b'])
    expect(await taken()).toEqual([])
    expect(await ground.outbox.claim('sender', 20, 60_000, now)).toHaveLength(1)
  })

  it('looks up answers for requests by index, however much else waits', async () => {
    const contacts = Array.from({ length: 300 }, (_, n) => `w${String(n)}`)
    const accepted = await ground.store.accept(
      contacts.map((contactKey) => buildItem(buildInbound({ contactKey, passiveBudgetMs: 4_000 }))),
      now,
    )
    const claims = await ground.store.claim('worker', 300, 60_000)
    await ground.store.commit(
      claims.map((claim) => buildOutcome(claim)),
      now,
    )
    const read = await ground.test.database.transaction(async (query) => {
      const reads = async () => {
        const [row] = await query<{ rows: number }>(
          "select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relname = 'outbox'",
        )
        return row?.rows ?? 0
      }
      const before = await reads()
      const asking = createOutboxStore({ ...ground.test.database, query })
      const wanted = accepted.slice(0, 2).map(({ messageId }) => messageId)
      expect((await asking.claimPassive('sender', wanted, 60_000, now)).size).toBe(2)
      return (await reads()) - before
    })
    expect(read).toBeLessThan(30)
  })

  it('marks a repeat of what got no answer, also when pauses lie between', async () => {
    await ground.store.accept([buildItem()], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const error = { code: 'temporary', message: 'no answer' } as const
    const results = [{ uncertain: true }, { pauseInboxMs: 0 }]
    for (const result of results) {
      const [claim] = await ground.outbox.claim('sender', 10, 60_000, now)
      if (claim === undefined) throw new Error('nothing to send')
      await ground.outbox.settle(
        [{ claim, result: { status: 'queued', error, retryInMs: 0, ...result } }],
        now,
      )
    }
    const [again] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(again).toMatchObject({ uncertain: true, message: { attempt: 3 } })
    expect((await said()).at(-1)?.delivery?.repeated).toBe(true)
  })

  it('does not count an attempt that ended in a pause', async () => {
    await ground.store.accept([buildItem()], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const error = { code: 'needs_operator', message: '40164' } as const
    const tries: number[] = []
    for (const pause of [{ pauseInboxMs: 0 }, {}, { pauseInboxMs: 0 }, {}]) {
      const [claim] = await ground.outbox.claim('sender', 10, 60_000, now)
      if (claim === undefined) throw new Error('nothing to send')
      tries.push(claim.tries)
      await ground.outbox.settle(
        [{ claim, result: { status: 'queued', error, retryInMs: 0, ...pause } }],
        now,
      )
    }
    expect(tries).toEqual([1, 1, 2, 2])
  })

  const answerTwo = async () => {
    await ground.store.accept(
      [buildItem(buildInbound({ contactKey: 'a' })), buildItem(buildInbound({ contactKey: 'b' }))],
      now,
    )
    const claims = await ground.store.claim('worker', 10, 60_000)
    await ground.store.commit(
      claims.map((claim) => buildOutcome(claim)),
      now,
    )
  }

  it('pauses an inbox by what is given up, too', async () => {
    await answerTwo()
    const [claim] = await ground.outbox.claim('sender', 1, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'needs_operator', message: '40164' } as const
    await ground.outbox.settle([{ claim, result: { status: 'expired', error, pauseInboxMs: 60_000 } }], now)
    expect(await ground.outbox.claim('sender', 10, 60_000, now)).toEqual([])
    const states = await Promise.all(
      ['a', 'b'].map(async (thread) => (await said(thread)).at(-1)?.delivery?.status),
    )
    expect(states.toSorted()).toEqual(['expired', 'queued'])
  })

  it('gives up by age what waits for a node that has its account, and nothing of other inboxes', async () => {
    await answerTwo()
    const later = new Date(now.getTime() + 1)
    expect(await ground.outbox.expire(later, later, ['another'])).toBe(0)
    expect(await ground.outbox.expire(now, later, ['wechat-test'])).toBe(0)
    expect(await ground.outbox.expire(later, later, ['wechat-test'])).toBe(2)
    expect((await said('a')).at(-1)?.delivery?.status).toBe('expired')
    expect(await ground.outbox.claim('sender', 10, 60_000, later)).toEqual([])
  })

  it('gives up by age what waits for a paused inbox, and says why', async () => {
    await answerTwo()
    const later = new Date(now.getTime() + 1)
    expect(await ground.outbox.expire(later, later, [])).toBe(0)
    const [claim] = await ground.outbox.claim('sender', 1, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'needs_operator', message: '40164' } as const
    await ground.outbox.settle(
      [{ claim, result: { status: 'queued', error, retryInMs: 0, pauseInboxMs: 60_000 } }],
      now,
    )
    expect(await ground.outbox.expire(now, later, [])).toBe(0)
    expect(await ground.outbox.expire(later, later, [])).toBe(2)
    for (const thread of ['a', 'b'])
      expect((await said(thread)).at(-1)?.delivery).toMatchObject({
        status: 'expired',
        error: { code: 'needs_operator' },
      })
  })

  it('records an end once: a repeated record changes nothing', async () => {
    await ground.store.accept([buildItem()], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const [claim] = await ground.outbox.claim('sender', 10, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'permanent', message: 'no' } as const
    await ground.outbox.settle([{ claim, result: { status: 'failed', error } }], now)
    await ground.outbox.settle([{ claim, result: { status: 'sent' } }], now)
    expect((await said()).at(-1)?.delivery?.status).toBe('failed')
  })

  it('lets a failed message be tried again by hand, and shows why it failed', async () => {
    await ground.store.accept([buildItem()], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const [claim] = await ground.outbox.claim('sender', 10, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'permanent', message: '48001', providerCode: '48001' } as const
    await ground.outbox.settle([{ claim, result: { status: 'failed', error } }], now)
    const failed = (await said()).at(-1)
    expect(failed?.delivery).toMatchObject({ status: 'failed', error })
    await createRetryDelivery(ground.test.database)(failed?.id ?? '')
    expect(await ground.outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
    await expect(createRetryDelivery(ground.test.database)(failed?.id ?? '')).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('holds an answer back for the request it may ride on, and gives the same one to a retry', async () => {
    const [accepted] = await ground.store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const id = accepted?.messageId ?? ''
    expect(await ground.outbox.claim('sender', 10, 60_000, now)).toEqual([])
    const first = (await ground.outbox.claimPassive('web', [id], 60_000, now)).get(id)
    const again = (await ground.outbox.claimPassive('web', [id], 60_000, now)).get(id)
    expect(first?.message.part).toEqual({ kind: 'text', text: '您好' })
    expect(again?.message.id).toBe(first?.message.id)
    if (first === undefined) return
    await ground.outbox.settle([{ claim: first, result: { status: 'sent' } }], now)
    expect((await ground.outbox.claimPassive('web', [id], 60_000, now)).get(id)?.message.id).toBe(
      first.message.id,
    )
    expect((await said()).at(-1)?.delivery).toMatchObject({ status: 'sent', via: 'passive' })
  })

  it('sends an unconfirmed passive answer again by API, marked', async () => {
    const [accepted] = await ground.store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    await ground.outbox.claimPassive('web', [accepted?.messageId ?? ''], 0, now)
    const [again] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(again?.uncertain).toBe(true)
  })

  it('marks what rides on a repeated request after a send by API that got no answer', async () => {
    const [accepted] = await ground.store.accept([buildItem(buildInbound({ passiveBudgetMs: 1 }))], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const sent: DispatchClaim[] = []
    // Held back for its own request, which has a millisecond.
    await expect
      .poll(async () => sent.push(...(await ground.outbox.claim('sender', 10, 60_000, now))))
      .toBe(1)
    const [claim] = sent
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'temporary', message: 'no answer' } as const
    const result = { status: 'queued', error, retryInMs: 60_000, uncertain: true } as const
    await ground.outbox.settle([{ claim, result }], now)
    const id = accepted?.messageId ?? ''
    const again = (await ground.outbox.claimPassive('web', [id], 60_000, now)).get(id)
    expect(again).toMatchObject({ uncertain: true, message: { id: claim.message.id, attempt: 2 } })
    expect((await said()).at(-1)?.delivery?.repeated).toBe(true)
  })

  it('marks what is tried again by hand after it rode on a request, nobody knows whether to its end', async () => {
    const ask = () => buildItem(buildInbound({ passiveBudgetMs: 60_000 }))
    const [accepted] = await ground.store.accept([ask()], now)
    const outbound = [buildDraft('一', { passiveOnly: true })]
    await ground.store.commit([buildOutcome(await claimOne(), { outbound })], now)
    await ground.outbox.claimPassive('web', [accepted?.messageId ?? ''], 0, now)
    const later = new Date(now.getTime() + 1)
    expect(await ground.outbox.expire(later, later, [])).toBe(1)
    await createRetryDelivery(ground.test.database)((await said()).at(-1)?.id ?? '')
    const [next] = await ground.store.accept([ask()], now)
    const again = await ground.outbox.claimPassive('web', [next?.messageId ?? ''], 60_000, now)
    expect([...again.values()]).toMatchObject([{ message: { part: { text: '一' } }, uncertain: true }])
  })

  const quota = (left: number) => ({ message: { left, until: new Date(now.getTime() + 1_000), reserved: 1 } })

  it('keeps the last slot for a person, and lets the rest wait for the contact', async () => {
    await ground.store.accept([buildItem(buildInbound(), { quota: quota(2) })], now)
    const drafts = [buildDraft('一'), buildDraft('二'), buildDraft('三', { author: 'agent' })]
    await ground.store.commit([buildOutcome(await claimOne(), { outbound: drafts })], now)
    const sent: unknown[] = []
    for (let tries = 0; tries < 5; tries += 1) {
      const claims = await ground.outbox.claim('sender', 10, 60_000, now)
      sent.push(...claims.map((claim) => claim.message.part))
      await ground.outbox.settle(
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

    await ground.store.accept([buildItem(buildInbound(), { quota: quota(5) })], now)
    const [released] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(released?.message.part).toEqual({ kind: 'text', text: '二' })
  })

  it('does not send after the window has closed', async () => {
    await ground.store.accept([buildItem(buildInbound(), { quota: quota(5) })], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const later = new Date(now.getTime() + 2_000)
    expect(await ground.outbox.claim('sender', 10, 60_000, later)).toEqual([])
    expect((await said()).at(-1)?.delivery).toMatchObject({
      status: 'waiting',
      error: { code: 'window_closed' },
    })
    expect(await ground.outbox.expire(new Date(now.getTime() + 1), later, [])).toBe(1)
    expect((await said()).at(-1)?.delivery?.status).toBe('expired')
  })

  it('gives a slot back when the provider refused before counting', async () => {
    await ground.store.accept([buildItem(buildInbound(), { quota: quota(2) })], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const [claim] = await ground.outbox.claim('sender', 10, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    const error = { code: 'temporary', message: 'busy' } as const
    await ground.outbox.settle(
      [{ claim, result: { status: 'queued', error, retryInMs: 0, refundAllowance: true } }],
      now,
    )
    expect(await ground.outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
  })

  it('pays once for a message, however often it is tried', async () => {
    await ground.store.accept([buildItem(buildInbound(), { quota: quota(2) })], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const error = { code: 'temporary', message: 'connection refused' } as const
    for (let tries = 0; tries < 3; tries += 1) {
      const [claim] = await ground.outbox.claim('sender', 10, 60_000, now)
      if (claim === undefined) throw new Error('nothing to send')
      await ground.outbox.settle([{ claim, result: { status: 'queued', error, retryInMs: 0 } }], now)
    }
    expect(await ground.outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
  })

  it('sends at once what was refused for a window that the contact has opened again meanwhile', async () => {
    await ground.store.accept([buildItem(buildInbound(), { quota: quota(5) })], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    const [claim] = await ground.outbox.claim('sender', 10, 60_000, now)
    if (claim === undefined) throw new Error('nothing to send')
    await ground.store.accept([buildItem(buildInbound(), { quota: quota(5) })], new Date(now.getTime() + 10))
    const error = { code: 'window_closed', message: '45015' } as const
    await ground.outbox.settle([{ claim, result: { status: 'waiting', error } }], now)
    expect(await ground.outbox.claim('sender', 10, 60_000, now)).toHaveLength(1)
  })

  it('pauses an inbox as long as its provider asks', async () => {
    await answerTwo()
    const [first] = await ground.outbox.claim('sender', 1, 60_000, now)
    if (first === undefined) throw new Error('nothing to send')
    const error = { code: 'daily_quota', message: '45009' } as const
    await ground.outbox.settle(
      [{ claim: first, result: { status: 'queued', error, retryInMs: 0, pauseInboxMs: 60_000 } }],
      now,
    )
    expect(await ground.outbox.claim('sender', 10, 60_000, now)).toEqual([])
  })

  it('lets what rode on a lost request of a passive-only account ride on the next one, marked', async () => {
    const passive = buildInbound({ passiveBudgetMs: 60_000 })
    const [first] = await ground.store.accept([buildItem(passive)], now)
    await ground.store.commit(
      [
        buildOutcome(await claimOne(), {
          outbound: [buildDraft('一', { passiveOnly: true }), buildDraft('二', { passiveOnly: true })],
        }),
      ],
      now,
    )
    const lost = await ground.outbox.claimPassive('web', [first?.messageId ?? ''], 0, now)
    expect([...lost.values()][0]?.message.part).toEqual({ kind: 'text', text: '一' })
    const [next] = await ground.store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    const again = await ground.outbox.claimPassive('web', [next?.messageId ?? ''], 60_000, now)
    expect([...again.values()]).toMatchObject([{ message: { part: { text: '一' } }, uncertain: true }])
  })

  it('sends on a passive-only account with the next request', async () => {
    const passive = buildInbound({ passiveBudgetMs: 60_000 })
    await ground.store.accept([buildItem(passive)], now)
    await ground.store.commit(
      [
        buildOutcome(await claimOne(), {
          outbound: [buildDraft('稍后的答复', { passiveOnly: true, author: 'agent' })],
        }),
      ],
      now,
    )
    expect(await ground.outbox.claim('sender', 10, 60_000, now)).toEqual([])
    const [next] = await ground.store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    const answers = await ground.outbox.claimPassive('web', [next?.messageId ?? ''], 60_000, now)
    expect([...answers.values()].map((answer) => answer.message.part)).toEqual([
      { kind: 'text', text: '稍后的答复' },
    ])
  })
}
