/**
 * From WeChat's fields to the message model. Source: developers.weixin.qq.com 接收普通消息, 接收事件推送.
 * Provider words end here.
 */
import { createHash } from 'node:crypto'
import type { InboundMessage } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { Refusal, textField } from '../kit/index.ts'
import { decodeEvent } from './decode-event.ts'
import { decodeSaid } from './decode-said.ts'

/** What decoding needs to know of the inbox. */
export interface DecodeContext {
  readonly inboxId: string
  /** Milliseconds an answer may ride on this request, for messages that want one. */
  readonly passiveBudgetMs: number
}

const required = (fields: Fields, name: string): string => {
  const value = textField(fields, name)
  if (value === undefined || value.length > 128) throw new Refusal('malformed', `no_${name}`)
  return value
}

const sentAtOf = (fields: Fields): Date => {
  const seconds = required(fields, 'CreateTime')
  if (!/^\d{1,11}$/.test(seconds)) throw new Refusal('malformed', 'no_CreateTime')
  return new Date(Number(seconds) * 1_000)
}

/**
 * Messages carry an id. Events do not: sender and second alone would swallow a second event in the same second, so
 * what happened counts too.
 */
const dedupKeyOf = (fields: Fields): string => {
  const messageId = textField(fields, 'MsgId')
  if (messageId !== undefined) return createKey('message', [messageId])
  const names = ['FromUserName', 'CreateTime', 'MsgType', 'Event', 'EventKey', 'MsgID', 'Content', 'MediaId']
  return createKey(
    'event',
    names.map((name) => textField(fields, name) ?? ''),
  )
}

const createKey = (kind: string, values: readonly string[]): string => {
  const plain = values.join('')
  if (values.length === 1 && /^\d{1,20}$/.test(plain)) return plain
  return `${kind}:${createHash('sha256').update(JSON.stringify(values)).digest('hex')}`
}

/** Decodes a verified push. Unknown types become an `unsupported` part; throws `Refusal` only without an address. */
export const decode = (fields: Fields, context: DecodeContext): InboundMessage => {
  const contactKey = required(fields, 'FromUserName')
  const type = required(fields, 'MsgType').toLowerCase()
  const content = type === 'event' ? decodeEvent(fields) : decodeSaid(type, fields)
  const messageId = textField(fields, 'MsgId')
  return {
    ...content,
    inboxId: context.inboxId,
    accountKey: required(fields, 'ToUserName'),
    contactKey,
    threadKey: contactKey,
    dedupKey: dedupKeyOf(fields),
    sentAt: sentAtOf(fields),
    ...(messageId === undefined ? {} : { providerId: messageId.slice(0, 64) }),
    passiveBudgetMs: content.wantsReply ? context.passiveBudgetMs : 0,
  }
}
