import type { StoredMedia } from './media.ts'
import type { InlinePicture } from './message.ts'

/** A picture within an answer; `alt` says what it shows to those who do not see it (替代文字). */
export interface PlacedPicture extends InlinePicture {
  readonly media: StoredMedia
}

/** The pictures of an article's answers, each in the order in which they stand. */
export interface ArticlePictures {
  readonly answer: readonly PlacedPicture[]
  readonly channelAnswers: Readonly<Record<string, readonly PlacedPicture[]>>
  readonly en: readonly PlacedPicture[]
}

/** A picture file that articles show. Its id is made from its bytes: another picture is another id. */
export interface PictureFile {
  readonly media: StoredMedia
  /** Where it lies. */
  readonly path: string
  /** In pixels, upright. */
  readonly width: number
  readonly height: number
}

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
  /** Markdown, zh-CN, without its pictures. */
  readonly answer: string
  /** Answers for one channel, where the general one does not fit. */
  readonly channelAnswers: Readonly<Record<string, string>>
  readonly en?: { readonly question: string; readonly answer: string }
  /** First and last day on which it is given, YYYY-MM-DD; absent: without bound. */
  readonly from?: string
  readonly until?: string
  /** Absent: there are none. */
  readonly pictures?: ArticlePictures
  /** False: it is given in conversations only, and never shown in the help centre. */
  readonly help?: false
  /** Where it came from, for messages to editors. */
  readonly file: string
}

/** A consistent, loaded state of all articles; `version` is a hash of their content. */
export interface KnowledgeBase {
  readonly version: string
  readonly articles: readonly Article[]
  /** The files of all pictures in the articles, each once. Absent: there are none. */
  readonly pictures?: readonly PictureFile[]
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
