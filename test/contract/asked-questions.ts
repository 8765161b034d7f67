import { expect, it } from 'vitest'
import type { Claim } from '../../src/core/conversation.ts'
import type { Part } from '../../src/core/message.ts'
import type { DispatchResult } from '../../src/core/stores.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import { conversationGround, now } from '../support/conversation-ground.ts'
import type { TestDatabase } from '../support/databases.ts'

/** What every database must do for questions that wait for the contact's word. */
export const itKeepsQuestions = (open: () => Promise<TestDatabase>): void => {
  const ground = conversationGround(open)
  const { claimOne, said } = ground

  /** A question that waits for the contact's word, in the second place. */
  const askFirst = async (passiveOnly: boolean): Promise<void> => {
    const toolCall = { id: 'call-1', tool: 'return', given: {}, until: now.toISOString() }
    const offered = [{ id: 'tool:confirm:call-1', label: '确认' }]
    await ground.store.accept([buildItem()], now)
    const claim = await claimOne()
    const parts: Part[] = [{ kind: 'choices', prompt: '要退吗？', choices: offered }]
    const outbound = [{ ...buildDraft('要退吗？'), parts, passiveOnly }]
    const dialogue = { ...claim.dialogue, offered, toolCall }
    await ground.store.commit([buildOutcome(claim, { dialogue, outbound })], now)
  }
  const staysOpen = (claim: Claim) => ground.store.commit([buildOutcome(claim, { outbound: [] })], now)

  it('says what came before the bot’s last message, while a call waits for a word on it', async () => {
    const toolCall = { id: 'call-1', tool: 'return', given: {}, until: now.toISOString() }
    const say = async (text: string) => ground.store.accept([buildItem(buildInbound({ text }))], now)
    await say('退货')
    const first = await claimOne()
    await say('1')
    const offered = [{ id: 'tool:confirm:call-1', label: '确认' }]
    const question: Part = { kind: 'choices', prompt: '要退吗？', choices: offered }
    const ask = (claim: Claim) =>
      buildOutcome(claim, {
        dialogue: { ...claim.dialogue, offered, toolCall },
        outbound: [{ ...buildDraft('要退吗？'), parts: [question] }, buildDraft('还有')],
      })
    await ground.store.commit([ask(first)], now)
    await say('确认')
    const onItsWay = await claimOne()
    expect(onItsWay.pending.map(({ seq }) => seq)).toEqual([2, 5])
    const unsent = { seq: 3, mayStand: false, ridesNext: false }
    expect([first.questions, onItsWay.questions]).toEqual([undefined, [unsent]])
    expect(onItsWay.dialogue.toolCall).toEqual(toolCall)
    // What was tried once stays.
    await ground.outbox.claim('sender', 1, 0, now)
    await ground.store.commit([ask(onItsWay)], now)
    const questionsAfter = async (result?: DispatchResult): Promise<Claim['questions']> => {
      const [sending] = await ground.outbox.claim('sender', 1, result === undefined ? 0 : 60_000, now)
      if (sending !== undefined && result !== undefined)
        await ground.outbox.settle([{ claim: sending, result }], now)
      await say('确认')
      const claim = await claimOne()
      await ground.store.release(claim, 0)
      return claim.questions
    }
    const again = { ...unsent, seq: 6 }
    // An attempt whose end nobody recorded.
    expect(await questionsAfter()).toEqual([{ ...unsent, mayStand: true }, again])
    expect(await questionsAfter({ status: 'sent' })).toEqual([
      { ...unsent, mayStand: true, shownSeq: 8 },
      again,
    ])
    // As a version before this one leaves it.
    await ground.test.database.query('update outbox set sent_seq = null')
    expect(await questionsAfter({ status: 'sent' })).toEqual([
      { ...unsent, mayStand: true, shownSeq: 3 },
      again,
    ])
  })

  it('takes back what asks for a word and nobody tried to send, whole, once it is asked anew or void', async () => {
    const hear = async (text: string): Promise<Claim> => {
      await ground.store.accept([buildItem(buildInbound({ text }))], now)
      return claimOne()
    }
    const standings = async () =>
      (await said()).flatMap(({ delivery }) => (delivery === undefined ? [] : [delivery.status]))
    await askFirst(false)
    await staysOpen(await hear('1'))
    expect(await standings()).toEqual(['queued'])
    const early = await hear('2')
    const parts: Part[] = [{ kind: 'choices', prompt: '还是要退？', choices: early.dialogue.offered }]
    const rendered: Part[] = ['还是要', '退？'].map((text) => ({ kind: 'text', text }))
    const outbound = [{ ...buildDraft(''), parts, rendered }]
    await ground.store.commit([buildOutcome(early, { outbound })], now)
    expect(await standings()).toEqual(['withdrawn', 'queued'])
    const again = await hear('3')
    expect(again.questions).toEqual([{ seq: 5, mayStand: false, ridesNext: false }])
    const [begun] = await ground.outbox.claim('sender', 10, 60_000, now)
    expect(begun?.message.part).toEqual(rendered[0])
    // The first piece of it is on its way.
    await ground.store.commit([buildOutcome(again, { outbound })], now)
    expect(await standings()).toEqual(['withdrawn', 'sending', 'queued'])
    const other = await hear('4')
    const { toolCall, ...dialogue } = other.dialogue
    expect(toolCall).toBeDefined()
    await ground.store.commit([buildOutcome(other, { dialogue, outbound: [] })], now)
    expect(await standings()).toEqual(['withdrawn', 'sending', 'withdrawn'])
  })

  it('says whether what asks for a word waits for the contact’s next request, or went on one of this turn', async () => {
    await askFirst(true)
    const [accepted] = await ground.store.accept([buildItem(buildInbound({ text: '1' }))], now)
    const waiting = await claimOne()
    expect(waiting.questions).toEqual([{ seq: 2, mayStand: false, ridesNext: true }])
    await ground.store.release(waiting, 0)
    // The request is answered before the turn begins.
    const id = accepted?.messageId ?? ''
    const riding = (await ground.outbox.claimPassive('web', [id], 60_000, now)).get(id)
    if (riding === undefined) throw new Error('nothing rides')
    await ground.outbox.settle([{ claim: riding, result: { status: 'sent' } }], now)
    const ridden = await claimOne()
    const sent = { seq: 2, shownSeq: 3, mayStand: true }
    expect(ridden.questions).toEqual([{ ...sent, ridesNext: true }])
    await staysOpen(ridden)
    await ground.store.accept([buildItem(buildInbound({ text: '1' }))], now)
    expect((await claimOne()).questions).toEqual([{ ...sent, ridesNext: false }])
  })

  it('looks for what asks for a word a little before the contact’s first, however many there are', async () => {
    const words = Array.from({ length: 201 }, () => buildItem(buildInbound({ text: '1' })))
    await askFirst(false)
    await ground.store.accept(words, now)
    const flooded = await claimOne()
    expect(flooded.pending).toHaveLength(words.length)
    expect(flooded.questions).toEqual([{ seq: 2, mayStand: false, ridesNext: false }])
    await staysOpen(flooded)
    await ground.store.accept([buildItem(buildInbound({ text: '1' }))], now)
    expect((await claimOne()).questions).toBeUndefined()
  })
}
