import type { Quota } from './conversation.ts'
import type { ChannelName } from './message.ts'

/** One address of a contact on one inbox, with the conversation held there. */
export interface ContactIdentity {
  readonly inboxId: string
  readonly channel: ChannelName
  readonly contactKey: string
  /** How the provider calls the person there. */
  readonly displayName?: string
  /** The picture that the provider shows of the person, in the media store. */
  readonly avatarMediaId?: string
  /** Whether the contact agreed to get answers here that cannot reach them where they asked. */
  readonly fallback: boolean
  readonly createdAt: Date
  readonly conversationId?: string
  readonly lastInboundAt?: Date
  /** Open allowances as stored; undefined: the channel has none. */
  readonly quota?: Quota
}

/** Pictures of one inbox's contacts, as the provider shows them. */
export interface Avatars {
  /** Takes the turn to look a contact up; false: that was done within `everyMs`, or nobody is stored under the key. */
  takeTurn(contactKey: string, everyMs: number): Promise<boolean>
  /** Makes the turn that was taken count as one of `agoMs` ago, so that the next comes sooner. */
  countAsOld(contactKey: string, agoMs: number): Promise<void>
  /** Makes a stored picture the contact's; the one before is deleted. */
  keep(contactKey: string, mediaId: string): Promise<void>
  /** Deletes a file that was stored for a picture and is none. */
  refuse(mediaId: string): Promise<void>
}

/** Two contacts that turned out to be one person. Can be undone. */
export interface ContactMerge {
  readonly id: string
  /** Whose addresses moved. */
  readonly fromContactId: string
  readonly fromName: string
  readonly at: Date
  /** `union`: the provider, or a proven mail address, says it is one person; `agent`: an agent does. */
  readonly reason: 'union' | 'agent'
  readonly agentId?: string
  readonly undoneAt?: Date
}

/** A person as agents see one. */
export interface Contact {
  readonly id: string
  readonly displayName: string
  /** How the brand ranks the person, e.g. `vip`; absent: not at all. */
  readonly tier?: string
  readonly createdAt: Date
  readonly identities: readonly ContactIdentity[]
  /** Latest first. */
  readonly merges: readonly ContactMerge[]
  readonly tickets: readonly { readonly id: string; readonly number: number; readonly state: string }[]
}

/** The people who write, and what is known of their being one and the same. */
export interface ContactStore {
  /** Throws `not_found`. A merged contact's id leads to the one it went into. */
  get(contactId: string): Promise<Contact>
  /** Contacts whose name or address begins with `text`, at most `limit`. */
  search(
    text: string,
    limit: number,
  ): Promise<
    readonly { readonly id: string; readonly displayName: string; readonly inboxes: readonly string[] }[]
  >
  /**
   * Moves every address, conversation and ticket of `from` to `into`; gives the merge's id. Throws `not_found`, and
   * `bad_input` for a contact with itself.
   */
  merge(request: {
    readonly from: string
    readonly into: string
    readonly reason: ContactMerge['reason']
    readonly agentId?: string
    readonly now: Date
  }): Promise<string>
  /** Gives back what that merge moved and nobody moved since. Throws `not_found`, `conflict` when it was undone. */
  undo(mergeId: string, now: Date): Promise<void>
  /** Ranks the contact; null: not any more. What is owed to the contact is owed by the terms of the tier from now on. Throws `not_found`. */
  setTier(contactId: string, tier: string | null): Promise<void>
  /** Says whether answers may go to this address instead. Throws `not_found`. */
  setFallback(address: {
    readonly inboxId: string
    readonly contactKey: string
    readonly fallback: boolean
  }): Promise<void>
}
