import { calibrationError } from '../model/thresholds.ts'

/** Something that was decided with a stated probability. */
export interface Judgement {
  /** Probability that it is right. */
  readonly confidence: number
  readonly right: boolean
}

/** What was meant and what it was taken for; labels are compared as they stand. */
export interface Labelling {
  readonly meant: string
  readonly said: string
}

/** Of the judgements whose confidence lies in one tenth: how many, how sure on average, how often right. */
export interface ReliabilityBin {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly confidence: number
  readonly right: number
}

/** `part / whole`, 0 for nothing of nothing. */
export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

export const mean = (values: readonly number[]): number =>
  ratio(
    values.reduce((sum, one) => sum + one, 0),
    values.length,
  )

/** Place of every value in ascending order from 1 on; equal values share the mean of their places. */
const ranksOf = (values: readonly number[]): Float64Array => {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length;) {
    let to = from
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1
    for (let at = from; at < to; at++) ranks[order[at] ?? 0] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}

/** Chance that one of `higher` lies above one of `lower`, ties half; 0 when either is empty. */
export const auroc = (higher: readonly number[], lower: readonly number[]): number => {
  const ranks = ranksOf([...higher, ...lower])
  const sum = ranks.subarray(0, higher.length).reduce((total, rank) => total + rank, 0)
  return ratio(sum - (higher.length * (higher.length + 1)) / 2, higher.length * lower.length)
}

/** Spearman's rank correlation, ties by mean rank; 0 when one side never changes. */
export const spearman = (first: readonly number[], second: readonly number[]): number => {
  const [a, b] = [ranksOf(first), ranksOf(second)]
  const middle = (first.length + 1) / 2
  let product = 0
  let [own, other] = [0, 0]
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [(a[at] ?? 0) - middle, (b[at] ?? 0) - middle]
    product += x * y
    own += x * x
    other += y * y
  }
  return ratio(product, Math.sqrt(own * other))
}

/** Mean over the labels that were meant of the harmonic mean of precision and recall. */
export const macroF1 = (labellings: readonly Labelling[]): number => {
  const counts = new Map<string, { hit: number; said: number; meant: number }>()
  const of = (label: string): { hit: number; said: number; meant: number } => {
    const known = counts.get(label) ?? { hit: 0, said: 0, meant: 0 }
    counts.set(label, known)
    return known
  }
  for (const { meant, said } of labellings) {
    of(meant).meant += 1
    of(said).said += 1
    if (meant === said) of(meant).hit += 1
  }
  return mean(
    [...counts.values()]
      .filter(({ meant }) => meant > 0)
      .map(({ hit, said, meant }) => ratio(2 * hit, said + meant)),
  )
}

/** The judgements, surest first, that can be taken when at most `targetError` of those may be wrong. */
export const takenAt = <One extends Judgement>(
  judgements: readonly One[],
  targetError: number,
): readonly One[] => {
  const sorted = [...judgements].sort((a, b) => b.confidence - a.confidence)
  let wrong = 0
  let taken = 0
  for (const [at, { right, confidence }] of sorted.entries()) {
    if (!right) wrong += 1
    // A line cannot be drawn between equals.
    const settled = sorted[at + 1]?.confidence !== confidence
    if (settled && wrong / (at + 1) <= targetError) taken = at + 1
  }
  return sorted.slice(0, taken)
}

/** Expected calibration error, in 15 equal bins. */
export const expectedCalibrationError = (judgements: readonly Judgement[]): number =>
  calibrationError(judgements.map(({ confidence, right }) => ({ chance: confidence, right, weight: 1 })))

const tenths = 10

/** The judgements by tenths of confidence, empty ones included. */
export const reliability = (judgements: readonly Judgement[]): readonly ReliabilityBin[] =>
  Array.from({ length: tenths }, (_, at) => {
    const own = judgements.filter(
      ({ confidence }) => Math.min(tenths - 1, Math.floor(confidence * tenths)) === at,
    )
    return {
      from: at / tenths,
      to: (at + 1) / tenths,
      count: own.length,
      confidence: mean(own.map(({ confidence }) => confidence)),
      right: mean(own.map(({ right }) => (right ? 1 : 0))),
    }
  })

/** The value below which the share `at` of the values lies. */
export const quantile = (values: readonly number[], at: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(at * (sorted.length - 1))] ?? 0
}
