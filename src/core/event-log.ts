/** What happened, as a word that programs outside branch on. Never changes its meaning; new ones may come. */
export const eventTypes = [
  'ticket.opened',
  'ticket.changed',
  'message.received',
  'message.sent',
  'message.noted',
  'feedback.collected',
  'feedback.theme-changed',
  'feedback.told',
  'complaint.opened',
  'complaint.changed',
  'complaint.action',
  'complaint.risk',
  'survey.asked',
  'survey.answered',
  'incident.proposed',
  'incident.declared',
  'incident.updated',
  'incident.closed',
  'quality.review-completed',
  'quality.disputed',
  'quality.dispute-decided',
  'quality.bot-answer-wrong',
  'quality.coaching-due',
  'knowledge.answer-judged',
  'knowledge.draft-changed',
  'knowledge.published',
  'contact.erased',
  'proposal.created',
  'proposal.changed',
] as const
export type EventType = (typeof eventTypes)[number]

/** One thing that happened: ids and a few facts; whoever needs more asks for it. */
export interface LoggedEvent {
  /** Its place in the log: later events have later places. */
  readonly id: EventPlace
  readonly type: EventType
  readonly at: Date
  readonly ticketId?: string
  readonly conversationId?: string
  readonly contactId?: string
  readonly data: Readonly<Record<string, unknown>>
}

/** `<transaction>-<number>`, as `0-0` for the beginning. */
export type EventPlace = string

export interface EventQuery {
  /** Events after this place; undefined: from the oldest kept. */
  readonly after?: EventPlace
  /** Empty: all. */
  readonly types: readonly EventType[]
  readonly limit: number
}

/** Reads what happened, each event once and none left out, whatever order transactions end in. */
export interface EventLog {
  read(query: EventQuery): Promise<readonly LoggedEvent[]>
  /** The place of the newest event that can be read. */
  newest(): Promise<EventPlace>
  /** Forgets what happened before `before`. */
  retire(before: Date): Promise<void>
}
