import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import {
  type Claim,
  type Decision,
  type DialogueState,
  initialDialogue,
} from '../../src/core/conversation.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Part } from '../../src/core/message.ts'
import type { Tool } from '../../src/core/tool.ts'
import { asSpoken } from '../../src/dialogue/index.ts'
import { createToolbox, createTurnTools } from '../../src/tools/index.ts'
import { claim, decisionIn, remembering, takesOrder, textOfPart } from './one-turn.ts'

describe('what was confirmed', () => {
  const now = new Date('2026-11-29T10:00:00Z')
  const waiting = { id: 'call-1', tool: 'return', given: { order: 'AB77' }, until: '2026-11-29T10:10:00Z' }
  const confirm: Part = { kind: 'event', name: 'choice', value: 'tool:confirm:call-1' }
  const cancel: Part = { kind: 'event', name: 'choice', value: 'tool:cancel:call-1' }
  const words = (text: string): Part => ({ kind: 'text', text })
  const unsent = { seq: 2, mayStand: false, ridesNext: false }

  /** A contact's turns in a row, and how often the brand's system was told. */
  const returning = (contactId = 'p1', once = remembering()) => {
    let calls = 0
    let dialogue: DialogueState = { ...initialDialogue, toolCall: waiting }
    const tool: Tool = {
      name: 'return',
      title: { zh: '退货', en: 'Return' },
      description: '',
      changesState: true,
      intents: ['order-mall'],
      needsIdentity: false,
      entities: {},
      toModel: false,
      shows: [],
      parameters: () => Promise.resolve(takesOrder),
      call: () => {
        calls += 1
        return Promise.resolve({ kind: 'answered', value: {} })
      },
    }
    const toolbox = createToolbox({
      tools: [tool],
      clock: systemClock,
      log: silentLog,
      audit: { record: () => Promise.resolve() },
      once,
      identityOf: () => Promise.resolve(undefined),
      hashKey: 'key-of-the-test',
    })
    const turn = createTurnTools({ toolbox, linkHosts: [], asSpoken, mayConfirm: () => true })
    /** The question has the second place, and stood there at once where a test says nothing else. */
    const hears = async (
      said: readonly (readonly [seq: number, part: Part])[],
      at: Date,
      over: Partial<Decision> = {},
      questions: Claim['questions'] = [{ ...unsent, shownSeq: 2 }],
    ): Promise<string> => {
      const [message] = claim.pending
      if (message === undefined) throw new Error('nothing is said')
      const decision = await turn.apply({
        claim: {
          ...claim,
          contactId,
          dialogue,
          questions,
          pending: said.map(([seq, part]) => ({ ...message, seq, parts: [part] })),
        },
        decision: { ...decisionIn('vip-refund'), dialogue: { ...dialogue, context: {} }, ...over },
        now: at,
        left: () => 8_000,
        ask: () => undefined,
      })
      dialogue = decision.dialogue
      return decision.say
        .flat()
        .map((part) => (part.kind === 'choices' ? part.prompt : textOfPart(part)))
        .join('\n')
    }
    return {
      says: (part: Part, at = now, over?: Partial<Decision>) => hears([[3, part]], at, over),
      hears: (...said: Parameters<typeof hears>[0]) => hears(said, now),
      saysTo: (questions: Claim['questions'], seq: number, part: Part, at = now) =>
        hears([[seq, part]], at, {}, questions),
      waiting: () => dialogue.toolCall,
      calls: () => calls,
      asksAnew: () => {
        dialogue = { ...dialogue, toolCall: { ...waiting, id: 'call-2' } }
      },
    }
  }

  it('is told again to whoever confirms again, and is not done again', async () => {
    const { says, calls } = returning()
    expect(await says(confirm)).toBe('“退货”已经办好了。')
    expect(await says(confirm)).toBe('已办理：“退货”已经办好了。')
    expect(await says(words('确认！'))).toBe('已办理：“退货”已经办好了。')
    expect(await says(words('还有一件事'))).toBe('文章的答案')
    expect(await says(words('确认'))).toBe('文章的答案')
    expect(await says(confirm, new Date('2026-11-29T13:00:00Z'))).toBe('已办理：“退货”已经办好了。')
    expect(await says(cancel)).toBe('已办理：“退货”已经办好了。')
    expect(calls()).toBe(1)
  })

  it.each(['好的', '是', '可以', '嗯。', 'OK', 'yes'])(
    'is made on “%s”, which later is no word on it',
    async (word) => {
      const { says, calls } = returning()
      expect(await says(words(word))).toBe('“退货”已经办好了。')
      expect(await says(words(word))).toBe('文章的答案')
      expect(calls()).toBe(1)
    },
  )

  it.each(['不用了', '算了', '不是', 'no'])('is left on “%s”', async (word) => {
    const { says, waiting, calls } = returning()
    expect(await says(words(word))).toBe('好的，“退货”没有办理，什么都没有改动。')
    expect([waiting(), calls()]).toEqual([undefined, 0])
  })

  it.each(['1', '确认', '好的', '2', '取消'])(
    'waits on after “%s” that was sent before the question',
    async (early) => {
      const { says, hears, calls } = returning()
      expect(await hears([1, words(early)])).toBe('')
      expect(calls()).toBe(0)
      expect(await says(words('确认'))).toBe('“退货”已经办好了。')
      const both = returning()
      expect(await both.hears([1, words(early)], [3, words('确认')])).toBe('“退货”已经办好了。')
      const other = returning()
      expect(await other.hears([1, words('还有一件事')], [3, words('确认')])).toBe('文章的答案')
      expect([calls(), both.calls(), other.calls()]).toEqual([1, 1, 0])
    },
  )

  it('is asked again after a word from before the question stood on the screen', async () => {
    const { saysTo, calls, waiting: waits } = returning()
    const later = new Date('2026-11-29T10:05:00Z')
    const asked = await saysTo([unsent], 3, words('1'), later)
    expect(asked).toMatch(/^你刚才的回复发出时.*不算数.*\n要为你办理“退货”吗？\nAB77\n/s)
    expect(waits()).toEqual({ ...waiting, until: '2026-11-29T10:15:00.000Z' })
    expect(await saysTo([{ ...unsent, shownSeq: 4 }], 4, words('取消'))).toContain('不算数')
    // Neither came.
    expect(await saysTo([unsent, { ...unsent, seq: 5 }], 6, words('1'))).toContain('不算数')
    expect(calls()).toBe(0)
    expect(await saysTo([unsent, { ...unsent, seq: 5, shownSeq: 6 }], 7, words('1'))).toContain('办好了')
    const pressed = returning()
    expect(await pressed.saysTo([unsent], 3, confirm)).toContain('办好了')
    expect([calls(), pressed.calls()]).toEqual([1, 1])
  })

  it('locks nobody out where nobody knows whether the question arrived', async () => {
    const { saysTo, calls } = returning()
    const perhaps = { ...unsent, mayStand: true }
    expect(await saysTo([perhaps], 3, words('1'))).toContain('不算数')
    expect(await saysTo([perhaps, { ...unsent, seq: 4 }], 4, words('1'))).toContain('不算数')
    expect(calls()).toBe(0)
    expect(await saysTo([perhaps, { ...unsent, seq: 4 }], 5, words('1'))).toContain('办好了')
    expect(calls()).toBe(1)
  })

  it('waits on while a second question, whose first came meanwhile, is not on the screen', async () => {
    const { saysTo, calls } = returning()
    const sent = { ...unsent, mayStand: true, shownSeq: 5 }
    expect(await saysTo([sent, { ...unsent, seq: 4 }], 5, words('确认'))).toContain('不算数')
    // A third was put while the first was on its way, and the second got no answer.
    const [first, second] = [
      { ...sent, shownSeq: 7 },
      { ...unsent, seq: 4, mayStand: true },
    ]
    expect(await saysTo([first, second, { ...unsent, seq: 6 }], 7, words('确认'))).toContain('不算数')
    expect(calls()).toBe(0)
    expect(await saysTo([sent, { ...unsent, seq: 4 }], 6, words('确认'))).toContain('办好了')
    expect(calls()).toBe(1)
  })

  it('has its whole time from when the question rides on the contact’s request', async () => {
    const { saysTo, calls, waiting: waits } = returning()
    const late = new Date('2026-11-29T10:11:00Z')
    expect(await saysTo([{ ...unsent, ridesNext: true }], 3, words('1'), late)).toBe('')
    expect(waits()).toEqual({ ...waiting, until: '2026-11-29T10:21:00.000Z' })
    const answered = new Date('2026-11-29T10:20:00Z')
    expect(await saysTo([{ ...unsent, shownSeq: 3 }], 4, words('确认'), answered)).toContain('办好了')
    expect(calls()).toBe(1)
    // What stood there all the time has no more of it for a word from before.
    const other = returning()
    expect(await other.saysTo([{ ...unsent, shownSeq: 2 }], 1, words('1'), late)).toBe('')
    expect(other.waiting()).toEqual(waiting)
  })

  it('is not asked again where the question comes with the answer to this very word, or is out of date', async () => {
    const { saysTo, calls } = returning()
    expect(await saysTo([{ ...unsent, ridesNext: true }], 3, words('1'))).toBe('')
    expect(await saysTo([unsent], 3, words('1'), new Date('2026-11-29T10:11:00Z'))).toContain('已经失效')
    expect(calls()).toBe(0)
  })

  it('is not meant by a word that comes later, or that answers something else', async () => {
    const late = new Date('2026-11-29T10:10:00Z')
    const { says } = returning()
    await says(confirm)
    expect(await says(words('1'), late)).toBe('文章的答案')
    const escalation = { reason: { code: 'asked-for-person', values: {} }, topic: '' } as const
    for (const over of [
      { survey: { invitationId: 's1', score: 1 } },
      { escalation: { ...escalation, urgency: 'normal', kind: 'question' } },
    ] satisfies Partial<Decision>[]) {
      const other = returning()
      await other.says(confirm)
      expect(await other.says(words('1'), now, over)).toBe('文章的答案')
    }
  })

  it('is left by saying something else: a yes after that does nothing, and is told so once', async () => {
    const { says, calls } = returning()
    expect(await says(words('还有一件事'))).toBe('文章的答案')
    expect(await says(words('确认'))).toContain('已经失效')
    expect(await says(words('确认'))).toBe('文章的答案')
    // A number may mean what that answer offers.
    const offering = { dialogue: { ...initialDialogue, offered: [{ id: 'vip', label: '大会员' }] } }
    const picking = returning()
    await picking.says(words('还有一件事'), now, offering)
    expect(await picking.says(words('1'))).toBe('文章的答案')
    // So may the question of a form, which offers nothing.
    const form = {
      ...{
        form: 'exchange',
        language: 'zh' as const,
        slot: 'count',
        answers: {},
        asked: ['count'],
        misses: 0,
      },
      ...{ wantsReason: false, until: '2026-11-29T11:00:00Z' },
    }
    const filling = returning()
    await filling.says(words('我要换货'), now, { dialogue: { ...initialDialogue, form } })
    expect(await filling.says(words('1'))).toBe('文章的答案')
    const plain = returning()
    await plain.says(words('还有一件事'))
    expect(await plain.says(words('1'))).toContain('已经失效')
    expect(calls() + picking.calls() + plain.calls()).toBe(0)
  })

  it('is told by its old button while another waits, which goes on waiting', async () => {
    const { says, calls, asksAnew } = returning()
    await says(confirm)
    asksAnew()
    expect(await says(confirm)).toBe('已办理：“退货”已经办好了。')
    expect(calls()).toBe(1)
    expect(await says(words('确认'))).toBe('“退货”已经办好了。')
    expect(calls()).toBe(2)
  })

  it('is told where the turn that did it was lost, even when its time is over', async () => {
    const once = remembering()
    await returning('p1', once).says(confirm)
    const { says, calls } = returning('p1', once)
    expect(await says(confirm, new Date('2026-11-29T10:11:00Z'))).toBe('已办理：“退货”已经办好了。')
    expect(calls()).toBe(0)
  })

  it('is told to nobody else, and never where nothing was done', async () => {
    const once = remembering()
    await returning('p1', once).says(confirm)
    const other = returning('p2', once)
    expect(await other.says(confirm, new Date('2026-11-29T10:11:00Z'))).toContain('已经失效')
    const cancelled = returning()
    await cancelled.says(cancel)
    expect(await cancelled.says(confirm)).toContain('已经失效')
    expect(other.calls() + cancelled.calls()).toBe(0)
  })
})
