import { describe, expect, it } from 'vitest'
import type { Part } from '../../src/core/message.ts'
import {
  claimOf,
  classified,
  configured,
  contactOf,
  decide,
  dialogueWith,
  event,
  labels,
  said,
  text,
} from './builders.ts'
import { renew, nothing, insult } from './meanings.ts'

describe('events', () => {
  it('greets who follows, with subjects and a person', () => {
    const decision = contactOf().sends(event('subscribed', 'scene'))
    expect(decision.record).toMatchObject({ kind: 'chat', rule: 'greeting' })
    expect(said(decision)).toMatch(/次元站.*小通/)
    expect(labels(decision)).toEqual(['大会员与退款', '投稿与审核', '找人工'])
    expect(decision.dialogue.greeted).toBe(true)
  })

  it('greets a visitor once', () => {
    const contact = contactOf()
    expect(contact.sends(event('opened')).record.rule).toBe('greeting')
    expect(contact.sends(event('opened'))).toMatchObject({ record: { kind: 'silent' }, say: [] })
    expect(contact.sends(event('subscribed')).record.rule).toBe('greeting')
  })

  it('opens a subject into its questions', () => {
    const contact = contactOf()
    contact.sends(event('opened'))
    const decision = contact.says('大会员与退款')
    expect(decision.record.kind).toBe('clarify')
    expect(decision.dialogue.offered.map(({ articleId }) => articleId)).toEqual([
      'vip-auto-renew-stop',
      'vip-not-credited-paid',
      'vip-refund-apply',
      'vip-refund-progress',
      undefined,
    ])
    expect(contact.says('3').record.articleId).toBe('vip-refund-apply')
  })

  it('does what menu keys say', () => {
    const config = configured({
      menuKeys: {
        MENU_TALK_TO_HUMAN: { to: 'person' },
        RENEW: { to: 'article', article: 'vip-auto-renew-stop' },
        GONE: { to: 'article', article: 'no-such' },
        HOURS: { to: 'text', text: '每天 10:00–18:00' },
      },
    })
    const press = (key: string) => contactOf({ config }).sends(event('menu', key))
    expect(press('MENU_TALK_TO_HUMAN').record).toMatchObject({ kind: 'escalate', rule: 'menu-key' })
    expect(press('RENEW').record).toMatchObject({ kind: 'answer', articleId: 'vip-auto-renew-stop' })
    expect(said(press('HOURS'))).toBe('每天 10:00–18:00')
    for (const key of ['GONE', 'UNKNOWN', 'toString']) expect(labels(press(key))).toContain('找人工')
  })

  it.each([['unsubscribed'], ['scanned'], ['closed'], ['other']])('is silent on %s', (name) =>
    expect(contactOf().sends(event(name))).toMatchObject({ record: { kind: 'silent' }, say: [] }),
  )

  it('calls a person for who asks to be called back, with or without words', () => {
    const alone = contactOf().sends(event('callback-requested', '13800138000'))
    expect(alone.record).toMatchObject({ kind: 'escalate', rule: 'callback-requested' })
    expect(alone.escalation).toMatchObject({
      reason: { code: 'callback-requested' },
      urgency: 'normal',
    })
    const contact = contactOf()
    contact.says('怎么关自动续费', renew)
    const withWords = contact.sends(event('callback-requested'), text('下午三点以后打'))
    expect(withWords.record.rule).toBe('callback-requested')
    const other = contactOf()
    other.says('怎么关自动续费', renew)
    expect(other.sends(event('callback-requested')).escalation?.topic).toBe('vip-auto-renew')
  })

  it('calls a person for who leaves a message, whatever the bot could say to it', () => {
    const left = contactOf().sends(event('left-message'), text('怎么关自动续费\n13800138000'))
    expect(left.record).toMatchObject({ kind: 'escalate', rule: 'left-message' })
    expect(left.escalation).toMatchObject({ reason: { code: 'left-message' }, urgency: 'normal' })
  })

  it('takes a press on 没帮助 for the thumb down that comes with it', () => {
    const contact = contactOf()
    contact.says('怎么关自动续费', renew)
    const voted = contact.sends(event('not-helpful'), text('👎'))
    expect(voted.record).toMatchObject({ rule: 'corrected', reasons: [{ code: 'thumbed-down' }] })
  })

  it('answers words that come with an event', () => {
    const decision = decide(dialogueWith(), claimOf([[event('opened')], [text('怎么关自动续费')]]), () =>
      classified(renew),
    )
    expect(decision.record.rule).toBe('confident-answer')
  })

  it('says nothing to who just left, whatever came before', () => {
    const decision = decide(
      dialogueWith(),
      claimOf([[text('怎么关自动续费')], [event('unsubscribed')]]),
      () => classified(renew),
    )
    expect(decision).toMatchObject({ record: { rule: 'contact-left' }, say: [] })
  })
})

