/** What people do in their chats with the bot, and the updates that become of it: core.telegram.org/bots/api#update. */
import { randomInt } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { TongdaError } from '../../src/core/errors.ts'
import type { TelegramAccount } from './account.ts'
import { botFields, chatFields, personFields } from './chats.ts'
import type { Chat, Chats, Fields, Kept, Person } from './chats.ts'
import type { Faults } from './faults.ts'
import type { Update, Updates } from './updates.ts'

export interface PeopleDeps {
  readonly account: TelegramAccount
  readonly clock: Clock
  readonly chats: Chats
  readonly updates: Updates
  readonly faults: Faults
  readonly presses: Map<string, { readonly at: Date; answer?: Fields }>
  readonly onChange: () => void
}

/** Where something is said. */
export type Place = 'private' | 'group'

export interface People {
  /** A message with these fields beside its address. */
  send(userKey: string, fields: Fields, place?: Place): Kept
  edit(userKey: string, messageId: number, fields: Fields, place?: Place): void
  /** Presses a button of one of the bot's messages. */
  press(
    userKey: string,
    message: { readonly chatId: number; readonly messageId: number },
    data: string,
  ): string
  /** Blocks the bot. */
  block(userKey: string): void
  /** Unblocks it if needed, and presses Start. */
  start(userKey: string, payload?: string): void
  /** The group becomes a supergroup; both service messages go out. */
  upgradeGroup(): { readonly from: number; readonly to: number }
  /** Any other update. */
  push(kind: string, fields: Fields): Update
  /** Forgets what waits to be overtaken. */
  drop(): void
}

/** Entities that the platform finds by itself. */
const entitiesOf = (text: string): readonly Fields[] => [
  ...[...text.matchAll(/(?<!\S)\/\w+(?:@\w+)?/g)].map(({ 0: found, index }) => ({
    type: 'bot_command',
    offset: index,
    length: found.length,
  })),
  ...[...text.matchAll(/(?<![\w/])@\w+/g)].map(({ 0: found, index }) => ({
    type: 'mention',
    offset: index,
    length: found.length,
  })),
]

/** The fields of a text as the platform completes them. */
export const textFields = (text: string): Fields => {
  const entities = entitiesOf(text)
  return { text, ...(entities.length === 0 ? {} : { entities }) }
}

/** Sends a line's update out; with `out-of-order` the first one waits until the second has gone. */
const createDispatch = ({ updates, faults, onChange }: PeopleDeps) => {
  let held: (() => void) | undefined
  const drop = (): void => {
    held = undefined
  }
  const dispatch = (line: Kept, body: Fields): void => {
    const setState = (state: 'held' | 'sending' | 'delivered' | 'failed'): void => {
      line.state = state
      onChange()
    }
    const go = (): void => {
      setState('sending')
      updates.push({ queue: `chat-${line.chatId}`, userKey: line.userKey, body, onEnd: setState })
    }
    if (faults.isOn('out-of-order') && held === undefined) {
      setState('held')
      held = go
      return
    }
    go()
    held?.()
    drop()
  }
  return { dispatch, drop }
}

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1_000)

/** Who is who, and where they write. */
const createFinder = ({ chats }: PeopleDeps) => {
  const personOf = (userKey: string): Person => {
    const person = chats.person(userKey)
    if (person === undefined) throw new TongdaError('not_found', 'the simulator knows no such user')
    return person
  }
  const chatOf = (person: Person, place: Place): Chat => {
    const chat = place === 'group' ? chats.group() : chats.chat(person.id)
    if (chat === undefined) throw new TongdaError('not_found', 'the simulator knows no such chat')
    return chat
  }
  return { personOf, chatOf }
}

/** Saying and changing what was said. */
const createTalk = (deps: PeopleDeps): Pick<People, 'send' | 'edit' | 'press' | 'drop'> => {
  const { clock, chats, updates, presses } = deps
  const { dispatch, drop } = createDispatch(deps)
  const { personOf, chatOf } = createFinder(deps)
  return {
    drop,
    send: (userKey, fields, place = 'private') => {
      const person = personOf(userKey)
      if (person.blocked) throw new TongdaError('conflict', 'the user has blocked the bot; press Start first')
      if (place === 'private') person.started = true
      const line = chats.keep({ chatId: chatOf(person, place).id, from: 'user', userKey }, fields)
      dispatch(line, { message: line.message })
      return line
    },
    edit: (userKey, messageId, fields, place = 'private') => {
      const line = chats.find(chatOf(personOf(userKey), place).id, messageId)
      if (line?.from !== 'user') throw new TongdaError('not_found', 'there is no such message of this user')
      line.message = { ...line.message, ...fields, edit_date: secondsOf(clock.now()) }
      line.note = '已编辑'
      dispatch(line, { edited_message: line.message })
    },
    press: (userKey, { chatId, messageId }, data) => {
      const person = personOf(userKey)
      const message = chats.find(chatId, messageId)?.message
      if (message === undefined) throw new TongdaError('not_found', 'there is no such message')
      const id = `${person.id}${randomInt(1e9, 1e10)}`
      presses.set(id, { at: clock.now() })
      const query = { id, from: personFields(person), message, chat_instance: String(-chatId), data }
      updates.push({ queue: `chat-${chatId}`, userKey, body: { callback_query: query } })
      return id
    },
  }
}

/** Nobody does anything yet. */
export const createPeople = (deps: PeopleDeps): People => {
  const { account, clock, chats, updates, onChange } = deps
  const { personOf } = createFinder(deps)
  const talk = createTalk(deps)
  return {
    ...talk,
    block: (userKey) => {
      const person = personOf(userKey)
      if (person.blocked) return
      person.blocked = true
      onChange()
      const change = {
        chat: { id: person.id, type: 'private', first_name: person.name },
        from: personFields(person),
        date: secondsOf(clock.now()),
        old_chat_member: { status: 'member', user: botFields(account) },
        new_chat_member: { status: 'kicked', user: botFields(account), until_date: 0 },
      }
      updates.push({ queue: `chat-${person.id}`, userKey, body: { my_chat_member: change } })
    },
    start: (userKey, payload) => {
      personOf(userKey).blocked = false
      talk.send(userKey, textFields(payload === undefined ? '/start' : `/start ${payload}`))
    },
    upgradeGroup: () => {
      const old = chats.group()
      const next = chats.upgradeGroup()
      const [author] = chats.people()
      const from = author === undefined ? {} : { from: personFields(author) }
      const tell = (chat: Chat, news: Fields): void => {
        const address = { message_id: 900_000, ...from, chat: chatFields(chat, undefined) }
        const message = { ...address, date: secondsOf(clock.now()), ...news }
        updates.push({ queue: `chat-${chat.id}`, body: { message } })
      }
      tell(old, { migrate_to_chat_id: next.id })
      tell(next, { migrate_from_chat_id: old.id })
      return { from: old.id, to: next.id }
    },
    push: (kind, fields) => updates.push({ queue: 'other', body: { [kind]: fields } }),
  }
}
