import { randomUUID } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { BotAccount } from './account.ts'

/** A Bot Framework object. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An activity in somebody's conversation. */
export interface Kept {
  readonly id: string
  readonly userKey: string
  readonly conversationId: string
  readonly from: 'user' | 'account'
  readonly at: Date
  activity: Fields
  state?: 'held' | 'sending' | 'delivered' | 'failed'
  note?: string
}

export interface Chats {
  users(): readonly { readonly key: string; readonly name: string }[]
  add(key: string, name: string): void
  /** The user's own conversation, or the team channel's thread of theirs. */
  conversationOf(userKey: string, place: Place): Fields
  /** Whether the bot is in the user's own conversation. */
  setPresent(userKey: string, present: boolean): void
  isPresent(userKey: string): boolean
  /** Whose conversation it is. */
  ownerOf(conversationId: string): string | undefined
  /** The parts of an activity that say where it is and who talks. */
  address(userKey: string, place: Place): Fields
  keep(entry: Omit<Kept, 'id' | 'at'>): Kept
  find(id: string): Kept | undefined
  linesOf(userKey: string): readonly Kept[]
  /** Nothing was ever said, and nobody is here. */
  clear(): void
}

/** A conversation of two, or a team's channel. */
export type Place = 'personal' | 'channel'

export interface ChatsDeps {
  readonly account: BotAccount
  readonly clock: Clock
  readonly channelId: string
  readonly serviceUrl: () => string
  readonly onChange: () => void
}

/** Nothing said yet. */
export const createChats = ({ account, clock, channelId, serviceUrl, onChange }: ChatsDeps): Chats => {
  const users = new Map<string, string>()
  let kept: Kept[] = []
  const left = new Set<string>()
  const teams = channelId === 'msteams'
  const conversationOf: Chats['conversationOf'] = (userKey, place) =>
    place === 'channel'
      ? {
          id: `19:team@thread.tacv2;messageid=${userKey}`,
          isGroup: true,
          conversationType: 'channel',
          tenantId: account.tenantId,
        }
      : {
          id: `a:conversation-${userKey}`,
          ...(teams ? { conversationType: 'personal', tenantId: account.tenantId } : {}),
        }
  return {
    users: () => [...users].map(([key, name]) => ({ key, name })),
    add: (key, name) => {
      users.set(key, name)
      onChange()
    },
    conversationOf,
    setPresent: (userKey, present) => {
      if (present) left.delete(userKey)
      else left.add(userKey)
    },
    isPresent: (userKey) => !left.has(userKey),
    ownerOf: (conversationId) =>
      [...users.keys()].find((key) =>
        (['personal', 'channel'] as const).some(
          (place) => conversationOf(key, place)['id'] === conversationId,
        ),
      ),
    address: (userKey, place) => ({
      id: randomUUID(),
      timestamp: clock.now().toISOString(),
      channelId,
      serviceUrl: serviceUrl(),
      from: { id: userKey, name: users.get(userKey) ?? '' },
      conversation: conversationOf(userKey, place),
      recipient: { id: `28:${account.appId}`, name: account.name },
      locale: 'zh-CN',
    }),
    keep: (entry) => {
      const line: Kept = { ...entry, id: randomUUID(), at: clock.now() }
      kept.push(line)
      onChange()
      return line
    },
    find: (id) => kept.find((entry) => entry.id === id),
    linesOf: (userKey) => kept.filter((entry) => entry.userKey === userKey),
    clear: () => {
      kept = []
      users.clear()
    },
  }
}
