import { describe, expect, it } from 'vitest'
import { evaluate, type LabelledText } from '../../intents/index.ts'
import type { Classification } from '../../src/core/understanding.ts'

/** Answers everything from `refund-how`. */
const understand = (text: string): Promise<Classification> =>
  Promise.resolve({
    text,
    language: 'zh',
    intent: 'refund.ask',
    topic: 'refund',
    handling: 'faq',
    confidence: 0.9,
    candidates: [{ articleId: 'refund-how', topic: 'refund', question: '怎么退款', score: 0.9 }],
    outOfScope: 0,
    urgency: 'normal',
    emotion: 'neutral',
    emotionStrength: 0,
    asksForPerson: false,
    reasons: [],
    knowledgeVersion: 'v',
  })

const measured = (rows: readonly LabelledText[]) =>
  evaluate(understand, rows, {
    thresholds: { answer: 0.5, clarify: 0.2, outOfScope: 0.5 },
    answerable: new Set(['refund']),
    outOfScope: 'out-of-scope',
  })

const answersFor = async (articles?: readonly string[]) => {
  const row: LabelledText = { text: '退款', topic: 'refund', ...(articles === undefined ? {} : { articles }) }
  return (await measured([row])).answers
}

describe('an answer', () => {
  it('is right when its article is among those that answer the message', async () => {
    expect(await answersFor(['refund-how'])).toEqual({ given: 1, wrong: 0, coverage: 1 })
    expect(await answersFor(['refund-apple', 'refund-how'])).toEqual({ given: 1, wrong: 0, coverage: 1 })
    expect(await answersFor(['refund-apple'])).toEqual({ given: 1, wrong: 1, coverage: 1 })
  })

  it('is wrong where no article answers, and judged by its topic where nobody said', async () => {
    expect(await answersFor([])).toMatchObject({ given: 1, wrong: 1 })
    expect(await answersFor()).toEqual({ given: 1, wrong: 0, coverage: 1 })
  })
})

describe('what is confused', () => {
  it('comes commonest first, with what was meant, what it was taken for, and three sentences at most', async () => {
    const meaning = (topic: string, ...texts: readonly string[]) => texts.map((text) => ({ text, topic }))
    const { accuracy, confusions } = await measured([
      ...meaning('address', '改地址'),
      ...meaning('parcel', '查快递', '催快递', '包裹呢', '物流'),
      ...meaning('refund', '退款'),
    ])
    expect(accuracy).toBeCloseTo(1 / 6, 10)
    expect(confusions).toEqual([
      { meant: 'parcel', said: 'refund', count: 4, examples: ['查快递', '催快递', '包裹呢'] },
      { meant: 'address', said: 'refund', count: 1, examples: ['改地址'] },
    ])
  })
})
