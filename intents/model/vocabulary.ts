import { featureWeight } from './features.ts'

/** A text as positions and values, its values' squares adding up to 1. */
export interface Vector {
  readonly at: Int32Array
  readonly value: Float32Array
}

/** Known features and how rare they are. */
export interface Vocabulary {
  readonly names: readonly string[]
  /** Weight of each name: rarity times the weight of its kind. */
  readonly weights: Float32Array
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
    weights: Float32Array.from(kept, ([name, count]) => featureWeight(name) * Math.log(1 + texts.length / count)),
  }
}

const LAM=Number(process.env.LAM??0), UNK=Number(process.env.UNK??8)
/** Turns feature names into a vector of unit length; unknown names are left out, repeats count once. */
export const createVectoriser = ({ names, weights }: Vocabulary): Vectorise => {
  const positions = new Map(names.map((name, at) => [name, at]))
  return (texts) => {
    const known = new Set<number>()
    for (const name of texts) {
      const at = positions.get(name)
      if (at !== undefined) known.add(at)
    }
    const at = Int32Array.from(known)
    const value = Float32Array.from(at, (position) => weights[position] ?? 0)
    let squares = 0
    if(LAM) for (const name of new Set(texts)) if(!positions.has(name)) squares += LAM*(featureWeight(name)*UNK)**2
    for (const one of value) squares += one * one
    const length = Math.sqrt(squares) || 1
    for (let index = 0; index < value.length; index++) value[index] = (value[index] ?? 0) / length
    return { at, value }
  }
}
