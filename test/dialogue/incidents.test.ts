import { describe, expect, it } from 'vitest'
import type { Claim } from '../../src/core/conversation.ts'
import type { RecogniseSuggestions } from '../../src/core/feedback.ts'
import type { IncidentAtHand } from '../../src/core/incident-turn.ts'
import type { Classification } from '../../src/core/understanding.ts'
import { candidate, claimOf, classified, dialogueWith, event, now, said, text } from './builders.ts'
import { about, loadBrand } from './form-contact.ts'

const incident: IncidentAtHand = {
  ...{ id: 'i1', number: 7, topics: ['vip-refund'], noticeVersion: 2, follows: false },
  notice: { zh: '退款正在变慢', en: 'Refunds are slow' },
}
/** Both are meant by words that name neither. */
const suggestions: RecogniseSuggestions = {
  suggestionsIn: () => [],
  saysStop: (words) => words.startsWith('不用再通知我'),
}
const answered = { topic: 'vip-refund', confidence: 0.9, candidates: [candidate('vip-refund-apply', 0.9)] }

const decide = (
  words: string,
  {
    over = answered,
    known = {},
    claim = {},
  }: {
    readonly over?: Partial<Classification>
    readonly known?: Partial<IncidentAtHand>
    readonly claim?: Partial<Claim>
  } = {},
) =>
  dialogueWith({ suggestions: () => suggestions }).decide({
    claim: claimOf([[text(words)]], claim),
    understood: classified({ text: words, ...over }),
    incidents: [{ ...incident, ...known }],
    now,
  })

describe('a question that an open incident is about', () => {
  it('hears the notice first, the normal answer after it, and is asked whether to be told', () => {
    const decision = decide('怎么退款')
    expect(said(decision)).toMatch(/^退款正在变慢\n[^]*的答案[^]*有进展告诉我/)
    expect(decision.say).toHaveLength(1)
    expect(decision.record).toMatchObject({ kind: 'answer', rule: 'confident-answer' })
    expect(decision.record.reasons).toContainEqual({ code: 'incident-notice', values: { number: 7 } })
    expect(decision.incidents).toMatchObject({ heard: [{ incidentId: 'i1', version: 2 }], follows: [] })
    expect(decision.dialogue.offered.map(({ id }) => id)).toEqual(['incident:i1', 'human'])
  })

  it('hears it once for each wording', () => {
    expect(decide('怎么退款', { known: { heardVersion: 2 } }).incidents).toBeUndefined()
    expect(said(decide('怎么退款', { known: { heardVersion: 2 } }))).not.toContain('变慢')
    expect(said(decide('怎么退款', { known: { heardVersion: 1 } }))).toContain('变慢')
  })

  it('hears it in English where the contact writes so', () => {
    const over = { ...answered, language: 'en' } as const
    expect(said(decide('How do I get a refund', { over }))).toContain('Refunds are slow')
  })

  it('is not bothered on another topic, by a guess, or without an incident', () => {
    expect(decide('怎么退款', { known: { topics: ['video-play'] } }).incidents).toBeUndefined()
    const plain = dialogueWith().decide({
      claim: claimOf([[text('怎么退款')]]),
      understood: classified({ text: '怎么退款', ...answered }),
      now,
    })
    expect(decide('怎么退款', { known: { topics: ['video-play'] } })).toEqual(plain)
    const unsure = { topic: 'vip-refund', confidence: 0.01, candidates: [] }
    expect(decide('呃', { over: unsure }).incidents).toBeUndefined()
  })

  it('hears of a disturbance of everything on any topic', () => {
    expect(said(decide('怎么退款', { known: { topics: [] } }))).toContain('变慢')
  })

  it('hangs the ticket that is opened under it, heard before or not', () => {
    const over = { ...answered, asksForPerson: true }
    const claim = { dialogue: { ...claimOf([]).dialogue, context: { lastTopic: 'vip-refund' } } }
    const first = decide('转人工', { over, claim })
    expect(first.incidents).toMatchObject({ hangs: 'i1', heard: [{ incidentId: 'i1', version: 2 }] })
    expect(said(first)).toContain('变慢')
    const again = decide('转人工', { over, claim, known: { heardVersion: 2 } })
    expect(again.incidents).toMatchObject({ hangs: 'i1', heard: [] })
    expect(said(again)).not.toContain('变慢')
  })

  it('hears it before the first question of a form, and is offered nothing that the form would take', async () => {
    const brand = await loadBrand()
    const words = '有人搬运我的视频怎么投诉'
    const decision = dialogueWith({
      knowledge: () => ({ version: 'v', articles: brand.articles }),
      forms: () => brand.forms,
    }).decide({
      claim: claimOf([[text(words)]]),
      understood: classified({ text: words, ...about(brand, 'copyright-complaint-file') }),
      incidents: [{ ...incident, topics: ['copyright-complaint'] }],
      now,
    })
    expect(decision.record.rule).toBe('form-start')
    expect(said(decision)).toMatch(/^退款正在变慢\n[^]*原作品在哪里/)
    expect(said(decision)).not.toContain('有进展告诉我')
    expect(decision.incidents).toMatchObject({ heard: [{ incidentId: 'i1', version: 2 }] })
  })

  it('has an urgent ticket hang under what is about its topic only: nothing solves it with all the others', () => {
    const over = { ...answered, asksForPerson: true, urgency: 'urgent' } as const
    const claim = { dialogue: { ...claimOf([]).dialogue, context: { lastTopic: 'vip-refund' } } }
    expect(decide('转人工', { over, claim }).incidents).toMatchObject({ hangs: 'i1' })
    const everything = decide('转人工', { over, claim, known: { topics: [] } })
    expect(everything.escalation).toBeDefined()
    expect(everything.incidents?.hangs).toBeUndefined()
  })

  it('is not told of it first in an urgent matter', () => {
    expect(said(decide('怎么退款', { over: { ...answered, urgency: 'urgent' } }))).not.toContain('变慢')
  })
})

