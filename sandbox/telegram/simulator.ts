import { createClosing } from '../kit/closing.ts'
import { createListeners } from '../kit/listeners.ts'
import type { Simulator } from '../simulator.ts'
import { documentedLimits, documentedTiming } from './account.ts'
import type { TelegramAccount, TelegramSimulatorOptions } from './account.ts'
import { createApi } from './api.ts'
import { createChats } from './chats.ts'
import type { Chats, Fields, Kept } from './chats.ts'
import { createClient } from './client.ts'
import { createFaults } from './faults.ts'
import type { Faults } from './faults.ts'
import { createFileShelf } from './files.ts'
import type { FileShelf, ShelvedFile } from './files.ts'
import type { Draft } from './methods.ts'
import { createPeople } from './people.ts'
import type { People } from './people.ts'
import { createTrace } from '../kit/trace.ts'
import type { TracedExchange } from '../kit/trace.ts'
import { createUpdates } from './updates.ts'
import type { Update, Webhook } from './updates.ts'

/** A simulated Telegram with one bot. */
export interface TelegramSimulator extends Simulator {
  readonly account: TelegramAccount
  readonly people: People
  readonly files: FileShelf
  readonly faults: Pick<Faults, 'order' | 'clear'>
  readonly group: Chats['group']
  /** Gives a person a picture. */
  setPhoto(userKey: string, photo: ShelvedFile): void
  addUser(userKey: string, name: string, started?: boolean): void
  /** What stands in a user's chats, oldest first, as the Bot API's messages. */
  messages(userKey: string): readonly Kept[]
  webhook(): Webhook | undefined
  /** Updates that the bot has not taken yet. */
  pendingUpdates(): number
  /** Sends an update once more. */
  again(update: Pick<Update, 'id'>): void
  /** How the bot answered a press; undefined: not yet. */
  pressAnswer(queryId: string): Fields | undefined
  /** Chats in which the bot was seen typing, in order. */
  typed(): readonly number[]
  /** Drafts that the bot showed, in order; empty: it took one back. */
  drafts(): readonly Draft[]
  exchanges(): readonly TracedExchange[]
}

/**
 * A simulated Bot API server for one bot: pushes to the webhook over real HTTP or hands updates out by `getUpdates`,
 * and answers the methods. Written from the public documentation alone.
 */
export const createTelegramSimulator = (options: TelegramSimulatorOptions): TelegramSimulator => {
  const { account, clock } = options
  const listeners = createListeners()
  const onChange = listeners.tell
  const timing = { ...documentedTiming, ...options.timing }
  const limits = { ...documentedLimits, ...options.limits }
  const faults = createFaults()
  const trace = createTrace(onChange)
  const chats = createChats(account, clock, onChange)
  const files = createFileShelf()
  const updates = createUpdates({ clock, timing, faults, trace })
  const presses = new Map<string, { readonly at: Date; answer?: Fields }>()
  const photos = new Map<number, ShelvedFile>()
  const typed: number[] = []
  const drafts: Draft[] = []
  const closing = createClosing()
  const comeIn = (): void => {
    for (const { key, name } of options.users ?? []) chats.addPerson(key, name, true)
  }
  comeIn()
  const people = createPeople({ account, clock, chats, updates, faults, presses, onChange })
  const state = { account, clock, limits, chats, files, updates, presses, photos, sent: [] }
  const typing = (chatId: number): void => void typed.push(chatId)
  const draft = (one: Draft): void => void drafts.push(one)
  return {
    channel: 'telegram',
    account,
    people,
    files,
    faults,
    group: () => chats.group(),
    api: createApi({ ...state, typing, draft, faults, trace, timing, closing: closing.signal }),
    client: createClient({ account, chats, people, files, faults, trace, listeners }),
    setPhoto: (userKey, photo) => void photos.set(Number(userKey), photo),
    addUser: (userKey, name, started = true) => {
      chats.addPerson(userKey, name, started)
    },
    messages: (userKey) => chats.linesOf(userKey),
    webhook: () => updates.webhook(),
    pendingUpdates: () => updates.pending(),
    again: ({ id }) => updates.again(id),
    pressAnswer: (queryId) => presses.get(queryId)?.answer,
    typed: () => typed,
    drafts: () => drafts,
    exchanges: () => trace.all(),
    reset: () => {
      people.drop()
      updates.drop()
      for (const part of [chats, trace, faults, presses]) part.clear()
      comeIn()
      onChange()
    },
    close: () => {
      closing.abort()
      updates.close()
      return Promise.resolve()
    },
  }
}
