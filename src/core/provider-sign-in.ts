import type { Agent, Role } from './agent.ts'

/** An account at an identity provider: the issuer and its own id of the person, which never changes. */
export interface ProviderAccount {
  readonly issuer: string
  readonly subject: string
}

/** Who a provider says somebody is. */
export interface ProviderIdentity extends ProviderAccount {
  /** The mail address, where the provider has made sure that it is theirs. */
  readonly email?: string
  /** There is an address, and the provider did not make sure of it. */
  readonly unverified: boolean
  readonly name?: string
  /** What the configured mapping makes of the claims; undefined: nothing is mapped, or nothing fits. */
  readonly role?: Role
  /** Teams by the mapping, out of all that it names; undefined: nothing is mapped. */
  readonly teams?: { readonly of: readonly string[]; readonly among: readonly string[] }
}

/** A sign-in that has left for its provider. */
export interface ProviderAttempt {
  readonly provider: string
  readonly nonce: string
  /** Of PKCE. Kept encrypted. */
  readonly verifier: string
  /** Hash of what the browser that left has in a cookie. */
  readonly browserHash: string
  /** Hash of the invitation that is to be accepted. */
  readonly invitationHash?: string
  /** Where the desk is to open. */
  readonly wanted?: string
}

/** Sign-ins under way at providers. `state` never reaches the store, only its hash. */
export interface ProviderAttempts {
  create(
    attempt: ProviderAttempt & {
      readonly stateHash: string
      readonly createdAt: Date
      readonly expiresAt: Date
    },
  ): Promise<void>
  /** Uses it up: given to the first caller before its end, undefined to all others. */
  take(stateHash: string, now: Date): Promise<ProviderAttempt | undefined>
}

/** Accounts at identity providers, and whose they are. */
export interface IdentityStore {
  /** Whose account it is, and whether they may sign in. Notes its use. */
  use(
    account: ProviderAccount,
    now: Date,
  ): Promise<{ readonly agentId: string; readonly deactivated: boolean } | undefined>
  /** Who has this mail address. */
  findByEmail(email: string): Promise<{ readonly agentId: string; readonly deactivated: boolean } | undefined>
  /** Links it. False: it is somebody's already, or the agent has another one there. */
  link(agentId: string, account: ProviderAccount, now: Date): Promise<boolean>
  /** Makes the agent together with the account. Throws `conflict` when the address or the account is taken. */
  create(
    agent: { readonly name: string; readonly email: string; readonly role: Role },
    account: ProviderAccount,
    now: Date,
  ): Promise<Agent>
}
