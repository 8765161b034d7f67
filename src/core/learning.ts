import type { ArticleContent } from './article.ts'
import type { DecisionRecord } from './conversation.ts'
import type { EditFacts, EditWrite } from './editing.ts'
import type { Evaluation } from './evaluation.ts'
import type { EventPlace } from './event-log.ts'
import type { ChannelName, Part } from './message.ts'
import type { FeedbackActor, FeedbackWrite, Trend } from './suggestions.ts'

/**
 * How a question went wrong. `unanswered`: nothing was found; `refused`: it was taken for none of the brand's business;
 * `unsure`: the bot asked back, or gave up on what it had; `confirmed`: it asked back, and the contact took the article
 * that was first; `corrected`: the contact said that the answer was another question's, or did not help; `thumbed-down`:
 * gave it a thumb down; `turned-down`: asked for a person right after it; `escalated`: was handed to a person after it;
 * `reviewed-wrong`: a person found the answer wrong.
 */
export const failureKinds = [
  'unanswered',
  'refused',
  'unsure',
  'confirmed',
  'corrected',
  'thumbed-down',
  'turned-down',
  'escalated',
  'reviewed-wrong',
] as const
export type FailureKind = (typeof failureKinds)[number]

/** An article with the probability that it was, or is, the right one. */
export interface Weighed {
  readonly articleId: string
  readonly score: number
}

/** A question that the bot did not settle, to be kept. Its sentence is masked. */
export interface NewFailure {
  readonly kind: FailureKind
  readonly sentence: string
  readonly messageId: string
  readonly conversationId: string
  readonly saidAt: Date
  /** The article that was given. */
  readonly given?: string | undefined
  /** Articles that were weighed, the best first; at most five. */
  readonly candidates: readonly Weighed[]
  /** From which score on an article was given then. */
  readonly answerAt: number
  /** The article that would have been right, as the contact or a reviewer said. */
  readonly right?: string | undefined
}

/**
 * What a reader of the help centre searched for, led to an article, and said was not answered by it. Masked; nothing
 * tells who it was.
 */
export interface ReaderFailure extends Pick<NewFailure, 'sentence' | 'saidAt' | 'candidates' | 'answerAt'> {
  readonly id: string
  /** The article that did not help. */
  readonly given: string
}

/** Takes in what readers were not helped with. */
export interface ReaderIntake {
  keep(failure: ReaderFailure, now: Date): Promise<void>
}

/** A question that the bot, or an article of the help centre, did not settle. */
export interface FailedQuestion extends Omit<NewFailure, 'conversationId'> {
  readonly id: string
  /** Absent: a reader of the help centre asked; `messageId` is its own id then. */
  readonly conversationId?: string
  readonly inboxId: string
  readonly channel: ChannelName
  /** Absent: it is not placed yet. */
  readonly proposalId?: string
  readonly placedBy?: 'machine' | 'person'
  readonly version: number
}

/** What was said up to one decision, and that decision. */
export interface DecidedTurn {
  readonly messageId: string
  readonly conversationId: string
  readonly saidAt: Date
  /** Of all messages that were decided on together. */
  readonly parts: readonly Part[]
  readonly decision: DecisionRecord
}

/** A message as it stands, with the turns of the hour before it, the latest first; at most four. */
export interface HeardTurn {
  readonly messageId: string
  readonly receivedAt: Date
  /** The bot has not thought about it yet. */
  readonly isPending: boolean
  /** Absent: nothing was decided on it by itself. */
  readonly turn?: DecidedTurn
  readonly earlier: readonly DecidedTurn[]
}

/** What reading on in the log gave. It takes effect together, and only while `before` is where reading stands. */
export interface CollectedFailures {
  readonly before: EventPlace
  readonly after: EventPlace
  readonly failures: readonly NewFailure[]
  /** Answers that a person found right, or no longer wrong: what was kept of their questions counts no more. */
  readonly cleared: readonly { readonly messageId: string; readonly why: 'right' | 'withdrawn' }[]
}

/** Takes in questions that went wrong, each once: what is learned of one later is added to it. */
export interface FailureIntake {
  /** How far the log has been read. */
  place(): Promise<EventPlace>
  turns(messageIds: readonly string[]): Promise<readonly HeardTurn[]>
  /** How many were kept or added to; undefined: somebody else has read on meanwhile. */
  keep(collected: CollectedFailures, now: Date): Promise<number | undefined>
}

export const proposalKinds = [
  'new_article',
  'new_similar_question',
  'wrong_threshold',
  'contradiction',
] as const
/**
 * What a group of questions asks for: an article where there is none; wordings for one that is there; a look at the
 * score from which on it is given; or a decision between two articles.
 */
export type ProposalKind = (typeof proposalKinds)[number]
export const proposalStates = ['open', 'accepted', 'dismissed', 'done'] as const
export type ProposalState = (typeof proposalStates)[number]

/** Why something is proposed, in numbers. */
export interface ProposalEvidence {
  readonly failures: readonly { readonly kind: FailureKind; readonly count: number }[]
  /** Articles that the knowledge in use weighs for these questions, by their mean score; at most three. */
  readonly closest: readonly (Weighed & { readonly question: string })[]
  /** Questions of the group that these means are of. */
  readonly sampled: number
  /** Of questions whose right article was first and below the line. */
  readonly threshold?: {
    readonly answerAt: number
    readonly count: number
    readonly mean: number
    readonly lowest: number
    readonly highest: number
    /** The score from which on four of five of them would have been answered. */
    readonly fourOfFiveAt: number
  }
  /** Articles that were given to these questions. */
  readonly given?: readonly { readonly articleId: string; readonly count: number }[]
  /** Answers that were corrected, and to what. */
  readonly corrections?: readonly { readonly from: string; readonly to: string; readonly count: number }[]
}

