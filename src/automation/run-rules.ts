import type { Rule, RuleList } from '../core/automation.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { EventLog, EventPlace, LoggedEvent } from '../core/event-log.ts'
import { lookThrough } from '../core/look-through.ts'
import type { Logger } from '../core/log.ts'
import type { TicketStore } from '../core/ticket.ts'
import type { TicketsConfig } from '../tickets/index.ts'
import { allHold } from './conditions.ts'
import { planActions } from './plan.ts'
import { rulesOn } from './rules.ts'

/** What running rules stands on. */
export interface RunRulesOptions {
  readonly rules: Pick<RuleList, 'list' | 'failed'>
  readonly events: Pick<EventLog, 'read' | 'newest'>
  /** How far this reader has come; undefined: it has not begun. */
  readonly place: () => Promise<EventPlace | undefined>
  /** False when somebody else moved on meanwhile. */
  readonly move: (before: EventPlace, after: EventPlace) => Promise<boolean>
  readonly store: Pick<TicketStore, 'get' | 'apply'>
  /** How many of the ticket's latest lines of history are rules', without another between them. */
  readonly inARow: (ticketId: string) => Promise<number>
  readonly clock: Clock
  readonly policy: TicketsConfig
  readonly log: Logger
  /** Tells open desks that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

const atOnce = 100
/** Tries where the ticket changes under our hands. */
const tries = 5
/** So many lines of rules alone: something sets them going that cannot be seen in the rules themselves. */
const mostInARow = 20

const isRefusal = (error: unknown): error is TongdaError =>
  error instanceof TongdaError && error.code === 'bad_input'
const isGone = (error: unknown): boolean => error instanceof TongdaError && error.code === 'not_found'
const isStale = (error: unknown): boolean => error instanceof TongdaError && error.code === 'conflict'

const changeOf = ({ type, data }: LoggedEvent): string =>
  type === 'ticket.opened' ? 'opened' : String(data['change'])

/** Applies one rule to the ticket as it is; gives it as it is then. */
const applyRule = async (
  { store, clock, policy, publish }: RunRulesOptions,
  rule: Rule,
  event: LoggedEvent,
  ticketId: string,
): Promise<void> => {
  const ticket = await store.get(ticketId)
  if (ticket.state === 'closed' || !allHold(ticket, rule.when)) return
  const plan = planActions(ticket, rule.actions, { now: clock.now(), policy, agentName: rule.name })
  if (plan === undefined) return
  const { change, set, note } = plan
  await store.apply(
    {
      ticketId,
      expectedVersion: ticket.version,
      // Read again after a crash, it has no further effect.
      idempotencyKey: `rule:${rule.id}:${event.id}`,
      actor: { author: 'system', rule: `rule: ${rule.name}` },
      change,
      detail: { ruleId: rule.id },
      set,
      ...(note === undefined ? {} : { note }),
    },
    clock.now(),
  )
  publish(ticketId)
}

const applyPatiently = async (
  options: RunRulesOptions,
  rule: Rule,
  event: LoggedEvent,
  ticketId: string,
): Promise<void> => {
  for (let left = tries; ; left -= 1)
    try {
      await applyRule(options, rule, event, ticketId)
      return
    } catch (error) {
      if (!isStale(error) || left === 1) throw error
    }
}

/** One rule on one event; what it cannot do is kept with it, and the others go on. */
const react = async (
  options: RunRulesOptions,
  rule: Rule,
  event: LoggedEvent,
  ticketId: string,
): Promise<void> => {
  const { rules, clock, log } = options
  try {
    await applyPatiently(options, rule, event, ticketId)
  } catch (error) {
    if (isGone(error)) return
    if (!isRefusal(error) && !isStale(error)) throw error
    const message = error instanceof Error ? error.message : String(error)
    log.warn({ rule: rule.name, ticketId, error: message }, 'a rule could not do what it should')
    await rules.failed(rule.id, { at: clock.now(), message })
  }
}

const isRunningAway = async (
  { inARow, log }: RunRulesOptions,
  ticketId: string,
  reacting: readonly Rule[],
): Promise<boolean> => {
  if ((await inARow(ticketId)) < mostInARow) return false
  const names = reacting.map(({ name }) => name)
  log.error({ ticketId, rules: names }, 'rules changed this ticket again and again; they leave it alone now')
  return true
}

const reactToAll = async (options: RunRulesOptions, events: readonly LoggedEvent[]): Promise<void> => {
  const rules = await options.rules.list()
  for (const event of events) {
    const { ticketId } = event
    if (ticketId === undefined) continue
    const reacting = rulesOn(rules, changeOf(event))
    if (reacting.length === 0 || (await isRunningAway(options, ticketId, reacting))) continue
    for (const rule of reacting) await react(options, rule, event, ticketId)
  }
}

/**
 * Reads on in what happened and does what rules say; gives how many events were read. Begins with what happens from now
 * on. Throws when the database is away: then the same is read again.
 */
export const createRunRules = (options: RunRulesOptions): (() => Promise<number>) => {
  const { events, place, move } = options
  return async () => {
    const before = await place()
    if (before === undefined) {
      const newest = await events.newest()
      await move(newest, newest)
      return 0
    }
    const { events: read, to } = await lookThrough(events, {
      after: before,
      types: ['ticket.opened', 'ticket.changed'],
      limit: atOnce,
    })
    await reactToAll(options, read)
    if (to !== before) await move(before, to)
    return read.length
  }
}
