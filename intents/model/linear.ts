import type { Breath } from './breath.ts'
import { addScaled, dotProduct } from './dense.ts'
import { createRandom, shuffle } from './random.ts'
import type { Vector } from './vocabulary.ts'

/** One training text. */
export interface Example {
  readonly vector: Vector
  /** The encoder's vector; where the task has dimensions. */
  readonly meaning?: Float32Array | undefined
  /** The class that is right. */
  readonly label: number
  /** How much it counts. */
  readonly weight: number
}

/** Weights of features (rows) for classes (columns), row after row. */
export interface Matrix {
  readonly classes: number
  readonly values: Float32Array
  /** Weights of the encoder's vector, class after class, so that one class's lie side by side; empty: none. */
  readonly meaning: Float32Array
}

/** Of a matrix that says nothing of words, or nothing of meaning. */
export const noWeights = new Float32Array()

export interface SoftmaxTask {
  readonly examples: readonly Example[]
  /** Number of features. */
  readonly width: number
  /** Numbers in the encoder's vector; 0: words alone. */
  readonly dimensions: number
  readonly classes: number
  /** Classes that compete with a label, itself among them; undefined: all do. */
  readonly rivals?: readonly Int32Array[]
  readonly epochs: number
  readonly seed: number
}

/** Step size at the start; it halves every `halving` epochs' worth of examples. */
const firstStep = 2
const halving = 3
/** How fast weights fade with each step: keeps rare features small. */
const decay = 1e-5
/** A class whose probability is this close to right is left alone. */
const negligible = 1e-3

/** What is scored: words, and the meaning where it is known. */
export type Scored = Pick<Example, 'vector' | 'meaning'>

/** Scores of all classes, times `scale`, into `out`. */
export const scoreAll = (
  { classes, values, meaning: weights }: Matrix,
  { vector: { at, value }, meaning }: Scored,
  out: Float32Array,
  scale = 1,
): void => {
  // Four classes at a time in local sums: several times faster than walking row by row.
  let one = 0
  for (; one + 3 < classes; one += 4) {
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    for (let index = 0; index < at.length; index++) {
      const place = (at[index] ?? 0) * classes + one
      const amount = value[index] ?? 0
      a += amount * (values[place] ?? 0)
      b += amount * (values[place + 1] ?? 0)
      c += amount * (values[place + 2] ?? 0)
      d += amount * (values[place + 3] ?? 0)
    }
    out[one] = a * scale
    out[one + 1] = b * scale
    out[one + 2] = c * scale
    out[one + 3] = d * scale
  }
  for (; one < classes; one++) out[one] = scoreOne({ classes, values }, { at, value }, one) * scale
  if (meaning === undefined) return
  for (one = 0; one < classes; one++)
    out[one] = (out[one] ?? 0) + dotProduct(meaning, weights, one * meaning.length) * scale
}

/** Scores of the classes `competing`, times `scale`, into `scores`; `sums` is room to add up in. */
const scoreSome = (
  { classes, values, meaning: weights }: Matrix,
  { vector: { at, value }, meaning }: Scored,
  { competing, scores, sums }: Pick<Pass, 'competing' | 'scores'> & { readonly sums: Float64Array },
  scale: number,
): void => {
  // Row by row: rivals mostly lie side by side in a row, and one after the other far apart in memory.
  for (let rival = 0; rival < competing.length; rival++) sums[rival] = 0
  for (let index = 0; index < at.length; index++) {
    const row = (at[index] ?? 0) * classes
    const amount = value[index] ?? 0
    for (let rival = 0; rival < competing.length; rival++)
      sums[rival] = (sums[rival] ?? 0) + amount * (values[row + (competing[rival] ?? 0)] ?? 0)
  }
  for (let rival = 0; rival < competing.length; rival++) {
    const one = competing[rival] ?? 0
    const byMeaning = meaning === undefined ? 0 : dotProduct(meaning, weights, one * meaning.length)
    scores[one] = ((sums[rival] ?? 0) + byMeaning) * scale
  }
}

