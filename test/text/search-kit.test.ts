import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { characterGrams, commonWords, createQuestionIndex, createTokeniser } from '../../src/text/index.ts'

describe('tokenising', () => {
  it('keeps the brand’s own words whole', () => {
    expect(createTokeniser().words('大会员退款')).toEqual(['大', '会员', '退款'])
    expect(createTokeniser({ words: ['大会员', 'b币'] }).words('大会员退款，b币呢')).toEqual([
      '大会员',
      '退款',
      'b币',
      '呢',
    ])
  })

  it('drops spaces and punctuation and masks long numbers', () => {
    expect(createTokeniser().words('订单 123456！4k')).toEqual(['订单', '#', '4k'])
  })

  it('gives the same tokeniser for the same words', () => {
    expect(createTokeniser({ words: ['乙', '甲'] })).toBe(createTokeniser({ words: ['甲', '乙', '甲'] }))
  })

  it('makes grams within stretches only; numbers and Latin words count as one character', () => {
    expect(characterGrams('退款,ab 1080p b币', 2)).toEqual(['退款', '0p', 'b币'])
    expect(characterGrams('😀', 1)).toEqual([])
  })

  it('knows common words by kind', () => {
    const { noun, place } = commonWords()
    expect(noun.map(({ word }) => word)).toContain('电视')
    expect(place.map(({ word }) => word)).toContain('北京')
  })
})

describe('the question index', () => {
  const index = createQuestionIndex([
    { entry: 0, terms: ['退款', '会员', '怎么'] },
    { entry: 0, terms: ['退钱', '会员'] },
    { entry: 1, terms: ['密码', '怎么', '改'] },
    { entry: 2, terms: ['怎么', '怎么', '办'] },
  ])

  it('finds the best question of each entry; rare words count more', () => {
    const hits = index.search(['退钱', '会员', '怎么'])
    expect(hits.find(({ entry }) => entry === 0)).toMatchObject({ question: 1 })
    const score = (entry: number): number => hits.find((hit) => hit.entry === entry)?.score ?? 0
    expect(score(0)).toBeGreaterThan(score(1))
  })

  it('passes over what is held out and finds nothing for strange words', () => {
    expect(index.search(['退钱'], (question) => question === 1)).toEqual([])
    expect(index.search(['天气'])).toEqual([])
    expect(index.search([])).toEqual([])
  })

  it('leaves no trace of one search in the next', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('退款', '退钱', '会员', '怎么', '密码', '改', '天气')),
        (terms) => {
          const before = index.search(['怎么', '会员'])
          index.search(terms)
          expect(index.search(['怎么', '会员'])).toEqual(before)
        },
      ),
    )
  })

  it('has a ceiling that unknown terms raise', () => {
    expect(index.ceiling(['怎么', '天气'])).toBeGreaterThan(index.ceiling(['怎么']))
  })
})
