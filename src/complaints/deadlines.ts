import type { CaseDeadline, ComplaintKind } from '../core/complaint.ts'
import type { ComplaintsConfig, DeadlineConfig } from './config.ts'

type Policy = Pick<ComplaintsConfig, 'hours' | 'statutory'>

const hourMs = 3_600_000
const after = (from: Date, hours: number): Date => new Date(from.getTime() + hours * hourMs)

const byLaw = (
  { statutory }: Policy,
  kind: ComplaintKind,
  from: DeadlineConfig['from'],
): readonly DeadlineConfig[] =>
  statutory.filter((deadline) => deadline.kinds.includes(kind) && deadline.from === from)

const toDeadline = ({ name, hours, source }: DeadlineConfig, from: Date): CaseDeadline => ({
  name,
  dueAt: after(from, hours),
  source,
})

/** What is owed for a complaint that came in at `receivedAt`: our own promise first, then the law's. */
export const deadlinesOf = (
  kind: ComplaintKind,
  receivedAt: Date,
  policy: Policy,
): readonly CaseDeadline[] => [
  { name: 'decide', dueAt: after(receivedAt, policy.hours[kind]) },
  ...byLaw(policy, kind, 'received').map((deadline) => toDeadline(deadline, receivedAt)),
]

/** What is owed once a decision is looked at again: our own promise anew, and what a counter-notice brings. */
export const reviewDeadlines = (
  kind: ComplaintKind,
  at: Date,
  { policy, counterNotice }: { readonly policy: Policy; readonly counterNotice: boolean },
): readonly CaseDeadline[] => [
  { name: 'review', dueAt: after(at, policy.hours[kind]) },
  ...(counterNotice ? byLaw(policy, kind, 'counter-notice').map((deadline) => toDeadline(deadline, at)) : []),
]
