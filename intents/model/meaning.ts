import usearch from 'usearch'

/** Vectors of an encoder for the texts that are learned from, in one piece: they travel to the training process. */
export interface TextVectors {
  /** Version of the encoder. */
  readonly encoder: string
  readonly dimensions: number
  readonly texts: readonly string[]
  /** Vector after vector. */
  readonly values: Float32Array
}

export type VectorOf = (text: string) => Float32Array | undefined

/** Looks vectors up by text. */
export const vectorsByText = ({ texts, values, dimensions }: TextVectors): VectorOf => {
  const places = new Map(texts.map((text, at) => [text, at]))
  return (text) => {
    const at = places.get(text)
    return at === undefined ? undefined : values.subarray(at * dimensions, (at + 1) * dimensions)
  }
}

/** What comparing meanings needs. */
export interface Meanings {
  /** Version of the encoder whose vectors these are. */
  readonly encoder: string
  readonly dimensions: number
  /** Vectors of the known questions, in their order, a byte a number. */
  readonly questions: Int8Array
}

/** A unit vector in bytes: 127 stands for 1. */
const packInto = (vector: Float32Array, out: Int8Array, from: number): void => {
  for (let at = 0; at < vector.length; at++) out[from + at] = Math.round((vector[at] ?? 0) * 127)
}

/** Packs vectors one after the other; a missing one stays zero and is like nothing. */
export const packVectors = (
  vectors: readonly (Float32Array | undefined)[],
  dimensions: number,
): Int8Array => {
  const packed = new Int8Array(vectors.length * dimensions)
  for (const [at, vector] of vectors.entries())
    if (vector !== undefined) packInto(vector, packed, at * dimensions)
  return packed
}

/** How close a text's meaning is to each target's questions. */
export interface Closeness {
  /** Cosine with the closest question of each target; of a target that is far, that of the farthest question found. */
  readonly closeness: Float32Array
  /** That question's position; -1: none was found. */
  readonly question: Int32Array
  /** Each target's share among the very closest questions, closer ones counting more. */
  readonly votes: Float32Array
}

export interface MeaningIndex {
  /** Questions that `skip` names are passed over. */
  search(vector: Float32Array, skip?: (question: number) => boolean): Closeness
}

/** Questions looked at for one text: enough to hold the best of every target that has a chance. */
const looked = 200

/** So many closest questions vote. */
const voters = 12
/** How fast a vote fades with distance. */
const sharpness = 12

const vote = (distance: number): number => Math.exp(-sharpness * distance)

/** Lengths of packed vectors: rounded to bytes, they are no unit vectors any more. */
const lengthsOf = (packed: Int8Array, dimensions: number): Float32Array =>
  Float32Array.from({ length: packed.length / dimensions }, (_, vector) => {
    let sum = 0
    for (let at = vector * dimensions; at < (vector + 1) * dimensions; at++) sum += (packed[at] ?? 0) ** 2
    return Math.sqrt(sum)
  })

interface Near {
  readonly question: number
  /** 1 less the cosine; of a vector of length zero 1. */
  readonly distance: number
}

/**
 * The nearest questions, nearest first. Searched by inner product, in two thirds of the time that cosines take: of
 * vectors of nearly one length it finds the same ones, and their cosines are worked out here.
 */
const createNearest = (questions: Int8Array, dimensions: number, count: number) => {
  const lengths = lengthsOf(questions, dimensions)
  const packed = new Int8Array(dimensions)
  return (vector: Float32Array): readonly Near[] => {
    packInto(vector, packed, 0)
    const [length = 0] = lengthsOf(packed, dimensions)
    const found = usearch.exactSearch(questions, packed, dimensions, count, usearch.MetricKind.IP, 1)
    const { keys, distances } = found as { readonly keys: BigUint64Array; readonly distances: Float32Array }
    return Array.from(keys, (key, rank) => {
      const question = Number(key)
      const lengthsTogether = length * (lengths[question] ?? 0)
      const product = 1 - (distances[rank] ?? 1)
      return { question, distance: lengthsTogether === 0 ? 1 : 1 - product / lengthsTogether }
    }).sort((a, b) => a.distance - b.distance || a.question - b.question)
  }
}

/** Exact search over the questions' vectors; `entryOf` says which target each speaks for. */
export const createMeaningIndex = (
  questions: Int8Array,
  dimensions: number,
  { entryOf, targets }: { readonly entryOf: Int32Array; readonly targets: number },
): MeaningIndex => {
  const count = Math.min(looked, entryOf.length)
  const nearest = createNearest(questions, dimensions, count)
  return {
    search: (vector, skip) => {
      const closeness = new Float32Array(targets)
      const question = new Int32Array(targets).fill(-1)
      const votes = new Float32Array(targets)
      if (count === 0) return { closeness, question, votes }
      const found = nearest(vector)
      closeness.fill(Math.max(0, 1 - (found.at(-1)?.distance ?? 1)))
      let voted = 0
      let total = 0
      // Nearest first, so the first of a target is its best.
      for (const { question: one, distance } of found) {
        const target = entryOf[one] ?? -1
        if (target < 0 || skip?.(one) === true) continue
        if (voted < voters) {
          votes[target] = (votes[target] ?? 0) + vote(distance)
          total += vote(distance)
          voted += 1
        }
        if (question[target] !== -1) continue
        question[target] = one
        closeness[target] = Math.max(0, 1 - distance)
      }
      if (total > 0)
        for (let target = 0; target < targets; target++) votes[target] = (votes[target] ?? 0) / total
      return { closeness, question, votes }
    },
  }
}
