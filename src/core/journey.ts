import type { DecisionKind, DeliveryStatus } from './conversation.ts'
import type { AcceptOutcome } from './channel.ts'
import type { ChannelErrorCode } from './errors.ts'

/** A moment in milliseconds since 1970, with fractions. */
export type Moment = number

/** Now, to a fraction of a millisecond. */
export const momentNow = (): Moment => performance.timeOrigin + performance.now()

/** A message was stored, or known already. */
export interface AcceptedStep {
  readonly step: 'accepted'
  readonly inboxId: string
  readonly messageId: string
  readonly outcome: AcceptOutcome
  /** In the hands of its adapter. */
  readonly receivedAt: Moment
  /** When those of the same moment began to be stored together. */
  readonly storingAt: Moment
  readonly storedAt: Moment
}

/** A worker has thought about a conversation. */
export interface TurnStep {
  readonly step: 'turn'
  readonly inboxId: string
  /** Understood together, oldest first; the decision stands at the last. */
  readonly messageIds: readonly string[]
  readonly decision: DecisionKind
  /** False: another worker had taken over, and nothing took effect. */
  readonly committed: boolean
  /** When it could have been claimed; absent: not known. */
  readonly readyAt?: Moment
  readonly claimedAt: Moment
  /** Absent: nothing was thought, it was given up. */
  readonly understoodAt?: Moment
  readonly decidedAt: Moment
  readonly committedAt: Moment
}

/** An attempt to hand a message to its provider is over. */
export interface SendStep {
  readonly step: 'send'
  readonly inboxId: string
  readonly outboxId: string
  /** 1 for the first. */
  readonly attempt: number
  /** `passive`: it rode on the provider's own request. */
  readonly via: 'api' | 'passive'
  readonly status: DeliveryStatus
  /** Why it did not go. */
  readonly code?: ChannelErrorCode
  readonly startedAt: Moment
  readonly endedAt: Moment
}

/** A step on a message's way that is over. Ids, codes and moments alone: never what anybody said, nor who. */
export type JourneyStep = AcceptedStep | TurnStep | SendStep

/** Hears of every step; must neither throw nor take long. */
export type HearStep = (step: JourneyStep) => void
