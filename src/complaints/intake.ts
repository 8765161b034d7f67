import type { ComplaintKind } from '../core/complaint.ts'
import type { Intake, IntakeRules, IntakeVerdict, NoticeDraft } from '../core/complaint-work.ts'
import type { ComplaintsConfig } from './config.ts'

/** Never made to wait, whoever reports them and however often. */
const neverSlowed: readonly ComplaintKind[] = ['minors', 'illegal-content']

const dayMs = 86_400_000

const looksCoordinated = (
  { reporters, fresh, flagged }: Intake['onObjects'][number],
  { coordinated }: ComplaintsConfig,
): boolean => !flagged && reporters >= coordinated.reporters && fresh >= reporters * coordinated.freshShare

const judge = (
  intake: Intake,
  kind: ComplaintKind,
  { config, slowedNotice }: { readonly config: ComplaintsConfig; readonly slowedNotice: () => NoticeDraft },
): IntakeVerdict => {
  const flooding = intake.byReporter > config.dailyPerContact
  const slowed = flooding && !neverSlowed.includes(kind)
  return {
    slowed,
    flooding,
    coordinated: intake.onObjects
      .filter((group) => looksCoordinated(group, config))
      .map(({ objectKey }) => objectKey),
    // Told once a flood, at its beginning: a notice for each would be a flood of its own.
    notices: slowed && intake.byReporter === config.dailyPerContact + 1 ? [slowedNotice()] : [],
  }
}

/** Who is slowed, and what is flagged, when a complaint of this kind comes in. */
export const intakeRules = (
  kind: ComplaintKind,
  config: ComplaintsConfig,
  slowedNotice: (inboxId: string) => NoticeDraft,
): IntakeRules => ({
  windowMs: config.coordinated.windowHours * 3_600_000,
  freshMs: config.coordinated.freshDays * dayMs,
  judge: (intake, inboxId) => judge(intake, kind, { config, slowedNotice: () => slowedNotice(inboxId) }),
})
