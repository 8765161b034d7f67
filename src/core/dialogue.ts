import type { Claim, Decision, Escalation } from './conversation.ts'
import type { Part } from './message.ts'
import type { Understand } from './understanding.ts'

/** What a decision is made from. */
export interface DecideInput {
  readonly claim: Claim
  readonly understand: Understand
  readonly now: Date
}

/** What the contact is told about the person who will take over. */
export interface Announcement {
  readonly escalation: Escalation
  readonly ticketNumber: number
  readonly firstReplyDueAt: Date
  readonly now: Date
  /** True when the ticket existed before: the contact asked again. */
  readonly again: boolean
  readonly language: 'zh' | 'en'
}

/** Deterministic and explainable: same input, same decision. */
export interface Dialogue {
  decide(input: DecideInput): Decision
  /** What happens next: number, expected reply time, hours, hotline. One message. */
  announce(announcement: Announcement): readonly Part[]
}
