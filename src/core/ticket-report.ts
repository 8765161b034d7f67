/** What became of a promise. */
export interface PromiseCount {
  readonly kept: number
  readonly broken: number
}

/** Tickets of one kind in a month. */
export interface TicketCount {
  readonly opened: number
  /** Solved in the month, whenever they were opened. */
  readonly solved: number
  /** Half of the first replies to what was opened came within so many seconds; absent: there was none. */
  readonly medianFirstReplySeconds?: number
  /** Of what was opened in the month: once it was replied to, or should have been. */
  readonly firstReply: PromiseCount
  readonly resolution: PromiseCount
}

/** The same by a word: a topic or a channel. */
export interface KeyedTicketCount extends TicketCount {
  readonly key: string
}

/** How the tickets of a month fared. */
export interface TicketReport {
  /** `2026-11`, in `timeZone`. */
  readonly month: string
  readonly timeZone: string
  readonly total: TicketCount
  /** Those with most tickets first. */
  readonly topics: readonly KeyedTicketCount[]
  readonly channels: readonly KeyedTicketCount[]
}

/** Counts tickets; `now` tells which promises are due. */
export type CountTickets = (span: {
  readonly from: Date
  readonly to: Date
  readonly now: Date
}) => Promise<Pick<TicketReport, 'total' | 'topics' | 'channels'>>
