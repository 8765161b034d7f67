import type { TicketState } from './ticket.ts'

/**
 * Which state may follow which. `new` is what nobody has looked at; `pending` waits for the contact, `on_hold` for
 * somebody else; `solved` is the agent's claim and can be taken back, `closed` is final: what comes after it is a
 * ticket of its own.
 */
const followers: Readonly<Record<TicketState, readonly TicketState[]>> = {
  new: ['open', 'pending', 'on_hold', 'solved', 'closed'],
  open: ['new', 'pending', 'on_hold', 'solved', 'closed'],
  pending: ['new', 'open', 'on_hold', 'solved', 'closed'],
  on_hold: ['new', 'open', 'pending', 'solved', 'closed'],
  solved: ['new', 'open', 'pending', 'closed'],
  closed: [],
}

/** Whether a ticket in state `from` may turn to `to`; to stay what it is, it always may while it is not closed. */
export const mayFollow = (from: TicketState, to: TicketState): boolean =>
  from !== 'closed' && (from === to || followers[from].includes(to))

/** Whether work is still owed. */
export const isOwed = (state: TicketState): boolean => state !== 'solved' && state !== 'closed'
