import type { ConditionFact, TicketCondition } from '../core/automation.ts'
import type { Ticket } from '../core/ticket.ts'

type Read = (ticket: Ticket, name: string) => readonly string[]

const present = (value: string | number | boolean | undefined): readonly string[] =>
  value === undefined ? [] : [String(value)]

/** What a ticket says of a fact; a tag is one of several. */
const readers: Readonly<Record<ConditionFact, Read>> = {
  kind: ({ kind }) => [kind],
  topic: ({ topic }) => [topic],
  priority: ({ priority }) => [priority],
  state: ({ state }) => [state],
  channel: ({ channel }) => [channel],
  inbox: ({ inboxId }) => [inboxId],
  tier: ({ contactTier }) => present(contactTier),
  tag: ({ tags }) => tags,
  team: ({ teamId }) => present(teamId),
  assigned: ({ assigneeId }) => [assigneeId === undefined ? 'no' : 'yes'],
  title: ({ title, subject }) => [subject ?? title],
  field: ({ fields }, name) => present(fields[name]),
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Whether something is so of a ticket. Upper and lower case are the same to `contains`. */
const holds = (ticket: Ticket, { fact, name = '', op, values }: TicketCondition): boolean => {
  const has = readers[fact](ticket, name)
  switch (op) {
    case 'is':
      return has.some((value) => values.includes(value))
    case 'is-not':
      return !has.some((value) => values.includes(value))
    case 'contains':
      return has.some((value) => values.some((wanted) => fold(value).includes(fold(wanted))))
    default:
      return op satisfies never
  }
}

/** Whether all of it is so; of no condition it always is. */
export const allHold = (ticket: Ticket, conditions: readonly TicketCondition[]): boolean =>
  conditions.every((condition) => holds(ticket, condition))
