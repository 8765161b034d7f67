import type { Agent } from './agent.ts'
import type { IdentityStore, ProviderAttempts } from './provider-sign-in.ts'
import type { InvitationStore, StaffStore } from './staff.ts'
import type { ChallengeStore, SecondFactorStore } from './second-factor.ts'
import type { SecondStep, SignInMethod } from './sign-in-ways.ts'

/** Somebody is signed in. Tokens never reach the store, only their hashes. */
export interface Session {
  readonly id: string
  readonly agent: Agent
  readonly by: SignInMethod
  /** Undefined: there was none. */
  readonly secondStep?: SecondStep
  /** With `provider`: which. */
  readonly provider?: string
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly expiresAt: Date
}

/** A session as it begins. */
export interface NewSession {
  readonly tokenHash: string
  readonly agentId: string
  readonly by: SignInMethod
  readonly secondStep?: SecondStep
  readonly provider?: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Where it began, for the agent's list of sessions. */
  readonly address: string
  readonly userAgent: string
}

/** A session as lists show it. */
export interface ListedSession extends Omit<Session, 'agent'> {
  readonly address: string
  readonly userAgent: string
}

/** Sessions of signed-in agents. */
export interface SessionStore {
  /** Throws `forbidden` when the agent was deactivated meanwhile. */
  create(session: NewSession): Promise<void>
  /** The session however old it is, with its agent as she is now; none of who is deactivated. */
  find(tokenHash: string): Promise<Session | undefined>
  touch(tokenHash: string, now: Date): Promise<void>
  end(tokenHash: string): Promise<void>
  /** The agent's, the last used first: those that are not over `now` and were used after `usedAfter`. */
  list(
    agentId: string,
    living: { readonly now: Date; readonly usedAfter: Date },
  ): Promise<readonly ListedSession[]>
  /** Ends one of the agent's. Throws `not_found`. */
  revoke(agentId: string, sessionId: string): Promise<void>
  /** Ends all of the agent's but the one named; gives how many. */
  revokeOthers(agentId: string, except?: string): Promise<number>
}

/** One-time sign-in links. */
export interface SignInLinkStore {
  /** Keeps a link; earlier ones of the agent stop working. */
  save(link: {
    readonly tokenHash: string
    readonly agentId: string
    readonly createdAt: Date
    readonly expiresAt: Date
  }): Promise<void>
  /** Uses a link up: the agent's id for the first caller before its end, undefined for all others. */
  consume(tokenHash: string, now: Date): Promise<string | undefined>
}

/** Hashed passwords. */
export interface PasswordStore {
  /** Who has this mail address and may sign in, and the hash unless no password was ever set. */
  find(email: string): Promise<{ readonly agentId: string; readonly hash?: string } | undefined>
  /** Sets the hash and ends all sessions of the agent. */
  set(agentId: string, hash: string, now: Date): Promise<void>
}

/** A try that failed. */
export interface SignInRefusal {
  readonly by: SignInMethod
  readonly address: string
  /** Whose account it was, where the mail address that was typed is somebody's. */
  readonly agentId?: string
  /** It failed at the second step: the first was right. */
  readonly step?: 'second'
}

/** Tries that failed, for the audit log. */
export interface SignInRefusals {
  record(refusal: SignInRefusal): Promise<void>
}

/** Everything sign-in keeps. */
export interface SignInStores {
  readonly sessions: SessionStore
  readonly links: SignInLinkStore
  readonly passwords: PasswordStore
  readonly refusals: SignInRefusals
  readonly secondFactors: SecondFactorStore
  readonly challenges: ChallengeStore
  readonly invitations: InvitationStore
  readonly identities: IdentityStore
  readonly attempts: ProviderAttempts
  readonly staff: StaffStore
}
