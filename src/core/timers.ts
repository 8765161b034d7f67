import type { z } from 'zod'
import type { Transaction } from './database.ts'

/** A kind of moment: its name in the database, and what is kept with each. Keep the name; stored timers carry it. */
export interface TimerKind<Payload> {
  readonly name: string
  readonly payload: z.ZodType<Payload>
}

/** One moment. Its key is unique within its kind, e.g. a ticket's id. */
export interface Timer<Payload> {
  readonly key: string
  readonly dueAt: Date
  readonly payload: Payload
}

/**
 * Moments at which something must happen exactly once, by the database's clock. They are set and called off in the
 * transaction that makes them so: what is rolled back has set nothing.
 */
export interface Timers {
  /** Sets a timer; one of the same kind and key is moved. Throws when the payload does not fit its kind. */
  set<Payload>(transaction: Transaction, kind: TimerKind<Payload>, timer: Timer<Payload>): Promise<void>
  /** Calls a timer off; false when there is none (any more). */
  cancel(transaction: Transaction, kind: TimerKind<unknown>, key: string): Promise<boolean>
  /** The timer as it stands, locked until the transaction ends. */
  find<Payload>(
    transaction: Transaction,
    kind: TimerKind<Payload>,
    key: string,
  ): Promise<Timer<Payload> | undefined>
}

/**
 * What happens at a moment. It runs in the transaction that takes the timer away, so that its effects stand exactly
 * once; it may run more often, without effect. So: statements through `transaction` only, nothing outside the
 * database, and everything quick – the embedded database does nothing else meanwhile. A rejection puts the timer off.
 * A date sets the same timer anew, for then.
 */
export type FireTimer<Payload> = (
  transaction: Transaction,
  timer: Timer<Payload>,
) => Promise<Date | undefined>

/** A kind of timer and what its moments do. */
export interface TimerHandler {
  readonly kind: string
  readonly fire: FireTimer<unknown>
}

/** Says what the moments of a kind do. */
export const onTimer = <Payload>(
  { name, payload: schema }: TimerKind<Payload>,
  fire: FireTimer<Payload>,
): TimerHandler => ({
  kind: name,
  fire: async (transaction, { payload, ...timer }) =>
    fire(transaction, { ...timer, payload: schema.parse(payload) }),
})

/** A timer whose handler failed; it is tried again, ever more seldom. */
export interface FailingTimer {
  readonly kind: string
  readonly key: string
  readonly dueAt: Date
  readonly attempts: number
  readonly error: string
  readonly nextTryAt: Date
}

/** How the timers of one kind fare. */
export interface TimerDepth {
  readonly kind: string
  readonly pending: number
  readonly failing: number
  /** Milliseconds since the oldest moment that has not happened yet; 0: none is late. */
  readonly lateMs: number
}

/** What came of looking for a timer that is due. `lost`: called off, moved or fired elsewhere in the same moment. */
export type Fired =
  | { readonly outcome: 'none' | 'lost' }
  | { readonly outcome: 'fired'; readonly kind: string; readonly key: string }
  | {
      readonly outcome: 'put-off'
      readonly kind: string
      readonly key: string
      readonly attempts: number
      readonly error: unknown
    }

/** The timers as the loop that fires them sees them. `aheadMs`: how far the product's clock is ahead of the machine's. */
export interface TimerStore extends Timers {
  /** Fires the one of these kinds that has waited longest, if it is due. */
  fireNext(handlers: ReadonlyMap<string, FireTimer<unknown>>, aheadMs: number): Promise<Fired>
  /** Milliseconds until the next one of these kinds is due; undefined: there is none. */
  untilNext(kinds: readonly string[], aheadMs: number): Promise<number | undefined>
}

/** Watches the timers. */
export interface TimerWatch {
  /** By kind. */
  depth(aheadMs: number): Promise<readonly TimerDepth[]>
  /** Up to `limit`, the oldest first. */
  failing(limit: number): Promise<readonly FailingTimer[]>
}
