import { Document } from '@langchain/core/documents'
import { BaseRetriever, type BaseRetrieverInput } from '@langchain/core/retrievers'
import { mostArticles, mostQuestion, type TongdaSource } from './source.ts'

/** What is known of an article beside its answer. */
export interface ArticleMetadata extends Record<string, unknown> {
  readonly id: string
  readonly topic: string
  readonly question: string
  /** Its page in the help centre; absent: it has none. */
  readonly url?: string
  /** Calibrated probability that it is the right one, 0 to 1. */
  readonly score: number
  /** Of the state of the articles that was searched. */
  readonly version: string
}

export interface TongdaRetrieverInput extends BaseRetrieverInput {
  /** From `connectTongda` or `openTongda`. */
  readonly source: TongdaSource
  /** Most articles for a question, 1 to 8. Default 4. */
  readonly limit?: number
  /** Articles with a lower score are left out. Default 0: none. */
  readonly minScore?: number
}

/**
 * The knowledge of a Tongda as a LangChain retriever. Each article is one document: its answer as plain text, and what else
 * is known of it as metadata. Never loaded from serialized data: a key does not travel.
 */
export class TongdaRetriever extends BaseRetriever<ArticleMetadata> {
  override lc_namespace = ['tongda', 'retrievers']
  override lc_serializable = false
  readonly #source: TongdaSource
  readonly #limit: number
  readonly #minScore: number

  static override lc_name(): string {
    return 'TongdaRetriever'
  }

  constructor({ source, limit = 4, minScore = 0, ...rest }: TongdaRetrieverInput) {
    super(rest)
    if (!Number.isInteger(limit) || limit < 1 || limit > mostArticles)
      throw new RangeError(`limit must be a whole number from 1 to ${String(mostArticles)}`)
    this.#source = source
    this.#limit = limit
    this.#minScore = minScore
  }

  /** Only the beginning of a long question counts; nothing is found for an empty one. */
  override async _getRelevantDocuments(query: string): Promise<Document<ArticleMetadata>[]> {
    const question = query.trim().slice(0, mostQuestion)
    if (question === '') return []
    const { version, articles } = await this.#source.search(question, this.#limit)
    return articles
      .filter(({ score }) => score >= this.#minScore)
      .map(
        ({ articleId, text, ...rest }) =>
          new Document<ArticleMetadata>({
            id: articleId,
            pageContent: text,
            metadata: { id: articleId, ...rest, version },
          }),
      )
  }
}
