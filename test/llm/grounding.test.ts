import { describe, expect, it } from 'vitest'
import type { Passage } from '../../src/core/model-help.ts'
import { checkDraft, numbersIn, type Refusal } from '../../src/llm/grounding/index.ts'

const refund: Passage = {
  articleId: 'refund-time',
  question: '大会员退款多久到账，怎么查进度',
  text: '退款审核通过后，1-3个工作日内原路退回到支付账户。银行卡最长需要7天。\n连续包月的费用不支持退款，单独购买的年度大会员在15天内没有使用过可以申请退款。\n进度在 **我的 > 订单** 里查看，详见 [退款说明](https://help.example.com/refund)。\n客服热线 400-178-2233。',
}
const review: Passage = {
  articleId: 'review-time',
  question: '视频审核要多久',
  text: '稿件一般在24小时内审核完毕，《创作公约》里写明了哪些内容不能通过。节假日可能延长，请不要重复投稿。最多上传10P，单个文件不超过8GB。',
}
const english: Passage = {
  articleId: 'renew-stop',
  question: 'How do I stop automatic renewal?',
  text: 'Open Me, choose My Membership and turn off automatic renewal. Turn it off at least 24 hours before the next payment, which is 25 yuan. Paid months are not refunded.',
}

const check = (text: string, sources: readonly string[], passages: readonly Passage[] = [refund, review]) => {
  const language = passages.includes(english) ? 'en' : 'zh'
  return checkDraft({ answered: true, sentences: [{ text, sources: [...sources] }] }, { passages, language })
}
const refusal = (text: string, source = 'refund-time'): Refusal | undefined =>
  check(text, [source]).sentences[0]?.refused

describe('a sentence that its article bears out', () => {
  it.each([
    ['退款审核通过后，1-3个工作日内会原路退回到你的支付账户。', 'refund-time'],
    ['银行卡最长需要七天。', 'refund-time'],
    ['連續包月的費用不支持退款', 'refund-time'],
    ['进度在我的订单里查看', 'refund-time'],
    ['详见退款说明 https://help.example.com/refund', 'refund-time'],
    ['稿件一般在 24 小时内审核完毕', 'review-time'],
    ['《创作公约》写明了哪些内容不能通过', 'review-time'],
    ['节假日可能延长，请不要重复投稿', 'review-time'],
    ['单个文件不超过 8GB', 'review-time'],
  ])('is kept: %s', (text, source) => {
    expect(refusal(text, source)).toBeUndefined()
    expect(check(text, [source]).kept).toBe(true)
  })

  it.each([
    'Open Me, choose My Membership and turn off automatic renewal.',
    'Turn off automatic renewal at least 24 hours before the next payment.',
    'Paid months are not refunded.',
  ])('is kept in English: %s', (text) => {
    expect(check(text, ['renew-stop'], [english]).sentences[0]?.refused).toBeUndefined()
  })
})

