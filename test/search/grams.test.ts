import { describe, expect, it } from 'vitest'
import { fewGrams, gramsOf, gramsOfWord } from '../../src/search/grams.ts'
import { snippetOf } from '../../src/search/snippet.ts'
import { readWords } from '../../src/search/words.ts'
import { foldText } from '../../src/text/index.ts'
import { masker } from '../support/masker.ts'
import { createRandom } from '../support/random.ts'

const fold = (text: string): string => foldText(text).text

describe('grams of a text', () => {
  it('hold every gram of every part of it that can be sought', () => {
    const random = createRandom(7)
    const alphabet = Array.from('大会员退款登录影視ABc12 ，。é한국カタ😡ﬁ９\u200B')
    for (let round = 0; round < 400; round++) {
      const text = Array.from({ length: 12 }, () => alphabet[random(alphabet.length)]).join('')
      const grams = gramsOf(fold(text))
      const [from, length] = [random(10), 1 + random(6)]
      const part = Array.from(text)
        .slice(from, from + length)
        .join('')
      for (const word of fold(part).split(/\s+/))
        for (const gram of gramsOfWord(word)) expect(grams, `${text} / ${part}`).toContain(gram)
    }
  })

  it('of a long word are few, and from all over it', () => {
    const word = Array.from({ length: 80 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('')
    const grams = fewGrams(gramsOfWord(word))
    expect(grams.length).toBeLessThanOrEqual(24)
    expect(word.indexOf(grams.at(-1) ?? '')).toBeGreaterThan(60)
  })
})

describe('what is sought', () => {
  it('is refused where nothing could be found by it', () => {
    for (const word of ['a', '7', '!!', '😡', '大会员 x'])
      expect(() => readWords(word)).toThrow(/finds nothing/)
    expect(() => readWords('  ')).toThrow(/what to search for/)
    expect(() => readWords('一 二 三 四 五 六 七 八 九')).toThrow(/at most 8/)
    expect(readWords('退').words).toEqual(['退'])
    expect(readWords('ＶＩＰ 影視 vip').words).toEqual(['vip', '影视'])
  })
})

describe('a snippet', () => {
  it('tells where the words stand as they were written', () => {
    const text = `${'前'.repeat(100)}我的ＶＩＰ影視會員，vip！${'后'.repeat(200)}`
    const snippet = snippetOf(text, ['vip', '影视'], masker)
    expect(snippet).toMatchObject({ cutBefore: true, cutAfter: true })
    expect(snippet?.matches.map(({ from, to }) => snippet.text.slice(from, to))).toEqual([
      'ＶＩＰ',
      '影視',
      'vip',
    ])
    expect(snippetOf(text, ['vip', '退款'], masker)).toBeUndefined()
  })

  it('covers the whole of a character of which a part was found, and splits none', () => {
    const snippet = snippetOf('😀'.repeat(30) + '的ﬁle' + '😀'.repeat(80), ['il'], masker)
    expect(snippet?.matches.map(({ from, to }) => snippet.text.slice(from, to))).toEqual(['ﬁl'])
    expect(snippet?.text).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/)
  })

  it('joins words that overlap', () => {
    expect(snippetOf('大会员退款', ['大会员', '员退', '款'], masker)?.matches).toEqual([
      { from: 0, to: 4 },
      { from: 4, to: 5 },
    ])
  })
})
