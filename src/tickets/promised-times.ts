import type { TicketPriority } from '../core/ticket.ts'
import type { TicketsConfig } from './config.ts'

/** By when a person replies first, and by when the matter is settled. */
export interface PromisedTimes {
  readonly firstReplyDueAt: Date
  readonly resolutionDueAt: Date
}

const hourMs = 3_600_000

/** The times promised for a ticket opened now, in hours around the clock. */
export const promisedTimes = (priority: TicketPriority, now: Date, policy: TicketsConfig): PromisedTimes => {
  const firstReply: Readonly<Record<TicketPriority, number>> = {
    normal: policy.firstReplyHours,
    high: policy.highFirstReplyHours,
    urgent: policy.urgentFirstReplyHours,
  }
  const resolution = priority === 'urgent' ? policy.urgentResolutionHours : policy.resolutionHours
  return {
    firstReplyDueAt: new Date(now.getTime() + firstReply[priority] * hourMs),
    resolutionDueAt: new Date(now.getTime() + resolution * hourMs),
  }
}
