// What an account may send: developer.work.weixin.qq.com, 发送消息 (94677), 事件响应消息 (95122).
import { z } from 'zod'
import type { ShownChoice } from '../simulator.ts'
import type { MediaShelf } from './media.ts'

/** A message as the user's client shows it. */
export interface Shown {
  readonly text?: string
  readonly fileName?: string
  readonly picturePath?: string
  readonly choices?: readonly ShownChoice[]
}

const bytes = (max: number) => z.string().refine((text) => Buffer.byteLength(text) <= max)
const filled = (max: number) => bytes(max).min(1)

const menuItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('click'), click: z.object({ id: bytes(64).optional(), content: filled(128) }) }),
  z.object({ type: z.literal('view'), view: z.object({ url: filled(2_048), content: filled(1_024) }) }),
  z.object({
    type: z.literal('miniprogram'),
    miniprogram: z.object({ appid: filled(32), pagepath: filled(1_024), content: filled(1_024) }),
  }),
  z.object({ type: z.literal('text'), text: z.object({ content: filled(256) }) }),
])

const media = z.object({ media_id: z.string().min(1) })

const bodies = {
  text: z.object({ content: z.string(), menu_id: z.string().optional() }),
  image: media,
  voice: media,
  video: media,
  file: media,
  link: z.object({
    title: filled(128),
    desc: bytes(512).optional(),
    url: filled(2_048),
    thumb_media_id: z.string().min(1),
  }),
  location: z.object({
    name: z.string().optional(),
    address: z.string().optional(),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
  }),
  msgmenu: z.object({
    head_content: bytes(1_024).optional(),
    list: z.array(menuItem).max(10).optional(),
    tail_content: bytes(1_024).optional(),
  }),
  business_card: z.object({ userid: z.string().min(1) }),
  miniprogram: z.object({
    appid: filled(64),
    title: bytes(64).optional(),
    thumb_media_id: z.string(),
    pagepath: filled(1_024),
  }),
} as const
type Bodies = { readonly [Type in keyof typeof bodies]: z.infer<(typeof bodies)[Type]> }

const isType = (type: string): type is keyof typeof bodies => Object.hasOwn(bodies, type)

const labelOf = (item: z.infer<typeof menuItem>): ShownChoice => {
  switch (item.type) {
    case 'click':
      return { id: item.click.id ?? '', label: item.click.content }
    case 'view':
      return { id: '', label: item.view.content }
    case 'miniprogram':
      return { id: '', label: item.miniprogram.content }
    case 'text':
      return { id: '', label: item.text.content }
  }
}

const showFile = (kind: 'image' | 'voice' | 'video' | 'file', mediaId: string, shelf: MediaShelf) => {
  const file = shelf.find(mediaId)
  if (file?.kind !== kind) return 40007
  return kind === 'image' ? { picturePath: `/media/${file.mediaId}` } : { fileName: file.name }
}

const showText = ({ content }: Bodies['text']): Shown | number => {
  if (content === '') return 44004
  return Buffer.byteLength(content) > 2_048 ? 45002 : { text: content }
}

const showMenu = (menu: Bodies['msgmenu']): Shown => ({
  text: [menu.head_content, menu.tail_content].filter(Boolean).join('\n'),
  choices: (menu.list ?? []).map(labelOf),
})

const read = <Type extends keyof typeof bodies>(type: Type, value: unknown): Bodies[Type] | undefined => {
  const parsed = bodies[type].safeParse(value)
  return parsed.success ? (parsed.data as Bodies[Type]) : undefined
}

const showLink = (link: Bodies['link'], shelf: MediaShelf): Shown | number =>
  shelf.find(link.thumb_media_id)?.kind === 'image'
    ? { text: [link.title, link.desc, link.url].filter(Boolean).join('\n') }
    : 40007

/** What a body shows, or the errcode that refuses it. `types`: what the occasion allows. */
export const show = (
  body: Readonly<Record<string, unknown>>,
  shelf: MediaShelf,
  types: readonly string[] = Object.keys(bodies),
): Shown | number => {
  const type = typeof body['msgtype'] === 'string' ? body['msgtype'] : ''
  if (!isType(type) || !types.includes(type)) return 40008
  const value = body[type]
  switch (type) {
    case 'text': {
      const text = read(type, value)
      return text === undefined ? 40058 : showText(text)
    }
    case 'image':
    case 'voice':
    case 'video':
    case 'file': {
      const file = read(type, value)
      return file === undefined ? 40058 : showFile(type, file.media_id, shelf)
    }
    case 'link': {
      const link = read(type, value)
      return link === undefined ? 40058 : showLink(link, shelf)
    }
    case 'msgmenu': {
      const menu = read(type, value)
      return menu === undefined ? 40058 : showMenu(menu)
    }
    case 'location': {
      const place = read(type, value)
      return place === undefined ? 40058 : { text: `📍 ${place.name ?? ''}` }
    }
    case 'business_card':
    case 'miniprogram':
      return read(type, value) === undefined ? 40058 : { text: `[${type}]` }
  }
}
