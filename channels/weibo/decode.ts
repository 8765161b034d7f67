/** From a verified push to the message model. Source: open.weibo.com 接收普通消息, 接收事件推送. */
import { createHash } from 'node:crypto'
import type { InboundMessage } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { groupField, Refusal, textField, toPlain } from '../kit/index.ts'
import type { Content } from './content.ts'
import { parseCreatedAt } from './created-at.ts'
import { decodeEvent, decodeMention } from './decode-event.ts'
import { decodeSaid } from './decode-said.ts'
import type { VerifiedPush } from './verify.ts'

/** What decoding needs to know of the inbox. */
export interface DecodeContext {
  readonly inboxId: string
  readonly uid: string
  /** Milliseconds an answer may ride on this request, for messages that want one. */
  readonly passiveBudgetMs: number
}

/** A message, or `echo`: what the account itself said, which nobody must answer. */
export type Decoded =
  | { readonly kind: 'message'; readonly message: InboundMessage; readonly isMention: boolean }
  | { readonly kind: 'echo' }

const required = (fields: Fields, name: string): string => {
  const value = textField(fields, name)
  if (value === undefined || value.length > 128) throw new Refusal('malformed', `no_${name}`)
  return value
}

/** Ids are 64-bit numbers: kept as their digits, as arithmetic would change them. */
const id = (fields: Fields, name: string): string => {
  const value = required(fields, name)
  if (!/^[1-9]\d{0,19}$/.test(value)) throw new Refusal('malformed', `no_${name}`)
  return value
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]))
}

/**
 * Pushes have no id. Sender and second alone, as Weibo advises, would swallow a second message of the same second, so
 * what was said counts too.
 */
const dedupKeyOf = (fields: Fields): string => {
  const scalars = ['sender_id', 'receiver_id', 'created_at', 'type', 'text'].map(
    (name) => textField(fields, name) ?? '',
  )
  const data = groupField(fields, 'data')
  const content = JSON.stringify([...scalars, data === undefined ? '' : sorted(toPlain(data))])
  return `push:${createHash('sha256').update(content).digest('hex')}`
}

const contentOf = (type: string, fields: Fields): Content => {
  if (type === 'event') return decodeEvent(fields)
  return type === 'mention' ? decodeMention(fields) : decodeSaid(type, fields)
}

/** Decodes a verified push. Unknown types become an `unsupported` part; throws `Refusal` only without an address. */
export const decode = ({ fields, signedAt }: VerifiedPush, context: DecodeContext): Decoded => {
  const contactKey = id(fields, 'sender_id')
  if (contactKey === context.uid) return { kind: 'echo' }
  const accountKey = id(fields, 'receiver_id')
  const createdAt = required(fields, 'created_at')
  const type = required(fields, 'type').toLowerCase()
  const content = contentOf(type, fields)
  return {
    kind: 'message',
    isMention: content.parts.some((part) => part.kind === 'event' && part.name === 'mentioned'),
    message: {
      ...content,
      inboxId: context.inboxId,
      accountKey,
      contactKey,
      threadKey: contactKey,
      dedupKey: dedupKeyOf(fields),
      sentAt: parseCreatedAt(createdAt) ?? signedAt,
      passiveBudgetMs: content.wantsReply ? context.passiveBudgetMs : 0,
    },
  }
}
