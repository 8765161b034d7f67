/** From Telegram's updates to the message model. Source: core.telegram.org/bots/api#update. Provider words end here. */
import { createHash } from 'node:crypto'
import type { InboundMessage, Part } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { groupField, Refusal, textField } from '../kit/index.ts'
import { decodeContent } from './decode-content.ts'
import { addressed, readable, wordsOf } from './mention.ts'
import type { Bot } from './mention.ts'
import { threadKeyOf } from './thread.ts'
import type { Thread } from './thread.ts'

/** What decoding needs to know of the inbox. */
export interface DecodeContext {
  readonly inboxId: string
  readonly bot: Bot
  readonly groups: 'mentions' | 'ignore'
  readonly maxDownloadBytes: number
  /** When the update came, for those that do not say. */
  readonly receivedAt: Date
}

/** A press on one of our buttons. `data` is the button's short id, to be looked up. */
export interface Press {
  readonly queryId: string
  readonly data: string
  /** The message a choice becomes, without its parts. */
  readonly address: Omit<InboundMessage, 'parts'>
  readonly isGroup: boolean
}

/** What an update is to us. */
export type Decoded =
  | { readonly kind: 'message'; readonly message: InboundMessage }
  | { readonly kind: 'press'; readonly press: Press }
  /** A group was upgraded: its threads go on under a new id. */
  | { readonly kind: 'migrated'; readonly from: string; readonly to: string }
  /** Nothing for us; `reason` is one fixed word for the log. */
  | { readonly kind: 'ignored'; readonly reason: string }

/** The updates we ask for; Telegram keeps all others to itself. */
export const wantedUpdates = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const

const ignored = (reason: string): Decoded => ({ kind: 'ignored', reason })
const none: Fields = new Map()

const idOf = (fields: Fields, name: string): string => {
  const id = textField(fields, name)
  if (id === undefined || !/^-?\d{1,20}$/.test(id)) throw new Refusal('malformed', `no_${name}`)
  return id
}

const groupOf = (fields: Fields, name: string): Fields => {
  const group = groupField(fields, name)
  if (group === undefined) throw new Refusal('malformed', `no_${name}`)
  return group
}

const timeOf = (fields: Fields, name: string): Date => {
  const seconds = textField(fields, name)
  if (seconds === undefined || !/^\d{1,11}$/.test(seconds)) throw new Refusal('malformed', `no_${name}`)
  return new Date(Number(seconds) * 1_000)
}

/** Order of messages of one second: ids grow within a chat. */
const sortable = (messageId: string): string => messageId.padStart(20, '0')

const nameOf = (user: Fields): string | undefined => {
  const name = [textField(user, 'first_name'), textField(user, 'last_name')]
    .filter((part) => part !== undefined)
    .join(' ')
  const shown = name === '' ? textField(user, 'username') : name
  return shown?.slice(0, 128)
}

const isGroupChat = (chat: Fields): boolean => /^(?:super)?group$/.test(textField(chat, 'type') ?? '')

const threadOf = (message: Fields, user: Fields): Thread => {
  const chat = groupOf(message, 'chat')
  const topicId =
    textField(message, 'is_topic_message') === 'true' ? textField(message, 'message_thread_id') : undefined
  return {
    chatId: idOf(chat, 'id'),
    userId: idOf(user, 'id'),
    isGroup: isGroupChat(chat),
    ...(topicId === undefined ? {} : { topicId }),
  }
}

interface Addressing {
  readonly thread: Thread
  readonly user: Fields
  readonly messageId: string
}

const addressOf = ({ thread, user, messageId }: Addressing, { inboxId }: DecodeContext) => {
  const displayName = nameOf(user)
  return {
    inboxId,
    contactKey: thread.userId,
    threadKey: threadKeyOf(thread),
    // In a group the answer is a reply to this message; a private chat needs no such thing.
    ...(thread.isGroup ? { accountKey: messageId } : {}),
    ...(displayName === undefined ? {} : { displayName }),
    passiveBudgetMs: 0,
  }
}

/** The sender of a message that we read; a word for why we do not read it otherwise. */
const senderOf = (message: Fields, { bot, groups }: DecodeContext): Fields | string => {
  const user = groupField(message, 'from')
  const chat = groupOf(message, 'chat')
  // Channel posts and anonymous administrators have no person behind them that we could answer.
  if (user === undefined || groupField(message, 'sender_chat') !== undefined) return 'no_person'
  // Our own words and other bots': answering them could go on for ever.
  if (textField(user, 'is_bot') === 'true' || textField(user, 'id') === bot.id) return 'bot'
  if (textField(chat, 'type') === 'private') return user
  if (!isGroupChat(chat)) return 'not_a_chat'
  return groups === 'ignore' ? 'group' : user
}

const readText = (message: Fields): string | undefined => {
  const words = wordsOf(message)
  return words === undefined ? undefined : readable(words)
}

