/** Multinomial logistic regression on TF-IDF of word and character n-grams: what most guides begin with. */
import { characterGrams, createTokeniser } from '../../src/text/index.ts'
import { shuffled } from './split.ts'

/** A text and the number of its class. */
export interface ClassText {
  readonly text: string
  readonly label: number
}

/** Probability of every class. */
export type Probabilities = (text: string) => Float64Array

type Sparse = ReadonlyMap<number, number>

const epochs = 20
const firstStep = 0.5
const ridge = 1e-6
const leastTexts = 2

const tokeniser = createTokeniser()
const ngramsOf = (text: string): readonly string[] => {
  const plain = text.normalize('NFKC').toLowerCase()
  const words = tokeniser.words(plain)
  const pairs = words.slice(1).map((word, at) => `${words[at] ?? ''} ${word}`)
  const characters = [1, 2, 3].flatMap((length) => characterGrams(plain, length))
  return [...words, ...pairs, ...characters.map((gram) => `·${gram}`)]
}

/** TF-IDF with logarithmic counts, of length 1; knows the n-grams of at least two texts. */
const createTfIdf = (texts: readonly string[]) => {
  const spread = new Map<string, number>()
  for (const text of texts)
    for (const gram of new Set(ngramsOf(text))) spread.set(gram, (spread.get(gram) ?? 0) + 1)
  const known = [...spread].filter(([, count]) => count >= leastTexts)
  const places = new Map(
    known.map(([gram, count], at) => [gram, { at, idf: 1 + Math.log((1 + texts.length) / (1 + count)) }]),
  )
  const vectorise = (text: string): Sparse => {
    const counts = new Map<number, number>()
    const idf = new Map<number, number>()
    for (const gram of ngramsOf(text)) {
      const place = places.get(gram)
      if (place === undefined) continue
      counts.set(place.at, (counts.get(place.at) ?? 0) + 1)
      idf.set(place.at, place.idf)
    }
    const values = [...counts].map(([at, count]) => [at, (1 + Math.log(count)) * (idf.get(at) ?? 1)] as const)
    const length = Math.sqrt(values.reduce((sum, [, value]) => sum + value * value, 0)) || 1
    return new Map(values.map(([at, value]) => [at, value / length]))
  }
  return { vectorise, width: places.size }
}

const softmax = (scores: Float64Array): Float64Array => {
  const highest = scores.reduce((most, one) => Math.max(most, one), -Infinity)
  const raised = scores.map((one) => Math.exp(one - highest))
  const total = raised.reduce((sum, one) => sum + one, 0)
  return raised.map((one) => one / total)
}

/** Trains by AdaGrad. */
export const trainLinear = (examples: readonly ClassText[], classes: number): Probabilities => {
  const { vectorise, width } = createTfIdf(examples.map(({ text }) => text))
  const weights = new Float32Array((width + 1) * classes)
  const squares = new Float32Array((width + 1) * classes).fill(1e-2)
  const bias = width
  const chancesOf = (vector: Sparse): Float64Array => {
    const scores = new Float64Array(classes)
    for (const [row, value] of [...vector, [bias, 1] as const])
      for (let one = 0; one < classes; one++)
        scores[one] = (scores[one] ?? 0) + value * (weights[row * classes + one] ?? 0)
    return softmax(scores)
  }
  const vectors = examples.map(({ text, label }, at) => ({ vector: vectorise(text), label, at }))
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { vector, label } of shuffled(vectors, ({ at }) => String(at), String(epoch))) {
      const errors = chancesOf(vector)
      errors[label] = (errors[label] ?? 0) - 1
      for (const [row, value] of [...vector, [bias, 1] as const])
        for (let one = 0; one < classes; one++) {
          const error = errors[one] ?? 0
          if (Math.abs(error) < 1e-4) continue
          const place = row * classes + one
          const slope = error * value + ridge * (weights[place] ?? 0)
          squares[place] = (squares[place] ?? 0) + slope * slope
          weights[place] = (weights[place] ?? 0) - (firstStep * slope) / Math.sqrt(squares[place] ?? 1)
        }
    }
  }
  return (text) => chancesOf(vectorise(text))
}
