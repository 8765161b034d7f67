/** `solved` is the agent's claim, `closed` is final. */
export type TicketState = 'new' | 'open' | 'pending' | 'on_hold' | 'solved' | 'closed'
export type TicketPriority = 'normal' | 'high' | 'urgent'
