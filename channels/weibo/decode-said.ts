/** What a contact said. Source: open.weibo.com 接收普通消息. */
import type { MediaRef, Part } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { groupField, textField } from '../kit/index.ts'
import type { Content } from './content.ts'
import { ignored } from './content.ts'

const said = (part: Part, mayContinue = false): Content => ({
  parts: [part],
  opens: 'message',
  mayContinue,
  wantsReply: true,
})

const readText = (fields: Fields): Content | undefined => {
  const text = textField(fields, 'text')
  return text === undefined ? undefined : said({ kind: 'text', text }, true)
}

/** `vfid` is the sender's handle of the file; ours, the receiver's, is `tovfid`. */
const fileOf = (fields: Fields): MediaRef => {
  const data = groupField(fields, 'data')
  const providerRef = data === undefined ? undefined : textField(data, 'tovfid')
  return providerRef !== undefined && /^\d{1,20}$/.test(providerRef)
    ? { providerRef }
    : { failure: 'not_downloadable' }
}

const coordinate = (text: string | undefined, limit: number): number | undefined => {
  const value = Number(text ?? Number.NaN)
  return Math.abs(value) <= limit ? value : undefined
}

const readPosition = (fields: Fields): Content | undefined => {
  const data = groupField(fields, 'data')
  if (data === undefined) return undefined
  const latitude = coordinate(textField(data, 'latitude'), 90)
  const longitude = coordinate(textField(data, 'longitude'), 180)
  return latitude === undefined || longitude === undefined
    ? undefined
    : said({ kind: 'location', latitude, longitude })
}

const readers: ReadonlyMap<string, (fields: Fields) => Content | undefined> = new Map([
  ['text', readText],
  ['position', readPosition],
  ['image', (fields) => said({ kind: 'image', media: fileOf(fields) })],
  ['voice', (fields) => said({ kind: 'audio', media: fileOf(fields) })],
])

/** Decodes what was said; an unknown type, or one without its fields, is kept as it came. */
export const decodeSaid = (type: string, fields: Fields): Content =>
  readers.get(type)?.(fields) ?? ignored(type, fields)
