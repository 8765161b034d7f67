import type { Embedded, FoundArticles } from '../core/knowledge-search.ts'

/** Most articles that a search gives, and most texts that are embedded in one piece of work. */
export const mostArticles = 8
export const mostTexts = 64
/** Characters of a question that count; the product takes no more of one. */
export const mostQuestion = 500
/** Characters of a text to embed; the encoder reads no further by far. */
export const mostCharacters = 8_000

/** Where knowledge and vectors come from: a running product, or a content folder in this process. */
export interface TongdaSource {
  /** The live articles for a question, best first; at most `limit`, itself at most 8. */
  search(question: string, limit: number): Promise<FoundArticles>
  /** One unit vector a text; at most 64 texts. */
  embed(texts: readonly string[]): Promise<Embedded>
  /** Gives back what it holds. Nothing can be asked of it after. */
  close(): Promise<void>
}
