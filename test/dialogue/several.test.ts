import { describe, expect, it } from 'vitest'
import type { Question } from '../../src/core/understanding.ts'
import {
  article,
  candidate,
  claimOf,
  classified,
  contactOf,
  decide,
  dialogueWith,
  labels,
  said,
  text,
} from './builders.ts'
import { person, renew } from './meanings.ts'

const question = (
  words: string,
  articleId: string,
  score: number,
  over: Partial<Question> = {},
): Question => {
  const found = candidate(articleId, score)
  return {
    text: words,
    intent: `${found.topic}.ask`,
    topic: found.topic,
    handling: 'faq',
    confidence: 0.95,
    candidates: [found],
    outOfScope: 0,
    urgency: 'normal',
    ...over,
  }
}
const stop = question('怎么关续费', 'vip-auto-renew-stop', 0.9)
const review = question('审核多久', 'video-review-time', 0.9)
const progress = question('退款多久', 'vip-refund-progress', 0.9)
const protect = question('怎么防盗', 'account-stolen-protect', 0.9)
const gift = question('送错礼物', 'live-gift-refund-mistake', 0.9)
const unsure = question('没到账', 'vip-not-credited-paid', 0.4)
const foreign = question('今天天气怎么样', 'none', 0, {
  handling: 'out-of-scope',
  topic: 'out-of-scope',
  outOfScope: 0.95,
  candidates: [],
})

describe('several questions', () => {
  it('are answered one by one in order, in one message', () => {
    const decision = contactOf().says('怎么关续费？审核多久？', { ...renew, questions: [stop, review] })
    expect(decision.record).toMatchObject({
      kind: 'answer',
      rule: 'several-questions',
      articleId: 'vip-auto-renew-stop',
    })
    expect(decision.say).toHaveLength(1)
    expect(said(decision)).toMatch(/怎么关闭大会员自动续费.*关闭自动续费.*视频审核要多久.*video-review-time/s)
    expect(decision.dialogue.given).toEqual(['vip-auto-renew-stop', 'video-review-time'])
    expect(decision.dialogue.context.lastTopic).toBe('video-review')
  })

  it('are answered at most three at once; the others are offered', () => {
    const decision = contactOf().says('四个问题', { ...renew, questions: [stop, review, progress, protect] })
    expect(said(decision)).not.toContain('account-stolen-protect')
    expect(labels(decision)).toEqual(['怎么防止账号被盗', '找人工'])
  })

  it('are asked about where they are not certain, and refused where they are foreign', () => {
    const decision = contactOf().says('三个问题', { ...renew, questions: [stop, unsure, foreign] })
    expect(said(decision)).toContain('关闭自动续费')
    expect(said(decision)).toContain('“今天天气怎么样”不在我的服务范围')
    expect(labels(decision)).toEqual(['付款了大会员没到账怎么办', '找人工'])
  })

  it('call a person once', () => {
    const stolen = question('号被盗了', 'account-stolen-report', 0.9, { urgency: 'urgent' })
    const decision = contactOf().says('三个问题', { ...renew, questions: [gift, stop, stolen] })
    expect(decision.record.kind).toBe('escalate')
    expect(decision.escalation).toMatchObject({ topic: 'account-stolen', urgency: 'urgent' })
    expect(said(decision)).toMatch(/由同事核实.*关闭自动续费.*已按紧急情况/s)
    expect(labels(decision)).toEqual([])
  })

  it('of which nothing is certain are one matter, and so are two with one answer', () => {
    expect(
      contactOf().says('两个', { candidates: unsure.candidates, questions: [unsure, foreign] }).record.rule,
    ).toBe('clarify')
    expect(contactOf().says('两个', { ...renew, questions: [stop, stop] }).record.rule).toBe(
      'confident-answer',
    )
  })

  it('wait when a person is wanted', () => {
    expect(contactOf().says('两个，转人工', { ...person, questions: [stop, review] }).record.rule).toBe(
      'asked-for-person',
    )
  })
})

describe('the script', () => {
  const traditional = { ...renew, candidates: [candidate('video-review-time', 0.9)] }

  it('is the contact’s, also for short replies and what we say ourselves', () => {
    const contact = contactOf()
    expect(said(contact.says('視頻審核要多久', traditional))).toContain('答案')
    const asked = contact.says('會員', { candidates: [candidate('vip-refund-apply', 0.4)] })
    expect(labels(asked)).toEqual(['大會員買錯了或不想要了可以退款嗎', '找人工'])
    expect(contact.state().spoken).toBe('zh-Hant')
    expect(contact.says('大會員買錯了或不想要了可以退款嗎').record.articleId).toBe('vip-refund-apply')
    expect(said(contact.says('ok', { topic: 'thanks', language: 'en' }))).not.toMatch(/[a-z]{4,}/)
    expect(contact.state().spoken).toBe('zh-Hant')
    expect(said(contact.says('怎么关续费', renew))).toContain('关闭自动续费')
    expect(contact.state().spoken).toBe('zh')
  })

  it('leaves links, code and where links lead as they are', () => {
    const answer = '打开 [帮助中心](https://a.cn/帮助?a=1)，看 `设置.json`，网址 https://b.cn/x ，邮箱 a@b.cn'
    const dialogue = dialogueWith({
      knowledge: () => ({ version: 'x', articles: [article('vip-auto-renew-stop', { answer })] }),
    })
    const decision = decide(dialogue, claimOf([[text('怎麼關續費')]]), () => classified(renew))
    expect(said(decision)).toBe(
      '打開 [幫助中心](https://a.cn/帮助?a=1)，看 `设置.json`，網址 https://b.cn/x ，郵箱 a@b.cn',
    )
  })
})

describe('things alone', () => {
  it.each([
    ['BV1xx411c7mD', '视频'],
    ['https://live.example.com/123', '直播间'],
    ['我的UID:12345', 'UID'],
    ['订单号 2026112512345678', '订单号'],
    ['13800138000', '电话号码'],
    ['b23.tv/abc', '链接'],
  ])('%s is asked about, and kept', (words, name) => {
    const contact = contactOf()
    const decision = contact.sends(text(words))
    expect(decision.record).toMatchObject({ kind: 'clarify', rule: 'things-only' })
    expect(said(decision)).toContain(`收到${name}了`)
    expect(contact.state().context.lastText).toBe(name)
  })

  it('go to the person while a ticket is open', () => {
    const contact = contactOf({ ticket: { id: 't', number: 1, state: 'pending' } })
    expect(contact.sends(text('BV1xx411c7mD')).record).toMatchObject({
      kind: 'escalate',
      rule: 'things-for-ticket',
    })
  })
})
