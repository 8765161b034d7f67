import type { Clock } from '../../src/core/clock.ts'
import type { TelegramAccount } from './account.ts'

/** A Bot API object. */
export type Fields = Readonly<Record<string, unknown>>

/** A person. */
export interface Person {
  readonly id: number
  readonly name: string
  /** Has pressed Start: before that a bot may not write. */
  started: boolean
  blocked: boolean
}

/** A private chat (its id is the person's) or a group. */
export interface Chat {
  readonly id: number
  readonly type: 'private' | 'group' | 'supergroup'
  readonly title?: string
  /** Where a group went when it was upgraded. */
  migratedTo?: number
  lastMessageId: number
}

/** A message of anybody, as the chat keeps it. */
export interface Kept {
  readonly chatId: number
  readonly messageId: number
  readonly from: 'user' | 'account'
  /** Whom the line is shown to: the writer, or who is answered. */
  readonly userKey: string
  readonly at: Date
  /** The Bot API's message object. */
  message: Fields
  state?: 'held' | 'sending' | 'delivered' | 'failed'
  note?: string
}

/** Everything said on the simulated platform. */
export interface Chats {
  people(): readonly Person[]
  person(userKey: string): Person | undefined
  addPerson(userKey: string, name: string, started: boolean): Person
  chat(chatId: number): Chat | undefined
  /** The demo's one group. */
  group(): Chat
  /** The group becomes a supergroup with a new id, which is returned. */
  upgradeGroup(): Chat
  /** Numbers, dates and keeps a message. */
  keep(message: Omit<Kept, 'messageId' | 'at' | 'message'>, fields: Fields): Kept
  find(chatId: number, messageId: number): Kept | undefined
  linesOf(userKey: string): readonly Kept[]
  /** Nothing was ever said, and nobody is here; message ids go on growing. */
  clear(): void
}

/** A chat as messages name it. */
export const chatFields = (chat: Chat, person: Person | undefined): Fields =>
  chat.type === 'private'
    ? { id: chat.id, type: 'private', first_name: person?.name ?? '' }
    : { id: chat.id, type: chat.type, title: chat.title ?? '' }

export const personFields = ({ id, name }: Person): Fields => ({
  id,
  is_bot: false,
  first_name: name,
  language_code: 'zh-hans',
})

export const botFields = ({ botId, name, username }: TelegramAccount): Fields => ({
  id: botId,
  is_bot: true,
  first_name: name,
  username,
})

/** Ids that are counted in seconds stay small from here on. */
const since = Date.UTC(2020, 0, 1)

/** From the present time on: the product knows the messages of before a restart or a reset by their ids. */
const firstIdAt = (now: Date): number => Math.floor((now.getTime() - since) / 1_000)

const newGroup = (lastMessageId: number): Chat => ({
  id: -4_001_234_567,
  type: 'group',
  title: '次元站用户群',
  lastMessageId,
})

const supergroupOf = ({ id, title = '' }: Chat, lastMessageId: number): Chat => ({
  id: -1_002_000_000_000 + id,
  type: 'supergroup',
  title,
  lastMessageId,
})

/** Nobody here yet, but an empty group. */
export const createChats = (account: TelegramAccount, clock: Clock, onChange: () => void): Chats => {
  const people = new Map<string, Person>()
  const chats = new Map<number, Chat>()
  let kept: Kept[] = []
  const firstId = (): number => firstIdAt(clock.now())
  let group = newGroup(firstId())
  chats.set(group.id, group)

  const addPerson: Chats['addPerson'] = (userKey, name, started) => {
    const person = { id: Number(userKey), name, started, blocked: false }
    people.set(userKey, person)
    chats.set(person.id, { id: person.id, type: 'private', lastMessageId: firstId() })
    return person
  }

  const keep: Chats['keep'] = (draft, fields) => {
    const chat = chats.get(draft.chatId)
    if (chat === undefined) throw new Error('a message without a chat')
    chat.lastMessageId += 1
    const at = clock.now()
    const person = people.get(draft.userKey)
    const message = {
      message_id: chat.lastMessageId,
      from: draft.from === 'account' || person === undefined ? botFields(account) : personFields(person),
      chat: chatFields(chat, person),
      date: Math.floor(at.getTime() / 1_000),
      ...fields,
    }
    const entry: Kept = { ...draft, messageId: chat.lastMessageId, at, message }
    kept.push(entry)
    onChange()
    return entry
  }

  return {
    people: () => [...people.values()],
    person: (userKey) => people.get(userKey),
    addPerson,
    chat: (chatId) => chats.get(chatId),
    group: () => group,
    upgradeGroup: () => {
      const next = supergroupOf(group, firstId())
      group.migratedTo = next.id
      chats.set(next.id, next)
      group = next
      return next
    },
    keep,
    find: (chatId, messageId) =>
      kept.find((entry) => entry.chatId === chatId && entry.messageId === messageId),
    linesOf: (userKey) => kept.filter((entry) => entry.userKey === userKey),
    clear: () => {
      kept = []
      for (const part of [people, chats]) part.clear()
      group = newGroup(firstId())
      chats.set(group.id, group)
    },
  }
}
