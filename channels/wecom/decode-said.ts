/** What a contact, or an agent in WeCom, said. Source: developer.work.weixin.qq.com 读取消息 (94670), 消息类型. */
import type { Part } from '../../src/core/message.ts'
import type { Fields } from './item.ts'
import { group, number, rawOf, text } from './item.ts'

const file = (fields: Fields): { readonly providerRef: string } | undefined => {
  const providerRef = text(fields, 'media_id')
  return providerRef === undefined ? undefined : { providerRef }
}

const readText = (content: Fields): readonly Part[] | undefined => {
  const words = text(content, 'content')
  if (words === undefined) return undefined
  const choice = text(content, 'menu_id')
  const said: Part = { kind: 'text', text: words }
  return choice === undefined
    ? [said]
    : [{ kind: 'event', name: 'choice', value: choice.slice(0, 128) }, said]
}

const httpUrl = (address: string | undefined): string | undefined =>
  address !== undefined && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
    ? address
    : undefined

const readLink = (content: Fields): readonly Part[] | undefined => {
  const url = httpUrl(text(content, 'url'))
  if (url === undefined) return undefined
  const title = text(content, 'title')
  const description = text(content, 'desc')
  return [
    {
      kind: 'link',
      url,
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
    },
  ]
}

const readLocation = (content: Fields): readonly Part[] | undefined => {
  const latitude = number(content, 'latitude')
  const longitude = number(content, 'longitude')
  if (latitude === undefined || longitude === undefined) return undefined
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
  const label = [text(content, 'name'), text(content, 'address')].filter(Boolean).join(' ')
  return [{ kind: 'location', latitude, longitude, ...(label === '' ? {} : { label }) }]
}

/** The name comes with the download. */
export const unnamedFile = '文件'

const readers: ReadonlyMap<string, (content: Fields) => readonly Part[] | undefined> = new Map([
  ['text', readText],
  ['location', readLocation],
  ['link', readLink],
  [
    'image',
    (content) => {
      const media = file(content)
      return media && [{ kind: 'image', media }]
    },
  ],
  [
    'voice',
    (content) => {
      const media = file(content)
      return media && [{ kind: 'audio', media }]
    },
  ],
  [
    'video',
    (content) => {
      const media = file(content)
      return media && [{ kind: 'video', media }]
    },
  ],
  [
    'file',
    (content) => {
      const media = file(content)
      return media && [{ kind: 'file', media, name: unnamedFile }]
    },
  ],
])

/**
 * The parts of an entry that is not an event. What has no form in our model (business_card, miniprogram, msgmenu,
 * channels_shop_product, channels_shop_order, merged_msg, channels, meeting, schedule, note), lacks its fields or is
 * unknown is kept as it came.
 */
export const decodeSaid = (item: Fields): readonly Part[] => {
  const type = text(item, 'msgtype') ?? ''
  return (
    readers.get(type)?.(group(item, type)) ?? [
      { kind: 'unsupported', type: type.slice(0, 64), raw: rawOf(group(item, type)) },
    ]
  )
}
