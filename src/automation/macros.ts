import type { Macro, MacroFacts, MacroService } from '../core/automation.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { Part } from '../core/message.ts'
import type { Ticket, TicketRequest, TicketSet, TicketStore } from '../core/ticket.ts'
import { changeOf, type TicketServiceOptions, type TicketsConfig } from '../tickets/index.ts'
import { checkActions } from './check.ts'
import { describePlan, planActions, type Plan } from './plan.ts'

/** What macros stand on. */
export interface MacroServiceOptions extends Pick<TicketServiceOptions, 'render' | 'undoMs'> {
  readonly list: MacroService['list']
  readonly store: Pick<TicketStore, 'get' | 'apply'>
  readonly clock: Clock
  readonly policy: TicketsConfig
  /** Tells open desks and the outbox that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

/** Whoever replies, solves or holds has the ticket; a program has none. */
const holding = ({ agent }: TicketRequest, { set, reply }: Plan): Pick<TicketSet, 'assigneeId'> =>
  agent.program === true || (reply === undefined && set.state === undefined) || set.assigneeId !== undefined
    ? {}
    : { assigneeId: agent.id }

/** As a reply sets it, unless another action says otherwise. */
const replying = ({ reply }: Plan, now: Date): TicketSet =>
  reply === undefined ? {} : { state: 'pending', mode: 'human', firstRepliedAt: now, solvedAt: null }

const refuseReply = (): TongdaError =>
  new TongdaError(
    'bad_input',
    'this macro writes to the contact, which only people do; take a macro without a reply',
  )

/** A list whose macros are checked before they are kept. */
const checkedList = (list: MacroService['list']): MacroService['list'] => {
  const checked = (facts: MacroFacts): MacroFacts => ({ ...facts, actions: checkActions(facts.actions) })
  return {
    ...list,
    create: async (facts, now, key) => list.create(checked(facts), now, key),
    change: async (id, facts, version, now) => list.change(id, checked(facts), version, now),
  }
}

/** What agents do with macros. Throws `not_found`, `conflict` and `bad_input`. */
export const createMacroService = (options: MacroServiceOptions): MacroService => {
  const { list, store, clock, policy, render, undoMs, publish } = options
  const planFor = (ticket: Ticket, macro: Macro, agentName: string): Plan | undefined =>
    planActions(ticket, macro.actions, { now: clock.now(), policy, agentName })

  const saying = (ticket: Ticket, reply: string, agentId: string) => {
    const parts: readonly Part[] = [{ kind: 'text', text: reply }]
    const { rendered, passiveOnly } = render(ticket.inboxId, parts)
    return { say: { rendered, parts, author: 'agent' as const, agentId, passiveOnly }, holdMs: undoMs }
  }

  const apply = async (request: TicketRequest, macroId: string): Promise<Ticket> => {
    const [macro, ticket] = await Promise.all([list.get(macroId), store.get(request.ticketId)])
    const { agent } = request
    const plan = planFor(ticket, macro, agent.name)
    if (plan === undefined) return ticket
    const { set, note, reply, change } = plan
    if (reply !== undefined && agent.program === true) throw refuseReply()
    // What was planned here rests on this version.
    const changed = await store.apply(
      changeOf(
        { ...request, version: request.version ?? ticket.version },
        {
          change,
          detail: { macro: macro.name.zh, ...(note === undefined ? {} : { characters: note.length }) },
          set: { ...replying(plan, clock.now()), ...holding(request, plan), ...set },
          onlyIfUnassigned: agent.program !== true && (reply !== undefined || set.state !== undefined),
          ...(note === undefined ? {} : { note }),
          ...(reply === undefined ? {} : saying(ticket, reply, agent.id)),
        },
      ),
      clock.now(),
    )
    publish(changed.id)
    return changed
  }
  return {
    list: checkedList(list),
    preview: async (ticketId, macroId, agentName) => {
      const [macro, ticket] = await Promise.all([list.get(macroId), store.get(ticketId)])
      return describePlan(ticket, planFor(ticket, macro, agentName))
    },
    apply,
  }
}
