/** The present, as a value that tests and the sandbox can move. */
export interface Clock {
  /** The present moment. */
  now(): Date
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() }

/** Milliseconds by which a clock runs ahead of the machine's own; what goes by the database's clock is shifted by it. */
export const aheadMs = (clock: Clock): number =>
  clock === systemClock ? 0 : clock.now().getTime() - Date.now()

/** A clock that stands `offsetMs` away from another and can be pushed on: the sandbox's time jumps and tests. */
export interface MovableClock extends Clock {
  /** Moves the present by `ms` milliseconds (negative: back). */
  advance(ms: number): void
  /** Milliseconds by which it was moved in all. */
  offsetMs(): number
}

/** A clock that runs with `base`, shifted by every `advance`. */
export const createMovableClock = (base: Clock = systemClock): MovableClock => {
  let offsetMs = 0
  return {
    now: () => new Date(base.now().getTime() + offsetMs),
    advance: (ms) => {
      offsetMs += ms
    },
    offsetMs: () => offsetMs,
  }
}