/** What was made of a group of questions. */
export interface Assessment {
  readonly kind: ProposalKind
  readonly articleId?: string | undefined
  readonly evidence: ProposalEvidence
  /** The question that is most like all of them. */
  readonly label: string
}

/** Questions that mean the same, and what might be done about them. */
export interface Proposal {
  readonly id: string
  readonly kind: ProposalKind
  readonly state: ProposalState
  readonly label: string
  /** The article that it is about; absent: a new one. */
  readonly articleId?: string
  readonly count: number
  /** People who asked. */
  readonly contacts: number
  readonly channels: readonly { readonly channel: string; readonly count: number }[]
  readonly trend: Trend
  /** The latest sentences, at most five. */
  readonly examples: readonly string[]
  readonly evidence: ProposalEvidence
  readonly firstAt?: Date
  readonly lastAt?: Date
  /** Who accepted or dismissed it last, and why. */
  readonly settledAt?: Date
  readonly settledBy?: FeedbackActor
  readonly reason?: string
  readonly draftIds: readonly string[]
  readonly evaluationId?: string
  readonly createdAt: Date
  readonly updatedAt: Date
  /** The proposal that goes on for it. */
  readonly mergedInto?: string
  readonly endedAt?: Date
  readonly version: number
}

export interface ProposalFilter {
  readonly states?: readonly ProposalState[] | undefined
  readonly kinds?: readonly ProposalKind[] | undefined
  readonly articleId?: string | undefined
}

/** What a person does to proposals. */
export type ProposalAct =
  | { readonly act: 'name'; readonly name: string }
  /** Brings the questions of another one into this one. */
  | { readonly act: 'merge'; readonly from: string }
  | { readonly act: 'dismiss'; readonly reason: string }
  | { readonly act: 'reopen' }
  | { readonly act: 'accept'; readonly draftIds: readonly string[]; readonly evaluationId: string }

/** Proposals as people look after them. Methods throw `not_found`, `conflict`. */
export interface ProposalStore {
  /** The one with most questions first. */
  list(
    filter: ProposalFilter,
    page: {
      readonly after?: { readonly count: number; readonly id: string } | undefined
      readonly limit: number
    },
    now: Date,
  ): Promise<readonly Proposal[]>
  get(id: string, now: Date): Promise<Proposal>
  act(id: string, act: ProposalAct, write: FeedbackWrite, now: Date): Promise<Proposal>
  /** Its questions, the latest first. */
  questions(
    id: string,
    page: {
      readonly after?: { readonly saidAt: Date; readonly id: string } | undefined
      readonly limit: number
    },
  ): Promise<readonly FailedQuestion[]>
  /** Puts a question into a proposal, where it stays. */
  move(questionId: string, proposalId: string, write: FeedbackWrite, now: Date): Promise<FailedQuestion>
}

/** A question as it takes part in an assessment. */
export interface AssessedQuestion extends Omit<FailedQuestion, 'inboxId' | 'channel'> {
  readonly vector: Float32Array
}

/** What a person replied to a question that the bot did not settle. As it was written: it is masked before it goes on. */
export interface PersonReply {
  /** Masked. */
  readonly sentence: string
  readonly reply: string
  readonly contactName: string
  readonly agentName?: string
}

/** Proposals as the machine makes them. */
export interface ProposalMaking {
  /** Groups that changed since they were assessed, or were not for a day. */
  changed(now: Date, limit: number): Promise<readonly string[]>
  /** Those of a group that count: after it was done, the ones since. The latest first, at most `limit`. */
  questions(id: string, limit: number): Promise<readonly AssessedQuestion[]>
  /** Keeps what was made of it; undefined: nothing is proposed. */
  assess(id: string, assessment: Assessment | undefined, now: Date): Promise<void>
  /** Accepted ones whose drafts are published are done; those whose drafts were all discarded are open again. */
  follow(now: Date): Promise<void>
  /** What people replied to its questions, the latest first. */
  repliesTo(id: string): Promise<readonly PersonReply[]>
}

/** What a proposal would write. */
export interface ProposedEdits {
  readonly edits: readonly EditFacts[]
  /** Fields that a person must write or check. */
  readonly needsEditor: readonly string[]
}

/** What whoever accepts a proposal decides otherwise. */
export interface AcceptChoice {
  /** The article that the questions belong to. */
  readonly articleId?: string | undefined
  /** A new article instead. */
  readonly content?: ArticleContent | undefined
  /** The similar questions to add, instead of those proposed. */
  readonly similar?: readonly string[] | undefined
  /** Why, instead of what the questions say. */
  readonly reason?: string | undefined
  /** The language model that wrote `content`. */
  readonly model?: string | undefined
}

/** From proposals to drafts. Throws `not_found`, `conflict`, `bad_input`. */
export interface LearningService {
  /** What accepting would write; none for what is settled. */
  propose(id: string, choice?: AcceptChoice): Promise<ProposedEdits>
  /** Makes drafts, and has them measured and last week replayed. */
  accept(id: string, choice: AcceptChoice, write: EditWrite): Promise<Proposal>
  /** What last week's conversations would have got; throws `not_found` before it was accepted. */
  replay(id: string): Promise<Evaluation>
}