describe('silence', () => {
  const never = (): never => {
    throw new Error('nothing was to be understood')
  }

  it('keeps quiet and thinks nothing while a person leads', () => {
    const claim = claimOf([[text('怎么退款')]], { mode: 'human' })
    const decision = decide(dialogueWith(), claim, never)
    expect(decision).toMatchObject({ record: { kind: 'silent', rule: 'person-leads' }, say: [] })
    expect(decision.dialogue).toEqual(claim.dialogue)
  })

  it('keeps quiet when no answer is wanted, and after an empty message', () => {
    const claim = claimOf([[event('other', 'location')]])
    const pending = claim.pending.map((message) => ({ ...message, wantsReply: false }))
    expect(decide(dialogueWith(), { ...claim, pending }, never).record.rule).toBe('nothing-to-answer')
    expect(decide(dialogueWith(), claimOf([[text(' ')]]), never).say).toEqual([])
  })

  it('answers an insult once, then waits for something else', () => {
    const contact = contactOf()
    expect(contact.says('傻', insult).say).toHaveLength(1)
    expect(contact.says('傻', insult)).toMatchObject({ record: { kind: 'silent', rule: 'insult' }, say: [] })
    expect(contact.says('加我微信', { ...insult, topic: 'spam', intent: 'spam.advertising' }).say).toEqual([])
    expect(contact.says('怎么关自动续费', renew).record.kind).toBe('answer')
    expect(contact.says('傻', insult).say).toHaveLength(1)
  })
})

describe('attachments', () => {
  const image: Part = { kind: 'image', media: { mediaId: 'm' } }

  it.each<Part>([
    image,
    { kind: 'audio', media: {} },
    { kind: 'video', media: {} },
    { kind: 'file', media: {}, name: 'a.pdf' },
    { kind: 'location', latitude: 1, longitude: 2 },
    { kind: 'link', url: 'https://a.cn' },
    { kind: 'unsupported', type: 'x', raw: {} },
  ])('asks for words, then calls a person: $kind', (part) => {
    const contact = contactOf()
    const first = contact.sends(part)
    expect(first.record).toMatchObject({ kind: 'clarify', rule: 'attachment' })
    expect(said(first)).toMatch(/用文字/)
    expect(contact.sends(part).record).toMatchObject({ kind: 'escalate', rule: 'attachment-again' })
  })

  it('asks again after words in between', () => {
    const contact = contactOf()
    contact.sends(image)
    contact.says('怎么关自动续费', renew)
    expect(contact.sends(image).record.kind).toBe('clarify')
  })

  it('goes to the person at once while a ticket is open', () => {
    const contact = contactOf({ ticket: { id: 't', number: 1042, state: 'pending' } })
    expect(contact.sends(image).record).toMatchObject({ kind: 'escalate', rule: 'attachment-for-ticket' })
  })

  it('chats about a sticker, once', () => {
    const contact = contactOf()
    expect(contact.sends({ kind: 'sticker', name: '比心' }).record).toMatchObject({
      kind: 'chat',
      rule: 'sticker',
    })
    expect(contact.sends({ kind: 'unsupported', type: 'sticker', raw: {} }).record.kind).toBe('silent')
  })

  it('says that the picture could not help when the words did not either', () => {
    const decision = decide(dialogueWith(), claimOf([[image], [text('这个')]]), () => classified(nothing))
    expect(said(decision)).toMatch(/图片/)
  })
})
