import type { SignInMethod } from './sign-in-ways.ts'

/** What an agent's app and the product both know. */
export interface SecondFactor {
  /** Base32, as apps read it. */
  readonly secret: string
  /** Undefined: begun, and not yet proven by a code. */
  readonly confirmedAt?: Date
}

/** Secrets of apps that show codes, and the codes that stand in for them. Secrets are kept encrypted. */
export interface SecondFactorStore {
  find(agentId: string): Promise<SecondFactor | undefined>
  /** Begins anew. False, and nothing is changed, where one is confirmed already. */
  begin(agentId: string, secret: string, now: Date): Promise<boolean>
  /**
   * The agent has proven the secret with the code of `step`: it counts from now on, with these recovery codes, and all
   * sessions of the agent end. False when it was not begun with this secret, or is confirmed already.
   */
  confirm(agentId: string, proof: ConfirmedFactor, now: Date): Promise<boolean>
  /** Takes the code of a half minute: true for the first caller, and never again for it or an older one. */
  useStep(agentId: string, step: number): Promise<boolean>
  /** Takes a recovery code: true for the first caller. */
  useRecovery(agentId: string, codeHash: string, now: Date): Promise<boolean>
  /** How many recovery codes are left. */
  countRecovery(agentId: string): Promise<number>
  /** New recovery codes take the place of all others. */
  replaceRecovery(agentId: string, codeHashes: readonly string[], now: Date): Promise<void>
  /** Forgets secret and codes and ends all sessions of the agent; false: there were none. */
  remove(agentId: string, why: 'turned-off' | 'reset'): Promise<boolean>
}

/** What makes a second factor count. */
export interface ConfirmedFactor {
  readonly secret: string
  readonly step: number
  readonly codeHashes: readonly string[]
}

/** Somebody who has taken the first step and owes the second. */
export interface Challenge {
  readonly agentId: string
  readonly method: SignInMethod
  /** With `provider`: which. */
  readonly provider?: string
  /** Hash of what the browser calls itself. */
  readonly browser: string
}

/** First steps that wait for their second. Tokens never reach the store, only their hashes. */
export interface ChallengeStore {
  create(
    challenge: Challenge & { readonly tokenHash: string; readonly createdAt: Date; readonly expiresAt: Date },
  ): Promise<void>
  /** Counts a try and gives the challenge; undefined once it is too old, used up, or its agent may not sign in. */
  enter(tokenHash: string, maxTries: number, now: Date): Promise<Challenge | undefined>
  /** Uses it up: true for the first caller. */
  finish(tokenHash: string): Promise<boolean>
}
