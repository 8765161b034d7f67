import type { Occasion } from './preferences.ts'
import type { Transaction } from './database.ts'

/** Languages that pushed notices come in. */
export const pushLanguages = ['zh', 'en'] as const
export type PushLanguage = (typeof pushLanguages)[number]

/** Where a browser has its notices brought to, and how they are sealed for it; see RFC 8030 and RFC 8291. */
export interface PushTarget {
  /** Address at the browser maker's push service. Whoever knows it can try to push: it is kept like a password. */
  readonly endpoint: string
  /** The browser's public key and its shared secret, base64url. */
  readonly p256dh: string
  readonly auth: string
}

/** A browser that an agent has notices pushed to. It belongs to the session and ends with it. */
export interface NewPushSubscription extends PushTarget {
  readonly agentId: string
  readonly sessionId: string
  readonly language: PushLanguage
}

/** The same as its agent sees it. */
export interface PushSubscriptionView {
  readonly id: string
  /** Host of the push service. */
  readonly service: string
  /** What the browser calls itself. */
  readonly userAgent: string
  readonly createdAt: Date
  /** Of the session that asks. */
  readonly here: boolean
}

/** Something that an agent was not told of yet. */
export interface PushNews {
  readonly agentId: string
  readonly occasion: Occasion
  readonly ticketId: string
  readonly number: number
  /** The agent's browsers. */
  readonly subscriptionIds: readonly string[]
}

/** Browsers that are pushed to, and what agents were told of. */
export interface PushStore {
  /** An agent's, the newest first. */
  list(agentId: string, sessionId: string): Promise<readonly PushSubscriptionView[]>
  /**
   * Takes the place of what the session or the address had; what there is to tell at this moment is no news. Gives its
   * id. Throws `conflict` when the agent has `most` others.
   */
  put(subscription: NewPushSubscription, most: number, now: Date): Promise<string>
  /** Throws `not_found`. */
  remove(agentId: string, id: string): Promise<void>
  /** Undefined: it is gone, or its session lives no more. */
  find(id: string): Promise<(PushTarget & { readonly language: PushLanguage }) | undefined>
  /** The push service knows it no more. */
  drop(id: string): Promise<void>
  /** Agents with a browser to push to. */
  watched(): Promise<readonly string[]>
  /** Notes as told what these agents were not told of, and gives it; nobody else is given it again. */
  news(transaction: Transaction, agentIds: readonly string[], now: Date): Promise<readonly PushNews[]>
  /** Forgets what was told of tickets that are settled, and to whom nothing is pushed any more. */
  forgetTold(before: Date): Promise<void>
}

/** Which agents have a window of the desk open. */
export interface OpenDesks {
  /** A window gives a sign of life. Never throws. */
  note(agentId: string): Promise<void>
  /** A window closes. Another one is known again by its next sign. Never throws. */
  leave(agentId: string): Promise<void>
  /** `unsure`: a sign is late, and may still come. */
  stateOf(agentId: string): Promise<'open' | 'unsure' | 'closed'>
}

/** Pushing as the desk's routes see it. */
export interface PushDesk extends Pick<PushStore, 'list' | 'remove'> {
  /** The key that browsers ask for notices with, base64url; undefined: nothing is pushed here. */
  publicKey(): Promise<string | undefined>
  /** Throws `bad_input` when the address may not be called or a key is none, `conflict` as `PushStore.put`. */
  subscribe(subscription: NewPushSubscription): Promise<string>
  readonly openDesks: OpenDesks
}
