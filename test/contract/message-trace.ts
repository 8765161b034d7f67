import { expect, it } from 'vitest'
import type { DispatchResult } from '../../src/core/stores.ts'
import { createMessageLog } from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTimes } from '../support/builders.ts'
import { conversationGround, now } from '../support/conversation-ground.ts'
import type { TestDatabase } from '../support/databases.ts'

/** What every database must tell of the way of a message. */
export const itTellsTheWay = (open: () => Promise<TestDatabase>): void => {
  const ground = conversationGround(open)
  const { claimOne } = ground

  const said = (threadKey = 'oUser0001') =>
    createMessageLog(ground.test.database).latest({ inboxId: 'wechat-test', threadKey, limit: 100 })

  it('tells the way of a message: what the turn took, what the provider took, and the waits between', async () => {
    const after = (ms: number) => new Date(now.getTime() + ms)
    await ground.store.accept([buildItem(buildInbound({ text: '退款' }))], now)
    const outcome = buildOutcome(await claimOne(), {
      outbound: [buildDraft('一'), buildDraft('二')],
      times: buildTimes({ decidedAt: now.toISOString() }),
    })
    await ground.store.commit([outcome], now)
    const measured = [
      { step: 'stored', ms: 1.5, isWait: false },
      { step: 'pieces', ms: 30, isWait: true },
      { step: 'queued', ms: 10, isWait: true },
      { step: 'understood', ms: 10, isWait: false },
      { step: 'decided', ms: 2, isWait: false },
    ]
    const before = (await said())[0]
    expect(before?.trace).toMatchObject({
      ...{ turn: 1, pieces: 1, totalMs: 13.5, end: 'sending', attempts: 0 },
      steps: measured,
    })
    expect(before?.decision).not.toHaveProperty('times')

    // The first is refused after 100 ms and goes after 500 more; each success takes 50 ms, and 20 ms pass between.
    const send = async (fromMs: number, toMs: number, result: DispatchResult) => {
      const [claim] = await ground.outbox.claim('sender', 10, 60_000, after(fromMs))
      if (claim === undefined) throw new Error('nothing was due')
      await ground.outbox.settle([{ claim, result }], after(toMs))
      return claim.message.id
    }
    const error = { code: 'temporary', message: 'busy' } as const
    const first = await send(5, 105, { status: 'queued', error, retryInMs: 0 })
    await send(605, 655, { status: 'sent' })
    expect((await said())[0]?.trace?.end).toBe('sending')
    const second = await send(675, 725, { status: 'sent' })
    expect((await said())[0]?.trace).toEqual({
      ...{ turn: 1, pieces: 1, totalMs: 213.5, end: 'sent', attempts: 3 },
      steps: [
        ...measured,
        { step: 'outbox', ms: 525, isWait: true },
        { step: 'sent', ms: 200, isWait: false },
      ],
      outboxIds: [first, second],
    })
  })

  it('tells no way where nobody measured, and of silence that nothing was said', async () => {
    await ground.store.accept([buildItem(buildInbound({ contactKey: 'before' }))], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    expect((await said('before'))[0]).not.toHaveProperty('trace')
    await ground.store.accept([buildItem(buildInbound({ contactKey: 'silent' }))], now)
    await ground.store.commit([buildOutcome(await claimOne(), { outbound: [], times: buildTimes() })], now)
    expect((await said('silent'))[0]?.trace).toMatchObject({ end: 'none', attempts: 0, outboxIds: [] })
  })
}
