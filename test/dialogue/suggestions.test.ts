import { describe, expect, it } from 'vitest'
import type { RecogniseSuggestions } from '../../src/core/feedback.ts'
import type { Classification } from '../../src/core/understanding.ts'
import { candidate, claimOf, classified, configured, dialogueWith, now, said, text } from './builders.ts'

const reader: RecogniseSuggestions = {
  suggestionsIn: (words) =>
    words.includes('建议') || words.includes('suggest')
      ? [{ sentence: words, cues: ['suggest'], isSure: !words.includes('能不能') }]
      : [],
  saysStop: (words) => words === '别再通知',
}

const decide = (words: string, over: Partial<Classification> = {}, tone: 'standard' | 'acg' = 'standard') =>
  dialogueWith({ suggestions: () => reader, config: configured({ persona: { tone } }) }).decide({
    claim: claimOf([[text(words)]]),
    understood: classified({ text: words, ...over }),
    now,
  })

describe('a suggestion', () => {
  it('is thanked for when nothing else answers, in the words of the persona', () => {
    const decision = decide('建议记住倍速')
    expect(decision.record).toMatchObject({ kind: 'chat', rule: 'suggestion-noted' })
    expect(decision.record.reasons).toEqual([{ code: 'suggestion-noted', values: { cues: 'suggest' } }])
    expect(said(decision)).toContain('谢谢你的建议')
    expect(said(decide('建议记住倍速', { topic: 'video-quality' }, 'acg'))).toContain('小本本')
    expect(said(decide('I suggest a sleep timer', { language: 'en' }))).toContain('Thank you')
  })

  it('is answered as a question where an article fits, or may', () => {
    const fits = (score: number) => ({ candidates: [candidate('vip-refund-apply', score)] })
    expect(decide('建议记住倍速', fits(0.9)).record.rule).toBe('confident-answer')
    expect(decide('能不能建议', fits(0.4)).record.rule).toBe('clarify')
  })

  it('is not made of a question, nor of what is none of the brand’s business', () => {
    expect(decide('能不能建议').record.rule).toBe('nothing-found')
    expect(decide('建议明天放假', { outOfScope: 0.9 }).record.rule).toBe('out-of-scope')
  })

  it('is not heard of any more by whoever says so', () => {
    const decision = decide('别再通知')
    expect(decision.record).toMatchObject({ kind: 'chat', rule: 'no-more-news' })
    expect(said(decision)).toContain('不会再通知你')
  })
})
