import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { HungTicket, IncidentChores } from '../core/incident.ts'
import type { Logger } from '../core/log.ts'
import { isOwed } from '../core/ticket-lifecycle.ts'
import type { TicketChange, TicketStore } from '../core/ticket.ts'

export interface ChoresOptions {
  readonly chores: IncidentChores
  readonly tickets: Pick<TicketStore, 'get' | 'apply'>
  /** Tells those who were planned for. */
  readonly tell: (incidentId: string, signal: AbortSignal) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
  /** Tells open desks that the ticket changed. */
  readonly publish: (ticketId: string) => void
}

const atOnce = 100

const detailOf = ({ incidentNumber, incidentTitle }: HungTicket): TicketChange['detail'] => ({
  incident: incidentNumber,
  incidentTitle,
})

/** A rule of the tickets speaks against it, or the ticket is gone: no repetition mends that. */
const isRefusal = (error: unknown): boolean =>
  error instanceof TongdaError && ['conflict', 'bad_input', 'not_found'].includes(error.code)

/** Its history tells under what it hangs, and it hangs under the parent, where it can. */
const noteTicket = async (
  hung: HungTicket,
  { chores, tickets, clock, publish }: ChoresOptions,
): Promise<void> => {
  const { ticketId, incidentId, parentTicketId } = hung
  const note: Omit<TicketChange, 'set'> = {
    ...{ ticketId, detail: detailOf(hung) },
    change: 'changed',
    actor: { author: 'system', rule: 'incident' },
  }
  const key = `incident-${incidentId}`
  try {
    const set = parentTicketId === undefined ? {} : { parentId: parentTicketId }
    const idempotencyKey = parentTicketId === undefined ? key : `${key}-${parentTicketId}`
    await tickets.apply({ ...note, set, idempotencyKey }, clock.now())
  } catch (error) {
    if (!isRefusal(error)) throw error
    // E.g. others hang under it: then the history alone tells of it.
    await tickets.apply({ ...note, set: {}, idempotencyKey: key }, clock.now()).catch((again: unknown) => {
      if (!isRefusal(again)) throw again
    })
  }
  await chores.note(ticketId, clock.now())
  publish(ticketId)
}

/** The incident is over: so is what hung under it. Before those who follow are told, because a person may lead there. */
const settleTicket = async (
  hung: HungTicket,
  { chores, tickets, clock, publish }: ChoresOptions,
): Promise<void> => {
  const { ticketId, incidentId } = hung
  const now = clock.now()
  try {
    const { state } = await tickets.get(ticketId)
    if (isOwed(state)) {
      await tickets.apply(
        {
          ...{ ticketId, detail: detailOf(hung) },
          change: 'solved',
          actor: { author: 'system', rule: 'incident-closed' },
          set: { state: 'solved', mode: 'bot', solvedAt: now },
          idempotencyKey: `incident-${incidentId}-closed`,
        },
        now,
      )
      publish(ticketId)
    }
    await chores.settle(ticketId, isOwed(state) ? 'solved' : 'was-settled', now)
  } catch (error) {
    if (!isRefusal(error)) throw error
    await chores.settle(ticketId, 'refused', now)
  }
}

/** Sees to all that is left to be done about incidents; what a crash broke off is done the next time. */
export const createIncidentChoresRun =
  (options: ChoresOptions) =>
  async (signal: AbortSignal): Promise<void> => {
    const { chores, clock, log, tell } = options
    const all = async (
      read: (limit: number) => Promise<readonly HungTicket[]>,
      work: (hung: HungTicket, options: ChoresOptions) => Promise<void>,
    ): Promise<void> => {
      for (let more = true; more && !signal.aborted;) {
        const tickets = await read(atOnce)
        let done = 0
        for (const hung of tickets) {
          try {
            await work(hung, options)
            done += 1
          } catch (error) {
            log.warn(
              { error, ticketId: hung.ticketId },
              'a ticket of an incident could not be seen to; tried again',
            )
          }
        }
        more = tickets.length === atOnce && done > 0
      }
    }
    await chores.gather(clock.now())
    await all((limit) => chores.unnoted(limit), noteTicket)
    await all((limit) => chores.unsettled(limit), settleTicket)
    for (const incidentId of await chores.untold(clock.now())) await tell(incidentId, signal)
  }
