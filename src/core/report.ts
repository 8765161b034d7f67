import type { ChannelName } from './message.ts'

/** The reports there are. */
export const reportNames = ['overview', 'intents', 'channels', 'agents', 'complaints', 'suggestions'] as const
export type ReportName = (typeof reportNames)[number]

/** A time from `from` until before `to`. */
export interface TimeSpan {
  readonly from: Date
  readonly to: Date
}

/** The ticket that a fact belongs to. */
export interface FactTicket {
  readonly id: string
  readonly number: number
}

/** What a contact said in one thread without a pause of a day. */
export interface SessionFact {
  /** Its first message. */
  readonly id: string
  readonly conversationId: string
  readonly contactId: string
  readonly inboxId: string
  readonly channel: ChannelName
  /** The contact's first and last message. */
  readonly startedAt: Date
  readonly endedAt: Date
  /** Of the first question that was understood. */
  readonly topic?: string
  /** Something was asked or wanted, not only greeted. */
  readonly asked: boolean
  readonly answered: boolean
  /** The contact said that the answer did not help. */
  readonly unhelpful: boolean
  /** A person was asked for or led, or a ticket was opened. */
  readonly handedOff: boolean
  /** The newest one of the thread. */
  readonly ticket?: FactTicket
}

/** A ticket that was opened or solved in a span; none that was merged into another. */
export interface TicketFact extends FactTicket {
  readonly conversationId: string
  readonly channel: ChannelName
  readonly topic: string
  readonly agentId?: string
  readonly createdAt: Date
  readonly firstRepliedAt?: Date
  readonly solvedAt?: Date
}

/** A contact who was asked about a ticket. */
export interface SurveyFact {
  readonly id: string
  readonly conversationId: string
  readonly channel: ChannelName
  readonly agentId?: string
  readonly ticket: FactTicket
  readonly askedAt: Date
  /** 1 to 5; absent: not answered. */
  readonly score?: number
}

/** An agent's first reply of a span in one ticket. */
export interface ReplyFact {
  readonly agentId: string
  readonly conversationId: string
  readonly channel: ChannelName
  readonly ticket: FactTicket
  readonly at: Date
}

/** A message of ours that did not go out, or not yet. */
export interface FailureFact {
  /** The outbox row. */
  readonly id: string
  readonly conversationId: string
  readonly inboxId: string
  readonly channel: ChannelName
  readonly at: Date
  /** `waiting`: it goes out when the contact writes again. */
  readonly status: 'failed' | 'expired' | 'waiting'
  /** A word of `ChannelErrorCode`. */
  readonly code: string
  readonly ticket?: FactTicket
}

/** A complaint that was handed in. */
export interface CaseFact {
  readonly id: string
  readonly ticket: FactTicket
  readonly conversationId: string
  readonly channel: ChannelName
  readonly kind: string
  readonly state: string
  readonly appealed: boolean
  readonly createdAt: Date
  /** Of its round. */
  readonly dueAt: Date
  /** When the newest decision of its round took effect, and what it says. */
  readonly decidedAt?: Date
  readonly verdict?: string
}

/** A suggestion that was made and not discarded. */
export interface SuggestionFact {
  readonly id: string
  readonly saidAt: Date
  readonly channel?: ChannelName
  readonly conversationId?: string
  readonly themeId?: string
  /** What people call the theme. */
  readonly theme?: string
  readonly ticket?: FactTicket
}

/** How things stand at a moment. */
export interface WallFacts {
  /** Tickets that nobody has, and since when the oldest waits. */
  readonly waiting: number
  readonly oldestAt?: Date
  /** Tickets that are owed something, and those of them that are overdue. */
  readonly open: number
  readonly overdue: number
  readonly online: number
  readonly busy: number
  readonly away: number
}

/** Reads what reports are made of. Of sessions and tickets at most `mostFacts + 1` come. */
export interface ReportFacts {
  /** Those that began in the span, oldest first. Messages up to `heardUntil` may belong to them. */
  sessions(span: TimeSpan, heardUntil: Date): Promise<readonly SessionFact[]>
  tickets(span: TimeSpan): Promise<readonly TicketFact[]>
  surveys(span: TimeSpan): Promise<readonly SurveyFact[]>
  replies(span: TimeSpan): Promise<readonly ReplyFact[]>
  failures(span: TimeSpan): Promise<readonly FailureFact[]>
  cases(span: TimeSpan): Promise<readonly CaseFact[]>
  suggestions(span: TimeSpan): Promise<readonly SuggestionFact[]>
  /** Names of agents by id, those who left too. */
  agents(): Promise<ReadonlyMap<string, string>>
  wall(now: Date): Promise<WallFacts>
}

/** More sessions or tickets than these are not reckoned at once. */
export const mostFacts = 300_000

/** How a number is read. */
export type ReportUnit = 'count' | 'share' | 'seconds'

/** A number of a report with its definition. */
export interface ReportNumber {
  readonly metric: string
  readonly name: string
  /** What exactly is counted. */
  readonly means: string
  readonly unit: ReportUnit
  /** Absent: there is nothing to reckon it from. */
  readonly value?: number
  /** What it is reckoned from. */
  readonly n: number
  /** The same of the span before. */
  readonly before?: number
  /** Too little to rely on. */
  readonly few: boolean
}

/** A cell of a table: the number of the column's metric for the row. */
export type ReportCell = Pick<ReportNumber, 'value' | 'n' | 'before' | 'few'>

/** One row: what is counted for one key. */
export interface ReportRow {
  readonly key: string
  readonly name: string
  /** Of a row that is a number of its own: what exactly is counted. */
  readonly means?: string
  /** Clearly more than in the span before. */
  readonly surge: boolean
  readonly cells: readonly ReportCell[]
}

/** A table, and how it may be drawn. */
export interface ReportSection {
  readonly id: string
  readonly name: string
  readonly chart: 'heat' | 'funnel' | 'bars' | 'none'
  readonly columns: readonly Pick<ReportNumber, 'metric' | 'name' | 'means' | 'unit'>[]
  readonly rows: readonly ReportRow[]
}

/** How time is counted: on the wall, or while the hotline is open. */
export type ReportTime = 'calendar' | 'business'

/** Which days are reported, both included, as dates of `zone`. */
export interface ReportSpan {
  readonly from: string
  readonly to: string
  readonly zone: string
  readonly time: ReportTime
}

/** A whole report. */
export interface Report extends ReportSpan {
  readonly report: ReportName
  readonly name: string
  /** The days before that numbers are compared with. */
  readonly before: { readonly from: string; readonly to: string }
  readonly cards: readonly ReportNumber[]
  readonly sections: readonly ReportSection[]
}

/** One thing that a number counts. */
export interface ReportEntry {
  readonly id: string
  readonly at: Date
  readonly channel?: ChannelName
  readonly conversationId?: string
  readonly ticket?: FactTicket
  /** What it is of, e.g. its topic or why it failed. */
  readonly name?: string
  /** How long it took. */
  readonly seconds?: number
}

/** How things stand now, and today so far. */
export interface Wall {
  readonly at: Date
  readonly zone: string
  readonly numbers: readonly ReportNumber[]
  /** Sessions of today by the hour in which they began: 24 numbers. */
  readonly hours: readonly number[]
}
