import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { repeatFromNow } from '../core/repeat.ts'
import type { TicketTides } from '../core/ticket.ts'

const everyMs = 15_000
const atOnce = 200

export interface TidesOptions {
  readonly tides: TicketTides
  /** Milliseconds after solving in which a ticket can be taken up again. */
  readonly reopenMs: number
  readonly clock: Clock
  readonly log: Logger
  /** Tells open desks that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

/**
 * Brings back tickets whose hold is over and closes those that were solved long ago. Several nodes may do so at once:
 * each ticket changes once. Gives its end.
 */
export const startTides = ({ tides, reopenMs, clock, log, publish }: TidesOptions): (() => Promise<void>) => {
  const all = async (work: (now: Date) => Promise<readonly string[]>): Promise<void> => {
    for (let more = true; more;) {
      const changed = await work(clock.now())
      for (const id of changed) publish(id)
      more = changed.length === atOnce
    }
  }
  const look = async (): Promise<void> => {
    try {
      await all((now) => tides.resumeHeld(now, atOnce))
      await all((now) => tides.closeSolved(new Date(now.getTime() - reopenMs), now, atOnce))
    } catch (error) {
      log.warn({ error }, 'held and solved tickets could not be looked at; tried again in 15 seconds')
    }
  }
  return repeatFromNow(everyMs, look)
}
