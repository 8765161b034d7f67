import type { BothWords } from './form-progress.ts'
import type { CaseIdentity } from './identity-check.ts'

/** What a complaint is about. */
export const complaintKinds = [
  'copyright',
  'personality-rights',
  'harassment',
  'privacy',
  'fraud',
  'minors',
  'illegal-content',
  'other',
] as const
export type ComplaintKind = (typeof complaintKinds)[number]

/** `decided` can still be appealed; `final` and `withdrawn` are the end. */
export const caseStates = [
  'received',
  'examining',
  'awaiting-evidence',
  'proposed',
  'decided',
  'appealed',
  'final',
  'withdrawn',
] as const
export type CaseState = (typeof caseStates)[number]

/** What a decision says. */
export const verdicts = [
  'takedown',
  'restrict',
  'warn',
  'mute',
  'ban-temporary',
  'ban-permanent',
  'no-violation',
  'need-more-evidence',
] as const
export type Verdict = (typeof verdicts)[number]

/** What kind of thing is reported. */
export const objectKinds = ['video', 'article', 'post', 'user', 'live-room', 'comment'] as const
export type ObjectKind = (typeof objectKinds)[number]

/** A reported thing. `key` is the same for every way of naming it. */
export interface ReportedObject {
  readonly kind: ObjectKind
  /** As the platform writes it: a bvid, a uid, a room number. */
  readonly id: string
  /** `video:170001`: by the number behind all its names. */
  readonly key: string
  /** Of a video, when its number is told too. */
  readonly aid?: string
  /** Of a comment: what it stands under. */
  readonly on?: Omit<ReportedObject, 'on'>
}

/** What whoever complains of copyright declares to own. */
export interface RightsDeclaration {
  readonly capacity: 'owner' | 'agent'
  /** Name or address of the original work. */
  readonly work?: string
  /** The declaration in the reporter's words; without it nothing is enforced. */
  readonly statement?: string
}

/** Who speaks: the reporter, or the one who was reported. */
export type CaseSide = 'reporter' | 'reported'

/** A file that proves something; the bytes lie with the files of messages. */
export interface CaseEvidence {
  readonly id: string
  readonly mediaId: string
  readonly name?: string
  /** By content. */
  readonly contentType: string
  readonly bytes: number
  /** Of the bytes as they are kept. */
  readonly sha256: string
  /** Of the bytes as they were handed in, where they were handed in with the request. */
  readonly sentSha256?: string
  readonly description?: string
  readonly side: CaseSide
  readonly addedBy: string
  readonly addedAt: Date
}

/** `proposed` waits for a second person; `effective` counts; `rejected` never did. */
export type DecisionState = 'proposed' | 'effective' | 'rejected'

/** A decision, or one that is proposed. */
export interface CaseDecision {
  readonly id: string
  /** 1: the first decision; 2: after an appeal. */
  readonly round: number
  readonly verdict: Verdict
  /** Of the policy list, as it was then. */
  readonly reason: string
  readonly policyVersion: string
  readonly reasonTitle: BothWords
  /** For colleagues only. */
  readonly note?: string
  /** How long it lasts, where it ends by itself. */
  readonly hours?: number
  /** Words for the reported user, beside those of the policy list. */
  readonly toReported?: string
  readonly state: DecisionState
  readonly proposedBy: string
  readonly proposedByName: string
  readonly proposedAt: Date
  /** Who approved or rejected it. */
  readonly settledBy?: string
  readonly settledByName?: string
  readonly settledAt?: Date
}

/** What the moderation system is asked to do. `lift` takes an earlier one back, `inform` only delivers the notice. */
export const actionKinds = [
  'takedown',
  'restrict',
  'warn',
  'mute',
  'ban-temporary',
  'ban-permanent',
  'lift',
  'inform',
] as const
export type CaseActionKind = (typeof actionKinds)[number]
export type CaseActionState = 'requested' | 'confirmed' | 'failed'

