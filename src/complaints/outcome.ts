import { v7 as uuid } from 'uuid'
import type { CaseAction, CaseActionKind, CaseDecision, ComplaintCase } from '../core/complaint.ts'
import type { ActionDraft, NoticeDraft, PolicyReason } from '../core/complaint-work.ts'
import type { BothWords } from '../core/form-progress.ts'
import { noticeToReported, noticeToReporter, type DecisionFacts } from './notices.ts'

/** A decision as it takes effect. */
export interface Taking {
  readonly found: ComplaintCase
  readonly decision: Pick<
    CaseDecision,
    'id' | 'verdict' | 'hours' | 'toReported' | 'reason' | 'policyVersion'
  >
  readonly reason: PolicyReason
  /** Absent: final. */
  readonly appealUntil: Date | undefined
}

/** What the decision makes happen outside. */
export interface Outcome {
  readonly actions: readonly ActionDraft[]
  /** Notices to the reporter are yet to be said. */
  readonly notices: readonly Pick<NoticeDraft, 'side' | 'about' | 'words'>[]
}

/** Measures in force that a review may take back. */
const standing = ({ actions }: ComplaintCase): readonly CaseAction[] =>
  actions.filter(
    ({ kind, id }) => kind !== 'lift' && kind !== 'inform' && !actions.some(({ lifts }) => lifts === id),
  )

const isSame = ({ decisions }: ComplaintCase, { decisionId }: CaseAction, decision: Taking['decision']) => {
  const before = decisions.find(({ id }) => id === decisionId)
  return before?.verdict === decision.verdict && before.hours === decision.hours
}

const factsOf = ({ found, decision, reason, appealUntil }: Taking): DecisionFacts => ({
  objects: found.objects,
  decision,
  reason,
  ...(appealUntil === undefined ? {} : { appealUntil }),
})

/** What the moderation system gets. It comes of the object and the decision alone. */
const actionOf = (
  taking: Taking,
  kind: CaseActionKind,
  lifts?: string,
): { readonly action: ActionDraft; readonly words: BothWords } => {
  const { found, decision, appealUntil } = taking
  const words = noticeToReported(kind, factsOf(taking))
  const measure = kind === 'lift' || kind === 'inform' ? {} : { hours: decision.hours }
  const action = {
    id: uuid(),
    decisionId: decision.id,
    kind,
    ...(lifts === undefined ? {} : { lifts }),
    facts: {
      complaintKind: found.kind,
      objects: found.objects,
      reason: decision.reason,
      policyVersion: decision.policyVersion,
      ...measure,
      ...(lifts === undefined ? {} : { lifts }),
      ...(appealUntil === undefined ? {} : { appealUntil: appealUntil.toISOString() }),
      notice: words,
    },
  }
  return { action, words }
}

const kindOf = (verdict: CaseDecision['verdict']): CaseActionKind | undefined =>
  verdict === 'no-violation' || verdict === 'need-more-evidence' ? undefined : verdict

const measures = (taking: Taking) => {
  const { found, decision } = taking
  const earlier = standing(found)
  const upheld = earlier.filter((action) => isSame(found, action, decision))
  const kind = kindOf(decision.verdict)
  const lifted = earlier
    .filter((action) => !upheld.includes(action))
    .map((action) => actionOf(taking, 'lift', action.id))
  if (upheld.length > 0) return [...lifted, actionOf(taking, 'inform')]
  return kind === undefined ? lifted : [...lifted, actionOf(taking, kind)]
}

/**
 * Actions and notices of a decision: a review that decides otherwise takes the earlier measure back, one that decides
 * the same only tells so.
 */
export const outcomeOf = (taking: Taking): Outcome => {
  const { found } = taking
  const about = found.round > 1 ? 'reviewed' : 'decided'
  const made = measures(taking)
  const toReporter = noticeToReporter(found.ticketNumber, factsOf(taking))
  // One who hears of a new measure is not told apart that the old one ended.
  const told = made.at(-1)
  return {
    actions: made.map(({ action }) => action),
    notices: [
      { side: 'reporter', about, words: toReporter },
      ...(told === undefined ? [] : [{ side: 'reported', about, words: told.words } as const]),
    ],
  }
}
