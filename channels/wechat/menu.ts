/**
 * The account's own menu (自定义菜单): its config and the three calls.
 * Source: developers.weixin.qq.com 创建自定义菜单, 查询自定义菜单, 删除自定义菜单.
 */
import { z } from 'zod'
import type { CallApi } from './client.ts'
import { errcodeOf } from './client.ts'
import { ChannelError } from '../../src/core/errors.ts'

const bytes = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .refine((text) => Buffer.byteLength(text) <= max, `must be at most ${max} bytes of UTF-8`)

const maxTopNameBytes = 16
const maxItemNameBytes = 60

/** Types that push an event with `key` to us when they are pressed. */
const keyTypes = [
  'click',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
] as const

const webAddress = bytes(1, 1_024).refine(
  (url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol),
  'must be an http(s) address',
)

/** What a press does, by type. */
const actions = {
  key: { type: z.enum(keyTypes), key: bytes(1, 128) },
  view: { type: z.literal('view'), url: webAddress },
  media: { type: z.literal('media_id'), mediaId: z.string().min(1) },
  article: { type: z.enum(['article_id', 'article_view_limited']), articleId: z.string().min(1) },
  miniProgram: {
    type: z.literal('miniprogram'),
    appId: z.string().min(1),
    pagePath: z.string().min(1),
    /** Where clients go that know no mini programs. */
    url: webAddress,
  },
}

const buttonNamed = (name: z.ZodString) =>
  z.discriminatedUnion('type', [
    z.strictObject({ name, ...actions.key }),
    z.strictObject({ name, ...actions.view }),
    z.strictObject({ name, ...actions.media }),
    z.strictObject({ name, ...actions.article }),
    z.strictObject({ name, ...actions.miniProgram }),
  ])

const topName = bytes(1, maxTopNameBytes)
const item = buttonNamed(bytes(1, maxItemNameBytes))
const group = z.strictObject({ name: topName, items: z.array(item).min(1).max(5) })

/** The `menu` of an inbox's section: up to three buttons, each an action or up to five of them. */
export const menuConfig = z
  .array(z.union([group, buttonNamed(topName)]))
  .min(1)
  .max(3)
  .describe(
    'The account’s menu: 1–3 buttons, each with name (16 bytes) and type, or with name and items (1–5, names of 60 bytes). Types click, scancode_push, scancode_waitmsg, pic_sysphoto, pic_photo_or_album, pic_weixin, location_select need key (128 bytes); view needs url (1024 bytes); media_id needs mediaId; article_id and article_view_limited need articleId; miniprogram needs appId, pagePath, url. Default none. Applied only by tongda wechat menu apply.',
  )

export type MenuConfig = z.infer<typeof menuConfig>
type Button = z.infer<typeof item>

const encodeButton = (button: Button): Record<string, unknown> => {
  const { name, type } = button
  switch (type) {
    case 'view':
      return { type, name, url: button.url }
    case 'media_id':
      return { type, name, media_id: button.mediaId }
    case 'article_id':
    case 'article_view_limited':
      return { type, name, article_id: button.articleId }
    case 'miniprogram':
      return { type, name, url: button.url, appid: button.appId, pagepath: button.pagePath }
    case 'click':
    case 'scancode_push':
    case 'scancode_waitmsg':
    case 'pic_sysphoto':
    case 'pic_photo_or_album':
    case 'pic_weixin':
    case 'location_select':
      return { type, name, key: button.key }
    default:
      return button satisfies never
  }
}

/** The body of `POST /cgi-bin/menu/create`. */
export const encodeMenu = (menu: MenuConfig): Record<string, unknown> => ({
  button: menu.map((entry) =>
    'items' in entry ? { name: entry.name, sub_button: entry.items.map(encodeButton) } : encodeButton(entry),
  ),
})

/** Puts the menu in place of the present one. Clients see it within about five minutes. Throws `ChannelError`. */
export const applyMenu = async (callApi: CallApi, menu: MenuConfig): Promise<void> => {
  await callApi({
    action: 'apply menu',
    path: '/cgi-bin/menu/create',
    body: JSON.stringify(encodeMenu(menu)),
  })
}

const noMenu = 46_003

/** The menu in force as WeChat tells it; undefined: none. Throws `ChannelError`. */
export const readMenu = async (callApi: CallApi): Promise<Readonly<Record<string, unknown>> | undefined> => {
  try {
    const answer = await callApi({ action: 'read menu', path: '/cgi-bin/menu/get' })
    return answer.kind === 'json' && errcodeOf(answer) === 0 ? answer.data : undefined
  } catch (error) {
    if (error instanceof ChannelError && error.facts.providerCode === noMenu) return undefined
    throw error
  }
}

/** Takes the menu away, those for parts of the followers included. Throws `ChannelError`. */
export const deleteMenu = async (callApi: CallApi): Promise<void> => {
  await callApi({ action: 'delete menu', path: '/cgi-bin/menu/delete' })
}
