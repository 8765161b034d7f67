import { describe, expect, it } from 'vitest'
import {
  initialDialogue,
  type Claim,
  type Decision,
  type Escalation,
  type Message,
} from '../../src/core/conversation.ts'
import type { Part } from '../../src/core/message.ts'
import type { Classification } from '../../src/core/understanding.ts'
import { createPromiseTimes, promisesConfig } from '../../src/promises/index.ts'
import { describeTicket, draftTicket } from '../../src/tickets/index.ts'
import { noCalendars } from '../support/builders.ts'

const now = new Date('2026-11-24T02:00:00Z')
const text = (words: string): Part => ({ kind: 'text', text: words })
const image: Part = { kind: 'image', media: { mediaId: 'm' } }

const message = (id: string, direction: Message['direction'], ...parts: readonly Part[]): Message => ({
  id,
  conversationId: 'c',
  seq: 1,
  direction,
  author: direction === 'in' ? 'contact' : 'bot',
  parts,
  createdAt: now,
})

const claim = (...pieces: readonly (readonly Part[])[]): Claim => ({
  conversationId: 'c',
  fence: 1,
  inboxId: 'wx',
  contactId: 'p',
  mode: 'bot',
  dialogue: initialDialogue,
  pending: pieces.map((parts, place) => ({
    id: `p-${place}`,
    seq: 10 + place,
    parts,
    sentAt: now,
    wantsReply: true,
    mayContinue: false,
  })),
})

const angry: Classification = {
  text: '',
  language: 'zh',
  intent: 'vip-refund.ask',
  topic: 'vip-refund',
  handling: 'faq',
  confidence: 0.9,
  candidates: [],
  outOfScope: 0,
  urgency: 'normal',
  emotion: 'angry',
  emotionStrength: 2,
  asksForPerson: false,
  reasons: [],
  knowledgeVersion: 'v',
}

const decision = (
  escalation: Partial<Escalation> = {},
  over: Partial<Decision['record']> = {},
): Decision => ({
  record: { kind: 'escalate', rule: 'asked-for-person', reasons: [], thresholds: {}, thinkingMs: 0, ...over },
  say: [],
  dialogue: initialDialogue,
  escalation: {
    reason: { code: 'asked-for-person', values: {} },
    topic: 'vip-refund',
    urgency: 'normal',
    kind: 'question',
    ...escalation,
  },
})

const draft = (over: Partial<Parameters<typeof draftTicket>[0]> = {}) =>
  draftTicket({
    claim: claim([text('转人工')]),
    decision: decision(),
    transcript: [],
    number: 1042,
    now,
    channel: 'wechat',
    promise: createPromiseTimes(promisesConfig.parse({}), noCalendars),
    ...over,
  })

