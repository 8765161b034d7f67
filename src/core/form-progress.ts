import type { PartKind } from './message.ts'

/** Words in both languages the bot speaks. */
export interface BothWords {
  readonly zh: string
  readonly en: string
}

/** A file the contact sent for a form. `mediaId` is absent while it is being fetched: the message has it later. */
export interface FormFile {
  readonly kind: PartKind
  readonly messageId: string
  readonly mediaId?: string
  readonly name?: string
}

/** What the contact gave for one question: a value, files, or neither and why. */
export interface FormAnswer {
  /** Words, a checked value, or the id of an option. */
  readonly value?: string
  readonly files?: readonly FormFile[]
  /** Why there is none; empty when the question could be skipped. */
  readonly skipped?: string
}

/** A form under way, as the conversation keeps it between turns: a few kilobytes at most. */
export interface FormProgress {
  readonly form: string
  readonly language: 'zh' | 'en'
  /** The open question; empty: the summary waits to be confirmed. */
  readonly slot: string
  readonly answers: Readonly<Record<string, FormAnswer>>
  /** Names of the questions asked so far, in order. */
  readonly asked: readonly string[]
  /** Answers in a row that did not fit. */
  readonly misses: number
  /** A required question is being skipped: the reason comes next. */
  readonly wantsReason: boolean
  /** The ticket is open already: every answer goes to it at once. */
  readonly handedOver?: true
  /** Other matters that were raised meanwhile and that a person handles, as questions. */
  readonly also?: readonly string[]
  /** When the form is handed over as it is, or dropped when nothing was given; ISO. */
  readonly until: string
}

/** One answer as agents read it. */
export interface TicketField {
  readonly name: string
  readonly label: BothWords
  readonly value: BothWords
  readonly files?: readonly FormFile[]
}

/** What a form gathered, as the ticket keeps it. */
export interface TicketForm {
  readonly id: string
  readonly title: BothWords
  /** The answer that tells one case from another, for the ticket's title. */
  readonly subject?: string
  /** False: the contact left before the end. */
  readonly complete: boolean
  readonly fields: readonly TicketField[]
}
