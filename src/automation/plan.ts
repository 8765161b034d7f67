import type { Planned, TicketAction } from '../core/automation.ts'
import { isOwed } from '../core/ticket-lifecycle.ts'
import type { Ticket, TicketChangeName, TicketSet } from '../core/ticket.ts'
import { checkTags, mergeFields, type TicketsConfig } from '../tickets/index.ts'
import { fillIn } from './words.ts'

/** What planning goes by. */
export interface PlanFacts {
  readonly now: Date
  readonly policy: Pick<TicketsConfig, 'fields'>
  /** Whose name `{{agent}}` stands for. */
  readonly agentName: string
}

/** A list of actions as one change. */
export interface Plan {
  readonly change: TicketChangeName
  readonly set: TicketSet
  readonly note?: string
  readonly reply?: string
}

const hourMs = 3_600_000

type Doing<Name extends TicketAction['do']> = Extract<TicketAction, { readonly do: Name }>

const waitsIn = ({ assigneeId, state, ...ticket }: Ticket, teamId: string): boolean =>
  ticket.teamId === teamId && assigneeId === undefined && (state === 'new' || state === 'open')

const queue = (ticket: Ticket, { teamId }: Doing<'queue'>, now: Date): TicketSet =>
  waitsIn(ticket, teamId)
    ? {}
    : {
        teamId,
        assigneeId: null,
        queuedAt: now,
        state: ticket.state === 'new' ? 'new' : 'open',
        mode: 'human',
      }

const hold = (ticket: Ticket, { reason, hours }: Doing<'hold'>, now: Date): TicketSet =>
  ticket.state === 'on_hold' && ticket.holdReason === reason
    ? {}
    : {
        state: 'on_hold',
        holdReason: reason,
        holdUntil: hours === undefined ? null : new Date(now.getTime() + hours * hourMs),
      }

/** What one action sets, after those before it. */
const setBy = (ticket: Ticket, before: TicketSet, action: TicketAction, facts: PlanFacts): TicketSet => {
  const { tags = ticket.tags, fields = ticket.fields, kind = ticket.kind } = before
  switch (action.do) {
    case 'set-priority':
      return { priority: action.priority }
    case 'set-kind':
      return { kind: action.kind }
    case 'set-topic':
      return { topic: action.topic }
    case 'add-tags':
      return { tags: checkTags([...tags, ...action.tags]) }
    case 'remove-tags':
      return { tags: tags.filter((tag) => !action.tags.includes(tag)) }
    case 'set-field':
      return {
        fields: mergeFields(fields, { [action.field]: action.value }, { kind, fields: facts.policy.fields }),
      }
    case 'queue':
      return queue(ticket, action, facts.now)
    case 'hold':
      return hold(ticket, action, facts.now)
    case 'solve':
      return isOwed(ticket.state) ? { state: 'solved', mode: 'bot', solvedAt: facts.now } : {}
    case 'note':
    case 'reply':
      return {}
    default:
      return action satisfies never
  }
}

const compared = ['kind', 'topic', 'priority', 'tags', 'fields'] as const

/** Without what is so already. */
const changesOnly = (ticket: Ticket, set: TicketSet): TicketSet => {
  const same = compared.filter(
    (key) => set[key] !== undefined && JSON.stringify(set[key]) === JSON.stringify(ticket[key]),
  )
  return Object.fromEntries(Object.entries(set).filter(([key]) => !same.some((one) => one === key)))
}

const textsOf = (
  actions: readonly TicketAction[],
  what: 'note' | 'reply',
  write: (text: string) => string,
): string | undefined => {
  const texts = actions.flatMap((action) => (action.do === what ? [write(action.text)] : []))
  return texts.length === 0 ? undefined : texts.join('\n')
}

/** The word of history that says most of it. */
const changeName = ({ set, note, reply }: Omit<Plan, 'change'>): TicketChangeName => {
  if (reply !== undefined) return 'replied'
  if (set.state === 'solved') return 'solved'
  if (set.state === 'on_hold') return 'held'
  if (set.teamId !== undefined) return 'transferred'
  return note !== undefined && Object.keys(set).length === 0 ? 'noted' : 'changed'
}

/** What a list of actions comes to on a ticket; undefined: everything is so already. Pure. Throws `bad_input`. */
export const planActions = (
  ticket: Ticket,
  actions: readonly TicketAction[],
  facts: PlanFacts,
): Plan | undefined => {
  const all = actions.reduce<TicketSet>(
    (before, action) => ({ ...before, ...setBy(ticket, before, action, facts) }),
    {},
  )
  const set = changesOnly(ticket, all)
  const write = (text: string): string => fillIn(text, ticket, facts.agentName)
  const note = textsOf(actions, 'note', write)
  const reply = textsOf(actions, 'reply', write)
  if (Object.keys(set).length === 0 && note === undefined && reply === undefined) return undefined
  const plan = {
    set,
    ...(note === undefined ? {} : { note }),
    ...(reply === undefined ? {} : { reply }),
  }
  return { ...plan, change: changeName(plan) }
}

const shown = [...compared, 'state', 'teamId', 'assigneeId', 'holdReason', 'holdUntil'] as const

/** A plan for eyes. */
export const describePlan = (ticket: Ticket, plan: Plan | undefined): Planned => {
  if (plan === undefined) return { facts: {} }
  const { set, note, reply } = plan
  const facts = shown.flatMap((key) =>
    set[key] === undefined ? [] : [[key, { from: ticket[key] ?? null, to: set[key] }] as const],
  )
  return {
    facts: Object.fromEntries(facts.filter(([, { from, to }]) => from !== to)),
    ...(note === undefined ? {} : { note }),
    ...(reply === undefined ? {} : { reply }),
  }
}
