/** How contacts begin; the first is nothing. */
export const openings: readonly string[] = [
  '',
  '',
  '',
  '',
  '你好，',
  '您好，',
  '在吗，',
  '请问，',
  '客服你好，',
  '急急急！',
  '那个，',
  '我想问一下，',
  'hi, ',
  '又来了，',
  '麻烦问下，',
]

const pleas = ['，谢谢', '，在线等', '，急！', '，拜托了', '？？？', '。', '，已经三天了', '，怎么还没人回']
/** Numbers that contacts name: rare words. */
const orderNumbers = 20_000

/** What contacts add; the first is nothing. */
export const closings = (): readonly string[] => [
  '',
  ...pleas.flatMap((plea) => Array.from({ length: 1_500 }, () => plea)),
  ...Array.from({ length: orderNumbers }, (_, at) => `，订单号 C${String(10_000_000 + at * 3_571)}`),
]

export const replies: readonly string[] = [
  '您好，这边在看了，请稍等。',
  '已经帮您登记，预计一个工作日内有结果。',
  '麻烦提供一下订单号和截图，谢谢。',
  '查到了，这笔是重复扣费，已经提交退款。',
  '退款会原路返回，一到七个工作日到账。',
  '您的账号存在安全风险，请先修改密码。',
  '这个问题技术同事在处理，修好后会通知您。',
  '实名信息已核对通过，可以重新登录试试。',
  '抱歉让您久等了，已经为您加急。',
  '请问还有其他可以帮您的吗？',
  '稿件审核一般在二十四小时内完成，请耐心等待。',
  '直播间处罚可以在创作中心申诉。',
  '弹幕被屏蔽是因为触发了关键词，换个说法就可以。',
  '已为您补发大会员十天，请查收。',
]

export const notes: readonly string[] = [
  '用户情绪激动，注意安抚。',
  '已和财务确认，退款流水在后台。',
  '风控命中异地登录，需要二次核验。',
  '等技术同事回复，工单先挂起。',
  '同一问题第三次来，建议升级处理。',
  '疑似代充，不予退款，已留证据。',
]

const surnames = Array.from(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡',
)
const given = [
  ...Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红鑫宇晨轩梓涵雨欣怡浩'),
  ...['小明', '思远', '子涵', '雨桐', '浩然', '梓萱', '一诺', '晓燕', '建国', '志强', '文静', '佳怡'],
]
const nicknames = [
  '鱼鱼不想动',
  '路过的猫',
  '追番人',
  '星野',
  '云朵',
  '咸鱼',
  'Luna',
  'momo',
  '夜猫子',
  '阿白',
]

/** What contacts are called. */
export const namesOf = (): readonly string[] => [
  ...surnames.flatMap((surname) => given.map((name) => `${surname}${name}`)),
  ...nicknames.flatMap((name) => Array.from({ length: 40 }, (_, at) => `${name}${String(at + 1)}`)),
]