const decodeMessage = (message: Fields, context: DecodeContext): Decoded => {
  const moved = textField(message, 'migrate_to_chat_id')
  if (moved !== undefined)
    return {
      kind: 'migrated',
      from: idOf(groupOf(message, 'chat'), 'id'),
      to: idOf(message, 'migrate_to_chat_id'),
    }
  if (textField(message, 'migrate_from_chat_id') !== undefined)
    return {
      kind: 'migrated',
      from: idOf(message, 'migrate_from_chat_id'),
      to: idOf(groupOf(message, 'chat'), 'id'),
    }
  const user = senderOf(message, context)
  if (typeof user === 'string') return ignored(user)
  const thread = threadOf(message, user)
  const toUs = thread.isGroup ? addressed(message, context.bot) : { text: readText(message) }
  if (toUs === undefined) return ignored('group_talk')
  const messageId = idOf(message, 'message_id')
  return {
    kind: 'message',
    message: {
      ...addressOf({ thread, user, messageId }, context),
      ...decodeContent(message, toUs.text, context.maxDownloadBytes),
      dedupKey: `m:${thread.chatId}:${messageId}`,
      providerId: sortable(messageId),
      sentAt: timeOf(message, 'date'),
    },
  }
}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

/** An edit is shown as one and never answered: what was said before it has been answered already. */
const decodeEdit = (message: Fields, context: DecodeContext): Decoded => {
  const decoded = decodeMessage(message, context)
  if (decoded.kind !== 'message') return decoded
  const editedAt = timeOf(message, 'edit_date')
  const edited: Part = { kind: 'event', name: 'edited' }
  const { parts } = decoded.message
  // Live locations are "edited" every few seconds; only where somebody stood first is of interest.
  if (parts.some(({ kind }) => kind === 'location')) return ignored('live_location')
  return {
    kind: 'message',
    message: {
      ...decoded.message,
      parts: [edited, ...parts],
      // Two edits may fall into one second.
      dedupKey: `e:${decoded.message.dedupKey}:${editedAt.getTime()}:${hashOf(parts)}`,
      sentAt: editedAt,
      mayContinue: false,
      wantsReply: false,
    },
  }
}

const decodePress = (query: Fields, context: DecodeContext): Decoded => {
  const user = groupOf(query, 'from')
  const queryId = idOf(query, 'id')
  const message = groupField(query, 'message')
  const data = textField(query, 'data')
  // Buttons below inline results and games: we send none.
  if (message === undefined || data === undefined || data.length > 64) return ignored('foreign_button')
  if (textField(user, 'is_bot') === 'true') return ignored('bot')
  const thread = threadOf(message, user)
  const address = {
    ...addressOf({ thread, user, messageId: idOf(message, 'message_id') }, context),
    dedupKey: `c:${queryId}`,
    sentAt: context.receivedAt,
    mayContinue: false,
    wantsReply: true,
  }
  return { kind: 'press', press: { queryId, data, address, isGroup: thread.isGroup } }
}

/** A person blocked the bot: nothing reaches them any more. Coming back, they press Start, which is a message. */
const decodeMembership = (change: Fields, updateId: string, context: DecodeContext): Decoded => {
  const chat = groupOf(change, 'chat')
  if (textField(chat, 'type') !== 'private') return ignored('group_membership')
  const status = textField(groupField(change, 'new_chat_member') ?? none, 'status')
  if (status !== 'kicked') return ignored('membership')
  const user = groupOf(change, 'from')
  const thread: Thread = { chatId: idOf(chat, 'id'), userId: idOf(user, 'id'), isGroup: false }
  const sentAt = timeOf(change, 'date')
  return {
    kind: 'message',
    message: {
      ...addressOf({ thread, user, messageId: '' }, context),
      parts: [{ kind: 'event', name: 'unsubscribed' }],
      // Update ids start anew after a quiet week, so the time counts too.
      dedupKey: `u:${updateId}:${sentAt.getTime()}`,
      sentAt,
      mayContinue: false,
      wantsReply: false,
    },
  }
}

/** Decodes an update; kinds we do not know are ignored. Throws `Refusal` `malformed` for one without its address. */
export const decode = (update: Fields, context: DecodeContext): Decoded => {
  const updateId = idOf(update, 'update_id')
  const message = groupField(update, 'message')
  if (message !== undefined) return decodeMessage(message, context)
  const edited = groupField(update, 'edited_message')
  if (edited !== undefined) return decodeEdit(edited, context)
  const query = groupField(update, 'callback_query')
  if (query !== undefined) return decodePress(query, context)
  const change = groupField(update, 'my_chat_member')
  if (change !== undefined) return decodeMembership(change, updateId, context)
  return ignored('unknown_update')
}

/** Whether reading the update takes the bot's name: only groups mention it. */
export const needsName = (update: Fields): boolean => {
  const message = groupField(update, 'message') ?? groupField(update, 'edited_message') ?? none
  return isGroupChat(groupField(message, 'chat') ?? none)
}
