import type { Agent, Role } from './agent.ts'
import type { ProviderAccount } from './provider-sign-in.ts'

/** A person who may sign in, as administrators see them. */
export interface StaffMember extends Agent {
  readonly teamIds: readonly string[]
  readonly hasPassword: boolean
  /** A code of an app is asked for when they sign in. */
  readonly hasSecondStep: boolean
  /** Identity providers whose account they have signed in with, by issuer. */
  readonly issuers: readonly string[]
  /** The last sign of life of a session that is still there. */
  readonly lastSeenAt?: Date
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Signs in no more, and is given nothing. */
  readonly deactivatedAt?: Date
  /** Grows with every change; a change that names an older one is refused with `conflict`. */
  readonly version: number
}

/** What is changed of a person; what is undefined stays. */
export interface StaffChange {
  readonly name?: string
  /** All sessions of theirs end. */
  readonly role?: Role
  /** The teams they are in from now on. */
  readonly teamIds?: readonly string[]
  readonly expectedVersion?: number
}

/**
 * The people who may sign in. What names one throws `not_found`; what is stale `conflict`; and `conflict`, too, what
 * would leave nobody to administrate.
 */
export interface StaffStore {
  /** By name. */
  list(which: { readonly deactivated: boolean }): Promise<readonly StaffMember[]>
  get(agentId: string): Promise<StaffMember>
  change(agentId: string, change: StaffChange, now: Date): Promise<StaffMember>
  /**
   * Ends all that is signed in, and gives what they had back to the queue: the ids of those tickets. Once more changes
   * nothing.
   */
  deactivate(
    agentId: string,
    now: Date,
    expectedVersion?: number,
  ): Promise<{ readonly member: StaffMember; readonly ticketIds: readonly string[] }>
  reactivate(agentId: string, now: Date, expectedVersion?: number): Promise<StaffMember>
}

/** A colleague to be. */
export interface Invitation {
  readonly id: string
  readonly email: string
  /** Undefined: they say it themselves. */
  readonly name?: string
  readonly role: Role
  readonly teamIds: readonly string[]
  /** An agent's id, a key's id, or `command-line`. */
  readonly invitedBy: string
  readonly createdAt: Date
  /** The link of the newest mail ends then. */
  readonly expiresAt: Date
  readonly acceptedAt?: Date
  /** Who they became. */
  readonly agentId?: string
  readonly withdrawnAt?: Date
  readonly version: number
}

/** An invitation as it is written. */
export interface NewInvitation {
  readonly email: string
  readonly name?: string
  readonly role: Role
  readonly teamIds: readonly string[]
  readonly invitedBy: string
  readonly tokenHash: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** The same key gives the same invitation, with this newer link. */
  readonly idempotencyKey?: string
}

/** How somebody comes in by an invitation. */
export interface Acceptance {
  readonly name: string
  /** Undefined: by an account at a provider. */
  readonly passwordHash?: string
  readonly account?: ProviderAccount
}

/** Invitations. What names one throws `not_found`; what is stale or settled throws `conflict`. */
export interface InvitationStore {
  /** The newest first, those before the id `before`. `settled`: also those accepted, withdrawn and run out. */
  list(page: {
    readonly settled: boolean
    readonly now: Date
    readonly before?: string
    readonly limit: number
  }): Promise<readonly Invitation[]>
  get(id: string): Promise<Invitation>
  /** Throws `conflict` when the address is somebody's or is invited; `not_found` for a team that is not there. */
  create(invitation: NewInvitation): Promise<Invitation>
  /** A new link takes the place of the one before. */
  renew(
    id: string,
    link: { readonly tokenHash: string; readonly expiresAt: Date },
    expectedVersion?: number,
  ): Promise<Invitation>
  withdraw(id: string, now: Date, expectedVersion?: number): Promise<Invitation>
  /** The one behind a link that can be used now. */
  find(tokenHash: string, now: Date): Promise<Invitation | undefined>
  /** Makes the agent, in the teams that are still there; undefined: the link cannot be used any more. */
  accept(tokenHash: string, acceptance: Acceptance, now: Date): Promise<Agent | undefined>
}
