import type { Clock } from '../../core/clock.ts'
import type { ListedSession, NewSession, Session, SessionStore } from '../../core/sign-in.ts'
import { createToken, hashToken } from './tokens.ts'

/** Hours without use after which a session ends. */
export const sessionIdleHours = 8
const idleMs = sessionIdleHours * 3_600_000
/** Days after which it ends in any case. */
export const longestMs = 30 * 86_400_000
/** Use is written down at most this often. */
const touchEveryMs = 60_000

/** How long a session counts as fresh proof of who somebody is. */
const freshMs = 15 * 60_000

/** Whether a session has just begun. */
export const isFresh = ({ createdAt }: Session, clock: Clock): boolean =>
  clock.now().getTime() - createdAt.getTime() < freshMs

/** Where a sign-in came from. */
export interface Client {
  readonly address: string
  readonly userAgent: string
  /** The session the browser already had; it ends. */
  readonly token?: string
}

/** Sessions by their tokens. */
export interface Sessions {
  /** Begins a session under a new token, which is never one the client chose. */
  start(
    agentId: string,
    how: Pick<NewSession, 'by' | 'secondStep' | 'provider'>,
    client: Client,
  ): Promise<string>
  /** The session while it lives. `used`: somebody is at work, so its idle time begins anew. */
  find(token: string, used: boolean): Promise<Session | undefined>
  end(token: string): Promise<void>
  /** An agent's that live, the last used first. */
  list(agentId: string): Promise<readonly ListedSession[]>
  /** Ends one of the agent's. Throws `not_found`. */
  revoke(agentId: string, sessionId: string): Promise<void>
  /** Ends all of the agent's, but for the one named; gives how many. */
  revokeOthers(agentId: string, except?: string): Promise<number>
}

/** Sessions of 256-bit tokens that are kept hashed: idle 8 hours, 30 days at most. */
export const createSessions = (store: SessionStore, clock: Clock): Sessions => ({
  start: async (agentId, how, { address, userAgent, token }) => {
    if (token !== undefined) await store.end(hashToken(token))
    const fresh = createToken()
    const createdAt = clock.now()
    await store.create({
      tokenHash: hashToken(fresh),
      agentId,
      ...how,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + longestMs),
      address,
      userAgent: userAgent.slice(0, 200),
    })
    return fresh
  },
  find: async (token, used) => {
    const tokenHash = hashToken(token)
    const session = await store.find(tokenHash)
    if (session === undefined) return undefined
    const now = clock.now()
    const unseenMs = now.getTime() - session.lastSeenAt.getTime()
    if (now >= session.expiresAt || unseenMs >= idleMs) {
      await store.end(tokenHash)
      return undefined
    }
    if (used && unseenMs >= touchEveryMs) await store.touch(tokenHash, now)
    return session
  },
  end: (token) => store.end(hashToken(token)),
  list: (agentId) => {
    const now = clock.now()
    return store.list(agentId, { now, usedAfter: new Date(now.getTime() - idleMs) })
  },
  revoke: (agentId, sessionId) => store.revoke(agentId, sessionId),
  revokeOthers: (agentId, except) => store.revokeOthers(agentId, except),
})
