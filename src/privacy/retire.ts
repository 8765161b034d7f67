import { retainedKinds, type RetainedKind, type Retention } from '../core/personal-data.ts'

/** Days that each kind is kept; 0: for as long as nobody erases it. */
export type RetentionDays = Readonly<Record<RetainedKind, number>>

export interface RetentionRules {
  readonly retention: Pick<Retention, 'count' | 'retire'>
  readonly days: RetentionDays
  readonly now: () => Date
}

/** How many of each kind. */
export type RetentionCounts = Readonly<Record<RetainedKind, number>>

const dayMs = 86_400_000

/** Each kind that is not kept for ever, and from before when it is over its time. */
const overOf = ({ days, now }: RetentionRules): readonly (readonly [kind: RetainedKind, before: Date])[] =>
  retainedKinds
    .filter((kind) => days[kind] > 0)
    .map((kind) => [kind, new Date(now().getTime() - days[kind] * dayMs)])

/** None of any kind, to be counted up from. */
export const noneOver = (): Record<RetainedKind, number> => ({
  ...{ messages: 0, tickets: 0, complaints: 0 },
  ...{ questions: 0, suggestions: 0, drafts: 0, invitations: 0 },
})

/** What would be removed now. */
export const countOver = async (rules: RetentionRules): Promise<RetentionCounts> => {
  const counts = noneOver()
  for (const [kind, before] of overOf(rules)) counts[kind] = await rules.retention.count(kind, before)
  return counts
}

/**
 * Removes what is older than it is kept, in small transactions; broken off, the next day goes on. `removed` hears of each
 * of them as soon as it is through.
 */
export const retireOver = async (
  rules: RetentionRules,
  signal: AbortSignal,
  removed: (kind: RetainedKind, rows: number) => void,
): Promise<void> => {
  for (const [kind, before] of overOf(rules)) {
    for (let some = 1; some > 0;) {
      signal.throwIfAborted()
      some = await rules.retention.retire(kind, before)
      removed(kind, some)
    }
  }
}
