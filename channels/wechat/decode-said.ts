/** What a contact said. Source: developers.weixin.qq.com 接收普通消息. */
import type { AudioPart, MediaRef, Part, VideoPart } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { textField } from '../kit/index.ts'
import type { Content } from './content.ts'
import { unsupported } from './content.ts'

const fileRef = (providerRef: string | undefined): MediaRef | undefined =>
  providerRef === undefined ? undefined : { providerRef }

/** WeChat's stand-in for stickers and other things it does not hand on. */
const standIn = /^[[【]收到不支持的消息类型[，,]?\s*暂无法显示[\]】]$/

const said = (parts: readonly Part[], more: Partial<Content> = {}): Content => ({
  parts,
  opens: 'message',
  mayContinue: false,
  wantsReply: true,
  ...more,
})

const readText = (fields: Fields): Content | undefined => {
  const text = textField(fields, 'Content')
  if (text === undefined) return undefined
  const choice = textField(fields, 'bizmsgmenuid')
  if (choice !== undefined)
    // A press on a menu item counts as a menu click, not as a message.
    return said(
      [
        { kind: 'event', name: 'choice', value: choice },
        { kind: 'text', text },
      ],
      { opens: 'click' },
    )
  return standIn.test(text.trim())
    ? said([unsupported('sticker', fields)])
    : said([{ kind: 'text', text }], { mayContinue: true })
}

const httpUrl = (text: string | undefined): string | undefined =>
  text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined

const readImage = (fields: Fields): Content | undefined => {
  const media = fileRef(textField(fields, 'MediaId'))
  const url = httpUrl(textField(fields, 'PicUrl'))
  if (media === undefined && url === undefined) return undefined
  return said([{ kind: 'image', media: media ?? {}, ...(url === undefined ? {} : { url }) }])
}

const readVoice = (fields: Fields): Content | undefined => {
  const media = fileRef(textField(fields, 'MediaId'))
  const highQuality = fileRef(textField(fields, 'MediaId16K'))
  const words = textField(fields, 'Recognition')
  if (media === undefined) return undefined
  const part: AudioPart = {
    kind: 'audio',
    media,
    ...(highQuality === undefined ? {} : { highQuality }),
    ...(words === undefined ? {} : { transcript: { text: words, source: 'wechat' } }),
  }
  return said([part])
}

const readVideo = (fields: Fields, short: boolean): Content | undefined => {
  const media = fileRef(textField(fields, 'MediaId'))
  const thumbnail = fileRef(textField(fields, 'ThumbMediaId'))
  if (media === undefined) return undefined
  const part: VideoPart = {
    kind: 'video',
    media,
    ...(thumbnail === undefined ? {} : { thumbnail }),
    ...(short ? { short: true } : {}),
  }
  return said([part])
}

const coordinate = (text: string | undefined, limit: number): number | undefined => {
  const value = Number(text ?? Number.NaN)
  return Math.abs(value) <= limit ? value : undefined
}

/** `Location_X` is the latitude, `Location_Y` the longitude (GCJ-02). */
const readLocation = (fields: Fields): Content | undefined => {
  const latitude = coordinate(textField(fields, 'Location_X'), 90)
  const longitude = coordinate(textField(fields, 'Location_Y'), 180)
  const label = textField(fields, 'Label')
  if (latitude === undefined || longitude === undefined) return undefined
  return said([{ kind: 'location', latitude, longitude, ...(label === undefined ? {} : { label }) }])
}

const readLink = (fields: Fields): Content | undefined => {
  const url = httpUrl(textField(fields, 'Url'))
  const title = textField(fields, 'Title')
  const description = textField(fields, 'Description')
  if (url === undefined) return undefined
  return said([
    {
      kind: 'link',
      url,
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
    },
  ])
}

/** Not in the official list; such a file cannot be fetched. */
const readFile = (fields: Fields): Content | undefined => {
  const name = textField(fields, 'Title')
  const bytes = Number(textField(fields, 'FileTotalLen') ?? Number.NaN)
  const key = textField(fields, 'FileKey')
  if (name === undefined) return undefined
  const media: MediaRef = {
    failure: 'not_downloadable',
    ...(key === undefined ? {} : { providerRef: key }),
    ...(Number.isSafeInteger(bytes) && bytes >= 0 ? { bytes } : {}),
  }
  return said([{ kind: 'file', name, media }])
}

const readers: ReadonlyMap<string, (fields: Fields) => Content | undefined> = new Map([
  ['text', readText],
  ['image', readImage],
  ['voice', readVoice],
  ['video', (fields) => readVideo(fields, false)],
  ['shortvideo', (fields) => readVideo(fields, true)],
  ['location', readLocation],
  ['link', readLink],
  ['file', readFile],
])

/** Decodes what was said; an unknown type, or one without its fields, is kept as it came. */
export const decodeSaid = (type: string, fields: Fields): Content =>
  readers.get(type)?.(fields) ?? said([unsupported(type, fields)])