describe('a drafted ticket', () => {
  it('has number, kind, topic, priority, reason and times of the escalation', () => {
    expect(
      draft({ decision: decision({ urgency: 'urgent', kind: 'complaint', topic: 'harassment-report' }) }),
    ).toMatchObject({
      number: 1042,
      kind: 'complaint',
      topic: 'harassment-report',
      priority: 'urgent',
      reason: '联系人要求人工',
      firstReplyDueAt: new Date('2026-11-24T04:00:00Z'),
      resolutionDueAt: new Date('2026-11-25T02:00:00Z'),
    })
  })

  it('is titled by the matter in the contact’s words, not by the wish for a person', () => {
    const transcript = [
      message('1', 'in', text('你好')),
      message('2', 'in', text('我的大会员被重复扣了25元')),
      message('3', 'out', text('请到订单里申请退款。')),
    ]
    for (const wish of [
      '转人工',
      '我要找人工客服！！',
      '人工',
      'human agent please',
      '2',
      '有进展告诉我',
      'notify me',
    ])
      expect(draft({ transcript, claim: claim([text(wish)]) }).title).toBe('我的大会员被重复扣了25元')
    expect(draft({ transcript, claim: claim([text('而且客服电话打不通')]) }).title).toBe('而且客服电话打不通')
  })

  it('has a title whatever was said, never longer than 40 characters', () => {
    expect(draft().title).toBe('转人工')
    expect(draft({ claim: claim([image, image]) }).title).toBe('[图片 2]')
    expect(draft({ claim: claim([{ kind: 'event', name: 'menu', value: 'X' }]) }).title).toBe(
      '联系人要求人工',
    )
    const family = '👨‍👩‍👧‍👦'
    for (const words of ['很'.repeat(500), family.repeat(60), `${'a'.repeat(30)}\n\n${'b'.repeat(30)}`]) {
      const { title } = draft({ claim: claim([text(words)]) })
      const characters = [...new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(title)]
      expect(characters.length).toBeLessThanOrEqual(40)
      expect(title).toMatch(/…$/)
      expect(title).not.toMatch(/\n/)
    }
  })

  it('sums up what was asked and answered in order, mood, urgency, files and reason', () => {
    const { summary } = draft({
      transcript: [
        message('1', 'in', text('第一问')),
        message('2', 'out', text('第一答')),
        message('note', 'note', text('内部备注')),
        message('3', 'in', text('第二问'), image),
        message('p-0', 'in', text('生气的第三问')),
      ],
      claim: claim([text('生气的第三问')], [{ kind: 'audio', media: {} }]),
      decision: {
        ...decision({ urgency: 'high' }, { classification: angry, articleId: 'vip-refund-apply' }),
        say: [[text('第三答')]],
      },
    })
    for (const fact of [
      '第一答',
      '第三答',
      'vip-refund-apply',
      '生气',
      '2/3',
      '较急',
      '图片 1',
      '语音 1',
      '联系人要求人工',
    ])
      expect(summary).toContain(fact)
    expect(summary).toMatch(/第一问[^]*第二问[^]*第三问/)
    expect(summary.match(/第三问/g)).toHaveLength(1)
    expect(summary).not.toContain('内部备注')
  })

  it('can be told in English, but for what people said', () => {
    const { brief } = draft({
      transcript: [message('1', 'in', text('第一问'), image)],
      claim: claim([{ kind: 'unsupported', type: 'x', raw: {} }]),
      decision: {
        ...decision(
          { reason: { code: 'attachment-again', values: { kinds: 'image,audio' } }, urgency: 'high' },
          { classification: angry, articleId: 'vip-refund-apply' },
        ),
        say: [[text('第三答')]],
      },
    })
    if (brief === undefined) throw new Error('no brief')
    const told = describeTicket(brief, 'en')
    expect(told).toMatchObject({
      title: '第一问',
      reason: 'Only picture, voice; the bot cannot read it',
    })
    expect(told.summary.split('\n')).toEqual([
      'Why a person: Only picture, voice; the bot cannot read it',
      'Mood: angry (strength 2/3); urgency: high',
      'Attachments: picture 1, message of an unknown kind 1',
      'Last article: vip-refund-apply',
      'The contact said:',
      '1. 第一问',
      'Answered:',
      '1. 第三答',
    ])
    const wordless = draft({ claim: claim([image, image]) }).brief
    expect(wordless && describeTicket(wordless, 'en').title).toBe('[picture 2]')
  })

  it('keeps the summary short after a long talk', () => {
    const transcript = Array.from({ length: 200 }, (_, place) =>
      message(String(place), place % 2 === 0 ? 'in' : 'out', text(`${place} ${'长'.repeat(3_000)}`)),
    )
    const { summary } = draft({ transcript })
    expect(summary.length).toBeLessThanOrEqual(3_000)
    expect(summary).toMatch(/前面还有 91 条/)
    expect(summary).toContain('转人工原因：联系人要求人工')
  })

  it('is the same for the same facts, and refuses a decision without a person', () => {
    expect(draft()).toEqual(draft())
    const { record, say, dialogue } = decision()
    expect(() => draft({ decision: { record, say, dialogue } })).toThrow(/person/)
  })
})
