import type { Message } from './conversation.ts'
import type { ChannelName } from './message.ts'
import type { ReviewForm, ReviewSubject } from './review-form.ts'

/** What a reviewer says of one criterion. */
export interface ReviewAnswer {
  /** 0 to 5 on a scale. */
  readonly value: number | 'yes' | 'no' | 'not-applicable'
  readonly comment?: string | undefined
  /** The message it is about. */
  readonly messageId?: string | undefined
}
/** By criterion. */
export type ReviewAnswers = Readonly<Record<string, ReviewAnswer>>

/** What answers come to. */
export interface ReviewTotal {
  /** Percent. */
  readonly total: number
  /** A critical criterion was answered with no. */
  readonly failed: boolean
  /** By criterion that was answered: what was reached of it, 0 to 1. */
  readonly reached: Readonly<Record<string, number>>
  /** The bot's answer was wrong. */
  readonly wrongAnswer: boolean
}

export const reviewStates = ['open', 'claimed', 'completed', 'cancelled'] as const
export type ReviewState = (typeof reviewStates)[number]

export const disputeStates = ['open', 'upheld', 'changed'] as const
/** `upheld`: the scores stand. */
export type DisputeState = (typeof disputeStates)[number]

/** What a reviewee holds against a review, and what came of it. */
export interface ReviewDispute {
  readonly state: DisputeState
  readonly at: Date
  /** Why, by criterion. */
  readonly reasons: Readonly<Record<string, string>>
  readonly decidedAt?: Date
  readonly decidedBy?: string
  readonly decidedByName?: string
  readonly reason?: string
  /** The total and the answers before they were changed. */
  readonly before?: { readonly total: number; readonly failed: boolean; readonly answers: ReviewAnswers }
}

/** One work that is, or is to be, reviewed. */
export interface WorkReview {
  readonly id: string
  readonly subject: ReviewSubject
  /** The id of the ticket, of the contact's message the bot answered, or of the decision. */
  readonly workId: string
  readonly ticketId?: string
  readonly ticketNumber?: number
  readonly conversationId: string
  /** When it was done. */
  readonly workAt: Date
  /** Whose work it is; absent: the bot's. */
  readonly revieweeId?: string
  readonly revieweeName?: string
  readonly teamId?: string
  readonly channel: ChannelName
  readonly topic: string
  /** What the bot gave, and how sure it was. */
  readonly articleId?: string
  readonly confidence?: number
  readonly formId: string
  readonly formNumber: number
  /** 2: the same work is reviewed a second time by somebody else, to see whether both agree. */
  readonly round: 1 | 2
  /** Absent: added by hand. */
  readonly ruleId?: string
  /** Who may take it; both absent: whoever may review. */
  readonly reviewerTeamId?: string
  readonly reviewerIds: readonly string[]
  readonly reviewerId?: string
  readonly reviewerName?: string
  readonly state: ReviewState
  readonly dueAt: Date
  readonly createdAt: Date
  readonly completedAt?: Date
  readonly answers: ReviewAnswers
  readonly comment?: string
  /** The article that would have been right. */
  readonly rightArticleId?: string
  readonly total?: number
  readonly failed?: boolean
  readonly acknowledgedAt?: Date
  readonly dispute?: ReviewDispute
  readonly version: number
}

/** A line of a review's history. */
export interface ReviewEntry {
  readonly at: Date
  /** Absent: a rule did it. */
  readonly actorId?: string
  readonly actorName?: string
  readonly change:
    | 'drawn'
    | 'added'
    | 'claimed'
    | 'released'
    | 'saved'
    | 'completed'
    | 'acknowledged'
    | 'disputed'
    | 'decided'
    | 'cancelled'
  readonly detail: Readonly<Record<string, unknown>>
}

/** Work that may be reviewed, as it is found. */
export interface ReviewableWork {
  readonly subject: ReviewSubject
  readonly workId: string
  readonly ticketId?: string
  readonly conversationId: string
  readonly workAt: Date
  readonly revieweeId?: string
  readonly teamId?: string
  readonly channel: ChannelName
  readonly topic: string
  readonly articleId?: string
  readonly confidence?: number
}

/** What is shown of the work beside the form. */
export interface ReviewedWork {
  /** What was said around it, oldest first. */
  readonly messages: readonly Message[]
  /** The articles the bot weighed, the given one among them. */
  readonly articles: readonly ReviewedArticle[]
}
export interface ReviewedArticle {
  readonly id: string
  readonly question: string
  /** Absent: it is not in the knowledge any more. */
  readonly answer?: string
}

/** Who does something. */
export interface ReviewPerson {
  readonly id: string
  readonly name: string
  /** False: a program. */
  readonly isPerson: boolean
  readonly mayRead: boolean
  readonly mayReview: boolean
  readonly mayManage: boolean
}

/** A write to a review. */
export interface ReviewWrite {
  readonly who: ReviewPerson
  readonly expectedVersion?: number | undefined
  readonly idempotencyKey?: string | undefined
}

/** What a write sets; what is absent stays, null takes away. */
export interface ReviewSet {
  readonly state?: ReviewState
  readonly reviewerId?: string | null
  readonly answers?: ReviewAnswers
  readonly comment?: string | null
  readonly rightArticleId?: string | null
  readonly completedAt?: Date
  readonly total?: ReviewTotal
  readonly acknowledgedAt?: Date
  readonly dispute?: ReviewDispute
}

