import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNormaliser, guessLanguage, nearestLanguage } from '../../src/text/index.ts'
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
    ['hola', 'other'],
    ['gracias', 'other'],
    ['¿cómo cancelo la suscripción?', 'other'],
    ['no puedo iniciar sesion', 'other'],
    ['je voudrais un remboursement', 'other'],
    ["j'ai un problème avec la vidéo", 'other'],
    ['ich möchte mein geld zurück', 'other'],
    ['não consigo entrar na minha conta', 'other'],
    ['vorrei un rimborso', 'other'],
    ['merhaba, hesabım kapandı', 'other'],
    ['xin chào, tôi muốn hoàn tiền', 'other'],
    ['xin chào', 'other'],
    ['xin chào!', 'other'],
    ['chào bạn', 'other'],
    ['tôi muốn hoàn tiền', 'other'],
    ['cảm ơn', 'other'],
    ['cảm ơn bạn', 'other'],
    ['tôi cần giúp', 'other'],
    ['tiền của tôi đâu', 'other'],
    ['cho tôi hỏi', 'other'],
    ['hoàn tiền cho tôi', 'other'],
    ['xin chao', 'zh'],
    ['nǐ hǎo', 'zh'],
    ['xīn cháo', 'zh'],
    ['xīn chào', 'zh'],
    ['tā bù xiāngxìn chào cài', 'zh'],
    ['café order', 'en'],
    ['refund for nguyễn văn đức please', 'en'],
    ['naïve question sorry', 'en'],
    ['where is la casa de papel', 'en'],
    ['i love la la land but the video is laggy', 'en'],
    ['comment deleted', 'en'],
    ["can't watch les miserables", 'en'],
    ['https://example.com/es/el-la/quiero stuck', 'en'],
    ['wo yao tui kuan', 'zh'],
    ['de la', 'zh'],
    ['hola 大会员怎么退', 'zh'],
  ])('%j is %s', (read, language) => {
    expect(guessLanguage(read)).toBe(language)
  })

  it('reads a huge word without going over it again and again', () => {
    expect(guessLanguage('quierocancelar'.repeat(30_000))).toBe('en')
  })

  it.each([
    'wo de qq hao bei dao le',
    'shou ji hao de mi ma wang le qq',
    'ke fu hao de le la gg',
    'wo de mi hua le zfb',
    'dou yin de hao le qq',
    'zfb qq de le la',
    'hai mei shou dao qq',
    'xin de wx hao nao qq',
    'wo de zhuang tai qq',
    'ni hao wo jiao hola',
    'wǒ de huì yuán bú jiàn le',
    'wǒ yào mǎi huì yuán',
    'yǒu rén ma',
    'qǐng wèn zěn me tuì kuǎn',
    'zěn me bàn',
    'zěnme tuìkuǎn',
    'wèi shén me',
    'shén me shí hòu',
    'wǒ men yào tuì kuǎn',
    'nǐ men kě yǐ bāng wǒ ma',
    'wǒ xiǎng mǎi vip',
    'wǒ yào mǎi huì yuán 退款',
  ])('pinyin stays Chinese whatever stands in it: %s', (read) => {
    expect(guessLanguage(read)).toBe('zh')
  })

  it.each([
    'ça va',
    'oui ça va',
    'à quoi ça sert',
    'où ça',
    'está aí',
    'đổi mật khẩu',
    'māori app',
    'can you get nǐ hǎo',
    'is it café menú',
    'who is lǐ',
  ])('accents alone make no Chinese: %s', (read) => {
    expect(guessLanguage(read)).not.toBe('zh')
  })

  it('pinyin with abbreviations is no other language, in whatever order', () => {
    const parts =
      'de le la ne ma mi di se su da ta na hai nao xin che dan ke tu ge yi shi bu wo ni men'.split(' ')
    const abbreviations = ['qq', 'gg', 'zfb', 'wx', 'dhy', 'tk', 'svp', 'mm', 'eu', 'ik']
    let at = 1
    const next = (most: number): number => (at = (at * 48_271) % 2_147_483_647) % most
    const taken = Array.from({ length: 5_000 }, () => {
      const words = Array.from({ length: 4 + next(6) }, () => parts[next(parts.length)])
      words.splice(next(words.length), 0, abbreviations[next(abbreviations.length)])
      return words.join(' ')
    }).filter((read) => guessLanguage(read) === 'other')
    expect(taken).toEqual([])
  })

  it.each(
    `eu server|eu refund policy|eu vat invoice|vip eu|bus fare refund|train fare charged twice|fare evasion video|
    hat trick video|santa hat skin missing|hat refund|mis-click|mis charged|dank memes|mia account|notre dame game|sono app|
    come in chinese|subtitles come in late|do me a favor|la casa de papel missing|real madrid de la liga|
    i live in são paulo|peña refund|muñoz order|françois account|señorita song|façade texture bug|señor account|
    xin order|ho ho ho event|golden hoe missing|ist time zone`
      .split('|')
      .map((read) => read.trim()),
  )('English with a name or a borrowed word is not another language: %s', (read) => {
    expect(guessLanguage(read)).not.toBe('other')
  })

  it.each([
    ['hola, quiero cancelar', 'en'],
    ['how do i cancel', 'en'],
    ['怎么取消', 'zh'],
    ['ありがとうございます', 'zh'],
    ['', 'zh'],
  ])('whoever writes %j reads %s', (read, language) => {
    expect(nearestLanguage(read)).toBe(language)
  })
})
