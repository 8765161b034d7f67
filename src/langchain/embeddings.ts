import { Embeddings, type EmbeddingsParams } from '@langchain/core/embeddings'
import { mostCharacters, mostTexts, type TongdaSource } from './source.ts'

export interface TongdaEmbeddingsInput extends EmbeddingsParams {
  /** From `connectTongda` or `openTongda`. */
  readonly source: TongdaSource
}

const batches = (texts: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(texts.length / mostTexts) }, (_, place) =>
    texts.slice(place * mostTexts, (place + 1) * mostTexts),
  )

/**
 * The encoder of a Tongda as LangChain embeddings: unit vectors, so that a dot product is a cosine. A text counts by its
 * beginning where it is longer than the encoder reads. What fails for a moment is tried again as `EmbeddingsParams` say,
 * twice by default.
 */
export class TongdaEmbeddings extends Embeddings {
  readonly #source: TongdaSource

  constructor({ source, ...rest }: TongdaEmbeddingsInput) {
    super({ maxRetries: 2, ...rest })
    this.#source = source
  }

  /** One vector a text, in their order; sent in batches of 64. Rejects when the model changes between two of them. */
  override async embedDocuments(texts: string[]): Promise<number[][]> {
    const done: number[][] = []
    let model: string | undefined
    for (const batch of batches(texts.map((text) => text.slice(0, mostCharacters)))) {
      const embedded = await this.caller.call(() => this.#source.embed(batch))
      if (embedded.vectors.length !== batch.length)
        throw new Error('Tongda gave another number of vectors than there were texts; ask again')
      if (model !== undefined && model !== embedded.model)
        throw new Error('the encoder was changed meanwhile: its vectors do not go together; ask again')
      ;({ model } = embedded)
      done.push(...embedded.vectors.map((vector) => [...vector]))
    }
    return done
  }

  override async embedQuery(text: string): Promise<number[]> {
    const [vector] = await this.embedDocuments([text])
    if (vector === undefined) throw new Error('Tongda gave no vector; ask again')
    return vector
  }
}
