import type { BothWords } from './form-progress.ts'
import type { OutboundDraft } from './conversation.ts'
import type { CaseIdentity, IdentityCheckDraft, IdentityCheckEnd } from './identity-check.ts'

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

/** Who changes a case: a person, a program with a key, or the product by a rule. */
export type CaseActor =
  { readonly id: string; readonly name: string; readonly program?: true } | { readonly rule: string }

/** A notice to be kept; `message` is said in the ticket's conversation. */
export interface NoticeDraft extends Pick<CaseNotice, 'side' | 'about' | 'words'> {
  readonly message?: OutboundDraft
}

/** Evidence to be kept. */
export type EvidenceDraft = Omit<CaseEvidence, 'id' | 'addedBy' | 'addedAt'>

/** A case to be. */
export interface CaseDraft {
  readonly ticketId: string
  readonly kind: ComplaintKind
  readonly objects: readonly ReportedObject[]
  readonly rights?: RightsDeclaration
  readonly identity?: CaseIdentity
  readonly evidence: readonly EvidenceDraft[]
  readonly deadlines: readonly CaseDeadline[]
  readonly actor: CaseActor
  readonly detail: Readonly<Record<string, unknown>>
  readonly idempotencyKey?: string
}

/** What is known of the reporter and of earlier reports when a case opens. */
export interface Intake {
  /** Cases of the reporter in the last 24 hours, this one included. */
  readonly byReporter: number
  /** Of each object: who reported it within the window, and how many of them are new here. This one included. */
  readonly onObjects: readonly {
    readonly objectKey: string
    readonly reporters: number
    readonly fresh: number
    readonly flagged: boolean
  }[]
}

/** What an intake leads to. */
export interface IntakeVerdict {
  readonly slowed: boolean
  /** The reporter sends more than most do; told to the risk system. */
  readonly flooding: boolean
  /** Objects whose reports look coordinated from now on. */
  readonly coordinated: readonly string[]
  readonly notices: readonly NoticeDraft[]
}

/** The rules of intake; they run in the transaction that opens the case. */
export interface IntakeRules {
  readonly windowMs: number
  /** A contact is new for so long. */
  readonly freshMs: number
  readonly judge: (intake: Intake, inboxId: string) => IntakeVerdict
}

/** One change of a case; takes effect whole or not at all. What is absent stays. */
export interface CaseChange {
  readonly caseId: string
  /** The version that everything here rests on; another: `conflict`. */
  readonly expectedVersion: number
  /** Repeating a change with the same key has no further effect. */
  readonly idempotencyKey?: string
  readonly actor: CaseActor
  readonly change: CaseChangeName
  readonly detail: Readonly<Record<string, unknown>>
  readonly state?: CaseState
  readonly round?: number
  readonly kind?: ComplaintKind
  readonly objects?: readonly ReportedObject[]
  readonly rights?: RightsDeclaration
  readonly identity?: CaseIdentity
  /** A code to be sent. */
  readonly check?: IdentityCheckDraft
  /** What became of the code that was sent. */
  readonly endsCheck?: IdentityCheckEnd
  readonly deadlines?: readonly CaseDeadline[]
  readonly appealUntil?: Date
  readonly evidence?: readonly EvidenceDraft[]
  /** A decision that is new. */
  readonly decision?: Omit<CaseDecision, 'proposedBy' | 'proposedByName' | 'proposedAt' | 'settledAt'>
  /** What becomes of the decision that was proposed. */
  readonly settles?: { readonly decisionId: string; readonly state: 'effective' | 'rejected' }
  /** What the moderation system is asked for, with what it needs to know. */
  readonly actions?: readonly ActionDraft[]
  readonly notices?: readonly NoticeDraft[]
}

