import type { DecisionKind } from './conversation.ts'
import type { ChannelName } from './message.ts'

/** A published article that was found, in the language that was asked in. */
export interface FoundArticle {
  readonly articleId: string
  readonly topic: string
  readonly question: string
  /** Calibrated probability that it is the right one. */
  readonly score: number
  /** Its answer as plain text. */
  readonly text: string
  /** Its page in the help centre; absent: it has none. */
  readonly url?: string
}

/** What a search finds, all of one state of the articles. */
export interface FoundArticles {
  /** Of the articles that were searched: another one, and the same words may find something else. */
  readonly version: string
  /** The best first. */
  readonly articles: readonly FoundArticle[]
}

/** What the bot would answer by its rules alone, without language model and tools. */
export interface AskedAnswer {
  /** Empty where the bot would only call a person. */
  readonly reply: string
  /** `answer`: an article answers. `escalate`: a person would be asked for. */
  readonly kind: DecisionKind
  /** Absent: no article answers. */
  readonly articleId?: string
  readonly topic: string
  /** Calibrated probability of the topic. */
  readonly confidence: number
  readonly language: string
}

/** Meanings of texts as unit vectors, in the order of the texts. */
export interface Embedded {
  /** Vectors of another one cannot be compared with these. */
  readonly model: string
  /** Numbers in a vector. */
  readonly dimensions: number
  readonly vectors: readonly (readonly number[])[]
}

/** The product's understanding, for those who build with it. Nothing here changes anything. */
export interface KnowledgeSearch {
  /** The live articles that the bot itself would look at first; at most `limit`. */
  search(text: string, limit: number): Promise<FoundArticles>
  /** What a contact would hear who writes this there, with nothing said before. */
  ask(text: string, channel: ChannelName): Promise<AskedAnswer>
  /** Rejects with `encoder_unavailable` where the product runs without an encoder, or it broke. */
  embed(texts: readonly string[]): Promise<Embedded>
}