/** One request to the moderation system, and what came of it. */
export interface CaseAction {
  readonly id: string
  readonly decisionId: string
  readonly kind: CaseActionKind
  readonly state: CaseActionState
  /** For `lift`: what it takes back. */
  readonly lifts?: string
  /** How often it was asked for. */
  readonly requests: number
  readonly requestedAt: Date
  readonly settledAt?: Date
  /** The moderation system's own number. */
  readonly reference?: string
  /** What it said of a failure. */
  readonly problem?: string
}

/** What one side was told. */
export interface CaseNotice {
  readonly id: string
  readonly side: CaseSide
  readonly about: CaseNoticeKind
  readonly words: BothWords
  /** The message that carries it; absent: the platform delivers it, or the account is gone. */
  readonly messageId?: string
  readonly at: Date
}
export const caseNoticeKinds = [
  'slowed',
  'evidence-wanted',
  'decided',
  'appealed',
  'counter-notice',
  'reviewed',
  'identity-asked',
  'identity-verified',
  'identity-wrong',
  'identity-over',
] as const
export type CaseNoticeKind = (typeof caseNoticeKinds)[number]

/** When something is owed at the latest, and by whose word. */
export interface CaseDeadline {
  readonly name: string
  readonly dueAt: Date
  /** The rule of law; absent: our own promise. */
  readonly source?: string
}

/** One line of a case's history. */
export interface CaseEvent {
  readonly at: Date
  readonly actor: 'agent' | 'program' | 'system'
  readonly actorId?: string
  readonly actorName?: string
  readonly change: CaseChangeName
  readonly detail: Readonly<Record<string, unknown>>
}

export type CaseChangeName =
  | 'opened'
  | 'changed'
  | 'examined'
  | 'evidence-added'
  | 'evidence-wanted'
  | 'proposed'
  | 'decided'
  | 'approved'
  | 'rejected'
  | 'appealed'
  | 'counter-notice'
  | 'withdrawn'
  | 'expired'
  | 'action-confirmed'
  | 'action-failed'
  | 'action-repeated'
  | 'identity-asked'
  | 'identity-verified'
  | 'identity-wrong'
  | 'identity-failed'
  | 'identity-expired'
  | 'identity-waived'

/** All reports of one object. */
export interface CaseGroup {
  readonly objectKey: string
  readonly reports: number
  readonly reporters: number
  readonly firstAt: Date
  readonly lastAt: Date
  /** Since when it looks coordinated. */
  readonly flaggedAt?: Date
}

/** A case as lists show it. */
export interface CaseSummary {
  readonly id: string
  readonly ticketId: string
  readonly ticketNumber: number
  readonly conversationId: string
  readonly contactId: string
  readonly inboxId: string
  readonly title: string
  /** What the reporter said, as the ticket sums it up. */
  readonly summary: string
  readonly kind: ComplaintKind
  readonly state: CaseState
  /** 1; 2 once it was appealed. */
  readonly round: number
  readonly objects: readonly ReportedObject[]
  readonly rights?: RightsDeclaration
  /** Absent: nobody asked the reporter who they are. */
  readonly identity?: CaseIdentity
  readonly deadlines: readonly CaseDeadline[]
  /** The soonest of the deadlines. */
  readonly dueAt: Date
  /** The reporter sent more than most do; it waits behind the others. */
  readonly slowed: boolean
  /** The reports of an object of it look coordinated. */
  readonly coordinated: boolean
  readonly appealUntil?: Date
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

/** A case with all that belongs to it, each oldest first. */
export interface ComplaintCase extends CaseSummary {
  readonly evidence: readonly CaseEvidence[]
  readonly decisions: readonly CaseDecision[]
  readonly actions: readonly CaseAction[]
  readonly notices: readonly CaseNotice[]
  readonly groups: readonly CaseGroup[]
  readonly timeline: readonly CaseEvent[]
}
