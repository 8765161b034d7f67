import type { StoredMedia } from './media.ts'
import type { ChannelName } from './message.ts'

/** What the text of a canned reply may name as `{{…}}`; filled in when an agent chooses it. */
export const cannedNames = [
  'contact.name',
  'contact.tier',
  'ticket.number',
  'ticket.title',
  'ticket.channel',
  'agent.name',
] as const
export type CannedName = (typeof cannedNames)[number]

/** A picture that goes along as an attachment. */
export interface CannedPicture {
  readonly mediaId: string
  readonly name: string
}

/** What one channel gets instead of the common text. */
export interface CannedVariant {
  readonly channel: ChannelName
  readonly text: string
}

/** What people write of a canned reply. */
export interface CannedFacts {
  readonly name: string
  /** `personal`: seen by its owner alone. */
  readonly scope: 'team' | 'personal'
  /** May be empty beside pictures. */
  readonly text: string
  readonly variants: readonly CannedVariant[]
  readonly pictures: readonly CannedPicture[]
}

/** A text that agents say often. */
export interface CannedReply extends CannedFacts {
  readonly id: string
  /** Of a personal one: the agent whose it is. */
  readonly ownerId?: string
  /** How its name sounds: first letters of the syllables, and whole syllables. */
  readonly sounds: readonly string[]
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

/** A canned reply as it is kept. */
export interface CannedEntry extends Omit<CannedFacts, 'scope'> {
  /** Undefined: the team's. */
  readonly ownerId: string | undefined
  readonly sounds: readonly string[]
}

/** Canned replies of one database. `viewerId` sees their own and the team's; undefined sees the team's alone. */
export interface CannedStore {
  /** By name. */
  list(viewerId: string | undefined): Promise<readonly CannedReply[]>
  /** Throws `not_found`, for those of others too. */
  get(viewerId: string | undefined, id: string): Promise<CannedReply>
  /** Creating with the same key again gives what is there. */
  create(entry: CannedEntry, now: Date, idempotencyKey: string | undefined): Promise<CannedReply>
  /** Throws `not_found`, and `conflict` when another version stands. */
  change(reply: CannedReply, entry: CannedEntry, expectedVersion: number, now: Date): Promise<CannedReply>
  /** Throws `not_found`. */
  remove(reply: CannedReply): Promise<void>
}

/**
 * Keeps an uploaded picture for good, whatever becomes of messages that carry it; gives it under its lasting id. Throws
 * `bad_input` for what is no picture, or was not uploaded for this.
 */
export type KeepCannedPicture = (mediaId: string) => Promise<StoredMedia>

/** Who asks for canned replies. */
export interface CannedCaller {
  /** Undefined: a program, which has none of its own. */
  readonly agentId: string | undefined
  /** Whether those of the team may be written. */
  readonly mayManage: boolean
}

/** What people do with canned replies. Throws `not_found`, `conflict`, `bad_input` and `forbidden`. */
export interface CannedService {
  list(caller: CannedCaller): Promise<readonly CannedReply[]>
  get(caller: CannedCaller, id: string): Promise<CannedReply>
  create(caller: CannedCaller, facts: CannedFacts, idempotencyKey?: string): Promise<CannedReply>
  /** What is left out stays. Without a version: on whatever stands. */
  change(
    caller: CannedCaller,
    id: string,
    changes: { readonly facts: Partial<CannedFacts>; readonly version: number | undefined },
  ): Promise<CannedReply>
  remove(caller: CannedCaller, id: string): Promise<void>
}
