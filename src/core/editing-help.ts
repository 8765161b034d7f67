import type { ArticleContent, ArticleText } from './article.ts'
import type { Draft, EditWrite } from './editing.ts'
import type { FeedbackActor } from './suggestions.ts'

/**
 * What would become of a wording that a model thought up. `new`: it is not understood yet, so it helps; `known`: the
 * article is given to it already; `other`: it is another article's, and taking it in would make both worse.
 */
export type WordingStanding = 'new' | 'known' | 'other'

/** A similar question that a model thought up. */
export interface SuggestedWording {
  readonly text: string
  readonly standing: WordingStanding
  /** Whose it is, with the question that is like it; for `other` alone. */
  readonly of?: { readonly articleId: string; readonly question: string }
}

/** A place of an answer that does not sound as the brand does, and how it might. */
export interface ToneFinding {
  /** Stands in the text, word for word, once. */
  readonly quote: string
  /** Which of the article's texts. */
  readonly in: ArticleText['name']
  /** Says the same: numbers, names, links, yes and no. */
  readonly proposal: string
  readonly why: string
}

/** What came of asking a model, and which one it was. */
export interface ByModel<Found> {
  readonly found: Found
  readonly model: string
}

/** What was said under one ticket, or about one question; without what tells who said it. */
export interface SettledCase {
  readonly asked: readonly string[]
  readonly replied: readonly string[]
}

/** An article that a model wrote from settled cases. */
export interface WrittenArticle {
  readonly question: string
  readonly similar: readonly string[]
  readonly answer: string
  /** Sentences whose words are not those of a reply: somebody has to look at them. */
  readonly toCheck: readonly string[]
}

/** An article as it is compared with others. */
export interface ComparedArticle {
  readonly articleId: string
  readonly topic: string
  readonly question: string
  readonly answer: string
  readonly en: ArticleContent['en']
  readonly channels: ArticleContent['channels']
}

/** Two places that cannot both be true; each stands in its article, word for word. */
export interface Judgement {
  readonly firstQuote: string
  readonly secondQuote: string
  /** Which text of its article each stands in. */
  readonly firstText: ArticleText['name']
  readonly secondText: ArticleText['name']
  readonly why: string
}

/** How the brand speaks, for one article. */
export interface ToneWanted {
  /** `sober`: the matter is none for jokes, whatever the persona. */
  readonly tone: 'standard' | 'acg' | 'sober'
  readonly brand: string
}

/** What a language model does for editors. Everything it gives was checked. Each rejects as the model does. */
export interface EditorModel {
  wordings(content: ArticleContent): Promise<ByModel<readonly string[]>>
  /** Undefined: there is nothing in the cases that others could be told, or nothing that stood the check. */
  write(cases: readonly SettledCase[]): Promise<ByModel<WrittenArticle | undefined>>
  /** Undefined: they do not contradict each other, or the places do not stand there. */
  judge(
    first: ComparedArticle,
    second: ComparedArticle,
    signal: AbortSignal,
  ): Promise<ByModel<Judgement | undefined>>
  tone(content: ArticleContent, wanted: ToneWanted): Promise<ByModel<readonly ToneFinding[]>>
}

/** Two articles by id, the smaller first, or one whose texts are compared with each other; with hashes of what they said when they were compared. */
export interface ArticlePair {
  readonly firstId: string
  readonly secondId: string
  readonly firstHash: string
  readonly secondHash: string
}

/** Why a model would not compare a pair: asked again as it stands, it would do the same. */
export const refusalReasons = ['refused', 'filtered', 'truncated', 'malformed'] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** A pair that was not compared. */
export interface RefusedPair extends ArticlePair {
  readonly why: RefusalReason
  /** The models that were asked: others may compare it. */
  readonly models: string
  readonly refusedAt: Date
}

export const contradictionStates = ['open', 'dismissed'] as const
export type ContradictionState = (typeof contradictionStates)[number]

/** Two articles that were found to contradict each other. It is gone when either text changes. */
export interface Contradiction extends ArticlePair, Judgement {
  readonly id: string
  readonly model: string
  readonly state: ContradictionState
  readonly foundAt: Date
  readonly settledAt?: Date
  readonly settledBy?: FeedbackActor
  readonly version: number
}

