/** One knowledge entry, as read from `knowledge/articles`. */
export interface Article {
  readonly id: string
  readonly topic: string
  readonly question: string
  readonly similar: readonly string[]
  /** Words whose presence means the contact asks something else (否定词). */
  readonly negative: readonly string[]
  /** True: a person always handles it; the answer says what to prepare and what comes next. */
  readonly handoff: boolean
  readonly urgency: 'normal' | 'urgent'
  readonly followups: readonly string[]
  /** Markdown, zh-CN. */
  readonly answer: string
  /** Answers for one channel, where the general one does not fit. */
  readonly channelAnswers: Readonly<Record<string, string>>
  readonly en?: { readonly question: string; readonly answer: string }
  /** Where it came from, for messages to editors. */
  readonly file: string
}

/** A consistent, loaded state of all articles; `version` is a hash of their content. */
export interface KnowledgeBase {
  readonly version: string
  readonly articles: readonly Article[]
}

/** One hit of a search, best question of the article. */
export interface SearchHit {
  readonly articleId: string
  readonly topic: string
  /** The standard or similar question that matched best. */
  readonly matched: string
  /** Comparable between hits of one search only; ≥ 0. */
  readonly score: number
}

/** Finds articles for normalised text, best first. Pure: same knowledge, same text, same hits. */
export type SearchArticles = (text: string, limit: number) => readonly SearchHit[]

/** A fault in an article or intent file, said so that an editor can mend it. */
export interface ContentFault {
  readonly file: string
  readonly line: number
  readonly problem: string
  /** What to do about it. */
  readonly fix: string
}
