import { expect, it } from 'vitest'
import { buildDraft, buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import { conversationGround, now } from '../support/conversation-ground.ts'
import type { TestDatabase } from '../support/databases.ts'

/** What every database must do with messages that were leased and not tried. */
export const takesBackWhatWasNotTried = (open: () => Promise<TestDatabase>): void => {
  const ground = conversationGround(open)
  const { claimOne, said } = ground

  it('takes back from its holder, and from nobody else, what was not tried, as if nobody had held it', async () => {
    await ground.store.accept([buildItem()], now)
    const outbound = [buildDraft('一'), buildDraft('二')]
    await ground.store.commit([buildOutcome(await claimOne(), { outbound })], now)
    const [holder] = await ground.outbox.claim('sender', 10, 60_000, now)
    if (holder === undefined) throw new Error('nothing to send')
    await ground.outbox.giveBack([holder])
    const untouched = { status: 'queued', attempts: 0, repeated: false }
    expect((await said()).flatMap(({ delivery }) => delivery ?? [])).toMatchObject([untouched, untouched])
    const [next] = await ground.outbox.claim('other', 10, 60_000, now)
    expect(next).toMatchObject({ uncertain: false, tries: 1, message: { attempt: 1, part: { text: '一' } } })
    await ground.outbox.giveBack([holder])
    expect(await ground.outbox.claim('third', 10, 60_000, now)).toEqual([])
  })

  it('keeps the mark of an earlier attempt when a later one was not made', async () => {
    await ground.store.accept([buildItem()], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    await ground.outbox.claim('dead', 10, 0, now)
    const [holder] = await ground.outbox.claim('sender', 10, 60_000, now)
    if (holder === undefined) throw new Error('nothing to send')
    await ground.outbox.giveBack([holder])
    const [again] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(again).toMatchObject({ uncertain: true, tries: 2, message: { attempt: 2 } })
    expect((await said()).at(-1)?.delivery?.repeated).toBe(true)
  })

  it('pays once for what was taken and given back', async () => {
    const quota = { message: { left: 2, until: new Date(now.getTime() + 1_000), reserved: 1 } }
    await ground.store.accept([buildItem(buildInbound(), { quota })], now)
    await ground.store.commit([buildOutcome(await claimOne())], now)
    for (let times = 0; times < 3; times += 1) {
      const claims = await ground.outbox.claim('sender', 10, 60_000, now)
      expect(claims).toHaveLength(1)
      await ground.outbox.giveBack(claims)
    }
  })
}
