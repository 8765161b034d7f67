import type { Hono } from 'hono'
import type { ChannelName } from '../src/core/message.ts'

/** Somebody who writes to the brand on a simulated provider. */
export interface SimulatedUser {
  /** The user's address on the provider: uid, mail address, chat id. */
  readonly key: string
  readonly name: string
}

/** A button below a message of the account; `id` is what the provider gets back. */
export interface ShownChoice {
  readonly id: string
  readonly label: string
}

/** One line of what a user sees on the provider's client. Text only ever becomes text. */
export interface ShownLine {
  readonly id: string
  readonly at: Date
  /** `platform`: the provider itself speaks, e.g. says that an account does not answer. */
  readonly from: 'user' | 'account' | 'platform'
  /** How a user's line fared: `held` waits to be overtaken, `failed` never reached the account. */
  readonly state?: 'held' | 'sending' | 'delivered' | 'failed'
  /** Mail only. */
  readonly subject?: string
  readonly text?: string
  /** Address of a picture on this provider, below its mount. */
  readonly picturePath?: string
  /** Any other file, by its name. */
  readonly fileName?: string
  readonly choices?: readonly ShownChoice[]
  /** The message it answers, where the provider shows that. */
  readonly replyTo?: string
  /** Edited, recalled or the like, in the provider's word. */
  readonly note?: string
}

/** What a user does on a client. A simulator refuses with `bad_input` what its provider has no form for. */
export type ClientAct =
  | { readonly kind: 'text'; readonly text: string; readonly subject?: string; readonly replyTo?: string }
  | { readonly kind: 'image'; readonly bytes: Uint8Array }
  | { readonly kind: 'voice'; readonly durationMs: number; readonly recognition?: string }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array }
  | {
      readonly kind: 'location'
      readonly latitude: number
      readonly longitude: number
      readonly label: string
    }
  | { readonly kind: 'choice'; readonly lineId: string; readonly choiceId: string }
  | { readonly kind: 'edit'; readonly lineId: string; readonly text: string }
  /** Public: a comment or group message that names the account. */
  | { readonly kind: 'mention'; readonly text: string }
  | { readonly kind: 'follow' }
  | { readonly kind: 'unfollow' }
export type ClientActKind = ClientAct['kind']

/** How the request of a provider proves itself; its words are `proof.<name>` in the pages' language files. */
export type ProofName = (typeof proofNames)[number]
export const proofNames = [
  'sha1-secret',
  'encrypted-envelope',
  'secret-header',
  'signed-token',
  'standard-webhooks',
  'password',
] as const

/** One request that went over the wire, for eyes: secrets of the demo account may stand in it. */
export interface WireExchange {
  readonly id: string
  readonly at: Date
  /** `push`: provider to product; `api`: product to provider. */
  readonly kind: 'push' | 'api'
  /** What it was, e.g. `POST /2/messages/reply.json`, `IMAP FETCH`. */
  readonly title: string
  /** HTTP status, or the protocol's own word. */
  readonly status: string
  readonly durationMs?: number
  /** As sent, before any encryption. */
  readonly request: string
  /** As it went over the wire, where that is something else: encrypted. */
  readonly sent?: string
  readonly response: string
  /** The request as a shell command, where it is HTTP. */
  readonly curl?: string
  /** How the request proves whom it is from, by the words `proof.<name>`; not good: a fault spoilt it. */
  readonly proof?: { readonly name: ProofName; readonly good: boolean }
  /** What the provider complains about, or which fault made it so. */
  readonly problems: readonly string[]
}

/** A fault that stays on until it is switched off; its words are `fault.<name>` in the pages' language files. */
export interface FaultSwitch {
  readonly name: string
  readonly on: boolean
}

/** What an account may still send to a user: `left` of `limit` messages until then. */
export interface Allowance {
  readonly left: number
  readonly limit: number
  readonly until: Date
}

/** The client side of a simulated provider: what the try-it page shows and works on. */
export interface SimulatedClient {
  readonly acts: readonly ClientActKind[]
  users(): readonly SimulatedUser[]
  /** Oldest first. */
  lines(userKey: string): readonly ShownLine[]
  /** Starts an act; its line tells the rest. Throws `bad_input`, `not_found`, or `conflict` (user has left). */
  act(userKey: string, act: ClientAct): void
  faults(): readonly FaultSwitch[]
  /** Throws `not_found` for an unknown name. */
  setFault(name: string, on: boolean): void
  /** The last exchanges of a user, or of nobody in particular; latest first, at most a hundred. */
  exchanges(userKey: string): readonly WireExchange[]
  /** What the account may still send to the user, in words for the head of the client; none: no limit. */
  allowance(userKey: string): Allowance | undefined
  /** Hears every change until the returned function is called. */
  onChange(listener: () => void): () => void
}

/** A provider on this machine, for trying a channel without an account. */
export interface Simulator {
  readonly channel: ChannelName
  /** The provider's API as the adapter calls it, mounted at `/sandbox/<channel>`; routes of its own below. */
  readonly api: Hono
  readonly client: SimulatedClient
  /**
   * Begins anew: screens, windows, quotas, held messages, faults and exchanges are gone, and the people of the
   * beginning are back. Accounts, tokens and what numbers messages stay, because the product goes on with them.
   */
  reset(): void
  /** Breaks off everything in flight. */
  close(): Promise<void>
}
