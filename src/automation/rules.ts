import type { DryRun, Rule, RuleFacts, RuleService } from '../core/automation.ts'
import type { Clock } from '../core/clock.ts'
import type { TicketStore } from '../core/ticket.ts'
import type { TicketsConfig } from '../tickets/index.ts'
import { checkRuleActions } from './check.ts'
import { allHold } from './conditions.ts'
import { checkLoops } from './loops.ts'
import { describePlan, planActions } from './plan.ts'
import { unwind } from './unwind.ts'

/** What rules stand on. */
export interface RuleServiceOptions {
  readonly list: RuleService['list']
  readonly store: Pick<TicketStore, 'get' | 'timeline'>
  /** Ids of tickets that changed since, the latest first. */
  readonly changedSince: (since: Date, limit: number) => Promise<readonly string[]>
  readonly clock: Clock
  readonly policy: TicketsConfig
}

const newRule = 'new'

/** A list whose rules are checked, each and all together, before they are kept. */
const checkedList = (list: RuleService['list']): RuleService['list'] => {
  const checked = async (facts: RuleFacts, id: string): Promise<RuleFacts> => {
    const kept = { ...facts, actions: checkRuleActions(facts.actions) }
    checkLoops({ ...kept, id }, await list.list())
    return kept
  }
  return {
    ...list,
    create: async (facts, now, key) => list.create(await checked(facts, newRule), now, key),
    change: async (id, facts, version, now) => list.change(id, await checked(facts, id), version, now),
  }
}

type Match = DryRun['matches'][number]

/** Most matches that are told. */
const mostMatches = 200

/** What supervisors do with rules. Throws `not_found`, `conflict` and `bad_input`. */
export const createRuleService = (options: RuleServiceOptions): RuleService => {
  const { list, store, changedSince, clock, policy } = options

  const matchesOf = async (facts: RuleFacts, ticketId: string, since: Date): Promise<readonly Match[]> => {
    const [ticket, history] = await Promise.all([store.get(ticketId), store.timeline(ticketId)])
    const { id, number, subject, title } = ticket
    return unwind(ticket, history)
      .filter(
        ({ at, change, ticket: then }) =>
          at >= since && facts.on.includes(change) && allHold(then, facts.when),
      )
      .flatMap(({ at, change, ticket: then }) => {
        const plan = planActions(then, facts.actions, { now: clock.now(), policy, agentName: facts.name })
        if (plan === undefined) return []
        return [
          { ticketId: id, number, title: subject ?? title, at, change, would: describePlan(then, plan) },
        ]
      })
  }

  const tryOn = async (facts: RuleFacts, ids: readonly string[], since: Date): Promise<DryRun> => {
    const kept = { ...facts, actions: checkRuleActions(facts.actions) }
    const matches: Match[] = []
    for (const id of ids) matches.push(...(await matchesOf(kept, id, since)))
    return { tickets: ids.length, matches: matches.slice(0, mostMatches) }
  }

  return {
    list: checkedList(list),
    dryRun: async (facts, since, limit) => tryOn(facts, await changedSince(since, limit), since),
    dryRunOn: (facts, ticketId) => tryOn(facts, [ticketId], new Date(0)),
  }
}

/** Rules that react to a word of history, in their order. */
export const rulesOn = (rules: readonly Rule[], change: string): readonly Rule[] =>
  rules.filter(({ enabled, on }) => enabled && on.some((one) => one === change))
