import type { Clock } from '../../src/core/clock.ts'
import type { WechatUser } from './account.ts'

/** A person's relation to the account. */
export interface DirectoryUser extends WechatUser {
  readonly followed: boolean
  /** The account is shown as typing. */
  readonly typing: boolean
}

/** The platform's answer to a typing command. */
export type TypingFault = 45072 | 45080 | 45081

/** Who is on the platform, who follows, who sees the account typing. */
export interface Directory {
  add(user: WechatUser): void
  find(openid: string): DirectoryUser | undefined
  list(): readonly DirectoryUser[]
  follow(openid: string, followed: boolean): void
  /** The user did something: typing may be shown for the next thirty seconds. */
  interacted(openid: string): void
  /** `Typing` lasts 15 s and must not be repeated meanwhile. */
  type(openid: string, command: string): TypingFault | undefined
  /** A message arrived: it is no longer being typed. */
  stopTyping(openid: string): void
  /** Everybody leaves; the people of the beginning come anew. */
  reset(): void
}

interface UserState extends WechatUser {
  followed: boolean
  interactedAt: number
  typingUntil: number
}

const typingLastsMs = 15_000
const interactionLastsMs = 30_000

/** A directory of followers, with what was saved of them. */
export const createDirectory = (
  clock: Clock,
  users: readonly WechatUser[],
  saved: readonly (WechatUser & { readonly followed: boolean })[] = [],
): Directory => {
  const states = new Map<string, UserState>()
  const now = (): number => clock.now().getTime()
  const add = ({ openid, name }: WechatUser): void => {
    states.set(openid, { openid, name, followed: true, interactedAt: 0, typingUntil: 0 })
  }
  const view = (state: UserState): DirectoryUser => ({
    openid: state.openid,
    name: state.name,
    followed: state.followed,
    typing: state.typingUntil > now(),
  })
  const change = (openid: string, apply: (state: UserState) => void): void => {
    const state = states.get(openid)
    if (state) apply(state)
  }
  users.forEach(add)
  for (const { followed, ...user } of saved) {
    add(user)
    change(user.openid, (state) => (state.followed = followed))
  }
  return {
    add,
    reset: () => {
      states.clear()
      users.forEach(add)
    },
    find: (openid) => {
      const state = states.get(openid)
      return state && view(state)
    },
    list: () => [...states.values()].map(view),
    follow: (openid, followed) => change(openid, (state) => (state.followed = followed)),
    interacted: (openid) => change(openid, (state) => (state.interactedAt = now())),
    type: (openid, command) => {
      const state = states.get(openid)
      if (command !== 'Typing' && command !== 'CancelTyping') return 45072
      if (!state || now() - state.interactedAt > interactionLastsMs) return 45080
      if (command === 'CancelTyping') {
        state.typingUntil = 0
        return undefined
      }
      if (state.typingUntil > now()) return 45081
      state.typingUntil = now() + typingLastsMs
      return undefined
    },
    stopTyping: (openid) => change(openid, (state) => (state.typingUntil = 0)),
  }
}
