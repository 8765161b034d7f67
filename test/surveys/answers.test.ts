import { describe, expect, it } from 'vitest'
import type { OpenSurvey } from '../../src/core/survey-answer.ts'
import { initialDialogue, type Claim } from '../../src/core/conversation.ts'
import { surveysConfig } from '../../src/surveys/config.ts'
import { createSurveyReading } from '../../src/surveys/index.ts'
import { candidate, claimOf, classified, dialogueWith, event, now, said, text } from '../dialogue/builders.ts'

const minuteMs = 60_000
const survey: OpenSurvey = {
  id: '0198c0de-0000-7000-8000-0000000000e0',
  expiresAt: new Date(now.getTime() + 60 * minuteMs),
  commented: false,
}
const dialogue = dialogueWith({ surveys: createSurveyReading(surveysConfig.parse({})) })
const decide = (words: string, over: Partial<Claim> = {}, meaning: Parameters<typeof classified>[0] = {}) =>
  dialogue.decide({
    claim: claimOf([[text(words)]], { survey, ...over }),
    understood: classified({ text: words, ...meaning }),
    now,
  })
const press = (score: number, over: Partial<Claim> = {}) =>
  dialogue.decide({
    claim: claimOf([[event('choice', `survey:${survey.id}:${String(score)}`)]], { survey, ...over }),
    now,
  })

describe('a score', () => {
  it.each([
    ['5', 5],
    ['５', 5],
    ['五', 5],
    ['五星', 5],
    ['5分', 5],
    ['给5分', 5],
    ['打四分吧', 4],
    ['5/5', 5],
    ['⭐⭐⭐', 3],
    ['很满意', 5],
    ['非常滿意！', 5],
    ['满意', 4],
    ['比较满意', 4],
    ['一般', 3],
    ['不满意', 2],
    ['不太满意', 2],
    ['很不满意', 1],
    ['差评', 1],
    ['4 stars', 4],
    ['Very satisfied', 5],
    ['dissatisfied.', 2],
  ])('is read from “%s”', (words, score) => {
    expect(decide(words).survey).toMatchObject({ invitationId: survey.id, score })
  })

  it.each([
    ['1分 客服态度差', 1, '客服态度差'],
    ['1分客服态度差', 1, '客服态度差'],
    ['不满意，等了3天', 2, '等了3天'],
    ['客服很耐心，5分', 5, '客服很耐心'],
    ['2 回复太慢', 2, '回复太慢'],
    ['很满意，谢谢', 5, undefined],
  ])('comes with a comment in “%s”', (words, score, comment) => {
    const { survey: effect } = decide(words)
    expect([effect?.score, effect?.comment]).toEqual([score, comment])
  })

  it.each([
    ...[
      '好的',
      '谢谢',
      '满意吗？',
      '5分钟了还没好',
      '3.15活动是什么',
      '5:30开门',
      '13800138000',
      '12',
      '0',
      '6',
    ],
    ...['不满意，怎么退款', '三个月的会员', '五一放假', '一会儿', '5 天了', '我要退款'],
    ...['1. 订单没到 2. 退款没收到', '1、登录不了\n2、闪退', '1 件没到', '2 days late'],
  ])('is not read from “%s”', (words) => {
    expect(decide(words).survey).toBeUndefined()
  })

  it('is pressed, changed, and thanked for; only the first time is asked what could be better', () => {
    const first = press(4)
    expect(first.survey).toEqual({ invitationId: survey.id, score: 4 })
    expect(first.record).toMatchObject({ rule: 'survey-scored', kind: 'chat' })
    expect(said(first)).toContain('哪里可以做得更好')
    const again = press(5, { survey: { ...survey, score: 4 } })
    expect(again.survey?.score).toBe(5)
    expect(said(again)).not.toContain('哪里可以做得更好')
  })

  it('that is low is looked at once its comment is there or some minutes are over', () => {
    expect(press(2).survey?.reviewAt).toEqual(new Date(now.getTime() + 10 * minuteMs))
    expect(decide('1分 太慢').survey?.reviewAt).toEqual(now)
    expect(press(5, { survey: { ...survey, score: 1 } }).survey?.reviewAt).toBeNull()
  })

  it('means an offered option where one stands, and nothing once it is too late', () => {
    const offered = [{ id: 'vip-refund-apply', label: '退款', articleId: 'vip-refund-apply' }]
    expect(decide('1', { dialogue: { ...initialDialogue, offered } }).survey).toBeUndefined()
    const late = { survey: { ...survey, expiresAt: now } }
    expect(decide('5', late).survey).toBeUndefined()
    expect(press(5, late).survey).toBeUndefined()
    expect(said(press(5, late))).toContain('已经结束')
    const other = { survey: { ...survey, id: 'another' } }
    expect(press(5, other).survey).toBeUndefined()
  })

  it('counts while a person leads when it is pressed, without a word from the bot', () => {
    const led = press(5, { mode: 'human' })
    expect([led.record.kind, led.survey?.score]).toEqual(['silent', 5])
    expect(decide('5', { mode: 'human' }).survey).toBeUndefined()
  })
})

