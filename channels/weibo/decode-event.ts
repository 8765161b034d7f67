/** What a contact did, and public mentions. Source: open.weibo.com 接收事件推送. */
import type { EventPart } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { groupField, textField, toPlain } from '../kit/index.ts'
import type { Content } from './content.ts'
import { ignored } from './content.ts'

interface Happening {
  readonly fields: Fields
  /** Menu key, QR scene or the mention's id. */
  readonly key: string | undefined
  /** The push's `data`, as it came. */
  readonly data: Readonly<Record<string, unknown>>
}

const event = (name: string, value: string | undefined, data: EventPart['data']): EventPart => ({
  kind: 'event',
  name,
  ...(value === undefined ? {} : { value }),
  ...(data === undefined ? {} : { data }),
})

/** An event that may be answered, with the allowance it opens. */
const answerable = (part: EventPart, opens: string): Content => ({
  parts: [part],
  opens,
  mayContinue: false,
  wantsReply: true,
})

/** An event to know about: nothing can be delivered, or nothing is wanted. */
const silent = (part: EventPart): Content => ({ parts: [part], mayContinue: false, wantsReply: false })

/** The keyword the contact typed, or Weibo's own sentence. */
const keywordOf = (fields: Fields): string | undefined => textField(fields, 'text')?.slice(0, 200)

const readers: ReadonlyMap<string, (happening: Happening) => Content> = new Map<
  string,
  (happening: Happening) => Content
>([
  ['follow', ({ data }) => answerable(event('subscribed', undefined, data), 'follow')],
  ['unfollow', ({ data }) => ({ ...silent(event('unsubscribed', undefined, data)), closesAll: true })],
  // Subscribing to the account's messages: greeted unless following was.
  ['subscribe', ({ fields, data }) => answerable(event('opened', keywordOf(fields), data), 'subscribe')],
  ['unsubscribe', ({ fields, data }) => silent(event('closed', keywordOf(fields), data))],
  // Scanned by a follower, and by somebody who became one.
  ['scan', ({ key, data }) => answerable(event('scanned', key, data), 'scan')],
  ['scan_follow', ({ key, data }) => answerable(event('subscribed', key, data), 'scan')],
  ['click', ({ key, data }) => answerable(event('menu', key, data), 'click')],
  ['view', ({ data }) => silent(event('other', 'view', data))],
  ['location', ({ data }) => silent(event('other', 'location', data))],
])

const happeningOf = (fields: Fields): Happening => {
  const data = groupField(fields, 'data')
  return {
    fields,
    key: data === undefined ? undefined : textField(data, 'key')?.slice(0, 200),
    data: data === undefined ? {} : toPlain(data),
  }
}

const subtypeOf = (fields: Fields): string => {
  const data = groupField(fields, 'data')
  return (data === undefined ? undefined : textField(data, 'subtype')) ?? ''
}

/** Decodes an event; an unknown subtype is kept as it came. */
export const decodeEvent = (fields: Fields): Content => {
  const subtype = subtypeOf(fields)
  return readers.get(subtype)?.(happeningOf(fields)) ?? ignored(`event:${subtype}`, fields)
}

/** The names at the head of a public text, ours among them, are its address and no part of the question. */
const withoutNames = (text: string): string =>
  text.replace(/^(?:\s*[@＠][\p{L}\p{N}_-]{1,40}[\s:：,，]*)+/u, '').trim()

const mentionSubtypes: ReadonlySet<string> = new Set(['status', 'comment'])

/** Decodes a post or comment that names the account. Whether it may be answered is not for it to say. */
export const decodeMention = (fields: Fields): Content => {
  const subtype = subtypeOf(fields)
  if (!mentionSubtypes.has(subtype)) return ignored(`mention:${subtype}`, fields)
  const text = textField(fields, 'text') ?? ''
  const { key, data } = happeningOf(fields)
  const words = withoutNames(text)
  return {
    parts: [
      event('mentioned', key, { ...data, text }),
      ...(words === '' ? [] : [{ kind: 'text', text: words } as const]),
    ],
    mayContinue: false,
    wantsReply: false,
  }
}
