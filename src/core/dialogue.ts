import type { Claim, Decision, Escalation } from './conversation.ts'
import type { FormAnswer } from './form-progress.ts'
import type { IncidentAtHand } from './incident-turn.ts'
import type { Part } from './message.ts'
import type { HelpSoFar } from './model-help.ts'
import type { QueuePlace } from './queue.ts'
import type { TicketStanding } from './ticket.ts'
import type { Classification, Spoken, UnderstandingContext } from './understanding.ts'

/** Words to be understood, and what was said before them. */
export interface Heard {
  readonly text: string
  readonly context: UnderstandingContext
}

/** What a decision is made from. */
export interface DecideInput {
  readonly claim: Claim
  /** What was understood of what `hear` gave; absent when it gave nothing. */
  readonly understood?: Classification | undefined
  /** Open incidents of the conversation's channel; absent: none. */
  readonly incidents?: readonly IncidentAtHand[]
  /** A language model is at hand: doubts are told, and what it answered is used. Absent: there is none. */
  readonly help?: HelpSoFar
  readonly now: Date
}

/** When people can be reached. */
export interface ServiceHours {
  /** The hotline's hours as contacts read them: `每天 10:00–18:00`. */
  readonly hotline: (language: Spoken) => string
  /** When people are back; undefined: they are there now. */
  readonly peopleBackAt: (now: Date) => Date | undefined
}

/** What the contact is told about the person who will take over. */
export interface Announcement {
  readonly escalation: Escalation
  readonly ticketNumber: number
  readonly firstReplyDueAt: Date
  readonly now: Date
  /** True when the ticket existed before: the contact asked again. */
  readonly again: boolean
  /** True when it was solved and is taken up again. */
  readonly reopened?: boolean
  /** Where it stands in its team's queue; absent: in none. */
  readonly queue?: QueuePlace
  readonly language: Spoken
}

/** What a contact is told about tickets of theirs. */
export interface TicketNews {
  /** Undefined: the ticket that was asked for is none of theirs. */
  readonly tickets:
    readonly (TicketStanding & { readonly url: string; readonly queue?: QueuePlace })[] | undefined
  /** The number that was asked for. */
  readonly number?: number
  readonly now: Date
  readonly language: Spoken
}

/** Deterministic and explainable: same input, same decision. */
export interface Dialogue {
  /** The words a decision would go by; undefined when it needs none: nothing was said, or a person leads. */
  hear(claim: Claim): Heard | undefined
  decide(input: DecideInput): Decision
  /**
   * The decision with a tool's form begun: its first question stands below what is said. Undefined: there is no such form, or
   * nothing is left to ask.
   */
  askForTool(
    input: DecideInput,
    decision: Decision,
    asked: { readonly tool: string; readonly answers: Readonly<Record<string, FormAnswer>> },
  ): Decision | undefined
  /** What happens next: number, expected reply time, hours, hotline. One message. */
  announce(announcement: Announcement): readonly Part[]
  /** How tickets stand. Parts of one message. */
  tellTickets(news: TicketNews): readonly Part[]
}
