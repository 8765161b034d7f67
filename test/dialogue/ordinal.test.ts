import { describe, expect, it } from 'vitest'
import { readOrdinal, sameLabel } from '../../src/dialogue/ordinal.ts'

describe('a number as a choice', () => {
  it.each([
    '2',
    '2.',
    '２',
    '②',
    '❷',
    '➁',
    '⓶',
    '⒉',
    '⑵',
    '㈡',
    '2️⃣',
    '2、',
    '(2)',
    '（2）',
    '#2',
    '2 。',
    '2 谢谢',
  ])('reads %s', (words) => expect(readOrdinal(words)).toBe(2))
  it.each([
    '第二个',
    '第2个',
    '第二',
    '第二個',
    '二',
    '贰',
    '选2',
    '我选第二个',
    '選第二項',
    '2号',
    '第二个吧',
    '第二条。',
  ])('reads %s', (words) => expect(readOrdinal(words)).toBe(2))
  it.each(['second', 'The second one', 'option 2', 'No. 2', '2nd', 'two', 'number two please'])(
    'reads %s',
    (words) => expect(readOrdinal(words)).toBe(2),
  )
  it.each(['最后一个', '最后那个', 'last', 'the last one'])('reads %s as the last', (words) =>
    expect(readOrdinal(words)).toBe('last'),
  )
  it.each(['十', '10', '⑩', '第十个'])('reads %s as ten', (words) => expect(readOrdinal(words)).toBe(10))
  it.each([
    '2元',
    '2天了',
    '两个',
    '一下',
    '二维码',
    '2 元能退吗',
    '12345',
    '',
    '。',
    'none',
    'no one',
    'second hand',
    '一点',
  ])('does not read %s', (words) => expect(readOrdinal(words)).toBeUndefined())
  // A pattern that backtracks would not end within the test's time.
  it('reads nothing from endless text', () => {
    for (const words of ['我'.repeat(50_000), '第'.repeat(50_000), 'the'.repeat(20_000), '2'.repeat(50_000)])
      expect(readOrdinal(words)).toBeUndefined()
  })
})

describe('labels', () => {
  it('are the same without numbering, marks, width and case', () => {
    expect(sameLabel('怎么关闭大会员自动续费', '1. 怎么关闭大会员自动续费？')).toBe(true)
    expect(sameLabel('UID在哪里看', 'ｕｉｄ 在哪里看')).toBe(true)
    expect(sameLabel('退款', '不退款')).toBe(false)
  })
})