/** Why a look at all articles stopped before its end. */
export type PauseReason = 'enough' | 'budget' | 'model'
export const checkStates = ['waiting', 'running', 'paused', 'done', 'failed'] as const

/** A look at all articles for contradictions. */
export interface ContradictionCheck {
  readonly id: string
  /** `paused`: it goes on where it stood when somebody says so. */
  readonly state: (typeof checkStates)[number]
  readonly why?: PauseReason
  /** Pairs that have to be compared, and how many of them are. */
  readonly pairs: number
  readonly judged: number
  readonly found: number
  readonly by: FeedbackActor
  readonly startedAt: Date
  readonly updatedAt: Date
}

/** Contradictions, and the pairs that were compared, on one database. */
export interface ContradictionStore {
  /** All pairs that were compared. */
  judged(): Promise<readonly ArticlePair[]>
  /** Keeps what was found of a pair, in place of what was found of it before. */
  keep(
    pair: ArticlePair,
    outcome: { readonly judgement: Judgement | undefined; readonly model: string },
    now: Date,
  ): Promise<void>
  /** Pairs that a model would not compare, the latest first. */
  refused(): Promise<readonly RefusedPair[]>
  /** Keeps that a pair was not compared; what was found of it before is gone. */
  refuse(pair: ArticlePair, outcome: Pick<RefusedPair, 'why' | 'models'>, now: Date): Promise<void>
  /** Has all pairs compared again that a model would not compare. */
  forgetRefusals(): Promise<void>
  /** The latest first. */
  list(state: ContradictionState): Promise<readonly Contradiction[]>
  /** Throws `not_found`, `conflict`. */
  settle(
    id: string,
    to: ContradictionState,
    by: { readonly actor: FeedbackActor; readonly version: number | undefined },
    now: Date,
  ): Promise<Contradiction>
}

/** The latest look at all articles, on one database. */
export interface ContradictionChecks {
  latest(): Promise<ContradictionCheck | undefined>
  start(by: FeedbackActor, now: Date): Promise<ContradictionCheck>
  /** How far it is. */
  progress(
    id: string,
    change: Pick<ContradictionCheck, 'state' | 'pairs' | 'judged' | 'found' | 'why'>,
    now: Date,
  ): Promise<void>
}

/** A contradiction with the questions of its articles. */
export interface ShownContradiction extends Contradiction {
  readonly firstQuestion: string
  readonly secondQuestion: string
}

/** A pair that was not compared, with the questions of its articles. */
export interface ShownRefusal extends RefusedPair {
  readonly firstQuestion: string
  readonly secondQuestion: string
}

/** What articles are drafted from. */
export type DraftFrom =
  /** Settled tickets. */
  | { readonly tickets: readonly string[] }
  /** Questions that nobody had an answer to, and what people replied to them. */
  | { readonly proposalId: string }

/** What a language model does for editors. Rejects as the model does; throws `not_found`, `conflict`, `bad_input`. */
export interface EditingHelp {
  /** Similar questions that the article does not have. */
  wordings(content: ArticleContent): Promise<ByModel<readonly SuggestedWording[]>>
  tone(content: ArticleContent): Promise<ByModel<readonly ToneFinding[]>>
  /** Keeps an article as a draft, which takes the way of all drafts. */
  draft(from: DraftFrom, write: EditWrite): Promise<Draft>
  readonly contradictions: {
    /** Those of the articles as they are live. */
    list(state: ContradictionState): Promise<readonly ShownContradiction[]>
    settle(
      id: string,
      to: ContradictionState,
      by: { readonly actor: FeedbackActor; readonly version: number | undefined },
    ): Promise<Contradiction>
    check(): Promise<ContradictionCheck | undefined>
    /** Pairs of articles as they are live that the model would not compare. */
    refused(): Promise<readonly ShownRefusal[]>
    /** Looks at all articles in the background, or goes on where an earlier look stood. */
    start(actor: FeedbackActor): Promise<ContradictionCheck>
    /** The same, with the pairs that the model would not compare. */
    retry(actor: FeedbackActor): Promise<ContradictionCheck>
  }
}
