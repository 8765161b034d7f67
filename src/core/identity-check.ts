/**
 * How a reporter stands who has to show who they are. `wanted`: an address is known, no code was sent yet; `asked`: a
 * code was sent; `failed` and `expired`: it came to nothing; `waived`: a person says that it is known otherwise.
 */
export const identityStates = ['wanted', 'asked', 'verified', 'failed', 'expired', 'waived'] as const
export type IdentityState = (typeof identityStates)[number]

/** Whether the reporter showed to be whoever reads an address. */
export interface CaseIdentity {
  readonly state: IdentityState
  /** The mail address, in lower case. */
  readonly address?: string
  readonly at: Date
}

/** A one-time code on its way, or waiting for its answer. The code itself is reckoned, never kept. */
export interface IdentityCheck {
  readonly id: string
  /** `replaced`: a later one took its place. */
  readonly state: 'open' | 'verified' | 'failed' | 'expired' | 'replaced'
  readonly caseId: string
  readonly address: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Wrong codes so far. */
  readonly tries: number
  /** Absent: the mail has not left. */
  readonly sentAt?: Date
}

/** A check that begins; an earlier one of the case is over by it. */
export type IdentityCheckDraft = Pick<IdentityCheck, 'id' | 'address' | 'expiresAt'>

/** What becomes of a check; `wrong` counts a try and leaves it open. */
export interface IdentityCheckEnd {
  readonly checkId: string
  readonly outcome: 'wrong' | 'verified' | 'failed' | 'expired'
}

/** What a reporter wrote since a code was sent, as long as they have not shown who they are. */
export interface HeardWord {
  readonly check: IdentityCheck
  readonly messageId: string
  readonly seq: number
  readonly text: string
}

/** One-time codes of complaint cases. */
export interface IdentityChecks {
  get(checkId: string): Promise<IdentityCheck | undefined>
  /** The one that can be answered. */
  openOf(caseId: string): Promise<IdentityCheck | undefined>
  /** Checks begun since then: of the case, and of the address in any case. */
  countSince(
    about: { readonly caseId: string; readonly address: string },
    since: Date,
  ): Promise<{
    readonly ofCase: number
    readonly ofAddress: number
  }>
  /** Cases whose reporter named an address and was not asked yet, the oldest first. */
  wanted(limit: number): Promise<readonly string[]>
  /** Open ones whose mail nobody was told to send. */
  unqueued(limit: number): Promise<readonly IdentityCheck[]>
  markQueued(checkId: string, now: Date): Promise<void>
  markSent(checkId: string, now: Date): Promise<void>
  /** What was written since a case's newest code, begun after `since`, was looked at last; in order. */
  heard(since: Date, limit: number): Promise<readonly HeardWord[]>
  /** What was written up to there needs no second look. */
  passOver(checkId: string, seq: number): Promise<void>
  /** Open ones whose time was over before then. */
  lapsed(before: Date, limit: number): Promise<readonly IdentityCheck[]>
}
