import { auroc, createWordSimilarity, spearman, timeEach } from '../../../intents/index.ts'
import type { SentencePair } from './files.ts'
import { residentMiB, type EvalResult } from './result.ts'
import type { EvalTools } from './tools.ts'

const dot = (first: Float32Array, second: Float32Array): number =>
  first.reduce((sum, value, at) => sum + value * (second[at] ?? 0), 0)

/** How alike two sentences are: cosine of their vectors, by words without an encoder. */
const createSimilarity = ({ encoder, lexicons }: EvalTools): ((pair: SentencePair) => Promise<number>) => {
  const byWords = createWordSimilarity(lexicons)
  if (encoder === undefined) return ({ first, second }) => Promise.resolve(byWords(first, second))
  return async ({ first, second }) => {
    const [own, other] = await encoder.encode([first, second])
    return own === undefined || other === undefined ? 0 : dot(own, other)
  }
}

/** Measures how well the similarity of sentences follows the labels. AUROC needs labels of two values. */
export const evalPairs = async (pairs: readonly SentencePair[], tools: EvalTools): Promise<EvalResult> => {
  const similarity = createSimilarity(tools)
  const { results, timing } = await timeEach(pairs, similarity)
  const labels = pairs.map(({ label }) => label)
  const values = [...new Set(labels)].sort((a, b) => a - b)
  const withLabel = (value: number): readonly number[] => results.filter((_, at) => labels[at] === value)
  const [low, high] = values
  const binary = values.length === 2 && low !== undefined && high !== undefined
  return {
    measures: {
      spearman: spearman(results, labels),
      auroc: binary ? auroc(withLabel(high), withLabel(low)) : null,
      ...timing,
      rssMiB: residentMiB(),
      n: pairs.length,
    },
    notes: [
      tools.encoder === undefined
        ? '没有编码器，按词比较 no encoder: compared by words'
        : `编码器 encoder: ${tools.encoder.version}`,
    ],
    confusions: [],
    reliability: [],
  }
}
