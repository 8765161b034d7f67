/** What a contact or the platform did. Source: developers.weixin.qq.com 接收事件推送, 自定义菜单事件推送. */
import type { EventPart } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { groupField, textField, toPlain } from '../kit/index.ts'
import type { Content } from './content.ts'
import { unsupported } from './content.ts'

/** Named fields as data, absent ones left out. */
const pick = (fields: Fields | undefined, names: Readonly<Record<string, string>>): EventPart['data'] =>
  Object.fromEntries(
    Object.entries(names).flatMap(([name, provider]) => {
      const value = fields === undefined ? undefined : textField(fields, provider)
      return value === undefined ? [] : [[name, value]]
    }),
  )

const event = (name: string, value: string | undefined, data: EventPart['data'] = {}): EventPart => ({
  kind: 'event',
  name,
  ...(value === undefined ? {} : { value }),
  ...(Object.keys(data).length === 0 ? {} : { data }),
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

const sceneOf = (fields: Fields): string | undefined =>
  textField(fields, 'EventKey')?.replace(/^qrscene_/, '')

const key = (fields: Fields): string | undefined => textField(fields, 'EventKey')

const scanned = { scanType: 'ScanType', scanResult: 'ScanResult' } as const
const place = { latitude: 'Location_X', longitude: 'Location_Y', label: 'Label', name: 'Poiname' } as const

/** Only `click` and the two scan types open the menu allowance. */
const scanMenu = (fields: Fields): Content =>
  answerable(event('menu', key(fields), pick(groupField(fields, 'ScanCodeInfo'), scanned)), 'click')

/** The chosen pictures follow as messages of their own. */
const pictureMenu = (fields: Fields): Content =>
  silent(event('menu', key(fields), pick(groupField(fields, 'SendPicsInfo'), { pictures: 'Count' })))

/** Where it was sent and when, which the message says already. */
const addressNames: ReadonlySet<string> = new Set(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType'])

/** Platform news kept as it came; `value` is the platform's name for it. */
const other = (fields: Fields): Content => {
  const data = Object.entries(toPlain(fields)).filter(([name]) => !addressNames.has(name))
  return silent(event('other', textField(fields, 'Event')?.toLowerCase(), Object.fromEntries(data)))
}

const readers: ReadonlyMap<string, (fields: Fields) => Content> = new Map([
  [
    'subscribe',
    (fields) =>
      answerable(event('subscribed', sceneOf(fields), pick(fields, { ticket: 'Ticket' })), 'follow'),
  ],
  ['unsubscribe', () => silent(event('unsubscribed', undefined))],
  [
    'scan',
    (fields) => answerable(event('scanned', sceneOf(fields), pick(fields, { ticket: 'Ticket' })), 'scan'),
  ],
  ['click', (fields) => answerable(event('menu', key(fields)), 'click')],
  ['scancode_push', scanMenu],
  ['scancode_waitmsg', scanMenu],
  ['pic_sysphoto', pictureMenu],
  ['pic_photo_or_album', pictureMenu],
  ['pic_weixin', pictureMenu],
  // A location message of its own follows.
  [
    'location_select',
    (fields) => silent(event('menu', key(fields), pick(groupField(fields, 'SendLocationInfo'), place))),
  ],
  // Mini programs only; no allowance of ours covers it.
  ['user_enter_tempsession', (fields) => silent(event('opened', textField(fields, 'SessionFrom')))],
  ['location', other],
  ['view', other],
  ['view_miniprogram', other],
  ['templatesendjobfinish', other],
  ['masssendjobfinish', other],
  ['kf_create_session', other],
  ['kf_close_session', other],
  ['kf_switch_session', other],
  ['subscribe_msg_popup_event', other],
  ['subscribe_msg_change_event', other],
  ['subscribe_msg_sent_event', other],
  ['user_info_modified', other],
  ['user_authorization_revoke', other],
  ['user_authorization_cancellation', other],
  ['debug_demo', other],
])

/** Decodes an event; names are compared without case, as WeChat's own pages differ. Unknown ones are kept. */
export const decodeEvent = (fields: Fields): Content => {
  const name = textField(fields, 'Event') ?? ''
  const read = readers.get(name.toLowerCase())
  if (read !== undefined) return read(fields)
  return { parts: [unsupported(`event:${name}`, fields)], mayContinue: false, wantsReply: false }
}
