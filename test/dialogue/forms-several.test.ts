// Answers that name two amounts or days where a tool's question takes one.
import { beforeAll, describe, expect, it } from 'vitest'
import type { FormSlot } from '../../src/core/form.ts'
import { said } from './builders.ts'
import { about, formContact, loadBrand, type Brand } from './form-contact.ts'

let brand: Brand
beforeAll(async () => {
  brand = await loadBrand()
})

const both = (word: string) => ({ zh: word, en: word })
const answerTo = (kind: 'amount' | 'date', words: string) => {
  const slot: FormSlot = {
    ...{ name: 'asked', kind, label: both('asked'), ask: both('?'), required: true, single: true },
    ...{ options: [], near: [], aliases: [], minLength: 1, maxLength: 200 },
  }
  const forms = brand.forms
    .filter(({ id }) => id === 'copyright-complaint')
    .map((form) => ({ ...form, slots: [slot] }))
  const contact = formContact({ ...brand, forms })
  contact.says('有人搬运我的视频怎么投诉', about(brand, 'copyright-complaint-file'))
  const reply = said(contact.says(words))
  return { reply, value: contact.state().form?.answers['asked']?.value }
}

describe('a question that takes one value', () => {
  it.each([
    ['amount', '100 或者 200'],
    ['amount', '100 元或者 200 元'],
    ['amount', '100 or 200 yuan'],
    ['amount', '100，200元'],
    ['amount', '100和200元'],
    ['amount', '100-200元'],
    ['amount', '100/200元'],
    ['date', '昨天或者今天'],
    ['date', '11月1日或者11月2日'],
    ['date', 'yesterday or today'],
    ['date', '11月25日和26日'],
    ['date', '11月20日到22日'],
    ['date', '11月20-22日'],
  ] as const)('of kind %s does not guess at “%s”', (kind, words) => {
    const { reply, value } = answerTo(kind, words)
    expect(value).toBeUndefined()
    expect(reply).toMatch(/不止一个|more than one/)
  })

  it.each([
    ['amount', '100 元，就是 100', /^100$/],
    ['amount', '2 天前充了 100 元', /^100$/],
    ['amount', '11-25 充了 1,200 元', /^1200$/],
    ['amount', '12,345', /^12345$/],
    ['amount', '100 元，订单 12345', /^100$/],
    ['amount', '退 100 元，我的 uid 是 12345', /^100$/],
    ['date', '昨天刚刚充的', /^昨天/],
    ['date', '11月20日 8 点', /^11月20日/],
    ['date', '11-20日', /^11-20日/],
    ['date', '大前天', /^大前天/],
    ['date', '昨天晚上，就是昨天', /^昨天晚上/],
  ] as const)('of kind %s takes “%s”', (kind, words, kept) => {
    expect(answerTo(kind, words).value).toMatch(kept)
  })
})