describe('hearing how it goes on', () => {
  const heard = { heardVersion: 2 }

  it.each([
    '有进展告诉我',
    '修好了告诉我一下',
    '恢复了请通知我',
    '好了叫我',
    'notify me',
    'Let me know when it is fixed',
  ])('is wished for by %s', (words) => {
    const decision = decide(words, { known: heard, over: { candidates: [] } })
    expect(decision.record).toMatchObject({ kind: 'chat', rule: 'incident-followed' })
    expect(decision.incidents).toMatchObject({ follows: ['i1'] })
  })

  it('is wished for by the button, unless it is over by then', () => {
    const press = (id: string) =>
      dialogueWith().decide({
        claim: claimOf([[event('choice', id)]]),
        incidents: [{ ...incident, ...heard }],
        now,
      })
    expect(press('incident:i1').incidents).toMatchObject({ follows: ['i1'] })
    expect(press('incident:gone').record.rule).toBe('incident-over')
  })

  it.each(['退订进展通知', '不用再通知我了', 'stop updates'])('is not wished for any more by %s', (words) => {
    const decision = decide(words, { known: { ...heard, follows: true }, over: { candidates: [] } })
    expect(decision.record.rule).toBe('incident-left')
    expect(decision.incidents).toMatchObject({ leaves: true })
  })

  it('is ended by its own words wherever they are said, and the suggestions are left alone', () => {
    for (const words of ['退订进展通知', 'Stop updates.']) {
      const { record, incidents } = dialogueWith().decide({
        claim: claimOf([[text(words)]]),
        understood: classified({ text: words, candidates: [] }),
        now,
      })
      expect([record.rule, incidents?.leaves]).toEqual(['incident-left', true])
    }
  })

  it('says what will not be told any more', () => {
    const known = { ...heard, follows: true }
    const ending = (words: string) => said(decide(words, { known, over: { candidates: [] } }))
    expect(ending('退订进展通知')).toBe('好的，故障进展不会再通知你。有问题随时问我。')
    expect(ending('不用再通知我了')).toBe('好的，故障进展和建议的处理结果都不会再通知你。有问题随时问我。')
    const unfollowed = decide('不用再通知我了', { known: heard, over: { candidates: [] } })
    expect(unfollowed.record.rule).toBe('no-more-news')
  })

  it('is promised for the next message where only answers can be sent', () => {
    const decision = decide('有进展告诉我', {
      known: { ...heard, tellsLater: true },
      over: { candidates: [] },
    })
    expect(said(decision)).toContain('会在你下次发消息时告诉你')
  })

  it.each(['怎么通知我退款到账', '有进展吗', '退款好了吗'])('is not read into %s', (words) => {
    expect(decide(words, { known: heard }).incidents).toBeUndefined()
  })

  it('means nothing where nothing was heard', () => {
    expect(decide('有进展告诉我', { over: { candidates: [] } }).record.rule).not.toBe('incident-followed')
  })
})
