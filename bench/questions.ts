// Each is answered from an article; those that a person handles would silence the bot for the rest of the run, and those with
// a picture, which goes by the API, would have all later answers wait behind it.
export const questions: readonly string[] = [
  '登录时收不到短信验证码怎么办',
  '怎么更换账号绑定的手机号',
  '弹幕发不出去',
  '大会员兑换码怎么用，怎么送给朋友',
  '会员购的订单什么时候发货，怎么查物流',
  '搜索不到视频、UP主或结果不准怎么办',
  '电视上怎么调倍速、清晰度、弹幕，遥控器怎么操作',
  '怎么开直播',
]

/** The question a contact asks at place `n`. */
export const question = (n: number): string => questions[n % questions.length] ?? ''
