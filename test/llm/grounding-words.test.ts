// One word in the place of another makes a false sentence of a true one. Each case is a sentence and one that was made of it.
import { describe, expect, it } from 'vitest'
import { checkDraft, turnedRound } from '../../src/llm/grounding/index.ts'

/** Why a sentence is refused that cites an article. */
const refusal = (article: string, text: string, question = article) =>
  checkDraft(
    { answered: true, sentences: [{ text, sources: ['any'] }] },
    {
      passages: [{ articleId: 'any', question, text: article }],
      language: /\p{Script=Han}/u.test(article) ? 'zh' : 'en',
    },
  ).sentences[0]?.refused

/** A sentence, with what stands in it and what is put in its place. */
type Change = readonly [string, string, string]

const changed = ([sentence, from, to]: Change): string => sentence.replace(from, to)

const numbers: readonly Change[] = [
  ['一个手机号最多可以绑定三个账号，超出后需要先解绑。', '三个', '五个'],
  ['平台提供三种找回密码的方式，都在登录页面里。', '三种', '五种'],
  ['人工客服的工作时间是周一至周五9:00-18:00，其他时间请留言。', '周五', '周六'],
  ['提现申请在上午9点前提交的，当天下午处理。', '上午', '下午'],
  ['人工客服晚上9点半下班，之后的消息第二天回复。', '9点半', '9点'],
  ['提现手续费按提现金额的万分之五收取，从余额里扣除。', '之五', '之八'],
  ['提现手续费按提现金额的三分之一收取，从余额里扣除。', '之一', '之二'],
  ['昵称每年可以免费修改一次，修改后立即生效。', '每年', '每月'],
  ['审核结果会在当天通过站内信通知，请注意查收。', '当天', '次日'],
  ['榜单在中午12点更新，之后可以查看名次。', '中午', '晚上'],
  ['榜单每周日更新，之后可以查看名次。', '每周日', '每周'],
  ['收益在这个月结算到账户余额，可以在收益页面查看。', '这个月', '上个月'],
  ['礼物收益在次月结算到账户余额，可以在收益页面查看。', '次月', '当月'],
  ['打开手机客户端，点击右上角的设置图标，选择账号安全。', '右上角', '左下角'],
  ['退款申请通过后，款项将在3天内到账，请留意银行短信。', '内', '后'],
  ['Support is open from 9 am to 6 pm on workdays.', '9 am', '9 pm'],
  ['Support is open from 9 am to 6 pm.', '9 am to 6 pm', '6 pm to 9 am'],
  ['The team answers from Monday to Friday, within one business day.', 'Friday', 'Sunday'],
  ['You can link up to three phones to one account.', 'three', 'five'],
  ['You may change the name twice a year.', 'twice', 'thrice'],
  ['Upload the second photo of your card first.', 'second', 'third'],
  ['The money arrives within 3 days of your request.', 'within', 'after'],
]

const words: readonly Change[] = [
  ['活动奖品由顺丰速运寄出，收货地址填写后不能修改。', '顺丰', '圆通'],
  ['违规视频由上海审核中心的工作人员人工复核。', '上海', '北京'],
  ['实名认证需要上传本人的身份证正反面照片。', '身份证', '护照'],
  ['客服电话由王经理负责接听，请在工作时间拨打。', '王', '李'],
  ['请附上订单号和付款截图，由人工核实。', '订单', '工单'],
  ['You can withdraw earnings on weekdays from your wallet.', 'weekdays', 'weekends'],
  ['The refund goes back to your bank card.', 'bank', 'gift'],
  ['打开设置，点击删除评论，即可清空。', '删除', '修改'],
  ['活动结束后发放奖励到账户。', '结束', '开始'],
  ['Returns are paid by the seller.', 'seller', 'buyer'],
  ['To cancel, close the account in Settings.', 'close', 'open'],
]

const turned: readonly Change[] = [
  ['退款会原路退回到支付宝账户，请耐心等待。', '支付宝', '微信'],
  ['会员续费失败后权益会失效，重新开通即可恢复。', '失败', '成功'],
  ['运费由买家承担，寄回时请不要使用到付。', '买家', '卖家'],
  ['会员到期前会收到续费提醒，届时可以关闭自动续费。', '到期前', '到期后'],
  ['冷静期内登录就能撤销注销，过期则无法撤销。', '期内', '期后'],
  ['Turn off automatic renewal in the app.', 'off', 'on'],
]

