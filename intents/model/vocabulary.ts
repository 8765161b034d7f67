import { featureWeight } from './features.ts'

/** A text as positions and values, its values' squares adding up to at most 1. */
export interface Vector {
  readonly at: Int32Array
  readonly value: Float32Array
}

/** Known features and how rare they are. */
export interface Vocabulary {
  readonly names: readonly string[]
  /** Weight of each name: rarity times the weight of its kind. */
  readonly weights: Float32Array
  /** Rarity of a feature that was never seen. */
  readonly rarest: number
}

export type Vectorise = (names: readonly string[]) => Vector

/** Features in fewer texts than this say nothing about the next text. */
const leastTexts = 2

/** Collects the features of all training texts; order, and with it every later sum, is that of the texts. */
export const buildVocabulary = (texts: readonly (readonly string[])[]): Vocabulary => {
  const spread = new Map<string, number>()
  for (const names of texts) for (const name of new Set(names)) spread.set(name, (spread.get(name) ?? 0) + 1)
  const kept = [...spread].filter(([, count]) => count >= leastTexts)
  return {
    names: kept.map(([name]) => name),
    weights: Float32Array.from(
      kept,
      ([name, count]) => featureWeight(name) * Math.log(1 + texts.length / count),
    ),
    rarest: Math.log(1 + texts.length),
  }
}

/** Share of an unknown feature's weight that counts towards a text's length. */
const strangeShare = 0.3

/**
 * Turns feature names into a vector; repeats count once. Its length is 1 when all names are known and less when some
 * are not: a text of mostly strange words shall not look sure because of one known word.
 */
export const createVectoriser = ({ names, weights, rarest }: Vocabulary): Vectorise => {
  const positions = new Map(names.map((name, at) => [name, at]))
  return (texts) => {
    const known = new Set<number>()
    let strange = 0
    for (const name of new Set(texts)) {
      const at = positions.get(name)
      if (at !== undefined) known.add(at)
      else strange += strangeShare * (featureWeight(name) * rarest) ** 2
    }
    const at = Int32Array.from(known)
    const value = Float32Array.from(at, (position) => weights[position] ?? 0)
    let squares = strange
    for (const one of value) squares += one * one
    const length = Math.sqrt(squares) || 1
    for (let index = 0; index < value.length; index++) value[index] = (value[index] ?? 0) / length
    return { at, value }
  }
}
