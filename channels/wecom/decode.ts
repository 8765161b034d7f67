/**
 * From an entry of sync_msg to the message model. Source: developer.work.weixin.qq.com 读取消息 (94670), 事件 (95122).
 * Provider words end here.
 */
import type { EventPart, InboundMessage } from '../../src/core/message.ts'
import type { SaidElsewhere } from '../../src/core/provider-news.ts'
import type { DeliveryFault } from '../../src/core/sent.ts'
import { decodeSaid } from './decode-said.ts'
import { faultOf, outboundIdOf } from './send-fault.ts'
import type { Address, Fields } from './item.ts'
import { addressOf, dedupKeyOf, group, number, rawOf, sentAtOf, text, threadKeyOf, toFields } from './item.ts'

/** What decoding needs to know beside the entry. */
export interface DecodeContext {
  readonly inboxId: string
  /** The account that is being read. */
  readonly openKfId: string
  readonly now: Date
  /** What was sent before becomes history and gets no answer. */
  readonly answerFrom: Date
  /** Milliseconds after a message in which WeCom still takes an answer. */
  readonly replyWindowMs: number
  readonly welcomeWindowMs: number
}

/** What became of who serves a contact in WeCom. */
export interface SessionChange extends Address {
  readonly change: 'taken' | 'moved' | 'ended' | 'reopened'
  /** Lets us say one thing about it. */
  readonly msgCode?: string
  readonly at: Date
}

/** A right to one welcome. */
export interface Welcome {
  readonly code: string
  readonly until: Date
}

/** What an entry means to us. */
export type Decoded =
  | { readonly kind: 'message'; readonly message: InboundMessage; readonly welcome?: Welcome }
  | { readonly kind: 'said'; readonly said: SaidElsewhere }
  | { readonly kind: 'session'; readonly session: SessionChange; readonly said: SaidElsewhere }
  | { readonly kind: 'undelivered'; readonly outboundId: string; readonly fault: DeliveryFault }
  /** About nobody's conversation: for the log. */
  | { readonly kind: 'notice'; readonly name: string; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unreadable'; readonly reason: string }

interface Entry {
  readonly item: Fields
  readonly sentAt: Date
  readonly context: DecodeContext
}

const isOld = ({ sentAt, context }: Entry): boolean =>
  sentAt < context.answerFrom || context.now.getTime() - sentAt.getTime() > context.replyWindowMs

const baseOf = ({ item, sentAt, context }: Entry, address: Address) => ({
  inboxId: context.inboxId,
  dedupKey: dedupKeyOf(item),
  contactKey: address.contactKey,
  threadKey: threadKeyOf(address),
  accountKey: address.openKfId,
  sentAt,
  passiveBudgetMs: 0,
})

/** Something to know about; nothing is said to it. */
const quiet = (entry: Entry, address: Address, part: InboundMessage['parts'][number]): InboundMessage => ({
  ...baseOf(entry, address),
  parts: [part],
  mayContinue: false,
  wantsReply: false,
})

/** Something the company's people did: in the transcript, and nothing the contact has to be answered for. */
const done = ({ item, sentAt }: Entry, address: Address, part: EventPart): SaidElsewhere => ({
  threadKey: threadKeyOf(address),
  dedupKey: dedupKeyOf(item),
  parts: [part],
  sentAt,
})

const pick = (fields: Fields, names: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([name, provider]) => {
      const value = text(fields, provider)
      return value === undefined ? [] : [[name, value.slice(0, 256)]]
    }),
  )

const other = (value: string, data: EventPart['data'] = {}): EventPart => ({
  kind: 'event',
  name: 'other',
  value,
  ...(Object.keys(data).length === 0 ? {} : { data }),
})

type EventReader = (entry: Entry, event: Fields, address: Address) => Decoded

/** The scene and its parameter come from the link that was opened: a contact can write anything there. */
const enterSession: EventReader = (entry, event, address) => {
  const scene = text(event, 'scene')
  const channels = pick(group(event, 'wechat_channels'), { channelsName: 'nickname' })
  const data = { ...pick(event, { sceneParam: 'scene_param' }), ...channels }
  const part: EventPart = {
    kind: 'event',
    name: 'opened',
    ...(scene === undefined ? {} : { value: scene.slice(0, 128) }),
    ...(Object.keys(data).length === 0 ? {} : { data }),
  }
  const code = text(event, 'welcome_code')
  const until = new Date(entry.sentAt.getTime() + entry.context.welcomeWindowMs)
  // Entering opens no window: without a code that still works nothing can be said.
  if (code === undefined || until <= entry.context.now)
    return { kind: 'message', message: quiet(entry, address, part) }
  const message = { ...quiet(entry, address, part), opens: 'welcome', wantsReply: true }
  return { kind: 'message', message, welcome: { code, until } }
}