describe('a sentence that says more than its article', () => {
  it.each<[Refusal, string, string]>([
    ['source', '退款审核通过后原路退回', 'nowhere'],
    ['source', '退款审核通过后原路退回', ''],
    ['number', '退款审核通过后，1-5个工作日内原路退回到支付账户', 'refund-time'],
    ['number', '退款审核通过后，3个工作日内原路退回到支付账户', 'refund-time'],
    ['number', '银行卡最长需要三十天', 'refund-time'],
    ['number', '银行卡最长需要7个工作日', 'refund-time'],
    ['number', '年度大会员在15天内没有使用过可以申请退款25元', 'refund-time'],
    ['number', '稿件一般在24天内审核完毕', 'review-time'],
    ['number', '客服热线 400-178-9999', 'refund-time'],
    ['number', '可以申请退款百分之五十', 'refund-time'],
    ['link', '详见退款说明 https://help.example.com.evil.com/refund', 'refund-time'],
    ['link', '详见退款说明 https://help.example.com/refund/claim', 'refund-time'],
    ['link', '进度在我的订单里查看，详见 evil.com', 'refund-time'],
    ['link', '进度在我的订单里查看，写信给 a@evil.com', 'refund-time'],
    ['name', '《用户协议》写明了哪些内容不能通过', 'review-time'],
    ['name', '进度在我的订单里查看，加微信 kefu', 'refund-time'],
    ['name', '进度在我的订单里查看 BVxx', 'refund-time'],
    ['promise', '我们保证退款审核通过', 'refund-time'],
    ['promise', '退款审核通过后赔偿到支付账户', 'refund-time'],
    ['promise', '已经为你退款到支付账户', 'refund-time'],
    ['negation', '连续包月的费用支持退款', 'refund-time'],
    ['negation', '单独购买的年度大会员在15天内不可以申请退款', 'refund-time'],
    ['negation', '哪些内容能通过写明了，节假日不可能延长', 'review-time'],
    ['negation', '单个文件超过8GB', 'review-time'],
    ['words', '先卸载客户端，再清理缓存重新登录即可', 'refund-time'],
    ['words', '退款审核通过后原路退回到支付账户，另外请提供短信验证码和密码核对身份', 'refund-time'],
    ['markup', '**退款**审核通过后原路退回', 'refund-time'],
    ['markup', '![](退款审核通过后原路退回', 'refund-time'],
    ['markup', '退款审核通过后\u200b原路退回', 'refund-time'],
    ['markup', '退款审核通过后原路退回😀', 'refund-time'],
    ['language', 'Refunds arrive on the card', 'refund-time'],
    ['length', '退款审核通过后原路退回到支付账户。'.repeat(20), 'refund-time'],
    ['length', '。', 'refund-time'],
  ])('is refused for its %s: %s', (why, text, source) => {
    expect(refusal(text, source)).toBe(why)
  })

  it.each<[Refusal, string]>([
    ['number', 'Turn off automatic renewal at least two hours before the next payment.'],
    ['number', 'The next payment is 15 yuan.'],
    ['negation', 'Paid months are refunded.'],
    ['name', 'Open Me, choose Your Wallet and turn off automatic renewal.'],
    ['language', '在我的里关闭自动续费'],
  ])('is refused in English for its %s: %s', (why, text) => {
    const refused = check(text, ['renew-stop'], [english]).sentences[0]?.refused
    expect(why === 'negation' ? ['negation', 'promise'] : [why]).toContain(refused)
  })

  it('takes the words of the article it names, not those of another', () => {
    expect(check('稿件一般在24小时内审核完毕', ['refund-time']).kept).toBe(false)
    expect(check('稿件一般在24小时内审核完毕', ['refund-time', 'review-time']).kept).toBe(true)
  })
})

describe('a draft', () => {
  const good = { text: '银行卡最长需要7天', sources: ['refund-time'] }
  const bad = { text: '银行卡最长需要9天', sources: ['refund-time'] }
  const whole = (sentences: readonly (typeof good)[]) =>
    checkDraft({ answered: true, sentences: [...sentences] }, { passages: [refund, review], language: 'zh' })

  it('is kept whole or not at all', () => {
    expect(whole([good]).kept).toBe(true)
    const half = whole([good, bad])
    expect(half.kept).toBe(false)
    expect(half.sentences.map(({ refused }) => refused)).toEqual([undefined, 'number'])
  })

  it('is neither empty nor long', () => {
    expect(whole([])).toMatchObject({ kept: false, refused: 'length' })
    expect(whole(Array.from({ length: 9 }, () => good))).toMatchObject({ kept: false, refused: 'length' })
  })

  it('may say it a little differently where the meaning is known to be the same', () => {
    const loose = { text: '退款审核通过后，钱原路退回到支付账户里面去', sources: ['refund-time'] }
    const sources = { passages: [refund], language: 'zh' } as const
    const draft = { answered: true, sentences: [loose] }
    expect(checkDraft(draft, { ...sources, alike: [0.95] }).kept).toBe(true)
    const far = { answered: true, sentences: [{ ...loose, text: '请把钱包和验证码交给同事代为保管即可' }] }
    expect(checkDraft(far, { ...sources, alike: [0.99] }).kept).toBe(false)
  })
})

describe('numbers', () => {
  it.each([
    ['7天', '七天'],
    ['1,000元', '一千元'],
    ['365 天', '三百六十五天'],
    ['百分之五十', '50%'],
    ['半个月', '0.5个月'],
    ['2 万元', '20000元'],
    ['2026年11月3日', '2026-11-03'],
    ['¥25', '25元'],
    ['3 days', 'three days'],
    ['第3次', '第三次'],
  ])('%s is %s', (one, other) => {
    const known = numbersIn(other)
    expect(numbersIn(one).size).toBeGreaterThan(0)
    expect([...numbersIn(one)].filter((number) => !known.has(number))).toEqual([])
  })

  it.each([
    ['7天', '7小时'],
    ['3天', '1-3天'],
    ['11月3日', '3月11日'],
    ['5折', '5%'],
    ['十五天', '五天'],
  ])('%s is not %s', (one, other) => {
    const known = numbersIn(other)
    expect([...numbersIn(one)].every((number) => known.has(number))).toBe(false)
  })

  it('are not the numbers of a list', () => {
    expect(numbersIn('1. 打开我的\n2. 关闭').size).toBe(0)
  })
})
