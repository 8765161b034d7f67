import type { TicketKind } from './conversation.ts'
import type { Ticket, TicketChangeName, TicketFields, TicketPriority, TicketRequest } from './ticket.ts'

/** One thing that a macro or a rule does to a ticket. What is so already is left as it is. */
export type TicketAction =
  | { readonly do: 'set-priority'; readonly priority: TicketPriority }
  | { readonly do: 'set-kind'; readonly kind: TicketKind }
  | { readonly do: 'set-topic'; readonly topic: string }
  | { readonly do: 'add-tags' | 'remove-tags'; readonly tags: readonly string[] }
  | { readonly do: 'set-field'; readonly field: string; readonly value: TicketFields[string] | null }
  /** Into a team's queue. */
  | { readonly do: 'queue'; readonly teamId: string }
  /** Waits for somebody else, for so many hours; without them until somebody says so. */
  | { readonly do: 'hold'; readonly reason: string; readonly hours?: number | undefined }
  | { readonly do: 'solve' }
  /** For agents alone. */
  | { readonly do: 'note'; readonly text: string }
  /** To the contact; macros only. */
  | { readonly do: 'reply'; readonly text: string }

/** Facts of a ticket that conditions read; `field` is a custom one, by name. */
export const conditionFacts = [
  'kind',
  'topic',
  'priority',
  'state',
  'channel',
  'inbox',
  'tier',
  'tag',
  'team',
  'assigned',
  'title',
  'field',
] as const
export type ConditionFact = (typeof conditionFacts)[number]

/** One thing that must be so. `is`: one of the values; `is-not`: none of them; `contains`: one of them, in any place. */
export interface TicketCondition {
  readonly fact: ConditionFact
  /** For the fact `field`: its name. */
  readonly name?: string | undefined
  readonly op: 'is' | 'is-not' | 'contains'
  readonly values: readonly string[]
}

/** Several actions under a name, done at once by an agent. */
export interface MacroFacts {
  readonly name: { readonly zh: string; readonly en: string }
  readonly actions: readonly TicketAction[]
}
export interface Macro extends MacroFacts {
  readonly id: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

/** What is done by itself when something happens to a ticket of which everything in `when` is so. */
export interface RuleFacts {
  readonly name: string
  readonly on: readonly TicketChangeName[]
  readonly when: readonly TicketCondition[]
  readonly actions: readonly TicketAction[]
  readonly enabled: boolean
  /** Rules are tried by it, the smaller first. */
  readonly position: number
}
export interface Rule extends RuleFacts {
  readonly id: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
  /** Why its actions could not be done the last time that was so. */
  readonly failure?: { readonly at: Date; readonly message: string }
}

/** A kept list of which each entry is changed on the version it was seen in. All but `list` throw `not_found`. */
export interface KeptList<Facts, Kept extends Facts> {
  /** In order. */
  list(): Promise<readonly Kept[]>
  get(id: string): Promise<Kept>
  /** The same key gives the same entry. */
  create(facts: Facts, now: Date, idempotencyKey?: string): Promise<Kept>
  /** A stale one throws `conflict`. */
  change(id: string, facts: Facts, expectedVersion: number, now: Date): Promise<Kept>
  remove(id: string): Promise<void>
}

export interface RuleList extends KeptList<RuleFacts, Rule> {
  failed(id: string, failure: NonNullable<Rule['failure']>): Promise<void>
}

/** What an action list would change: each fact as it is and as it would be. */
export interface Planned {
  readonly facts: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>
  readonly note?: string
  readonly reply?: string
}

/** What agents do with macros. Throws `not_found`, `conflict`, `bad_input`. */
export interface MacroService {
  readonly list: KeptList<MacroFacts, Macro>
  /** What it would do now; changes nothing. */
  preview(ticketId: string, macroId: string, agentName: string): Promise<Planned>
  /** Does everything at once, or nothing. */
  apply(request: TicketRequest, macroId: string): Promise<Ticket>
}

/** Which past tickets a rule would have changed. */
export interface DryRun {
  readonly tickets: number
  readonly matches: readonly {
    readonly ticketId: string
    readonly number: number
    readonly title: string
    readonly at: Date
    readonly change: TicketChangeName
    readonly would: Planned
  }[]
}

/** What supervisors do with rules. Throws `not_found`, `conflict`, and `bad_input` naming the rules that would loop. */
export interface RuleService {
  readonly list: RuleList
  /** Tries a rule on tickets that changed since `since`, at most `limit`, the latest first; changes nothing. */
  dryRun(facts: RuleFacts, since: Date, limit: number): Promise<DryRun>
  /** The same on one ticket and all of its history. */
  dryRunOn(facts: RuleFacts, ticketId: string): Promise<DryRun>
}
