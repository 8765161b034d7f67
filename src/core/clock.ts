/** The present, as a value that tests and the sandbox can move. */
export interface Clock {
  /** The present moment. */
  now(): Date
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands `offsetMs` away from another and can be pushed on: the sandbox's time jumps and tests. */
export interface MovableClock extends Clock {
  /** Moves the present by `ms` milliseconds (negative: back). */
  advance(ms: number): void
}

/** A clock that runs with `base`, shifted by every `advance`. */
export const createMovableClock = (base: Clock = systemClock): MovableClock => {
  let offsetMs = 0
  return {
    now: () => new Date(base.now().getTime() + offsetMs),
    advance: (ms) => {
      offsetMs += ms
    },
  }
}
