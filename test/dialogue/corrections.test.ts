import { describe, expect, it } from 'vitest'
import { readCorrection } from '../../src/dialogue/correction.ts'
import {
  articles,
  candidate,
  classified,
  configured,
  contactOf,
  decide,
  dialogueWith,
  claimOf,
  event,
  labels,
  said,
  text,
} from './builders.ts'
import { furious, nothing, renew, thanks, unclear, unclearMatter } from './meanings.ts'

const unsure = {
  ...renew,
  candidates: [candidate('vip-auto-renew-stop', 0.85), candidate('vip-refund-apply', 0.08)],
}

describe('words against the last answer', () => {
  it.each([
    ['不是这个', 'wrong', ''],
    ['不是這個意思', 'wrong', ''],
    ['答非所问', 'wrong', ''],
    ['你没听懂', 'wrong', ''],
    ['不对！', 'wrong', ''],
    ["that's not what I asked", 'wrong', ''],
    ['不是这个，我问的是退款', 'wrong', '退款'],
    ['我問的是怎麼退款', 'wrong', '怎么退款'],
    ['我说的不是审核，是转码', 'wrong', '转码'],
    ['你理解错了，我想问怎么开发票', 'wrong', '怎么开发票'],
    ['no, I meant a refund', 'wrong', 'a refund'],
    ['都不是', 'none', ''],
    ['以上都不對', 'none', ''],
    ['都不对，我要的是发票', 'none', '发票'],
    ['none of these', 'none', ''],
    ['没用', 'no-help', ''],
    ['试过了还是不行', 'no-help', ''],
    ["It still doesn't work", 'no-help', ''],
    ['👎🏻👎', 'no-help', ''],
    ['/:weak', 'no-help', ''],
    ['[弱]', 'no-help', ''],
    ['踩', 'no-help', ''],
  ])('%s', (words, kind, rest) => expect(readCorrection(words)).toMatchObject({ kind, rest }))

  it.each([
    '不是会员能看吗',
    '没有验证码',
    'no verification code',
    '怎么退款',
    '不懂',
    '视频不对劲',
    '👍',
    '👎👍',
    '踩雷了吗',
    '',
  ])('are not “%s”', (words) => expect(readCorrection(words)).toBeUndefined())
})

describe('a correction', () => {
  it('offers what came next, without the wrong article, then a person', () => {
    const contact = contactOf()
    contact.says('关续费', unsure)
    const offer = contact.says('不是这个', unclearMatter)
    expect(offer.record).toMatchObject({
      kind: 'clarify',
      rule: 'corrected',
      reasons: [{ code: 'corrected', values: { question: '怎么关闭大会员自动续费' } }],
    })
    expect(labels(offer)).toEqual(['大会员买错了或不想要了可以退款吗', '找人工'])
    const call = contact.says('还是不对', unclearMatter)
    expect(call.record).toMatchObject({ kind: 'escalate', rule: 'corrected-again' })
    expect(call.record.reasons[0]).toEqual({ code: 'corrected-again', values: { count: 2 } })
    expect(call.escalation?.topic).toBe('vip-auto-renew')
  })

  it('is understood by the rest of the sentence, with the question before', () => {
    const contact = contactOf()
    contact.says('大会员怎么关续费', renew)
    const dialogue = dialogueWith()
    const heard = dialogue.hear(claimOf([[text('不是这个，我问的是退款')]], { dialogue: contact.state() }))
    expect(heard).toMatchObject({ text: '退款', context: { lastText: '大会员怎么关续费', corrects: true } })
    const decision = contact.says('不是这个，我问的是退款', {
      candidates: [candidate('vip-auto-renew-stop', 0.6), candidate('vip-refund-progress', 0.3)],
    })
    expect(decision.record.classification?.candidates.map(({ articleId }) => articleId)).toEqual([
      'vip-refund-progress',
    ])
    expect(decision.record).toMatchObject({ kind: 'clarify' })
    expect(decision.record.reasons).toContainEqual({
      code: 'corrected',
      values: { question: '怎么关闭大会员自动续费' },
    })
  })

  it('counts no more once another question was asked', () => {
    const contact = contactOf()
    contact.says('关续费', renew)
    contact.says('不是这个', unclearMatter)
    contact.sends(event('choice', 'vip-refund-progress'))
    contact.says('审核要多久', { candidates: [candidate('video-review-time', 0.9)] })
    expect(contact.says('不是这个', unclearMatter).record.rule).toBe('corrected')
    expect(contact.says('关续费', renew).record.articleId).toBe('vip-auto-renew-stop')
  })

  it('goes to a person at once from somebody angry, and is none when nothing was said before', () => {
    const contact = contactOf()
    contact.says('关续费', renew)
    expect(contact.says('不是这个！！！', { ...unclearMatter, ...furious }).record.rule).toBe('angry-contact')
    expect(contactOf().says('不是这个', unclearMatter).record.rule).toBe('vague')
  })

  it('turns down a whole list and asks differently', () => {
    const contact = contactOf()
    contact.says('大会员退款', unclear)
    const other = contact.says('都不是', unclearMatter)
    expect(other.record).toMatchObject({ kind: 'clarify', reasons: [{ code: 'none-fits' }] })
    expect(labels(other)).not.toContain('大会员买错了或不想要了可以退款吗')
    expect(contact.says('都不对', unclearMatter).escalation).toBeDefined()
  })

  it.each(['没解决', '还是不行', '👎'])('hears of a list that none of it is meant: %s', (words) => {
    const contact = contactOf()
    contact.says('大会员退款', unclear)
    const other = contact.says(words, thanks)
    expect(other.record).toMatchObject({
      kind: 'clarify',
      rule: 'corrected',
      reasons: [{ code: 'none-fits' }],
    })
    expect(labels(other)).not.toContain('大会员买错了或不想要了可以退款吗')
    expect(contact.says(words, thanks).escalation).toBeDefined()
  })

  it('hears that the right answer did not help', () => {
    const contact = contactOf()
    contact.says('关续费', renew)
    expect(contact.says('没用', unclearMatter).record).toMatchObject({
      kind: 'clarify',
      reasons: [{ code: 'not-helped' }],
    })
    expect(contact.says('还是不行', unclearMatter).record.kind).toBe('escalate')
  })

  it('takes a thumb down for the same, and one without an answer for nothing', () => {
    const contact = contactOf()
    expect(contact.says('👎', unclearMatter).record.rule).not.toBe('corrected')
    contact.says('关续费', renew)
    expect(contact.says('👎', unclearMatter).record).toMatchObject({
      kind: 'clarify',
      rule: 'corrected',
      reasons: [{ code: 'thumbed-down' }],
    })
  })
})

