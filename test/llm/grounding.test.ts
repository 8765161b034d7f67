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

describe('English with a name or a borrowed word in it', () => {
  const keeps = (text: string, article: string) =>
    checkDraft(
      { answered: true, sentences: [{ text, sources: ['any'] }] },
      { passages: [{ articleId: 'any', question: 'Members?', text: article }], language: 'en' },
    ).sentences[0]?.refused

  it.each([
    'EU customers receive refunds within 14 days.',
    'Refunds reach EU cards within 14 days.',
    'Fare refunds take seven days.',
    'Customers in São Paulo call the hotline.',
    'Tap me, mi account, vip.',
    'Gracias members cancel online.',
  ])('is kept where the article says it: %s', (text) => {
    expect(keeps(text, text)).toBeUndefined()
  })

  it.each([
    'Free members can upload 4K videos.',
    'Videos of 1080p are free.',
    'Sign in with 2FA first.',
    'Members upload files of 5GB.',
    'The result comes within 24h.',
  ])('is kept with a code that begins with a digit: %s', (text) => {
    expect(keeps(text, text)).toBeUndefined()
  })

  it.each<[Refusal, string, string]>([
    ['number', 'Free members can upload 4P videos.', 'Free members can upload 4K videos.'],
    ['number', 'Members upload files of 5TB.', 'Members upload files of 5GB.'],
    ['name', 'Sign in with 2FX first.', 'Sign in with 2FA first.'],
    ['number', 'Free members can upload 8K videos.', 'Free members can upload 4K videos.'],
    ['number', 'Free members can upload 4K videos.', 'Free members can upload 4 videos.'],
  ])('is refused for its %s where the code is another: %s', (why, text, article) => {
    expect(keeps(text, article)).toBe(why)
  })

  it('is refused in another language than the article’s', () => {
    expect(keeps('Gracias, puedes cancelar.', 'Members cancel in the app.')).toBe('language')
  })
})

describe('a long article full of signs', () => {
  it.each([
    ['links without an end', ']('.repeat(100_000)],
    ['blanks', ' '.repeat(200_000)],
    ['signs, blanks and line ends', '* \n'.repeat(70_000)],
  ])('is read like any other: %s', (_what, noise) => {
    const text = `${noise}\n${refund.text}\n${noise}`
    const passages = [{ ...refund, text }]
    const said = (words: string) => check(words, ['refund-time'], passages).sentences[0]?.refused
    expect(said('进度在我的订单里查看，详见退款说明')).toBeUndefined()
    expect(said('进度在你的工单里看不到')).toBeDefined()
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

describe('an article that says the like of several things', () => {
  const heard = (text: string, article: string, question = '', language: 'zh' | 'en' = 'zh') =>
    checkDraft(
      { answered: true, sentences: [{ text, sources: ['any'] }] },
      { passages: [{ articleId: 'any', question, text: article }], language },
    ).sentences[0]?.refused

  const members = '年费会员不支持退款。月费会员可以退款。'
  const longMembers =
    '年费会员在购买之后超过三个自然月不支持申请任何形式的退款。月费会员在购买之后可以申请任何形式的退款。'
  const phones = 'iOS 端购买的会员不支持退款，安卓端购买的会员可以退款。'
  const minors = '未成年人充值可以申请退款，成年人充值不可以申请退款。'
  const times = '购买后7天内可以申请退款。退款会在3个工作日内到账。'
  const oneSentence = '购买后7天内可以申请退款，退款会在3个工作日内到账。'
  const labels = 'iOS：不支持退款。安卓：支持退款。'
  const english = 'Annual members cannot get a refund. Monthly members can get a refund within 7 days.'
  const short = 'Annual members cannot get a refund, but monthly members can.'

  it.each([
    ['年费会员可以退款。', members],
    ['月费会员不支持退款。', members],
    ['年费会员，可以退款', members],
    ['年费会员在购买之后可以申请任何形式的退款', longMembers],
    ['iOS 端购买的会员可以退款。', phones],
    ['安卓端购买的会员不支持退款', phones],
    ['未成年人充值不可以申请退款。', minors],
    ['成年人充值可以申请退款', minors],
    ['iOS：支持退款', labels],
    ['支持退款', labels],
    ['连续包月支持退款', '不支持。', '连续包月支持退款吗'],
  ])('is not told the yes and no of another: %s', (text, article, question = '') => {
    expect(heard(text, article, question)).toBe('negation')
  })

  it.each([
    ['Monthly members cannot get a refund.', english],
    ['Annual members can get a refund.', english],
    ['Monthly members cannot get a refund.', short],
    ['Annual members can get a refund.', short],
  ])('is not told the yes and no of another in English: %s', (text, article) => {
    expect(heard(text, article, 'Refunds', 'en')).toBe('negation')
  })

  it.each([
    ['退款7天内到账', times],
    ['退款，7天内到账', times],
    ['退款会在7天内到账', oneSentence],
    ['购买后3个工作日内可以申请退款', oneSentence],
  ])('is not told the number of another: %s', (text, article) => {
    expect(heard(text, article)).toBe('number')
  })

  it.each([
    ['年费会员不支持退款。', members],
    ['月费会员可以退款。', members],
    ['月费会员在购买之后可以申请任何形式的退款', longMembers],
    ['iOS端购买的会员不支持退款', phones],
    ['安卓端购买的会员可以退款', phones],
    ['未成年人充值可以申请退款', minors],
    ['成年人充值不可以申请退款', minors],
    ['购买后7天内可以申请退款', times],
    ['退款会在3个工作日内到账', oneSentence],
    ['安卓：支持退款', labels],
    ['安卓支持退款', labels],
    ['客服热线 400-178-2233，每天 10:00-18:00', '客服热线 400-178-2233，每天 10:00-18:00。'],
    ['退款1-3个工作日到账', '退款审核通过后，1-3个工作日内原路退回。', '退款多久到账'],
  ])('is told of each what it says: %s', (text, article, question = '') => {
    expect(heard(text, article, question)).toBeUndefined()
  })

  it.each([
    ['Annual members cannot get a refund.', english],
    ['Monthly members can get a refund within 7 days.', english],
    ['Annual members cannot get a refund.', short],
  ])('is told of each what it says in English: %s', (text, article) => {
    expect(heard(text, article, 'Refunds', 'en')).toBeUndefined()
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
