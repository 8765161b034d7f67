import { retainedKinds, type RetainedKind, type Retention } from '../core/personal-data.ts'

/** Days that each kind is kept; 0: for as long as nobody erases it. */
export type RetentionDays = Readonly<Record<RetainedKind, number>>

export interface RetentionRules {
  readonly retention: Retention
  readonly days: RetentionDays
  readonly now: () => Date
}

/** How many of each kind. */
export type RetentionCounts = Readonly<Record<RetainedKind, number>>

const dayMs = 86_400_000

const overEach = async (
  { days, now }: RetentionRules,
  work: (kind: RetainedKind, before: Date) => Promise<number>,
): Promise<RetentionCounts> => {
  const counts: Record<RetainedKind, number> = { messages: 0, tickets: 0, complaints: 0 }
  for (const kind of retainedKinds) {
    if (days[kind] === 0) continue
    counts[kind] = await work(kind, new Date(now().getTime() - days[kind] * dayMs))
  }
  return counts
}

/** What would be removed now. */
export const countOver = (rules: RetentionRules): Promise<RetentionCounts> =>
  overEach(rules, (kind, before) => rules.retention.count(kind, before))

/** Removes what is older than it is kept, in small transactions; broken off, the next day goes on. */
export const retireOver = (rules: RetentionRules, signal: AbortSignal): Promise<RetentionCounts> =>
  overEach(rules, async (kind, before) => {
    let gone = 0
    for (;;) {
      signal.throwIfAborted()
      const some = await rules.retention.retire(kind, before)
      if (some === 0) return gone
      gone += some
    }
  })
