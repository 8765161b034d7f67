/** From the message model to WeCom's bodies. Source: developer.work.weixin.qq.com 发送消息 (94677). */
import { ChannelError } from '../../src/core/errors.ts'
import type { ChoicesPart, LinkPart, LocationPart, Part } from '../../src/core/message.ts'
import { cleanText } from '../kit/index.ts'
import type { UploadType } from './upload-media.ts'

/** WeCom's handle for a message's file; a file of the wrong format travels as `file`. */
export interface Handle {
  readonly type: UploadType
  readonly mediaId: string
}

/** A body without its address. */
export interface Content {
  readonly msgtype: string
  readonly [field: string]: unknown
}

const limits = {
  text: 2_048,
  menuHead: 1_024,
  menuTail: 1_024,
  menuItems: 10,
  menuId: 64,
  menuLabel: 128,
  linkTitle: 128,
  linkDescription: 512,
  linkUrl: 2_048,
} as const

const bytesOf = (text: string): number => Buffer.byteLength(text)

/** The longest beginning within `max` bytes, cut between characters. */
const cut = (text: string, max: number): string => {
  if (bytesOf(text) <= max) return text
  let kept = ''
  let size = bytesOf('…')
  for (const character of text) {
    size += bytesOf(character)
    if (size > max) break
    kept += character
  }
  return `${kept}…`
}

const cannotShow = (kind: string): ChannelError =>
  new ChannelError('wecom', 'permanent', `a ${kind} cannot be sent on WeCom; send its text or a link`)

const textContent = (text: string): Content => {
  const content = cleanText(text)
  if (bytesOf(content) > limits.text)
    throw new ChannelError('wecom', 'too_long', 'the text is longer than 2048 bytes', {
      hint: 'lower maxTextBytes',
    })
  return { msgtype: 'text', text: { content } }
}

const fitsMenu = ({ prompt, choices, footer }: ChoicesPart): boolean =>
  choices.length > 0 &&
  choices.length <= limits.menuItems &&
  bytesOf(prompt) <= limits.menuHead &&
  bytesOf(footer ?? '') <= limits.menuTail &&
  choices.every(
    ({ id, label }) => bytesOf(id) <= limits.menuId && label !== '' && bytesOf(label) <= limits.menuLabel,
  )

const numbered = ({ prompt, choices, footer }: ChoicesPart): string =>
  [prompt, ...choices.map(({ label }, index) => `${index + 1}. ${label}`), footer ?? '']
    .filter((line) => line !== '')
    .join('\n')

/** A menu whose words or ids are too long for WeCom becomes a numbered list; the contact answers with a number. */
const choicesContent = (part: ChoicesPart): Content => {
  if (!fitsMenu(part)) return textContent(numbered(part))
  return {
    msgtype: 'msgmenu',
    msgmenu: {
      head_content: cleanText(part.prompt),
      list: part.choices.map(({ id, label }) => ({
        type: 'click',
        click: { id, content: cleanText(label) },
      })),
      tail_content: cleanText(part.footer ?? ''),
    },
  }
}

const locationContent = ({ latitude, longitude, label }: LocationPart): Content => ({
  msgtype: 'location',
  location: { name: cleanText(label ?? '位置'), address: cleanText(label ?? ''), latitude, longitude },
})

const linkContent = ({ url, title, description }: LinkPart, thumbnail: string | undefined): Content => {
  if (thumbnail === undefined) throw cannotShow('link without a thumbnail')
  if (bytesOf(url) > limits.linkUrl)
    throw new ChannelError('wecom', 'too_long', 'the link is longer than 2048 bytes')
  return {
    msgtype: 'link',
    link: {
      title: cut(cleanText(title ?? url), limits.linkTitle),
      desc: cut(cleanText(description ?? ''), limits.linkDescription),
      url,
      thumb_media_id: thumbnail,
    },
  }
}

const fileContent = (kind: string, handle: Handle | undefined): Content => {
  if (handle === undefined) throw cannotShow(`${kind} without a file`)
  return { msgtype: handle.type, [handle.type]: { media_id: handle.mediaId } }
}

/** One part as WeCom's body. `handle` is the part's file, of a link its thumbnail. Throws `ChannelError`. */
export const encode = (part: Part, handle: Handle | undefined): Content => {
  switch (part.kind) {
    case 'text':
      return textContent(part.text)
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return fileContent(part.kind, handle)
    case 'location':
      return locationContent(part)
    case 'link':
      return linkContent(part, handle?.mediaId)
    case 'choices':
      return choicesContent(part)
    case 'sticker':
    case 'event':
    case 'unsupported':
      throw cannotShow(part.kind)
    default:
      return part satisfies never
  }
}
