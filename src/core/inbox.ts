import type { ChannelName, Part } from './message.ts'
import type { RunningNode } from './node-role.ts'

/** How a configured account fares. `failing` goes on by itself once what is wrong has been put right. */
export type InboxState = 'starting' | 'running' | 'failing' | 'stopped'

/** A configured account as operators see it. */
export interface InboxStatus {
  readonly inboxId: string
  readonly channel: ChannelName
  readonly state: InboxState
  /** When it came into this state. */
  readonly since: Date
  /** What went wrong last, with what to do; never a secret. Kept after it recovered. */
  readonly lastError?: { readonly at: Date; readonly message: string }
  /** While it is failing: when it is tried again. */
  readonly nextTryAt?: Date
  /** Nothing is sent until then, by the provider's word or because an operator must look. */
  readonly pause?: InboxPause
}

/** A halt of everything an inbox sends. */
export interface InboxPause {
  readonly until: Date
  /** The refusal's code, e.g. `daily_quota`. */
  readonly reason: string
}

/** Halts, as the outbox made them. */
export interface InboxPauses {
  /** Those in force at `now`, by inbox. */
  list(now: Date): Promise<ReadonlyMap<string, InboxPause>>
  /** Ends one; true when there was one. */
  end(inboxId: string): Promise<boolean>
}

/** An account as one running node has it. */
export interface NodeInbox extends Omit<InboxStatus, 'pause'> {
  /** Host and process, for people. */
  readonly node: string
}

/** How the accounts fare on every node that shares a database. */
export interface NodeBoard {
  /** Tells how a node's accounts fare now. */
  tell(node: RunningNode & { readonly id: string }, statuses: readonly InboxStatus[]): Promise<void>
  /** What nodes told within the last `withinMs` by the database's clock, by account and node. */
  list(withinMs: number): Promise<readonly NodeInbox[]>
  /** The nodes that told anything within the last `withinMs`; one without accounts is not among them. */
  nodes(withinMs: number): Promise<readonly RunningNode[]>
  /** Takes a node that stops off the board. */
  leave(nodeId: string): Promise<void>
}

/** The accounts as an operator looks after them. */
export interface InboxCare {
  list(): Promise<readonly InboxStatus[]>
  /** Ends an inbox's halt, once what caused it was put right. Throws `not_found`, `conflict` when it has none. */
  resume(inboxId: string): Promise<void>
}

/** What has come and gone through an inbox; undefined: nothing yet. */
export interface InboxTraffic {
  readonly firstMessageAt?: Date
  readonly firstReplyAt?: Date
}

/** A message with content that wanted no answer and belongs to no ticket: what machines write, mostly. */
export interface QuietMessage {
  readonly id: string
  readonly conversationId: string
  readonly contactKey: string
  readonly at: Date
  readonly parts: readonly Part[]
}

/** The newest of them since a moment, newest first. */
export type ListQuiet = (query: {
  readonly inboxId: string
  readonly since: Date
  readonly limit: number
}) => Promise<readonly QuietMessage[]>
