import { describe, expect, it } from 'vitest'
import { checkDraft, saysTheSame } from '../../src/llm/grounding/index.ts'

/** Why a sentence is refused that cites an article. */
const refusal = (article: string, text: string, question = '怎么收费') =>
  checkDraft(
    { answered: true, sentences: [{ text, sources: ['any'] }] },
    {
      passages: [{ articleId: 'any', question, text: article }],
      language: /\p{Script=Han}/u.test(article) ? 'zh' : 'en',
    },
  ).sentences[0]?.refused

const fees = '大会员年费是218元，月费是25元。'
const tail = '大会员年费是218元，月费是25元，详情见会员中心。'
const change = '从本月起，退款期限从3天改为7天。'
const behind = '25元是月费，218元是年费。'
const stay = '价格和停留：30 元 1 分钟，50 元 2 分钟，100 元 5 分钟，颜色不同。'
const rates = '1080P 码率 6000 kbps 以上，4K 码率 20000 kbps 以上。'
const prices = '大会员月度 22 元、季度 60 元、年度 188 元，连续包月 16 元，活动价以购买页为准。'
const arrival = '退款时，微信支付 1 天到账，银行卡 3 天到账，节假日顺延，请留意短信。'
const english = 'Membership costs 25 yuan a month or 218 yuan a year.'
const premium = 'Our premium video membership costs 25 yuan a month or 218 yuan a year.'
const shipping = 'Standard and express shipping cost 8 dollars and 20 dollars respectively.'
const uploads = 'You can upload videos of up to 8 GB on the website and up to 4 GB in the app.'
const fee = 'What does membership cost?'

describe('numbers of one sentence', () => {
  it.each([
    [fees, '大会员年费是25元，月费是218元'],
    [fees, '大会员年费25元月费218元'],
    [tail, '大会员年费是25元，月费是218元，详情见会员中心。'],
    [change, '从本月起，退款期限从7天改为3天。'],
    [behind, '218元是月费，25元是年费'],
    [stay, '价格和停留：50 元 1 分钟，30 元 2 分钟，100 元 5 分钟，颜色不同。'],
    [stay, '价格和停留：30 元 1 分钟，50 元 5 分钟，100 元 2 分钟，颜色不同'],
    [rates, '1080P 码率 20000 kbps 以上，4K 码率 6000 kbps 以上'],
    [rates, '6000P 码率 1080 kbps 以上，4K 码率 20000 kbps 以上'],
    ['官方热线只有 400-178-2233。', '官方热线只有 178-400-2233'],
    [prices, '大会员月度 22 元、季度 16 元、年度 188 元，连续包月 60 元，活动价以购买页为准'],
    [arrival, '退款时，微信支付 3 天到账，银行卡 1 天到账，节假日顺延'],
    ['年费和月费分别是218元和25元。', '月费和年费分别是218元和25元。'],
    ['每天 10:00–18:00 接听。', '每天 18:00–10:00 接听'],
    ['横屏导出 1920×1080 的画面。', '横屏导出 1080×1920 的画面'],
    ['年费和月费分别是218元和25元。', '年费和月费分别是25元和218元。'],
  ])('that change places are refused: %s → %s', (article, text) => {
    expect(refusal(article, text)).toBe('number')
  })

  it.each([
    [fees, '大会员年费是218元，月费是25元'],
    [fees, '月费是25元，大会员年费是218元。'],
    [tail, '大会员年费是218元，月费是25元，详情见会员中心。'],
    [tail, '月费是25元，大会员年费是218元，详情见会员中心。'],
    [change, '退款期限从3天改为7天。'],
    [behind, '218元是年费，25元是月费'],
    [stay, '价格和停留：100 元 5 分钟，50 元 2 分钟，30 元 1 分钟'],
    [rates, '4K 码率 20000 kbps 以上，1080P 码率 6000 kbps 以上'],
    ['官方热线只有 400-178-2233。', '热线只有 400–178–2233'],
    ['热线 400 178 2233，每天都接听。', '热线 400-178-2233，每天都接听'],
    [prices, '大会员月度 22 元、连续包月 16 元、季度 60 元、年度 188 元，活动价以购买页为准'],
    [arrival, '退款时，银行卡 3 天到账，微信支付 1 天到账，节假日顺延'],
    ['每天 10:00–18:00 接听。', '每天 10:00-18:00 接听'],
    ['年费和月费分别是218元和25元。', '年费和月费分别是218元和25元'],
    ['支持3天、7天和30天的会员。', '支持30天、7天和3天的会员'],
    ['首月3元，之后每月15元，3元只有一次。', '首月3元，之后每月15元'],
  ])('that keep their words are kept: %s → %s', (article, text) => {
    expect(refusal(article, text)).toBeUndefined()
  })

  it.each([
    [english, 'Membership costs 218 yuan a month or 25 yuan a year.'],
    [english, 'Membership costs 25 yuan a year or 218 yuan a month.'],
    [shipping, 'Express and standard shipping cost 8 dollars and 20 dollars respectively.'],
    [premium, 'Our premium video membership costs 218 yuan a month or 25 yuan a year.'],
    [uploads, 'You can upload videos of up to 4 GB on the website and up to 8 GB in the app.'],
    ['It is not open between 22:00 and 06:00.', 'It is not open between 06:00 and 22:00.'],
    [
      'A folder holds 1000 items and you can have 100 folders.',
      'A folder holds 100 items and you can have 1000 folders.',
    ],
  ])('that change places are refused in English: %s → %s', (article, text) => {
    expect(refusal(article, text, fee)).toBe('number')
  })

  it.each([
    [english, english],
    [english, 'Membership costs 218 yuan a year or 25 yuan a month.'],
    [shipping, 'Express and standard shipping cost 20 dollars and 8 dollars respectively.'],
    [premium, 'Our premium video membership costs 218 yuan a year or 25 yuan a month.'],
    [uploads, 'You can upload videos of up to 4 GB in the app and up to 8 GB on the website.'],
    ['Support is open 10:00-18:00 every day.', 'Support is open from 10:00 until 18:00 every day.'],
    ['Support is open 10:00-18:00 every day.', 'Support is open every day between 10:00 and 18:00.'],
    ['Nicknames have 2-16 characters.', 'Nicknames have between 2 and 16 characters.'],
  ])('that keep their words are kept in English: %s → %s', (article, text) => {
    expect(refusal(article, text, fee)).toBeUndefined()
  })

  it('are not the same in other words once they have changed places', () => {
    expect(saysTheSame('大会员年费218元月费25元', '大会员年费25元月费218元', 'zh')).toBe(false)
    expect(saysTheSame('退款期限从3天改为7天。', '退款期限从7天改为3天。', 'zh')).toBe(false)
    expect(saysTheSame('大会员年费218元，月费25元。', '大会员年费218元，月费25元！', 'zh')).toBe(true)
  })
})
