/**
 * Text codes of WeChat's built-in faces with the name WeChat shows for them.
 * Official accounts receive faces either as such a code or as `[name]`.
 */
const codes: Readonly<Record<string, string>> = {
  '/::)': '微笑',
  '/::~': '撇嘴',
  '/::B': '色',
  '/::|': '发呆',
  '/:8-)': '得意',
  '/::<': '流泪',
  '/::$': '害羞',
  '/::X': '闭嘴',
  '/::Z': '睡',
  "/::'(": '大哭',
  '/::-|': '尴尬',
  '/::@': '发怒',
  '/::P': '调皮',
  '/::D': '呲牙',
  '/::O': '惊讶',
  '/::(': '难过',
  '/::+': '酷',
  '/:--b': '冷汗',
  '/::Q': '抓狂',
  '/::T': '吐',
  '/:,@P': '偷笑',
  '/:,@-D': '愉快',
  '/::d': '白眼',
  '/:,@o': '傲慢',
  '/::g': '饥饿',
  '/:|-)': '困',
  '/::!': '惊恐',
  '/::L': '流汗',
  '/::>': '憨笑',
  '/::,@': '悠闲',
  '/:,@f': '奋斗',
  '/::-S': '咒骂',
  '/:?': '疑问',
  '/:,@x': '嘘',
  '/:,@@': '晕',
  '/::8': '疯了',
  '/:,@!': '衰',
  '/:!!!': '骷髅',
  '/:xx': '敲打',
  '/:bye': '再见',
  '/:wipe': '擦汗',
  '/:dig': '抠鼻',
  '/:handclap': '鼓掌',
  '/:&-(': '糗大了',
  '/:B-)': '坏笑',
  '/:<@': '左哼哼',
  '/:@>': '右哼哼',
  '/::-O': '哈欠',
  '/:>-|': '鄙视',
  '/:P-(': '委屈',
  "/::'|": '快哭了',
  '/:X-)': '阴险',
  '/::*': '亲亲',
  '/:@x': '吓',
  '/:8*': '可怜',
  '/:pd': '菜刀',
  '/:<W>': '西瓜',
  '/:beer': '啤酒',
  '/:coffee': '咖啡',
  '/:eat': '饭',
  '/:pig': '猪头',
  '/:rose': '玫瑰',
  '/:fade': '凋谢',
  '/:showlove': '示爱',
  '/:heart': '爱心',
  '/:break': '心碎',
  '/:cake': '蛋糕',
  '/:li': '闪电',
  '/:bome': '炸弹',
  '/:kn': '刀',
  '/:shit': '便便',
  '/:moon': '月亮',
  '/:sun': '太阳',
  '/:gift': '礼物',
  '/:hug': '拥抱',
  '/:strong': '强',
  '/:weak': '弱',
  '/:share': '握手',
  '/:v': '胜利',
  '/:@)': '抱拳',
  '/:jj': '勾引',
  '/:@@': '拳头',
  '/:bad': '差劲',
  '/:lvu': '爱你',
  '/:no': 'NO',
  '/:ok': 'OK',
  '/:love': '爱情',
  '/:<L>': '飞吻',
  '/:jump': '跳跳',
  '/:shake': '发抖',
  '/:<O>': '怄火',
  '/:circle': '转圈',
  '/:kotow': '磕头',
  '/:turn': '回头',
  '/:skip': '跳绳',
  '/:oY': '挥手',
}

/** Names that WeChat, Weibo and video communities write in square brackets and that no code above carries. */
const bracketed = `
  捂脸 奸笑 破涕为笑 苦涩 叹气 天啊 emm 社会社会 旺柴 好的 打脸 哇 翻白眼 666 让我看看 加油 汗 庆祝 红包 發 发 福
  机智 皱眉 耶 吃瓜 裂开 生病 脸红 恐惧 失望 无语 嘿哈 合十 强壮 doge 笑cry 泪 怒 怒骂 允悲 哈哈 嘻嘻 可爱 思考
  悲伤 抱抱 拜拜 赞 good 给力 伤心 黑线 哼 挖鼻 哈哈哈 跪了 心 作揖 鲜花 费解 互粉 二哈 喵喵 妙啊 滑稽 打call
  星星眼 辣眼睛 喜欢 嗑瓜子 酸了 灵魂出窍 藏狐 脱单doge 热词系列_知识增加 歪嘴 笑哭 微笑 大笑 生气 点赞 惊喜 疑惑
  难过 抓狂 嫌弃 给心心 支持 响指 囧 倒吸冷气 呆 墨镜 干杯 异议 锦鲤 奋斗 委屈 鼓掌 再见 大哭 害羞 调皮 偷笑
`

const names = new Set(
  [...Object.values(codes), ...bracketed.split(/\s+/).filter(Boolean)].map((name) => name.toLowerCase()),
)

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const codePattern = new RegExp(
  Object.keys(codes)
    .sort((a, b) => b.length - a.length)
    .map((code) => escape(code) + (/[a-z]$/i.test(code) ? '(?![a-z])' : ''))
    .join('|'),
  'g',
)
const bracketPattern = /\[([^[\]\s]{1,12})\]/g
// Signs that Unicode counts as pictographs but people write as text.
const textual = new Set('©®™‼⁉〰〽㊗㊙↔↕↖↗↘↙↩↪ℹⓂ')

/** Takes faces and emoji out of `text`; what they were goes to `signals` as `face:发怒` or `emoji:😡`. */
export const takeFaces = (text: string, signals: string[]): string =>
  text
    .replace(codePattern, (code) => {
      signals.push(`face:${codes[code] ?? code}`)
      return ' '
    })
    .replace(bracketPattern, (whole, name: string) => {
      if (!names.has(name.toLowerCase())) return whole
      signals.push(`face:${name}`)
      return ' '
    })
    .replace(/\p{Extended_Pictographic}/gu, (sign) => {
      if (textual.has(sign)) return sign
      signals.push(`emoji:${sign}`)
      return ' '
    })
    // What is left of composed emoji: skin tones, flags, keycap and variation marks.
    .replace(/[\u{1f3fb}-\u{1f3ff}]|[\u{1f1e6}-\u{1f1ff}]|\u20e3|[\ufe0e\ufe0f]/gu, '')
