import type { Clock } from '../core/clock.ts'
import type { TicketKind } from '../core/conversation.ts'
import { TongdaError } from '../core/errors.ts'
import type {
  Ticket,
  TicketFacts,
  TicketRequest,
  TicketSet,
  TicketStore,
  TicketUpkeep,
} from '../core/ticket.ts'
import type { TicketsConfig } from './config.ts'
import {
  checkLine,
  checkTags,
  maxReasonCharacters,
  maxSubjectCharacters,
  mergeFields,
} from './ticket-facts.ts'
import { changeOf, type Effect } from './ticket-service.ts'

/** What upkeep stands on. */
export interface UpkeepOptions {
  readonly store: Pick<TicketStore, 'get' | 'apply'>
  readonly clock: Clock
  readonly policy: TicketsConfig
  /** Tells open desks that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

const longestHoldMs = 366 * 86_400_000

/** A hold ends in the future, within a year. Throws `bad_input`. */
const checkUntil = (until: Date, now: Date): Date => {
  const ahead = until.getTime() - now.getTime()
  if (ahead <= 0) throw new TongdaError('bad_input', 'the hold would be over already; choose a later moment')
  if (ahead > longestHoldMs)
    throw new TongdaError('bad_input', 'a ticket is held for a year at most; choose an earlier moment')
  return until
}

const setOf = (ticket: Ticket, facts: TicketFacts, policy: TicketsConfig): TicketSet => {
  const { tags, fields, subject, priority, kind, topic, parentId } = facts
  const newKind: TicketKind = kind ?? ticket.kind
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(topic === undefined ? {} : { topic }),
    ...(parentId === undefined ? {} : { parentId }),
    ...(tags === undefined ? {} : { tags: checkTags(tags) }),
    ...(fields === undefined
      ? {}
      : { fields: mergeFields(ticket.fields, fields, { kind: newKind, fields: policy.fields }) }),
    ...(subject === undefined
      ? {}
      : { subject: subject === null ? null : checkLine('title', subject, maxSubjectCharacters) }),
    ...(priority === undefined ? {} : { priority }),
  }
}

/** Whoever acts on a ticket has it, but for programs: theirs is nobody's. */
const holding = ({ id, program }: TicketRequest['agent']): Pick<TicketSet, 'assigneeId'> =>
  program === true ? {} : { assigneeId: id }

/** What agents do with tickets beside speaking to the contact. Throws `not_found`, `conflict` and `bad_input`. */
export const createUpkeep = ({ store, clock, policy, publish }: UpkeepOptions): TicketUpkeep => {
  const apply = async (request: TicketRequest, effect: Effect): Promise<Ticket> => {
    const ticket = await store.apply(changeOf(request, effect), clock.now())
    publish(ticket.id)
    return ticket
  }
  return {
    change: async (request, facts) => {
      const ticket = await store.get(request.ticketId)
      const set = setOf(ticket, facts, policy)
      // What was worked out here rests on this version.
      return apply({ ...request, version: request.version ?? ticket.version }, { change: 'changed', set })
    },
    hold: (request, reason, until) =>
      apply(request, {
        change: 'held',
        set: {
          state: 'on_hold',
          ...holding(request.agent),
          holdReason: checkLine('reason', reason, maxReasonCharacters),
          holdUntil: until === undefined ? null : checkUntil(until, clock.now()),
        },
        onlyIfUnassigned: request.agent.program !== true,
      }),
    resume: (request) => apply(request, { change: 'resumed', set: { state: 'open' } }),
    reopen: (request, reason) =>
      apply(request, {
        change: 'reopened',
        detail: { reason: checkLine('reason', reason, maxReasonCharacters) },
        set: { state: 'open', ...holding(request.agent), mode: 'human', solvedAt: null },
      }),
    close: (request, reason) =>
      apply(request, {
        change: 'closed',
        detail: { reason: checkLine('reason', reason, maxReasonCharacters) },
        set: { state: 'closed', closedAt: clock.now(), mode: 'bot' },
        onlyIfUnassigned: request.agent.program !== true,
      }),
  }
}
