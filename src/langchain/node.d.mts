// What `tongda/langchain` is to the compilers of other projects: the public part alone, so that the product's source is not
// checked by their rules. Held against the source by test/langchain/package.test.ts.
import type { Document } from '@langchain/core/documents'
import { Embeddings, type EmbeddingsParams } from '@langchain/core/embeddings'
import { BaseRetriever, type BaseRetrieverInput } from '@langchain/core/retrievers'

export interface TongdaSource {
  /** The live articles for a question, best first; at most `limit`, itself at most 8. */
  search(
    question: string,
    limit: number,
  ): Promise<{
    readonly version: string
    readonly articles: readonly {
      readonly articleId: string
      readonly topic: string
      readonly question: string
      readonly text: string
      readonly score: number
      readonly url?: string
    }[]
  }>
  /** One unit vector a text; at most 64 texts. */
  embed(texts: readonly string[]): Promise<{
    readonly model: string
    readonly dimensions: number
    readonly vectors: readonly (readonly number[])[]
  }>
  /** Gives back what it holds. Nothing can be asked of it after. */
  close(): Promise<void>
}

export interface ConnectOptions {
  /** As browsers reach it, e.g. `https://support.example.com`. */
  readonly url: string
  /** `tk_…` with the scope `knowledge:search`. */
  readonly key: string
  /** Milliseconds for one request. Default 10 000. */
  readonly timeoutMs?: number
}

/** Asks a running product over its API. Throws `unreachable` where `url` is no address. */
export declare const connectTongda: (options: ConnectOptions) => TongdaSource

export interface OpenOptions {
  /** Folder of the articles. Default `knowledge/articles`. */
  readonly articles?: string
  /** Folder of `taxonomy/` and `lexicon/`. Default `intents`. */
  readonly intents?: string
  /** Folder for what is learned from them, so that it is learned once. Default `data`. */
  readonly dataDir?: string
  /** The encoder's name; `none`: by words alone, and texts have no vectors. Default: the one that is shipped. */
  readonly encoder?: string
  /** Where the help centre stands, e.g. `https://help.example.com`. Default none: articles have no address. */
  readonly helpUrl?: string
}

/** Learns a content folder in this process. Throws an error with the `code` `bad_config`. */
export declare const openTongda: (options?: OpenOptions) => Promise<TongdaSource>

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

/** The knowledge of a Tongda: each article one document. */
export declare class TongdaRetriever extends BaseRetriever<ArticleMetadata> {
  static lc_name(): string
  lc_namespace: string[]
  constructor(input: TongdaRetrieverInput)
  _getRelevantDocuments(query: string): Promise<Document<ArticleMetadata>[]>
}

export interface TongdaEmbeddingsInput extends EmbeddingsParams {
  /** From `connectTongda` or `openTongda`. */
  readonly source: TongdaSource
}

/** The encoder of a Tongda: unit vectors. */
export declare class TongdaEmbeddings extends Embeddings {
  constructor(input: TongdaEmbeddingsInput)
  embedDocuments(texts: string[]): Promise<number[][]>
  embedQuery(text: string): Promise<number[]>
}

/** Why a running product gave no answer. `message` says what to do about it. */
export declare class TongdaRefused extends Error {
  /** The product's word for it, e.g. `forbidden`; `unreachable`, `not_understood`: it never came to one. */
  readonly code: string
  /** The HTTP status; absent without an answer. */
  readonly status?: number
  constructor(code: string, message: string, facts?: { readonly status?: number; readonly cause?: unknown })
}
