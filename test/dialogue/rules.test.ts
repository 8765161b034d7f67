import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { writeReason } from '../../src/tickets/index.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { Classification } from '../../src/core/understanding.ts'
import { topicsFile } from '../../intents/schema.ts'
import {
  articles,
  candidate,
  claimOf,
  classified,
  configured,
  contactOf,
  decide,
  dialogueWith,
  said,
  text,
} from './builders.ts'
import {
  renew,
  unclear,
  nothing,
  outside,
  insult,
  person,
  hello,
  thanks,
  unclearMatter,
  furious,
} from './meanings.ts'

describe('which rule decides', () => {
  const cases: readonly (readonly [string, Partial<Classification>, string, string])[] = [
    ['a certain article', renew, 'answer', 'confident-answer'],
    [
      'an article that a person handles',
      {
        topic: 'live-gift-refund',
        confidence: 0.9,
        candidates: [candidate('live-gift-refund-mistake', 0.8)],
      },
      'escalate',
      'handoff-article',
    ],
    ['plausible articles', unclear, 'clarify', 'clarify'],
    ['nothing', nothing, 'clarify', 'nothing-found'],
    ['a wish for a person', person, 'escalate', 'asked-for-person'],
    [
      'danger to life',
      { handling: 'urgent', topic: 'crisis', intent: 'crisis.self-harm', urgency: 'urgent', confidence: 0.9 },
      'escalate',
      'crisis',
    ],
    [
      'danger to life, less certain',
      { handling: 'urgent', topic: 'crisis', intent: 'crisis.danger', confidence: 0.3 },
      'escalate',
      'crisis',
    ],
    [
      'an urgent topic with its article',
      { topic: 'account-stolen', confidence: 0.9, candidates: [candidate('account-stolen-report', 0.9)] },
      'escalate',
      'urgent-topic',
    ],
    [
      'an urgent topic without an article',
      { topic: 'minor-refund', confidence: 0.8 },
      'escalate',
      'urgent-topic',
    ],
    [
      'protection against an urgent matter',
      {
        topic: 'account-stolen',
        urgency: 'urgent',
        confidence: 0.9,
        candidates: [candidate('account-stolen-protect', 0.9)],
      },
      'answer',
      'confident-answer',
    ],
    ['urgent words about something else', { ...renew, urgency: 'urgent' }, 'escalate', 'urgent-topic'],
    ['an angry contact', { ...nothing, ...furious }, 'escalate', 'angry-contact'],
    ['mild annoyance', { ...renew, emotion: 'angry', emotionStrength: 1 }, 'answer', 'confident-answer'],
    ['a topic of persons', { topic: 'harassment-report', confidence: 0.8 }, 'escalate', 'person-topic'],
    [
      'an intent of persons',
      { topic: 'business-cooperation', handling: 'escalate', confidence: 0.8 },
      'escalate',
      'person-topic',
    ],
    ['small talk', hello, 'chat', 'chat'],
    [
      'thanks, though an article is close',
      { ...thanks, candidates: [candidate('vip-refund-apply', 0.5)] },
      'chat',
      'chat',
    ],
    [
      'thanks and a question',
      { ...thanks, confidence: 0.3, candidates: [candidate('vip-auto-renew-stop', 0.8)] },
      'answer',
      'confident-answer',
    ],
    ['an insult', { ...insult, ...furious }, 'chat', 'insult'],
    ['spam', { ...insult, topic: 'spam', intent: 'spam.flood' }, 'chat', 'spam'],
    ['something out of scope', outside, 'chat', 'out-of-scope'],
    [
      'something out of scope that resembles an article',
      { ...outside, candidates: [candidate('vip-refund-apply', 0.7)] },
      'chat',
      'out-of-scope',
    ],
    [
      'misuse of the bot',
      { ...outside, topic: 'bot-abuse', intent: 'bot-abuse.injection' },
      'chat',
      'bot-abuse',
    ],
    ['no matter at all', unclearMatter, 'clarify', 'vague'],
  ]
  const turns = (['standard', 'acg'] as const).flatMap((tone) =>
    (['zh', 'en'] as const).flatMap((language) => cases.map((row) => [tone, language, ...row] as const)),
  )
  it.each(turns)('%s, %s: %s', (...row) => {
    const [tone, language, , meaning, kind, rule] = row
    const decision = contactOf({ config: configured({ persona: { tone } }) }).says('一句话', {
      ...meaning,
      language,
    })
    expect(decision.record).toMatchObject({ kind, rule, thinkingMs: 0, classification: { language } })
    expect(decision.record.reasons.length).toBeGreaterThan(0)
    for (const reason of decision.record.reasons) {
      expect(writeReason(reason, 'zh')).toMatch(/\p{Script=Han}/u)
      expect(writeReason(reason, 'en')).toMatch(/^[^{}]*[a-z][^{}]*$/)
    }
    expect(decision.record.thresholds).toMatchObject({ answer: 0.6, clarify: 0.2, outOfScope: 0.6 })
    expect(decision.escalation !== undefined).toBe(kind === 'escalate')
    const words = said(decision)
    // The person's announcement says it all when a person was asked for.
    if (rule !== 'asked-for-person') expect(words).not.toBe('')
    const isOwn = decision.record.articleId === undefined && rule !== 'clarify' && words !== ''
    if (isOwn && language === 'en') expect(words).not.toMatch(/\p{Script=Han}/u)
    if (isOwn && language === 'zh') expect(words).toMatch(/\p{Script=Han}|(?:standard|acg) \d/u)
  })
})

