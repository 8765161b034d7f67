import { describe, expect, it } from 'vitest'
import { createSearch, createSearchInTurns } from '../../knowledge/index.ts'
import type { Article } from '../../src/core/knowledge.ts'
import { createNormaliser, createTokeniser } from '../../src/text/index.ts'

const article = (
  id: string,
  question: string,
  similar: readonly string[],
  more: Partial<Article> = {},
): Article => ({
  id,
  topic: 'refund',
  question,
  similar,
  negative: [],
  handoff: false,
  urgency: 'normal',
  followups: [],
  answer: '答案',
  channelAnswers: {},
  file: `${id}.md`,
  ...more,
})
const normalise = createNormaliser({ slang: [{ term: '小黑屋', means: '账号封禁', kind: 'slang' }] })
const options = {
  articles: [
    article('refund', '会员怎么退款', ['我要退钱', '会员能退吗'], {
      en: { question: 'refund my membership', answer: 'x' },
    }),
    article('double', '会员重复扣款', ['扣了两次钱']),
    article('ban', '账号被封禁了怎么办', ['封号了']),
    article('mall', '订单怎么退货', ['周边退款'], { negative: ['会员'] }),
  ],
  normalise,
  tokeniser: createTokeniser({ words: ['退款', '退钱'] }),
}
const search = createSearch(options)
const find = (text: string) => search(normalise(text).text, 5)

describe('searching articles', () => {
  it('finds the article by its closest question and says which', () => {
    expect(find('我想退钱')[0]).toMatchObject({ articleId: 'refund', topic: 'refund', matched: '我要退钱' })
    expect(find('扣了我两次')[0]?.articleId).toBe('double')
    expect(find('membership refund')[0]).toMatchObject({
      articleId: 'refund',
      matched: 'refund my membership',
    })
  })

  it('lists each article once, best first, no more than asked for', () => {
    const hits = find('会员怎么退款扣了两次钱')
    expect(new Set(hits.map(({ articleId }) => articleId)).size).toBe(hits.length)
    expect(hits.map(({ score }) => score)).toEqual([...hits.map(({ score }) => score)].sort((a, b) => b - a))
    expect(search('怎么退款', 1)).toHaveLength(1)
  })

  it('is made article by article for a running product, others have their turn, and finds the same', async () => {
    let [isMade, turns] = [false, 0]
    const takeTurn = (): void => {
      if (isMade) return
      turns += 1
      setImmediate(takeTurn)
    }
    setImmediate(takeTurn)
    const inTurns = await createSearchInTurns(options)
    isMade = true
    expect(turns).toBeGreaterThanOrEqual(options.articles.length)
    for (const text of ['我想退钱', '会员周边退款', 'membership refund'])
      expect(inTurns(normalise(text).text, 5)).toEqual(find(text))
  })

  it('leaves out articles one of whose negative words is said', () => {
    expect(find('周边退款').map(({ articleId }) => articleId)).toContain('mall')
    expect(find('会员周边退款').map(({ articleId }) => articleId)).not.toContain('mall')
  })

  it('finds nothing for strange or empty text', () => {
    expect(find('weather')).toEqual([])
    expect(find('')).toEqual([])
  })
})
