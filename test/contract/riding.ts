import { expect, it } from 'vitest'
import { buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import { conversationGround, now } from '../support/conversation-ground.ts'
import type { TestDatabase } from '../support/databases.ts'

/** What every database must know about answers that are to ride on a request. */
export const knowsWhatMayRide = (open: () => Promise<TestDatabase>): void => {
  const ground = conversationGround(open)

  const asks = async (): Promise<string> => {
    const [accepted] = await ground.store.accept([buildItem(buildInbound({ passiveBudgetMs: 60_000 }))], now)
    return accepted?.messageId ?? ''
  }
  const isAnswered = async (): Promise<void> => {
    await ground.store.commit([buildOutcome(await ground.claimOne())], now)
  }
  const rides = async (id: string) => (await ground.outbox.claimPassive('web', [id], 60_000, now)).get(id)

  it.each([
    ['soon', { retryInMs: 1_000 }, true],
    ['after its time', { retryInMs: 120_000 }, false],
    ['once its inbox goes on', { retryInMs: 0, pauseInboxMs: 120_000 }, false],
  ])('knows whether one may still ride when what stands before it goes %s', async (_, end, may) => {
    const one = await asks()
    await isAnswered()
    const two = await asks()
    expect(await ground.outbox.waitsToRide(two)).toBe(false)
    await isAnswered()
    expect(await ground.outbox.waitsToRide(two)).toBe(true)
    expect(await rides(two)).toBeUndefined()
    const claim = await rides(one)
    if (claim === undefined) throw new Error('nothing to ride')
    const error = { code: 'temporary', message: 'busy' } as const
    await ground.outbox.settle([{ claim, result: { status: 'queued', error, ...end } }], now)
    expect(await ground.outbox.waitsToRide(two)).toBe(may)
  })
}
