import { angry, askedForPerson, failedTwice, forPeople, urgent, type PastStory } from './story.ts'

/**
 * What people still owe when the demo begins, oldest first: by mail and web chat, where a reply can be given at any
 * time, and to contacts whom the simulated providers know.
 */
export const owedStories: readonly PastStory[] = [
  {
    contact: '鹿目',
    channel: 'email',
    address: 'user2@mail.example',
    began: { hoursAgo: 50 },
    ...{ kind: 'complaint', topic: 'copyright-complaint', reason: forPeople('copyright-complaint') },
    ...{ title: '插画被印在周边上卖', priority: 'high', state: 'on_hold', agent: 'wangke', tags: ['侵权'] },
    holdReason: '等商城核对授权链',
    lines: [
      [
        'user',
        '你好，我的插画被一家店印成挂画在会员购出售，商品链接和我的原图见正文。请下架并告知店铺信息。',
        0,
      ],
      ['calls', 0],
      ['agent', '鹿目您好，材料已收到，商城正在核对店铺提供的授权文件，结果出来我第一时间告诉您。', 95],
      ['note', '店铺称有授权，授权书上的画师名与原作者不符，等商城核对。', 20],
    ],
  },
  {
    contact: '访客 森森',
    channel: 'web',
    began: { hoursAgo: 29 },
    ...{ kind: 'question', topic: 'account-real-name', reason: failedTwice, title: '实名认证人脸一直不过' },
    ...{ state: 'pending', agent: 'liran' },
    lines: [
      ['user', '实名认证人脸一直不通过', 0],
      ['bot', '请在光线均匀的地方正对镜头，摘掉眼镜和帽子再试。', 0],
      ['user', '试了十几次了', 3],
      ['bot', '每天最多五次，超过后第二天再试。', 0],
      ['user', '第二天也不行', 1],
      ['calls', 0],
      ['agent', '您好，可以走人工认证。请在「帮助—人工实名」里上传手持证件照，传完回复我一声。', 64],
    ],
  },
  {
    contact: '阿白',
    channel: 'email',
    address: 'user1@mail.example',
    began: { hoursAgo: 23 },
    ...{
      kind: 'appeal',
      topic: 'video-review',
      reason: forPeople('video-review'),
      title: '稿件因“内容低俗”被退回',
    },
    ...{ state: 'open' },
    lines: [
      ['user', '稿件 BV1hd4y1X7wq 被退回，理由是内容低俗。这是医学科普，解剖图来自教材，请人工复核。', 0],
      ['calls', 0],
    ],
  },
  {
    contact: '访客 可可',
    channel: 'web',
    began: { hoursAgo: 5 },
    ...{ kind: 'question', topic: 'vip-refund', reason: angry, title: '孩子误开年费，要求退款' },
    ...{ priority: 'high', state: 'open', agent: 'liran', tags: ['退款'] },
    lines: [
      ['user', '怎么开了个年费会员？？我根本没点！', 0],
      ['bot', '开通记录和支付方式可以在「我的—大会员—购买记录」里看到。', 0],
      ['user', '别跟我绕，退钱！！', 1],
      ['calls', 0],
      ['agent', '您好，查到是今天早上用免密支付开通的。请问当时手机在您身边吗？', 18],
      ['user', '可能是孩子拿去玩了', 32],
    ],
  },
  {
    contact: '访客 小鱼',
    channel: 'web',
    began: { hoursAgo: 2.2 },
    ...{ kind: 'question', topic: 'playback-stutter', reason: failedTwice, title: '4K 一直缓冲' },
    ...{ state: 'new' },
    lines: [
      ['user', '看4K视频一直卡顿缓冲', 0],
      ['bot', '4K 需要约 30 Mbps 的带宽，请试试切换到 1080P，或在设置里换一条线路。', 0],
      ['user', '带宽500兆的', 2],
      ['bot', '请关闭代理或加速器后再试。', 0],
      ['user', '没开 还是卡', 1],
      ['calls', 0],
    ],
  },
  {
    contact: '访客 闻笛',
    channel: 'web',
    began: { hoursAgo: 1.6 },
    ...{
      kind: 'question',
      topic: 'account-stolen',
      reason: urgent('account-stolen'),
      title: '收到异地登录提醒',
    },
    ...{ priority: 'urgent', state: 'new', tags: ['盗号'] },
    lines: [
      ['user', '收到异地登录提醒，不是我，号是不是被盗了', 0],
      ['bot', '请马上在「安全中心—登录设备」里下线陌生设备并修改密码，我同时请同事优先看。', 0],
      ['calls', 0],
    ],
  },
  {
    contact: '访客 7721',
    channel: 'web',
    began: { hoursAgo: 0.7 },
    ...{ kind: 'question', topic: 'invoice', reason: askedForPerson, title: '发票抬头写错了' },
    ...{ state: 'new' },
    lines: [
      ['user', '发票抬头写错了能改吗', 0],
      ['bot', '未报销的电子发票可以在订单详情里申请红冲重开，每单一次。', 0],
      ['user', '我已经改过一次了，人工', 1],
      ['calls', 0],
    ],
  },
]
