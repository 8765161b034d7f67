import type { TicketKind } from './conversation.ts'
import type { TicketPriority, TicketState } from './ticket-state.ts'

/** How a view is sorted: what is due first, what came last, or who has waited longest. */
export const ticketOrders = ['due', 'newest', 'waiting'] as const
export type TicketOrder = (typeof ticketOrders)[number]

/** Who holds the tickets of a view; `me` is whoever looks. */
export type TicketHolder =
  { readonly who: 'me' | 'nobody' | 'somebody' } | { readonly who: 'agent'; readonly agentId: string }

/** Which tickets a view holds. What is absent or empty does not matter; of a list one has to fit, of all parts every one. */
export interface TicketFilter {
  /** Empty: everything that is neither solved nor closed. */
  readonly states: readonly TicketState[]
  readonly kinds: readonly TicketKind[]
  readonly priorities: readonly TicketPriority[]
  readonly inboxes: readonly string[]
  readonly teams: readonly string[]
  readonly tags: readonly string[]
  readonly holder?: TicketHolder | undefined
  /** A part of the topic's name, in any case. */
  readonly topic?: string | undefined
  /** The contact has waited for a reply for so many minutes, or longer. */
  readonly waitingMinutes?: number | undefined
  /** Something is due within so many minutes, or overdue. */
  readonly dueMinutes?: number | undefined
}

/** What an agent writes of a view. */
export interface TicketViewFacts {
  readonly name: string
  /** Whether everybody has it in their list. */
  readonly shared: boolean
  /** The one team that has it in its list as well, where not everybody does. */
  readonly teamId?: string | undefined
  readonly filter: TicketFilter
  readonly order: TicketOrder
}

/** A view of an agent's own making. */
export interface TicketView extends TicketViewFacts {
  readonly id: string
  readonly ownerId: string
  readonly ownerName: string
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Grows with every change. */
  readonly version: number
}

/** A team that views can be shared with. */
export interface ViewTeam {
  readonly id: string
  readonly name: { readonly zh: string; readonly en: string }
}

/** Most views that one agent keeps. */
export const maxTicketViews = 30

/** What a view names and is not there any more, or never was. */
export interface GoneFromView {
  readonly agents: readonly string[]
  readonly teams: readonly string[]
  /** No ticket has them. */
  readonly tags: readonly string[]
}

/** The views that agents made. */
export interface TicketViewStore {
  /**
   * The agent's own by name, then those that others share: with everybody, or with a team of the agent's. Whoever manages
   * teams sees those of all. A view is no longer shared with a team that was removed, or that its owner is not in.
   */
  list(agentId: string): Promise<readonly TicketView[]>
  /** One of those. Throws `not_found`. */
  get(agentId: string, id: string): Promise<TicketView>
  /**
   * Creating with the same key again gives what is there. Throws `bad_input` when the agent has too many, or is not in the
   * team to share with.
   */
  create(agentId: string, facts: TicketViewFacts, now: Date, idempotencyKey?: string): Promise<TicketView>
  /** What is left out stays. Throws `not_found` for views of others too, and `conflict` when another version stands. */
  change(
    agentId: string,
    id: string,
    changes: { readonly facts: Partial<TicketViewFacts>; readonly version: number },
    now: Date,
  ): Promise<TicketView>
  /** Throws `not_found` for views of others too. */
  remove(agentId: string, id: string): Promise<void>
  gone(filter: TicketFilter): Promise<GoneFromView>
  /** The teams that the agent can share with: their own, or all for whoever manages teams. */
  teams(agentId: string): Promise<readonly ViewTeam[]>
}
