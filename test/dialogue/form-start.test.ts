import { beforeAll, describe, expect, it } from 'vitest'
import { about, formContact, loadBrand, type Brand } from './form-contact.ts'

let brand: Brand
beforeAll(async () => {
  brand = await loadBrand()
})

describe('a form', () => {
  it('starts on less certainty than an answer needs, by its article or its topic, and not on little', () => {
    const ruleOf = (articleId: string, sure: { readonly article: number; readonly topic: number }) => {
      const meaning = about(brand, articleId)
      const candidates = (meaning.candidates ?? []).map((one) => ({ ...one, score: sure.article }))
      const contact = formContact(brand, { thresholds: { answer: 0.9 } })
      return contact.says('麻烦处理一下', { ...meaning, candidates, confidence: sure.topic }).record.rule
    }
    expect(ruleOf('feedback-suggestion-submit', { article: 0.7, topic: 0.95 })).toBe('form-start')
    expect(ruleOf('copyright-complaint-file', { article: 0.4, topic: 0.7 })).toBe('form-start')
    expect(ruleOf('feedback-suggestion-submit', { article: 0.5, topic: 0.95 })).toBe('clarify')
    expect(ruleOf('copyright-complaint-file', { article: 0.4, topic: 0.5 })).toBe('clarify')
  })

  it('is not started by what may be small talk in another language', () => {
    const article = about(brand, 'feedback-suggestion-submit')
    const [best] = article.candidates ?? []
    if (best === undefined) throw new Error('no article')
    const ruleOf = (handling: 'chat' | 'faq') =>
      formContact(brand, { thresholds: { answer: 0.9 } }).says('спасибо', {
        ...article,
        ...{ handling, language: 'other', confidence: 0.8, candidates: [{ ...best, score: 0.7 }] },
      }).record.rule
    expect(ruleOf('chat')).toBe('clarify')
    expect(ruleOf('faq')).toBe('form-start')
  })
})
