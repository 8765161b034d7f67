import type {
  CaseActionKind,
  CaseChangeName,
  CaseDeadline,
  CaseDecision,
  CaseEvidence,
  CaseNotice,
  CaseSide,
  CaseState,
  CaseSummary,
  ComplaintCase,
  ComplaintKind,
  ReportedObject,
  RightsDeclaration,
  Verdict,
} from './complaint.ts'
import type { OutboundDraft } from './conversation.ts'
import type { BothWords } from './form-progress.ts'
import type { CaseIdentity, IdentityCheckDraft, IdentityCheckEnd } from './identity-check.ts'

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

/** What a decision would bring about, before it is taken. */
export interface DecisionPreview {
  /** It would wait for a second person; the rest is what comes of it once they agree. */
  readonly isProposal: boolean
  /** In which the reporter is told. */
  readonly language: 'zh' | 'en'
  /** What each side would hear; nothing for a side: it hears nothing. */
  readonly notices: readonly Pick<CaseNotice, 'side' | 'words'>[]
  /** What the moderation system would be asked for. */
  readonly actions: readonly CaseActionKind[]
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
  /** What `decide` would do; changes nothing, and refuses what `decide` would refuse. */
  preview(request: Pick<CaseRequest, 'caseId' | 'actor'>, decision: DecisionInput): Promise<DecisionPreview>
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