describe('the wish to be asked no more', () => {
  it.each(['别再问我了', '“别再问我了”', '不想再被问', '退订', 'stop', '"stop"', '不要再发评价了'])(
    'is heard in “%s”',
    (words) => {
      const decision = decide(words)
      expect(decision.survey).toEqual({ invitationId: survey.id, stop: true })
      expect(said(decision)).toContain('不会再邀请')
    },
  )

  it('needs an open survey where the words may mean something else', () => {
    const without = claimOf([[text('退订')]])
    expect(dialogue.decide({ claim: without, understood: classified(), now }).survey).toBeUndefined()
    const named = claimOf([[text('别再让我评价了')]])
    expect(dialogue.decide({ claim: named, understood: classified(), now }).survey).toEqual({ stop: true })
  })
})

describe('while a person leads', () => {
  it('the wish that names surveys is heard without a word, and other words are the person’s', () => {
    const led = decide('别再让我评价了', { mode: 'human' })
    expect([led.record.kind, led.record.rule, led.survey]).toEqual([
      'silent',
      'survey-stopped',
      { stop: true },
    ])
    expect(decide('别再问我了', { mode: 'human' }).survey).toBeUndefined()
    expect(decide('退订', { mode: 'human' }).survey).toBeUndefined()
  })
})

describe('what is said after the question what could be better', () => {
  const state = (until = new Date(now.getTime() + minuteMs)) => ({
    survey: { ...survey, score: 2 as const },
    dialogue: {
      ...initialDialogue,
      surveyComment: { invitationId: survey.id, until: until.toISOString() },
    },
  })

  it('is a comment, once, and a low score is looked at then', () => {
    const decision = decide('回复太慢了', state())
    expect(decision.survey).toEqual({ invitationId: survey.id, comment: '回复太慢了', reviewAt: now })
    expect(decision.dialogue.surveyComment).toBeUndefined()
  })

  it('is kept in mind for one turn', () => {
    const kept = press(4).dialogue.surveyComment
    expect(kept?.invitationId).toBe(survey.id)
    const next = {
      survey,
      dialogue: { ...initialDialogue, ...(kept === undefined ? {} : { surveyComment: kept }) },
    }
    expect(decide('好的', next).dialogue.surveyComment).toBeUndefined()
  })

  it('is answered as ever when it is a new question, and may be left', () => {
    const fits = { candidates: [candidate('vip-refund-apply', 0.9)] }
    expect(decide('大会员怎么退款', state(), fits).record.rule).toBe('confident-answer')
    expect(decide('大会员退款', state(), fits).record.rule).toBe('confident-answer')
    expect(decide('我要找人工', state(), { asksForPerson: true }).survey).toBeUndefined()
    expect(decide('没有', state())).toMatchObject({ record: { rule: 'survey-commented' } })
    expect(decide('没有', state()).survey).toBeUndefined()
    expect(decide('回复太慢了', state(now)).survey).toBeUndefined()
  })
})
