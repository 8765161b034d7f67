const aheadMs = 8 * 3_600_000

/** The day of a moment in Asia/Shanghai, where the brand is: `2026-11-30`. */
export const brandDay = (at: Date): string => new Date(at.getTime() + aheadMs).toISOString().slice(0, 10)

const dayMs = 24 * 3_600_000

/** Milliseconds until the next midnight there. */
export const untilMidnight = (at: Date): number => dayMs - ((at.getTime() + aheadMs) % dayMs)

/** Milliseconds until the next noon there: as far from midnight as can be. */
export const untilNoon = (at: Date): number => (untilMidnight(at) + dayMs / 2) % dayMs

/** The month of a moment there: `2026-11`. */
export const brandMonth = (at: Date): string => brandDay(at).slice(0, 7)
