import type { PastBegin, PastQuestions } from './story.ts'

/** One conversation, begun so many days before at an hour of the brand's zone. */
const ask = (
  contact: string,
  channel: PastQuestions['channel'],
  began: PastBegin | readonly [daysAgo: number, at: number],
  ...asks: PastQuestions['asks']
): PastQuestions => ({
  ...{
    contact,
    channel,
    began: 'hoursAgo' in began || 'daysAgo' in began ? began : { daysAgo: began[0], at: began[1] },
    asks,
  },
  ...(channel === 'email' ? { address: 'wu@mail.example' } : {}),
})

/**
 * What contacts asked the bot in the two weeks before the demo began, where it led alone. A few were not helped, and a
 * few asked what no article answers.
 */
export const pastQuestions: readonly PastQuestions[] = [
  ask('小石榴', 'wechat', [13, 9.3], ['大会员怎么关闭自动续费', 0], ['好的谢谢', 1]),
  ask('访客 阿澄', 'web', [13, 15.2], ['怎么投屏到电视', 0], ['好了，谢谢', 6]),
  ask('长风', 'weibo', [12, 12.4], ['视频审核要多久', 0]),
  ask('麦芽糖', 'wechat', [12, 21.1], ['怎么改昵称', 0]),
  ask('访客 3306', 'web', [11, 10.6], ['怎么和好友一起看番', 0]),
  ask('一盏灯', 'wechat', [11, 19.8], ['怎么成为正式会员', 0], ['答题没过怎么办', 3]),
  ask('Theo', 'telegram', [10, 16.3], ['How long does video review take?', 0]),
  ask('云吞面', 'wechat', [10, 20.7], ['弹幕发不出去怎么办', 0]),
  ask('访客 小麦', 'web', [9, 11.9], ['UP主怎么提现', 0], ['没帮助', 2]),
  ask('芋圆', 'wechat', [9, 22.1], ['B币怎么充值', 0]),
  ask('追光', 'weibo', [8, 13.3], ['评论怎么举报', 0]),
  ask('木槿', 'wechat', [8, 18.4], ['怎么开启青少年模式', 0], ['谢谢', 4]),
  ask('访客 9018', 'web', [7, 10.2], ['视频一直缓冲怎么办', 0], ['还是不行', 5]),
  ask('吴女士', 'email', [7, 16.7], ['请问如何开具发票？', 0]),
  ask('夏天的风', 'wechat', [7, 22.4], ['异地怎么一起看番', 0]),
  ask('半糖', 'wechat', [6, 12.6], ['一个大会员能登录几台设备', 0]),
  ask('访客 阿远', 'web', [6, 20.3], ['有一起看功能吗', 0]),
  ask('银杏', 'wechat', [5, 9.7], ['收不到推送通知', 0]),
  ask('六便士', 'weibo', [5, 17.5], ['怎么换绑手机号', 0]),
  ask('访客 椰子', 'web', [4, 14.1], ['投稿被退回怎么修改', 0], ['不是这个', 1]),
  ask('松子', 'wechat', [4, 21.9], ['大会员怎么关闭自动续费', 0]),
  ask('Lena', 'telegram', [3, 15.4], ['How do I become a formal member?', 0]),
  ask('可颂', 'wechat', [3, 19.2], ['充电宝借了怎么还', 0]),
  ask('访客 5127', 'web', [2, 11.3], ['忘记密码了怎么办', 0]),
  ask('雪梨', 'wechat', [2, 20.8], ['漫展能退票吗', 0]),
  ask('访客 小橙', 'web', [2, 21.6], ['能和朋友一起看番吗', 0]),
  ask('北岸', 'weibo', [1, 12.8], ['怎么屏蔽弹幕', 0], ['好的谢谢', 2]),
  ask('丸子头', 'wechat', [1, 18.9], ['视频审核要多久', 0]),
  ask('访客 白茶', 'web', { hoursAgo: 6.5 }, ['直播回放在哪里看', 0]),
  ask('小满月', 'wechat', { hoursAgo: 3.2 }, ['电视大会员和大会员有什么区别', 0]),
]
