import { describe, expect, it } from 'vitest'
import type { Part } from '../../src/core/message.ts'
import {
  articles,
  candidate,
  claimOf,
  classified,
  contactOf,
  decide,
  dialogueWith,
  event,
  labels,
  said,
  text,
} from './builders.ts'
import { renew, unclear, nothing, thanks } from './meanings.ts'

describe('answers', () => {
  it('gives the article as markdown, the channel’s own where there is one, and in English', () => {
    const contact = contactOf()
    expect(contact.says('怎么关自动续费', renew).say).toEqual([
      [
        {
          kind: 'text',
          format: 'markdown',
          text: '1. 打开 **我的**\n2. 关闭自动续费',
          source: expect.any(String),
        },
      ],
    ])
    expect(contact.state().context).toEqual({
      lastText: '怎么关自动续费',
      lastTopic: 'vip-auto-renew',
      lastArticleId: 'vip-auto-renew-stop',
    })
    const onWeibo = decide(dialogueWith({ channelOf: () => 'weibo' }), claimOf([[text('关续费')]]), () =>
      classified(renew),
    )
    expect(said(onWeibo)).toBe('微博里这样关闭自动续费')
    expect(said(contact.says('stop renewal', { ...renew, language: 'en' }))).toContain('Open **Me**')
    const spanish = contactOf()
    spanish.says('123', renew)
    expect(said(spanish.says('quiero cancelar', { ...renew, language: 'other' }))).toContain('Open **Me**')
    expect(said(contactOf().says('ありがとう', { ...renew, language: 'other' }))).toContain('我的')
    const chineseOnly = contact.says('refund', {
      language: 'en',
      candidates: [candidate('vip-refund-apply', 0.9)],
    })
    expect(said(chineseOnly)).toMatch(/Chinese only.*\n.*答案/)
  })

  it('adds a person where the article says so, with its urgency', () => {
    const decision = contactOf().says('送错礼物', {
      candidates: [candidate('live-gift-refund-mistake', 0.8)],
      urgency: 'high',
    })
    expect(said(decision)).toBe('由同事核实。')
    expect(decision.escalation).toMatchObject({
      topic: 'live-gift-refund',
      urgency: 'high',
      kind: 'question',
    })
    expect(decision.record.articleId).toBe('live-gift-refund-mistake')
  })

  it('understands pieces together, in order', () => {
    let heard = ''
    decide(
      dialogueWith(),
      claimOf([[text('大会员')], [{ kind: 'image', media: {} }], [text('怎么退')]]),
      (words) => {
        heard = words
        return classified(renew)
      },
    )
    expect(heard).toBe('大会员\n怎么退')
  })

  it('understands a voice message by its transcript', () => {
    const voice: Part = { kind: 'audio', media: {}, transcript: { text: '怎么退款', source: 'wechat' } }
    expect(contactOf().sends(voice).record.classification?.text).toBe('怎么退款')
  })
})

