const minute = 60_000
const hour = 60 * minute

/** Waits after each failed try; together three days. Source: standardwebhooks.com, "Deliverability and reliability". */
const waits: readonly number[] = [
  5_000,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  18 * hour,
  22 * hour,
]

/** Longest wait that another side may ask for. */
const longest = 24 * hour

/** Seconds, or a date, as HTTP writes them; undefined for anything else. */
export const readRetryAfter = (header: string | undefined, now: Date): number | undefined => {
  if (header === undefined) return undefined
  const text = header.trim()
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime()
  return Number.isFinite(ms) ? Math.min(longest, Math.max(0, ms)) : undefined
}

/**
 * Milliseconds until the next try, never less than the other side asked for; undefined: there is none. Spread by a
 * fifth, so that what failed together does not come back together.
 */
export const nextWait = (
  attempt: number,
  askedMs = 0,
  random: () => number = Math.random,
): number | undefined => {
  const wait = waits[attempt - 1]
  return wait === undefined ? undefined : Math.round(Math.max(askedMs, wait * (0.9 + 0.2 * random())))
}
