/* A short list of emoji, by groups; the words of each are what it is found by, in Chinese and English. */

export const emojiGroups = ['faces', 'hands', 'hearts', 'work', 'things', 'marks'] as const
export type EmojiGroup = (typeof emojiGroups)[number]

/** One emoji with its names. */
export interface Emoji {
  readonly emoji: string
  readonly zh: string
  readonly en: string
  readonly group: EmojiGroup
}

const lists: Readonly<Record<EmojiGroup, string>> = {
  faces:
    '😊 微笑 smile|😀 开心 happy|😄 大笑 laugh|😁 嘻嘻 grin|😆 哈哈 haha|😂 笑哭 tears of joy|🤣 笑翻 rolling|🙂 浅笑 slight smile|😉 眨眼 wink|😍 喜欢 love it|🥰 幸福 adore|😘 飞吻 kiss|😋 好吃 yummy|😜 调皮 playful|🤗 抱抱 hug|🤔 思考 thinking|🤫 嘘 hush|🤭 偷笑 giggle|😎 酷 cool|🥳 庆祝 celebrate|😅 汗 sweat|😳 害羞 blush|😮 惊讶 surprised|😲 震惊 astonished|😢 难过 sad|😭 大哭 cry|😔 失落 down|😣 难受 struggling|😩 累 weary|😤 生气 annoyed|😡 愤怒 angry|😱 害怕 scared|😴 睡觉 sleep|🤒 生病 ill|🥺 拜托 please|🙄 无语 eye roll|😶 沉默 silent|🫡 收到 salute',
  hands:
    '👍 赞 thumbs up|👎 踩 thumbs down|👌 好的 ok|👏 鼓掌 clap|🙏 感谢 thanks|🤝 握手 handshake|💪 加油 strong|✌️ 胜利 victory|🤞 好运 fingers crossed|👋 你好 wave|🙌 举手 hooray|👉 看右边 right|👈 看左边 left|👆 看上面 up|👇 看下面 down|🙋 提问 raise hand|🙇 抱歉 sorry|🤷 不知道 shrug',
  hearts:
    '❤️ 爱心 heart|🧡 橙心 orange heart|💛 黄心 yellow heart|💚 绿心 green heart|💙 蓝心 blue heart|💜 紫心 purple heart|💖 闪亮的心 sparkling heart|💔 心碎 broken heart|🌹 玫瑰 rose|🌸 樱花 blossom|🌟 星星 star|✨ 闪亮 sparkles|🎉 撒花 party|🎊 彩球 confetti|🎁 礼物 gift|🎂 生日 birthday|🌈 彩虹 rainbow|☀️ 太阳 sun',
  work: '📎 附件 clip|📄 文件 document|📷 拍照 camera|🖼️ 图片 picture|🎬 视频 film|📺 番剧 television|🎮 游戏 game|🎵 音乐 music|📱 手机 phone|💻 电脑 computer|🔗 链接 link|🔍 搜索 search|🔒 锁定 locked|🔑 密码 key|💳 支付 card|💰 钱 money|🧾 发票 receipt|📦 快递 parcel|🚚 送货 delivery|📅 日期 date|⏰ 时间 clock|⏳ 请稍等 wait|📢 公告 notice|✉️ 邮件 mail|📞 电话 call',
  things:
    '☕ 咖啡 coffee|🍵 茶 tea|🍉 西瓜 watermelon|🍻 干杯 cheers|🐱 猫 cat|🐶 狗 dog|🐼 熊猫 panda|🐰 兔子 rabbit|🐟 鱼 fish|🚀 火箭 rocket|🏠 家 home|🔧 修理 repair|🐛 故障 bug|💡 主意 idea',
  marks:
    '✅ 完成 done|☑️ 勾选 checked|❌ 错误 wrong|❗ 注意 attention|❓ 问题 question|⚠️ 警告 warning|🚫 禁止 forbidden|🆗 可以 okay|🆕 新 new|🔥 热门 hot|💯 满分 hundred|➡️ 下一步 next|⬆️ 向上 arrow up|⬇️ 向下 arrow down|1️⃣ 第一 one|2️⃣ 第二 two|3️⃣ 第三 three|🔄 刷新 refresh',
}

/** All of them, group by group. */
export const allEmoji: readonly Emoji[] = emojiGroups.flatMap((group) =>
  lists[group].split('|').map((line) => {
    const [emoji = '', zh = '', ...en] = line.split(' ')
    return { emoji, zh, en: en.join(' '), group }
  }),
)
