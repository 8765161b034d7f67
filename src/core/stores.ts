import type { Accepted } from './channel.ts'
import type { AcceptItem, Claim, DeliveryStatus, OutboundDraft, TurnOutcome } from './conversation.ts'
import type { OutboundMessage, Part } from './message.ts'
import type { ChannelErrorCode } from './errors.ts'

/**
 * `committed`; `more`: committed, and something came meanwhile that waits for the next turn; `fenced`: without any
 * effect, because another worker has taken over.
 */
export type CommitResult = 'committed' | 'more' | 'fenced'

/** The durable way of a message from the provider to its answer. */
export interface ConversationStore {
  /**
   * Stores messages and makes their conversations ready, all in one transaction; results in the order of `items`.
   * A message whose dedup key is known is a duplicate and changes nothing.
   */
  accept(items: readonly AcceptItem[], now: Date): Promise<readonly Accepted[]>
  /** Leases up to `limit` ready conversations for `leaseMs` by the database's clock. */
  claim(owner: string, limit: number, leaseMs: number): Promise<readonly Claim[]>
  /**
   * Makes turns take effect, each only while its fence is the newest, all in one transaction.
   * Results in the order of `outcomes`.
   */
  commit(outcomes: readonly TurnOutcome[], now: Date): Promise<readonly CommitResult[]>
  /** Gives a claim back unfinished, to be tried again after `retryMs`. */
  release(claim: Claim, retryMs: number): Promise<void>
  /** A number no other ticket has or will have. */
  nextTicketNumber(): Promise<number>
}

/** A rendered message leased to one sender. Its attempt is already recorded. */
export interface DispatchClaim {
  readonly message: OutboundMessage
  /** Grows with every claim; a settle with an older number has no effect. */
  readonly fence: number
  /** True when an earlier attempt's end is unknown: the contact may get the message twice. */
  readonly uncertain: boolean
  /** Attempts that count, this one included: all but those that ended in a pause of the inbox. */
  readonly tries: number
}

/** How one attempt ended. */
export type DispatchResult =
  | { readonly status: 'sent'; readonly providerId?: string }
  | {
      readonly status: Exclude<DeliveryStatus, 'sent' | 'sending' | 'withdrawn'>
      readonly error: {
        readonly code: ChannelErrorCode
        readonly message: string
        readonly providerCode?: string
      }
      /** True when the provider may have taken the message all the same; a further attempt is marked as a repeat. */
      readonly uncertain?: boolean
      /** For `queued`: try again then. */
      readonly retryInMs?: number
      /** Messages of the same inbox wait as long, e.g. after a daily quota. Where this one waits, too, it was no try. */
      readonly pauseInboxMs?: number
      /** True when the provider refused before it counted the message. */
      readonly refundAllowance?: boolean
    }

/** How many messages a sender takes, and how many of them of one inbox. */
export interface DispatchRoom {
  readonly total: number
  /** Of an inbox that is not in `ofInbox`. */
  readonly ofEach: number
  readonly ofInbox: ReadonlyMap<string, number>
}

/** Messages on their way out, in conversation order, every attempt recorded before it is made. */
export interface OutboxStore {
  /**
   * Leases messages that are due: per conversation only the first unsent one, within window and allowance. A number is
   * room for as many, whatever their inboxes.
   */
  claim(
    owner: string,
    room: number | DispatchRoom,
    leaseMs: number,
    now: Date,
  ): Promise<readonly DispatchClaim[]>
  /**
   * Gives back claims that nobody made an attempt of: they wait again in their place, untried and unmarked. What they paid stays
   * paid. A claim whose lease another has taken over is left alone.
   */
  giveBack(claims: readonly DispatchClaim[]): Promise<void>
  /**
   * Takes the answers that may ride on the given stored inbound messages; at most one each. An answer that already
   * rode on a message is given again, for the provider's retry.
   */
  claimPassive(
    owner: string,
    messageIds: readonly string[],
    leaseMs: number,
    now: Date,
  ): Promise<ReadonlyMap<string, DispatchClaim>>
  /**
   * Whether an answer is meant for the request of this stored inbound message and waits behind what was said before, which may
   * go before that request's time is over: false while its inbox pauses, or while that is put off, for longer.
   */
  waitsToRide(messageId: string): Promise<boolean>
  /** Records how attempts ended. Recording an end again has no effect. */
  settle(
    results: readonly { readonly claim: DispatchClaim; readonly result: DispatchResult }[],
    now: Date,
  ): Promise<void>
  /**
   * Gives up messages from before `before` that wait for the contact, for their paused inbox or for a node that can send from
   * one of the inboxes of `elsewhere`; how many.
   */
  expire(before: Date, now: Date, elsewhere: readonly string[]): Promise<number>
}

/** An agent's "try again" for a failed or waiting message. Throws `conflict` when nothing of it failed. */
export type RetryDelivery = (messageId: string) => Promise<void>

/** A message that waits for its contact although the contact allowed another address. */
export interface StrandedMessage {
  readonly messageId: string
  readonly parts: readonly Part[]
  readonly author: OutboundDraft['author']
  readonly agentId?: string
  /** Where it can be said instead. */
  readonly conversationId: string
  readonly inboxId: string
}

/** Messages that no longer fit their window, and the other ways to their contacts. */
export interface StrandedMessages {
  list(limit: number, now: Date): Promise<readonly StrandedMessage[]>
  /** Calls off the waiting and says it there, in one transaction; false when it no longer waits. */
  move(message: StrandedMessage, draft: OutboundDraft, now: Date): Promise<boolean>
}

/** A form that nobody has gone on with until its time. */
export interface SilentForm {
  readonly conversationId: string
  readonly inboxId: string
  readonly threadKey: string
  readonly contactKey: string
  readonly accountKey?: string
  readonly until: string
}

/** Lists up to `limit` of them, the oldest first. */
export type ListSilentForms = (now: Date, limit: number) => Promise<readonly SilentForm[]>