const changes: ReadonlyMap<number, SessionChange['change']> = new Map([
  [1, 'taken'],
  [2, 'moved'],
  [3, 'ended'],
  [4, 'reopened'],
])

const sessionChange: EventReader = (entry, event, address) => {
  const type = number(event, 'change_type')
  const change = changes.get(type ?? 0)
  const agents = pick(event, { from: 'old_servicer_userid', to: 'new_servicer_userid' })
  const data = { change: change ?? `type ${String(type)}`, ...agents }
  const said = done(entry, address, other('session_status_change', data))
  if (change === undefined) return { kind: 'said', said }
  const msgCode = text(event, 'msg_code')
  const session = {
    ...address,
    change,
    at: entry.sentAt,
    ...(msgCode === undefined ? {} : { msgCode }),
  }
  return { kind: 'session', session, said }
}

const sendFailed: EventReader = (_entry, event) => {
  const messageId = text(event, 'fail_msgid')
  if (messageId === undefined) return { kind: 'unreadable', reason: 'fail_without_msgid' }
  return {
    kind: 'undelivered',
    outboundId: outboundIdOf(messageId),
    fault: faultOf(number(event, 'fail_type') ?? 0),
  }
}

const recalledByContact: EventReader = (entry, event, address) => ({
  kind: 'message',
  message: quiet(entry, address, other('user_recall_msg', pick(event, { messageId: 'recall_msgid' }))),
})

const recalledByAgent: EventReader = (entry, event, address) => ({
  kind: 'said',
  said: done(entry, address, other('servicer_recall_msg', pick(event, { messageId: 'recall_msgid' }))),
})

const readers: ReadonlyMap<string, EventReader> = new Map([
  ['enter_session', enterSession],
  ['session_status_change', sessionChange],
  ['msg_send_fail', sendFailed],
  ['user_recall_msg', recalledByContact],
  ['servicer_recall_msg', recalledByAgent],
])

/** Events about the company's own people; their ids stay out of the log. */
const notices: Readonly<Record<string, readonly string[]>> = {
  servicer_status_change: ['status', 'stop_type'],
  reject_customer_msg_switch_change: ['reject_switch'],
}

const decodeEvent = (entry: Entry): Decoded => {
  const event = group(entry.item, 'event')
  const type = text(event, 'event_type')?.slice(0, 64) ?? ''
  const facts = Object.hasOwn(notices, type) ? notices[type] : undefined
  if (facts !== undefined)
    return {
      kind: 'notice',
      name: type,
      facts: Object.fromEntries(facts.map((name) => [name, number(event, name)])),
    }
  const address = addressOf(event, entry.context.openKfId) ?? addressOf(entry.item, entry.context.openKfId)
  if (address === undefined) return { kind: 'notice', name: 'unknown_event', facts: {} }
  const read = readers.get(type)
  if (read !== undefined) return read(entry, event, address)
  const part = { kind: 'unsupported', type: `event:${type}`, raw: rawOf(event) } as const
  return { kind: 'message', message: quiet(entry, address, part) }
}

const fromContact = (entry: Entry, address: Address): Decoded => {
  const parts = decodeSaid(entry.item)
  const history = isOld(entry)
  const message: InboundMessage = {
    ...baseOf(entry, address),
    parts,
    // A press on a menu counts as a message here.
    ...(history ? {} : { opens: 'message' }),
    mayContinue: !history && parts.length === 1 && parts[0]?.kind === 'text',
    wantsReply: !history,
  }
  return { kind: 'message', message }
}

const origins = { contact: 3, agent: 5 } as const

/** Decodes one entry; whatever it is, nothing is thrown: one bad entry must not hold up the rest. */
export const decodeItem = (value: unknown, context: DecodeContext): Decoded => {
  const item = toFields(value)
  if (item === undefined) return { kind: 'unreadable', reason: 'not_an_object' }
  const sentAt = sentAtOf(item)
  if (sentAt === undefined) return { kind: 'unreadable', reason: 'no_send_time' }
  const entry = { item, sentAt, context }
  if (text(item, 'msgtype') === 'event') return decodeEvent(entry)
  const address = addressOf(item, context.openKfId)
  if (address === undefined) return { kind: 'unreadable', reason: 'no_contact' }
  const origin = number(item, 'origin')
  if (origin === origins.contact) return fromContact(entry, address)
  if (origin !== origins.agent) return { kind: 'unreadable', reason: 'unknown_origin' }
  const said = {
    threadKey: threadKeyOf(address),
    dedupKey: dedupKeyOf(item),
    parts: decodeSaid(item),
    sentAt,
  }
  return { kind: 'said', said }
}
