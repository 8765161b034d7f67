import type { ModelDescription } from './model-folder.ts'

/** A model that is known to suit. */
export interface KnownModel {
  /** Repository on the hub with the network as quantised ONNX. */
  readonly repository: string
  /** Bytes of the network, about. */
  readonly megabytes: number
  readonly dimensions: number
  readonly licence: string
  /** What its makers' card says about how texts become vectors. */
  readonly how: Pick<ModelDescription, 'pooling'> & Partial<Pick<ModelDescription, 'prefix' | 'lowercase'>>
  /** What it is good for, in Chinese and English. */
  readonly note: string
}

/** Models to choose from; others of the hub work too. */
export const knownModels: readonly KnownModel[] = [
  {
    repository: 'Xenova/bge-small-zh-v1.5',
    megabytes: 24,
    dimensions: 512,
    licence: 'MIT',
    // Its vocabulary has lower-case words only, and its tokenizer leaves capitals as they are.
    how: { pooling: 'cls', lowercase: true },
    note: '中文，快 Chinese, fast',
  },
  {
    repository: 'Xenova/bge-base-zh-v1.5',
    megabytes: 103,
    dimensions: 768,
    licence: 'MIT',
    how: { pooling: 'cls', lowercase: true },
    note: '中文，更准 Chinese, more exact',
  },
  {
    repository: 'Xenova/multilingual-e5-small',
    megabytes: 118,
    dimensions: 384,
    licence: 'MIT',
    how: { pooling: 'mean', prefix: 'query: ' },
    note: '多语言 many languages',
  },
  {
    repository: 'onnx-community/gte-multilingual-base',
    megabytes: 340,
    dimensions: 768,
    licence: 'Apache-2.0',
    how: { pooling: 'cls' },
    note: '多语言，更准 many languages, more exact',
  },
]

/** The known model of a repository, or of its name alone (`bge-small-zh-v1.5`). */
export const findKnownModel = (name: string): KnownModel | undefined =>
  knownModels.find(({ repository }) => repository === name || repository.split('/')[1] === name)