/** What else happens with a write, in its transaction. */
export interface ReviewChange {
  readonly change: ReviewEntry['change']
  readonly detail?: Readonly<Record<string, unknown>>
  readonly set: ReviewSet
}

/** What somebody has to do with the work of a review. */
export interface ReviewInvolvement {
  /** Did it, had a part in it, or agreed to it. */
  readonly tookPart: boolean
  /** Made the other review of the same work. */
  readonly reviewedOther: boolean
  /** Is among those who are to review it. */
  readonly inPool: boolean
}

/** Reviews to be kept. */
export interface ReviewDraft {
  readonly work: ReviewableWork
  readonly formId: string
  readonly formNumber: number
  readonly round: 1 | 2
  readonly ruleId?: string
  readonly reviewerTeamId?: string
  readonly reviewerIds: readonly string[]
  readonly dueAt: Date
}

/** Which reviews are listed. */
export interface ReviewFilter {
  readonly states?: readonly ReviewState[]
  readonly disputes?: readonly DisputeState[]
  readonly subject?: ReviewSubject
  readonly formId?: string
  readonly revieweeId?: string
  readonly reviewerId?: string
  readonly ticketId?: string
  /** Neither made by this person nor about their work. */
  readonly decidableBy?: string
}

/** A place in a list. */
export interface ReviewPage {
  readonly after?: string
  readonly limit: number
}

/** Keeps reviews. */
export interface ReviewStore {
  /** The work; throws `not_found`, or `bad_input` where it cannot be reviewed. */
  find(subject: ReviewSubject, workId: string): Promise<ReviewableWork>
  /** Undefined: it is, or was, reviewed under this form in this round. */
  add(draft: ReviewDraft, write: ReviewWrite, now: Date): Promise<WorkReview | undefined>
  get(id: string): Promise<WorkReview>
  /** The latest first. */
  list(filter: ReviewFilter, page: ReviewPage): Promise<readonly WorkReview[]>
  /** What this person has claimed and may claim, what is due first. */
  queue(
    personId: string,
    all: boolean,
    page: { readonly after?: { readonly dueAt: Date; readonly id: string }; readonly limit: number },
  ): Promise<readonly WorkReview[]>
  history(id: string): Promise<readonly ReviewEntry[]>
  involvement(id: string, personId: string): Promise<ReviewInvolvement>
  /** What was said around the work. */
  messages(review: WorkReview): Promise<readonly Message[]>
  /** Those of the ids that are messages of the conversation. */
  known(conversationId: string, messageIds: readonly string[]): Promise<readonly string[]>
  /**
   * Locks the review and writes what `decide` says of it, with its history and events, in one transaction. A key that
   * was used gives the review as it is. Throws `not_found`, and `conflict` on a stale version.
   */
  apply(
    id: string,
    write: ReviewWrite,
    decide: (review: WorkReview, involvement: ReviewInvolvement) => ReviewChange,
    now: Date,
  ): Promise<WorkReview>
}

/** What is to be reviewed, by hand. */
export interface ReviewRequest {
  readonly subject: ReviewSubject
  readonly workId: string
  /** Absent: the active form for the subject, where there is one only. */
  readonly formId?: string
  readonly reviewerTeamId?: string
  readonly reviewerIds?: readonly string[]
  readonly dueDays?: number
  /** A second review of what is, or was, reviewed under the form. */
  readonly second?: boolean
}

/** What a reviewer has filled in. */
export interface ReviewFilling {
  readonly answers?: ReviewAnswers
  readonly comment?: string | null
  readonly rightArticleId?: string | null
}

/** What people do with reviews. Methods throw `not_found`, `forbidden`, `bad_input` and `conflict`, naming the rule. */
export interface ReviewService {
  add(request: ReviewRequest, write: ReviewWrite): Promise<WorkReview>
  /** With its form; for whoever may see it. */
  get(id: string, who: ReviewPerson): Promise<{ readonly review: WorkReview; readonly form: ReviewForm }>
  work(id: string, who: ReviewPerson): Promise<ReviewedWork>
  history(id: string, who: ReviewPerson): Promise<readonly ReviewEntry[]>
  list(filter: ReviewFilter, page: ReviewPage): Promise<readonly WorkReview[]>
  queue(
    who: ReviewPerson,
    page: { readonly after?: { readonly dueAt: Date; readonly id: string }; readonly limit: number },
  ): Promise<readonly WorkReview[]>
  claim(id: string, write: ReviewWrite): Promise<WorkReview>
  release(id: string, write: ReviewWrite): Promise<WorkReview>
  /** Keeps what is filled in so far. */
  fill(id: string, filling: ReviewFilling, write: ReviewWrite): Promise<WorkReview>
  /** Everything must be answered; from then on the reviewee sees it. */
  complete(id: string, write: ReviewWrite): Promise<WorkReview>
  cancel(id: string, reason: string, write: ReviewWrite): Promise<WorkReview>
  acknowledge(id: string, write: ReviewWrite): Promise<WorkReview>
  dispute(id: string, reasons: Readonly<Record<string, string>>, write: ReviewWrite): Promise<WorkReview>
  /** With answers: those take the place of the reviewer's; without: the scores stand. */
  decide(
    id: string,
    decision: { readonly reason: string; readonly answers?: ReviewAnswers },
    write: ReviewWrite,
  ): Promise<WorkReview>
}
