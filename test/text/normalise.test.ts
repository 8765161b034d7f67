import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNormaliser, guessLanguage } from '../../src/text/index.ts'
import type { SlangEntry } from '../../src/text/index.ts'
import { busyMs, linearMs } from '../support/busy-time.ts'

const slang: readonly SlangEntry[] = [
  { term: 'dhy', means: '大会员', kind: 'abbreviation' },
  { term: 'up', means: 'UP主', kind: 'abbreviation' },
  { term: '登陆', means: '登录', kind: 'typo' },
  { term: '小黑屋', means: '账号封禁', kind: 'slang' },
  { term: 'xswl', means: '', kind: 'mood' },
  { term: '88', means: '再见', kind: 'mood' },
]
const normalise = createNormaliser({ slang })
const text = (original: string): string => normalise(original).text

describe('normalising', () => {
  it.each([
    ['ＡＢＣ　１２３', 'abc 123'],
    ['請問會員怎麼退費嗎', '请问会员怎么退费吗'],
    ['影片打不開', '视频打不开'],
    ['a\u200bb\u202ec\u0000d', 'abcd'],
    ['退\ud800款', '退款'],
    ['好烦啊啊啊啊！！！！', '好烦啊啊!'],
    ['人工人工人工', '人工'],
    ['1000000', '1000000'],
    ['第一行\r\n\r\n 第二行', '第一行\n第二行'],
    ['e\u0301\u0301\u0301', 'é'],
  ])('reads %j as %j', (original, expected) => {
    expect(text(original)).toBe(expected)
  })

  it('takes faces and emoji out and keeps them as signals', () => {
    const { text: read, signals } = normalise('气死了/::@[怒][订单]😡👨‍👩‍👧🇨🇳1️⃣')
    expect(read).toBe('气死了 [订单] 1')
    expect(signals).toEqual(['face:发怒', 'face:怒', 'emoji:😡', 'emoji:👨', 'emoji:👩', 'emoji:👧'])
  })

  it('takes links and mail addresses out, but not the words around them', () => {
    const { text: read, signals } = normalise('看https://a.example/x?y=1打不开，发到a.b@c.example')
    expect(read).toBe('看 打不开,发到')
    expect(signals).toEqual(['link', 'mail'])
  })

  it('writes out abbreviations and typos as whole words only', () => {
    expect(text('DHY怎么登陆')).toBe('大会员怎么登录')
    expect(text('up更新了，up主你好')).toBe('up主更新了,up主你好')
    expect(text('dhyx upgrade')).toBe('dhyx upgrade')
  })

  it('keeps slang and adds what it means as a hint', () => {
    expect(normalise('被关小黑屋')).toMatchObject({ text: '被关小黑屋', hints: ['账号封禁'] })
  })

  it('notes mood words, and replaces them only where they stand alone', () => {
    expect(normalise('xswl 怎么退').signals).toEqual(['mood:xswl'])
    expect(text('88')).toBe('再见')
    expect(text('花了88元')).toBe('花了88元')
  })

  it('counts how loudly it was written', () => {
    expect(normalise('WHY??！！！啊啊啊啊').marks).toEqual({
      exclamations: 3,
      questions: 2,
      longestRun: 4,
      capitals: 0,
    })
    expect(normalise('WHAT is it').marks.capitals).toBeCloseTo(0.5)
  })

  it('reads at most the given length and says so', () => {
    const short = createNormaliser({ maxLength: 10 })
    expect(short('一二三四五六七八九😀十')).toMatchObject({ text: '一二三四五六七八九', truncated: true })
    expect(short('一二三').truncated).toBe(false)
  })

  it('never throws and is idempotent', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '会員',
        '登陆',
        'dhy',
        'up',
        '！！！',
        '[微笑]',
        '/::)',
        '\ud83d',
        '😡',
        '啊啊啊',
        'ﷺ',
        'İ',
        '\n',
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = text(pieces.join(''))
        expect(text(once)).toBe(once)
        expect(once).not.toMatch(/\p{Surrogate}/u)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes little time for 50 kB of any kind', () => {
    const kinds = [
      'a',
      '啊',
      '😀',
      '[微笑]',
      '/::)',
      '\ud83d',
      'ﷺ',
      '！',
      'ab',
      '会員',
      'a@',
      'www.',
      '[',
      '\u0301',
      '\n',
      'x y ',
      '0',
      '/:',
      'http://',
      '退款人工',
      '帳',
    ]
    for (const kind of kinds) {
      const evil = kind.repeat(Math.ceil(50_000 / kind.length))
      const started = busyMs()
      normalise(evil)
      expect(busyMs() - started, JSON.stringify(kind)).toBeLessThan(linearMs)
    }
  })
})

describe('guessing the language', () => {
  it.each([
    ['怎么退款', 'zh'],
    ['how do i get a refund', 'en'],
    ['refund', 'en'],
    ['vip refund 怎么弄', 'zh'],
    ['zhuan ren gong', 'zh'],
    ['zrg', 'zh'],
    ['dhy tk', 'zh'],
    ['', 'zh'],
    ['123', 'zh'],
    ['ありがとうございます', 'other'],
    ['안녕하세요', 'other'],
    ['спасибо', 'other'],
  ])('%j is %s', (read, language) => {
    expect(guessLanguage(read)).toBe(language)
  })
})