describe('one word in the place of another', () => {
  it.each(numbers)('is refused as a number: %s %s → %s', (...change) => {
    expect(refusal(change[0], change[0])).toBeUndefined()
    expect(refusal(change[0], changed(change), '问题')).toBe('number')
  })

  it.each(words)('is refused as a word that the article has not: %s %s → %s', (...change) => {
    expect(refusal(change[0], change[0])).toBeUndefined()
    expect(refusal(change[0], changed(change), '问题')).toBe('words')
  })

  it.each(turned)('is refused as what turns it round: %s %s → %s', (...change) => {
    expect(refusal(change[0], change[0])).toBeUndefined()
    expect(refusal(change[0], changed(change), '问题')).toBe('negation')
  })

  it.each([
    ['申诉由创作者本人提交，家长不用陪同。', '申诉由创作者本人提交。'],
    [
      '忘记密码时，在登录页点击忘记密码，用绑定的手机号接收验证码。',
      '先在登录页点击忘记密码，再用您绑定的手机号接收验证码',
    ],
    ['提现申请在下午3点前提交的，当天处理。', '提现申请在15:00前提交的，当天处理'],
    ['一个手机号最多可以绑定三个账号。', '一个手机号最多可以绑定3个账号'],
    ['退款审核通过后大约3天到账，请耐心等待。', '退款审核通过后3天左右到账，请耐心等待'],
    ['退款申请通过后，款项将在3天内到账。', '退款申请通过之后，款项将在 3 天内到账'],
    [
      '打开手机客户端，进入我的页面，点击右上角的设置图标。',
      '先打开手机客户端，然后点击我的页面右上角的设置图标',
    ],
    [
      'Open your profile and tap Settings at the top.',
      'First open your profile, then tap Settings at the top.',
    ],
    ['Support is open from 9 am to 6 pm.', 'Support is open from 9:00 am to 6:00 pm.'],
    ['人工客服每天上午9点到下午6点接听电话。', '人工客服每天9:00-18:00接听电话'],
    ['Turn off automatic renewal in the app.', 'You can turn automatic renewal off in the app.'],
  ])('is none where the same is said: %s → %s', (article, text) => {
    expect(refusal(article, text)).toBeUndefined()
  })
})

describe('a bare yes', () => {
  const article = '大会员购买后不支持退款，自动续费可以在设置里关闭。'
  it.each(['能。', '可以。', '支持。', '是的。', '对。', '行。', '能退。'])(
    'is not borne out by a no: %s',
    (text) => {
      expect(refusal(article, text, '大会员能退款吗')).toBe('negation')
    },
  )

  it.each(['You can.', 'You can do that.', 'It is.', 'You may do so.'])(
    'is not borne out by a no in English: %s',
    (text) => {
      expect(refusal('Monthly plans are not refunded.', text, 'Can I get a refund?')).toBe('negation')
    },
  )

  it.each([
    ['能。', '大会员月费25元，在会员中心购买。', '大会员能退款吗'],
    ['You can.', 'Monthly plans cost 25 yuan.', 'Can I get a refund?'],
  ])('is not borne out by an article about something else: %s', (text, other, question) => {
    expect(refusal(other, text, question)).toBe('negation')
  })

  it.each([
    ['Also, monthly plans are not refunded.', 'Monthly plans are not refunded.'],
    ['To do this, open your profile.', 'Open your profile.'],
    ['您好，大会员购买后不支持退款。', '大会员购买后不支持退款。'],
  ])('is none in an opener: %s', (text, said) => {
    expect(refusal(said, text, 'Plans')).toBeUndefined()
  })

  it('stands where the article says just that', () => {
    expect(refusal('可以，在设置里关闭。', '可以。', '自动续费能关吗')).toBeUndefined()
    expect(refusal('不支持退款。', '不支持退款。', '大会员能退款吗')).toBeUndefined()
  })
})

describe('a draft in another tone', () => {
  it.each([
    ['不能退款。', '能退款哦'],
    ['3天内到账', '3天后到账'],
    ['退回支付宝', '退回微信'],
    ['每月一次', '每年一次'],
    ['在右上角', '在左上角'],
    ['It cannot be refunded.', 'Sorry, it can be refunded.'],
  ])('is turned round: %s → %s', (source, written) => {
    const { lost, added } = turnedRound(source, written)
    expect([...lost, ...added]).not.toEqual([])
  })

  it.each([
    ['请在订单里查看进度。', '您可以在订单里查看进度哦'],
    ['无法退款，请谅解', '很抱歉，不支持退款，还请谅解'],
    ['请不要重复投稿', '请勿重复投稿哦'],
    ['没有收到验证码', '还未收到验证码'],
    ['看不到订单', '早上好，对不起，您暂时无法看到订单'],
    ['不能退款', '很抱歉给您带来不便，这笔订单无法为您办理退款'],
    ['您的退款已经提交', '亲，您的退款已经提交啦，不用担心'],
    ['It cannot be refunded.', 'I am afraid it can not be refunded.'],
  ])('says the same: %s → %s', (source, written) => {
    expect(turnedRound(source, written)).toEqual({ lost: [], added: [] })
  })
})