describe('the same input', () => {
  it('gives the same decision and changes nothing', () => {
    const claim = claimOf([[text('退款')]])
    const before = JSON.stringify(claim)
    const again = () => decide(dialogueWith(), claim, () => classified(unclear))
    expect(again()).toEqual(again())
    expect(JSON.stringify(claim)).toBe(before)
    expect(claim.dialogue).toBe(initialDialogue)
  })

  it('varies replies from turn to turn', () => {
    const contact = contactOf()
    const texts = [1, 2, 3].map(() => said(contact.says('谢谢', thanks)))
    expect(new Set(texts).size).toBe(3)
  })

  it('uses knowledge as it changes', () => {
    let version = 1
    const dialogue = dialogueWith({
      knowledge: () => ({ version: `${version}`, articles: version === 1 ? articles : [] }),
    })
    const again = () => decide(dialogue, claimOf([[text('关续费')]]), () => classified(renew)).record.rule
    expect(again()).toBe('confident-answer')
    version = 2
    expect(again()).toBe('nothing-found')
  })

  it('takes small talk in another language for what it is only where it is certain', () => {
    const ruleAt = (confidence: number) =>
      contactOf().says('спасибо', { ...thanks, language: 'other', confidence }).record.rule
    expect(ruleAt(0.45)).toBe('nothing-found')
    expect(ruleAt(0.98)).toBe('chat')
  })

  it('brings a person to anger in another language, unless it is surely an insult', () => {
    const ruleAt = (confidence: number) =>
      contactOf().says('…', { ...insult, ...furious, language: 'other', confidence }).record.rule
    expect(ruleAt(0.45)).toBe('angry-contact')
    expect(ruleAt(0.98)).toBe('insult')
  })

  it.each(['спасибо', 'cảm ơn'])(
    'asks for Chinese or English where it does not know the language: %s',
    (words) => {
      const contact = contactOf()
      const asked = said(contact.says(words, { ...nothing, language: 'other' }))
      expect(asked).toContain('请用中文或英文')
      expect(asked).toContain('Please write in Chinese or English')
      expect(contact.says(words, { ...nothing, language: 'other' }).record.kind).toBe('escalate')
    },
  )

  it('keeps the state small, whatever was said', () => {
    const contact = contactOf()
    contact.says('退'.repeat(5_000), unclear)
    expect(JSON.stringify(contact.state()).length).toBeLessThan(1_000)
  })
})

describe('configuration', () => {
  it('has a default for everything and names what is wrong', () => {
    expect(configured()).toMatchObject({ maxChoices: 4, angryStrength: 2, hotline: '400-178-2233' })
    for (const wrong of [{ thresholds: { answer: 2 } }, { timezone: 'Mars/Base' }, { typo: 1 }])
      expect(() => configured(wrong)).toThrow()
  })

  it('speaks of topics and articles that the brand has', () => {
    const file: unknown = parse(readFileSync('intents/topics.yaml', 'utf8'))
    const known = new Set(topicsFile.parse(file).map(({ topic }) => topic))
    const { urgentTopics, personTopics, soberTopics, ticketKinds, popular } = configured()
    const used = [
      urgentTopics,
      personTopics,
      soberTopics,
      Object.keys(ticketKinds),
      popular.flatMap(({ topics }) => topics),
    ]
    expect(used.flat().filter((topic) => !known.has(topic))).toEqual([])
    const files = new Set(
      readdirSync('knowledge/articles', { recursive: true }).map((file) => basename(String(file), '.md')),
    )
    expect(popular.flatMap((subject) => subject.articles).filter((id) => !files.has(id))).toEqual([])
  })

  it('names the help centre when nothing was found and it has an address', () => {
    const config = configured({ helpCentreUrl: 'https://help.example/' })
    expect(said(contactOf({ config }).says('啊吧', nothing))).toContain('https://help.example/')
  })
})
