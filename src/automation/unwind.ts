import { z } from 'zod'
import type { Ticket, TicketChangeName, TimelineEntry } from '../core/ticket.ts'

const Detail = z.object({
  facts: z.record(z.string(), z.object({ from: z.unknown() })).optional(),
  before: z.object({ state: z.string() }).optional(),
})

/** A ticket as it was right after something happened to it. */
export interface Moment {
  readonly at: Date
  readonly change: TicketChangeName
  readonly ticket: Ticket
}

/** Facts that the history keeps as they were; any other is as it is now. */
const kept = [
  ...['kind', 'topic', 'priority', 'subject', 'tags', 'fields', 'assigneeId', 'teamId', 'holdReason'],
] as readonly string[]

/** The ticket before an entry of its history. */
const before = (ticket: Ticket, { detail }: TimelineEntry): Ticket => {
  const { facts = {}, before: state } = Detail.catch({}).parse(detail)
  const was = Object.entries(facts)
    .filter(([name]) => kept.includes(name))
    .map(([name, { from }]) => [name, from ?? undefined] as const)
  // What was absent is absent again.
  const whole: Readonly<Record<string, unknown>> = { ...ticket, ...Object.fromEntries(was), ...state }
  return Object.fromEntries(
    Object.entries(whole).filter(([, value]) => value !== undefined),
  ) as unknown as Ticket
}

/** What happened to a ticket, each with the ticket as it was then; the latest first. Pure. */
export const unwind = (ticket: Ticket, history: readonly TimelineEntry[]): readonly Moment[] => {
  const moments: Moment[] = []
  let as = ticket
  for (const entry of history.toReversed()) {
    moments.push({ at: entry.at, change: entry.change, ticket: as })
    as = before(as, entry)
  }
  return moments
}
