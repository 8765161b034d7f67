import type { Config } from '../config.ts'
import type { RetainedKind } from '../core/personal-data.ts'
import {
  countOver,
  noneOver,
  retireOver,
  type RetentionCounts,
  type RetentionRules,
} from '../privacy/index.ts'
import { createAuditLog, createRetention, type Database } from '../store/index.ts'

/** Hears how many rows of a kind are gone. */
export type CountRemoved = (kind: RetainedKind, rows: number) => void

/** What is older than it is kept: counted, or removed. */
export interface AppliedRetention {
  count(): Promise<RetentionCounts>
  /** What was removed stands in the audit log, also when it is broken off halfway. */
  apply(signal: AbortSignal): Promise<RetentionCounts>
}

const rulesOf = ({ privacy }: Pick<Config, 'privacy'>, database: Database): RetentionRules => ({
  retention: createRetention(database),
  days: {
    ...{ messages: privacy.messageDays, tickets: privacy.ticketDays, complaints: privacy.complaintDays },
    ...{ questions: privacy.questionDays, suggestions: privacy.suggestionDays },
    ...{ drafts: privacy.draftDays, invitations: privacy.invitationDays },
  },
  now: () => new Date(),
})

/** Keeps on one database what the configuration says, for as long as it says. */
export const openRetention = (
  config: Pick<Config, 'privacy'>,
  database: Database,
  removed: CountRemoved,
): AppliedRetention => {
  const rules = rulesOf(config, database)
  const audit = createAuditLog(database)
  return {
    count: () => countOver(rules),
    apply: async (signal) => {
      const counts = noneOver()
      const note = (detail: Record<string, unknown>) =>
        audit.record({ act: 'retention.applied', detail: { ...counts, ...detail } })
      try {
        await retireOver(rules, signal, (kind, rows) => {
          counts[kind] += rows
          removed(kind, rows)
        })
      } catch (error) {
        await note({ brokenOff: true })
        throw error
      }
      await note({})
      return counts
    },
  }
}
