import { beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/core/conversation.ts'
import { about, formContact, loadBrand, type Brand } from './form-contact.ts'
import { furious } from './meanings.ts'

let brand: Brand
beforeAll(async () => {
  brand = await loadBrand()
})

const ruleOf = ({ record }: Decision): string => record.rule

describe('a form of complaint', () => {
  it('starts for a complaint about somebody else however annoyed, not against anger at us or rage', () => {
    const complaint = about(brand, 'copyright-complaint-file')
    const annoyed = { emotion: 'angry', emotionStrength: 2 } as const
    const starts = (meaning: object) =>
      ruleOf(formContact(brand).says('我要投诉侵权', { ...complaint, ...meaning }))
    expect(starts(annoyed)).toBe('form-start')
    expect(starts({ ...annoyed, abuse: 'others' })).toBe('form-start')
    expect(starts({ ...annoyed, abuse: 'us' })).toBe('angry-contact')
    expect(starts(furious)).toBe('angry-contact')
    const appeal = { ...about(brand, 'video-review-locked'), ...annoyed }
    expect(ruleOf(formContact(brand).says('审核申诉', appeal))).toBe('angry-contact')
  })
})