/** An action to be asked for. `facts` go to the moderation system; they never tell who complained. */
export interface ActionDraft {
  readonly id: string
  readonly decisionId: string
  readonly kind: CaseActionKind
  readonly lifts?: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** What the moderation system says of an action. */
export interface ActionReport {
  readonly state: 'confirmed' | 'failed'
  readonly reference?: string
  readonly problem?: string
}

export interface CaseQuery {
  readonly states?: readonly CaseState[]
  readonly kind?: ComplaintKind
  readonly objectKey?: string
  readonly ticketId?: string
  readonly contactId?: string
  readonly flagged?: boolean
  /** Where the page before ended. */
  readonly after?: CasePlace
  readonly limit: number
}

/** A place in the list, which goes by urgency: those that are slowed last, then by what is due first. */
export interface CasePlace {
  readonly slowed: boolean
  readonly dueAt: Date
  readonly id: string
}

/** A decided case as the search for precedents reads it. */
export interface Precedent {
  readonly caseId: string
  readonly ticketNumber: number
  readonly kind: ComplaintKind
  readonly text: string
  readonly verdict: Verdict
  readonly reason: string
  readonly decidedAt: Date
}

/** Complaint cases. Those that name one throw `not_found`; those that change one `conflict`. */
export interface ComplaintStore {
  /** Opens the case of a complaint's ticket. Throws `conflict` when it has one, `bad_input` when it is no complaint. */
  open(draft: CaseDraft, rules: IntakeRules, now: Date): Promise<ComplaintCase>
  get(caseId: string): Promise<ComplaintCase>
  list(query: CaseQuery): Promise<readonly CaseSummary[]>
  apply(change: CaseChange, now: Date): Promise<ComplaintCase>
  /** Whether a change with this key was applied before. */
  wasApplied(caseId: string, idempotencyKey: string | undefined): Promise<boolean>
  /** What came of an action. The same again changes nothing; another end of one that ended: `conflict`. */
  report(
    caseId: string,
    actionId: string,
    report: ActionReport & { readonly actor: CaseActor },
    now: Date,
  ): Promise<ComplaintCase>
  /** Asks once more for an action that failed or was never answered. */
  repeat(caseId: string, actionId: string, actor: CaseActor, now: Date): Promise<ComplaintCase>
  /** Whether a file was said in a conversation of the ticket's contact, or uploaded and not said yet. */
  ownsFile(ticketId: string, mediaId: string): Promise<boolean>
  /** What a reporter is known by: names, addresses, and what they wrote in the case's conversation. */
  tracesOf(caseId: string): Promise<ReporterTraces>
  /** Cases that were decided, the newest first. */
  precedents(limit: number): Promise<readonly Precedent[]>
  /** Makes decided cases final whose time for an appeal is over; gives them. */
  expire(now: Date, limit: number): Promise<readonly string[]>
}

/** What must not reach the one who was reported. */
export interface ReporterTraces {
  readonly names: readonly string[]
  readonly addresses: readonly string[]
  readonly texts: readonly string[]
}

/** A reason of the policy list. */
export interface PolicyReason {
  /** Never changes its meaning: `copyright.reupload`. */
  readonly code: string
  readonly kinds: readonly ComplaintKind[]
  readonly verdicts: readonly Verdict[]
  readonly title: BothWords
  /** For the one who was reported: what was against which rule, and what may be done. */
  readonly toReported: BothWords
  /** For the reporter. */
  readonly toReporter: BothWords
  /** The rule it rests on. */
  readonly source?: string
}

/** What decisions may give as their reason. */
export interface PolicyList {
  readonly version: string
  readonly reasons: readonly PolicyReason[]
}

/** Who asks for a change. */
export interface CaseRequest {
  readonly caseId: string
  readonly actor: Exclude<CaseActor, { readonly rule: string }>
  /** The version the caller saw; an older one is refused with `conflict`. */
  readonly version?: number
  readonly idempotencyKey?: string
}

/** A file that is handed in: one that is kept already, or the bytes themselves. */
export interface EvidenceInput {
  readonly mediaId?: string
  readonly content?: Uint8Array
  readonly name?: string
  readonly description?: string
  readonly side: CaseSide
}

/** A decision as it is asked for. */
export interface DecisionInput {
  readonly verdict: Verdict
  readonly reason: string
  readonly note?: string
  readonly hours?: number
  /** What is missing, for `need-more-evidence`: said to the reporter. */
  readonly ask?: string
  readonly toReported?: string
}

/** A decided case that is like another. */
export interface SimilarCase extends Omit<Precedent, 'text'> {
  /** 0 to 1. */
  readonly likeness: number
}

/** What is done with cases. Every method throws `not_found`, `bad_input`, `conflict`, `forbidden`. */
export interface ComplaintService {
  policy(): PolicyList
  open(input: {
    readonly actor: CaseRequest['actor']
    readonly ticketId: string
    readonly kind: ComplaintKind
    readonly objects: readonly string[]
    readonly rights?: RightsDeclaration
    readonly idempotencyKey?: string
  }): Promise<ComplaintCase>
  get(caseId: string): Promise<ComplaintCase>
  /** `object` as people name it. */
  list(query: Omit<CaseQuery, 'objectKey'> & { readonly object?: string }): Promise<readonly CaseSummary[]>
  change(
    request: CaseRequest,
    facts: {
      readonly kind?: ComplaintKind
      readonly objects?: readonly string[]
      readonly rights?: RightsDeclaration
    },
  ): Promise<ComplaintCase>
  examine(request: CaseRequest): Promise<ComplaintCase>
  /** Sends a one-time code to a mail address that the reporter named. */
  askIdentity(request: CaseRequest, address: string): Promise<ComplaintCase>
  /** The code as the reporter told it somewhere else, e.g. on the phone. */
  confirmIdentity(request: CaseRequest, code: string): Promise<ComplaintCase>
  /** Who the reporter is, is known otherwise. */
  waiveIdentity(request: CaseRequest, why: string): Promise<ComplaintCase>
  addEvidence(request: CaseRequest, file: EvidenceInput): Promise<ComplaintCase>
  decide(request: CaseRequest, decision: DecisionInput): Promise<ComplaintCase>
  approve(request: CaseRequest): Promise<ComplaintCase>
  reject(request: CaseRequest, why: string): Promise<ComplaintCase>
  /** The reporter's appeal, or the counter-notice of the one who was reported. */
  appeal(request: CaseRequest, side: CaseSide, statement: string): Promise<ComplaintCase>
  withdraw(request: CaseRequest, why: string): Promise<ComplaintCase>
  report(request: CaseRequest, actionId: string, report: ActionReport): Promise<ComplaintCase>
  repeat(request: CaseRequest, actionId: string): Promise<ComplaintCase>
  similar(caseId: string, limit: number): Promise<readonly SimilarCase[]>
  /** The whole case as one ZIP, piece by piece. */
  archive(caseId: string): Promise<{ readonly name: string; readonly bytes: ReadableStream<Uint8Array> }>
}
