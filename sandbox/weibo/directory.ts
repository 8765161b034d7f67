// Who follows, and how long the account may write: open.weibo.com "发送客服消息" as of 2014-08.
import type { Clock } from '../../src/core/clock.ts'
import type { Allowance } from '../simulator.ts'
import type { WeiboRules, WeiboUser } from './account.ts'
import type { WeiboDeed } from './deed.ts'

/** Why the account may not write: the user does not follow, or nothing is open. */
export type WriteFault = 20301 | 20302

/** Who is on the platform. */
export interface Directory {
  add(user: WeiboUser): void
  list(): readonly WeiboUser[]
  find(key: string): WeiboUser | undefined
  follows(key: string): boolean
  /** The user did something: follows, leaves, opens a window. */
  acted(key: string, kind: WeiboDeed['kind']): void
  /** Takes one message of the account; undefined when allowed. */
  spend(key: string): WriteFault | undefined
  /** Takes the one answer to a mention. */
  answeredMention(key: string): void
  /** Undefined: as many messages as it likes. */
  right(key: string): Allowance | undefined
  /** Everybody leaves; the people of the beginning come anew, and nothing is open. */
  reset(): void
}

interface State extends WeiboUser {
  follows: boolean
  openUntil: number
  mention: { left: number; until: number }
}

/** Deeds that let the account write as much as it likes, for a while. */
const opening: ReadonlySet<WeiboDeed['kind']> = new Set([
  'text',
  'image',
  'voice',
  'position',
  'follow',
  'subscribe',
  'click',
  'scan',
  'scan_follow',
])

/** People who follow the account, to whom it may not write yet. */
export const createDirectory = (clock: Clock, rules: WeiboRules, users: readonly WeiboUser[]): Directory => {
  const states = new Map<string, State>()
  const now = (): number => clock.now().getTime()
  const nobody: State = { key: '', name: '', follows: false, openUntil: 0, mention: { left: 0, until: 0 } }
  const of = (key: string): State => states.get(key) ?? nobody
  const add = ({ wroteBefore, ...user }: WeiboUser): void => {
    const openUntil = wroteBefore === true ? now() + rules.windowMs : 0
    states.set(user.key, { ...user, follows: true, openUntil, mention: { left: 0, until: 0 } })
  }
  users.forEach(add)

  const mayAnswerMention = ({ mention }: State): boolean => mention.left > 0 && mention.until > now()

  return {
    add,
    list: () => [...states.values()].map(({ key, name }) => ({ key, name })),
    find: (key) => states.get(key),
    reset: () => {
      states.clear()
      for (const { key, name } of users) add({ key, name })
    },
    follows: (key) => of(key).follows,
    acted: (key, kind) => {
      const state = of(key)
      if (kind === 'follow' || kind === 'scan_follow') state.follows = true
      if (opening.has(kind)) state.openUntil = now() + rules.windowMs
      if (kind === 'unfollow') {
        state.follows = false
        state.openUntil = 0
        state.mention = { left: 0, until: 0 }
      }
      // The stricter reading: one answer in a window, however many mentions there are in it.
      if (kind === 'mention' && state.mention.until <= now())
        state.mention = { left: 1, until: now() + rules.windowMs }
    },
    spend: (key) => {
      const state = of(key)
      if (state.openUntil > now()) return undefined
      if (mayAnswerMention(state)) {
        state.mention.left -= 1
        return undefined
      }
      return state.follows ? 20302 : 20301
    },
    answeredMention: (key) => {
      of(key).mention.left = 0
    },
    right: (key) => {
      const state = of(key)
      if (state.openUntil > now()) return undefined
      const { left, until } = state.mention
      return { left: until > now() ? left : 0, limit: 1, until: new Date(Math.max(until, state.openUntil)) }
    },
  }
}
