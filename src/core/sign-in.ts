import type { Agent } from './agent.ts'

/** How a session began: with a one-time link or with a password. */
export type SignInMethod = 'link' | 'password'

/** Somebody is signed in. Tokens never reach the store, only their hashes. */
export interface Session {
  readonly agent: Agent
  readonly by: SignInMethod
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly expiresAt: Date
}

/** A session as it begins. */
export interface NewSession {
  readonly tokenHash: string
  readonly agentId: string
  readonly by: SignInMethod
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Where it began, for the agent's list of sessions. */
  readonly address: string
  readonly userAgent: string
}

/** Sessions of signed-in agents. */
export interface SessionStore {
  create(session: NewSession): Promise<void>
  /** The session however old it is, with its agent as she is now. */
  find(tokenHash: string): Promise<Session | undefined>
  touch(tokenHash: string, now: Date): Promise<void>
  end(tokenHash: string): Promise<void>
  endAll(agentId: string): Promise<void>
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
  /** Who has this mail address, and the hash unless no password was ever set. */
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
}