/** Score of one class for `vector`. */
const scoreOne = (
  { classes, values }: Pick<Matrix, 'classes' | 'values'>,
  { at, value }: Vector,
  one: number,
): number => {
  let sum = 0
  for (let index = 0; index < at.length; index++) {
    sum += (value[index] ?? 0) * (values[(at[index] ?? 0) * classes + one] ?? 0)
  }
  return sum
}

/** Turns the scores at `classes` into probabilities, in place. */
export const softmaxOver = (scores: Float32Array, classes: Int32Array): void => {
  let highest = -Infinity
  for (let at = 0; at < classes.length; at++) highest = Math.max(highest, scores[classes[at] ?? 0] ?? 0)
  let sum = 0
  for (let at = 0; at < classes.length; at++) {
    const one = classes[at] ?? 0
    const value = Math.exp((scores[one] ?? 0) - highest)
    scores[one] = value
    sum += value
  }
  for (let at = 0; at < classes.length; at++) scores[classes[at] ?? 0] = (scores[classes[at] ?? 0] ?? 0) / sum
}

/** 0, 1, 2 … below `classes`. */
export const everyClass = (classes: number): Int32Array => Int32Array.from({ length: classes }, (_, at) => at)

/**
 * Softmax regression by stochastic gradient descent. Repeatable: same task, same matrix. Pauses often.
 * With `rivals` each example only weighs its label against those: one matrix holds many small models.
 */
export const trainSoftmax = async (task: SoftmaxTask, breath: Breath): Promise<Matrix> => {
  const { examples, classes, width, dimensions, rivals, epochs } = task
  const values = new Float32Array(width * classes)
  const meaning = new Float32Array(dimensions * classes)
  const matrix: Matrix = { classes, values, meaning }
  const scores = new Float32Array(classes)
  const movedClasses = new Int32Array(classes)
  const movedBy = new Float32Array(classes)
  const sums = new Float64Array(classes)
  const all = everyClass(classes)
  const order = everyClass(examples.length)
  const random = createRandom(task.seed)
  // Fading all weights at every step is one number: the true weight is scale × value.
  let scale = 1
  let seen = 0

  const learn = (example: Example): void => {
    const { label, weight } = example
    const competing = rivals?.[label] ?? all
    const step = firstStep / (1 + seen / (examples.length * halving))
    if (competing.length === classes) scoreAll(matrix, example, scores, scale)
    else scoreSome(matrix, example, { competing, scores, sums }, scale)
    softmaxOver(scores, competing)
    scores[label] = (scores[label] ?? 0) - 1
    scale *= 1 - step * decay
    moveWeights(matrix, example, { competing, scores, movedClasses, movedBy }, (step * weight) / scale)
    seen += 1
  }

  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random)
    for (const at of order) {
      const example = examples[at]
      if (example !== undefined) learn(example)
      if ((seen & 31) === 0 && breath.due()) await breath.pause()
    }
  }
  for (const table of [values, meaning])
    for (let at = 0; at < table.length; at++) table[at] = (table[at] ?? 0) * scale
  return matrix
}

interface Pass {
  readonly competing: Int32Array
  readonly scores: Float32Array
  /** Room for the classes that move, and by how much. */
  readonly movedClasses: Int32Array
  readonly movedBy: Float32Array
}

/** matrix -= step × example × error, where `scores` hold the errors. */
const moveWeights = (
  matrix: Matrix,
  { vector: { at, value }, meaning }: Scored,
  { competing, scores, movedClasses, movedBy }: Pass,
  step: number,
): void => {
  const { classes, values } = matrix
  let moved = 0
  for (let rival = 0; rival < competing.length; rival++) {
    const one = competing[rival] ?? 0
    const error = scores[one] ?? 0
    if (error < negligible && error > -negligible) continue
    movedClasses[moved] = one
    movedBy[moved] = step * error
    moved += 1
    if (meaning !== undefined) addScaled(meaning, -step * error, matrix.meaning, one * meaning.length)
  }
  // Row by row, because a row's weights lie side by side in memory.
  for (let index = 0; index < at.length; index++) {
    const row = (at[index] ?? 0) * classes
    const amount = value[index] ?? 0
    for (let one = 0; one < moved; one++) {
      const place = row + (movedClasses[one] ?? 0)
      values[place] = (values[place] ?? 0) - amount * (movedBy[one] ?? 0)
    }
  }
}