describe('the same answer', () => {
  it('is not said twice in a row; a person is offered, then called', () => {
    const contact = contactOf()
    const first = said(contact.says('关续费', renew))
    const again = contact.says('那安卓呢', renew)
    expect(again.record).toMatchObject({ rule: 'same-answer', articleId: 'vip-auto-renew-stop' })
    expect(said(again)).not.toContain(first)
    expect(labels(again)).toContain('找人工')
    contact.says('怎么关', renew)
    expect(contact.says('怎么关', renew).record.kind).toBe('escalate')
  })

  it('is said again after something else, and in another language', () => {
    const contact = contactOf()
    const first = said(contact.says('关续费', renew))
    contact.says('谢谢', thanks)
    expect(said(contact.says('关续费', renew))).toBe(first)
    expect(said(contact.says('how do I stop renewal', { ...renew, language: 'en' }))).toContain('Open **Me**')
  })
})

describe('options', () => {
  const asked = () => {
    const contact = contactOf()
    contact.says('大会员退款', unclear)
    return contact
  }

  it.each([
    '后面那个',
    '後面那個',
    '下面那个',
    '第二個',
    'the latter',
    '②',
    '大會員退款多久到賬，怎麼查進度',
  ])('%s is the second', (words) => expect(asked().says(words).record.articleId).toBe('vip-refund-progress'))
  it.each(['前面那个', '上面那个', 'the former', '第一個'])('%s is the first', (words) =>
    expect(asked().says(words).record.articleId).toBe('vip-refund-apply'),
  )

  it('can be chosen after a few other turns, not after many', () => {
    const contact = asked()
    contact.says('关续费', renew)
    contact.says('谢谢', thanks)
    expect(contact.says('第二个', nothing).record.articleId).toBe('vip-refund-progress')
    const late = asked()
    for (let turn = 0; turn < 4; turn += 1) late.says('谢谢', thanks)
    expect(late.says('第二个', nothing).record.rule).not.toBe('picked-option')
  })
})

describe('tone and voice', () => {
  it('never speaks of typing to who speaks', () => {
    for (const meaning of [unclear, nothing, unclearMatter, renew, thanks])
      for (const tone of ['standard', 'acg'] as const)
        for (const language of ['zh', 'en'] as const) {
          const voice = {
            kind: 'audio',
            media: {},
            transcript: { text: '嗯那个怎么弄', source: 'wechat' },
          } as const
          const decision = decide(
            dialogueWith({ config: configured({ persona: { tone } }) }),
            claimOf([[voice]]),
            (heard) => classified({ ...meaning, language, text: heard }),
          )
          expect(said(decision)).not.toMatch(/打字|输入|键入|写清|\btyp(?:e|ed|ing)\b|\bwrite\b/i)
        }
  })

  it('keeps sober answers sober in the acg tone', () => {
    const config = configured({ persona: { tone: 'acg' } })
    const refund = articles.find(({ id }) => id === 'vip-refund-progress')
    const decision = contactOf({ config }).says('退款进度', {
      topic: 'vip-refund',
      candidates: [candidate('vip-refund-progress', 0.9)],
    })
    expect(said(decision)).toBe(refund?.answer)
  })
})
