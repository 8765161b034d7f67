// Each is answered from an article; those that a person handles would silence the bot for the rest of the run.
const questions = [
  '视频审核要多久',
  '怎么更换账号绑定的手机号',
  '弹幕发不出去',
  '怎么取消自动续费',
  '忘记密码了',
  '缓存的视频在哪里',
  '怎么改昵称',
  '怎么开直播',
]

/** The question a contact asks at place `n`. */
export const question = (n: number): string => questions[n % questions.length] ?? ''
