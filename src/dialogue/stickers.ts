import { z } from 'zod'

const faces = z.array(z.string().min(1).max(20)).max(10).default([])

/** Faces by what they go with. */
const stickerSet = z.strictObject({
  hello: faces.describe('With a greeting.'),
  answer: faces.describe('Behind an answer.'),
  ask: faces.describe('With a sticker of the contact.'),
})

const wechat = {
  hello: ['[愉快]', '[呲牙]', '[耶]'],
  answer: ['[OK]', '[加油]', '[胜利]'],
  ask: ['[呲牙]', '[偷笑]'],
}

/** Defaults: WeChat and Weibo draw faces from codes, mail has none, others have Unicode. */
const defaultStickers = {
  default: {
    hello: ['(。・∀・)ノ', '👋', '(＾▽＾)'],
    answer: ['(•̀ᴗ•́)و', '✨', '(＾▽＾)'],
    ask: ['(＾▽＾)', '😄'],
  },
  wechat,
  wecom: wechat,
  wechaty: wechat,
  weibo: { hello: ['[嘻嘻]', '[哈哈]'], answer: ['[doge]', '[赞]', '[给力]'], ask: ['[哈哈]', '[嘻嘻]'] },
  email: { hello: [], answer: [], ask: [] },
}

/** The `stickers` of a persona. */
export const stickersConfig = z.record(z.string().regex(/^[a-z]{1,20}$/), stickerSet).default(defaultStickers)

export type Stickers = z.output<typeof stickersConfig>
export type StickerMood = keyof z.output<typeof stickerSet>

/** The faces of a channel: its own, else those of `default`. */
export const facesOf = (stickers: Stickers, channel: string, mood: StickerMood): readonly string[] => {
  const own = Object.hasOwn(stickers, channel) ? stickers[channel] : stickers['default']
  return own?.[mood] ?? []
}