describe('choices', () => {
  const asked = () => {
    const contact = contactOf()
    const decision = contact.says('大会员退款', unclear)
    expect(labels(decision)).toEqual([
      '大会员买错了或不想要了可以退款吗',
      '大会员退款多久到账，怎么查进度',
      '找人工',
    ])
    return contact
  }

  it.each(['1', '①', '第一个', '1.', '大会员买错了或不想要了可以退款吗', '１'])(
    '%s chooses the first',
    (words) => {
      const decision = asked().says(words)
      expect(decision.record).toMatchObject({
        kind: 'answer',
        rule: 'picked-option',
        articleId: 'vip-refund-apply',
      })
      expect(decision.record.classification).toBeUndefined()
    },
  )

  it('lets another of the same list be chosen afterwards', () => {
    const contact = asked()
    contact.says('1')
    expect(contact.says('2').record.articleId).toBe('vip-refund-progress')
  })

  it.each(['3', '找人工', '最后一个'])('%s calls a person', (words) => {
    expect(asked().says(words)).toMatchObject({
      record: { kind: 'escalate', rule: 'picked-option' },
      say: [],
      escalation: { topic: 'human-agent' },
    })
  })

  it('takes a press, with or without the label beside it, and an old one too', () => {
    const contact = asked()
    expect(contact.sends(event('choice', 'vip-refund-apply')).record.articleId).toBe('vip-refund-apply')
    const menuPress = contact.sends(event('choice', 'vip-refund-progress'), text('大会员退款多久到账'))
    expect(menuPress.record).toMatchObject({ articleId: 'vip-refund-progress', rule: 'picked-option' })
    expect(contact.sends(event('choice', 'vip-auto-renew-stop')).record.articleId).toBe('vip-auto-renew-stop')
    expect(contact.sends(event('choice', 'human')).escalation).toBeDefined()
  })

  it('offers the options again for one that does not exist, then calls a person', () => {
    const contact = asked()
    const again = contact.says('9')
    expect(again.record).toMatchObject({ kind: 'clarify', rule: 'unknown-option' })
    expect(labels(again)).toContain('大会员退款多久到账，怎么查进度')
    expect(contact.says('9').record.kind).toBe('clarify')
    expect(contact.says('9').record).toMatchObject({ kind: 'escalate', rule: 'failed-turns' })
  })

  it('survives a press that nothing knows', () => {
    for (const id of ['gone', '__proto__', 'constructor', ''])
      expect(contactOf().sends(event('choice', id)).record).toMatchObject({
        rule: 'unknown-option',
        kind: 'clarify',
      })
  })

  it('reads a chosen number among other words as its question', () => {
    const contact = asked()
    const decision = contact.says(['2', '我都等三天了'], renew)
    expect(decision.record.classification?.text).toBe('大会员退款多久到账，怎么查进度\n我都等三天了')
    expect(asked().says(['3', '快点']).escalation).toBeDefined()
  })

  it('takes a yes when only one was offered', () => {
    const contact = contactOf()
    contact.says('续费', { candidates: [candidate('vip-auto-renew-stop', 0.4)] })
    expect(contact.says('是的').record.articleId).toBe('vip-auto-renew-stop')
    expect(contact.says('是的', thanks).record.rule).toBe('chat')
  })

  it('reads no number as a choice when nothing was offered', () => {
    expect(contactOf().says('2', nothing).record.rule).toBe('nothing-found')
  })

  it.each([
    ['已发布的视频被锁定或下架，怎么申诉复审呢', '已发布的视频被锁定或下架，怎么申诉复审呢'],
    ['UP主怎么开通充电计划、包月充电，粉丝充电的收益怎么看', 'UP主怎么开通充电计划、包月充电'],
    // Half a list would say nothing.
    [
      '联合会员、运营商套餐、活动赠送的大会员没到账怎么办',
      '联合会员、运营商套餐、活动赠送的大会员没到账怎么办',
    ],
    ['很'.repeat(50), `${'很'.repeat(31)}…`],
  ])('labels “%s” as “%s”', (question, label) => {
    const [first] = articles
    const decision = decide(
      dialogueWith({
        knowledge: () => ({ version: 'x', articles: first === undefined ? [] : [{ ...first, question }] }),
      }),
      claimOf([[text('联合会员')]]),
      () => classified({ candidates: [candidate('vip-auto-renew-stop', 0.4)] }),
    )
    expect(labels(decision)).toEqual([label, '找人工'])
  })

  it('keeps labels short but apart', () => {
    const twins = [
      { ...articles[0], id: 'a', question: '很长的一个问题的开头完全一样，后面是甲' },
      { ...articles[0], id: 'b', question: '很长的一个问题的开头完全一样，后面是乙' },
    ].flatMap((twin) => (articles[0] === undefined ? [] : [{ ...articles[0], ...twin }]))
    const decision = decide(
      dialogueWith({ knowledge: () => ({ version: 'x', articles: twins }) }),
      claimOf([[text('问题')]]),
      () => classified({ candidates: [candidate('a', 0.4), candidate('b', 0.3)] }),
    )
    expect(new Set(labels(decision)).size).toBe(3)
  })
})
