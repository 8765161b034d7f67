import { leastForInterval } from '../core/estimate.ts'
import type { Agreement, AnswerPair } from '../core/review-numbers.ts'

/** Answers to a yes-no question weigh as those at the ends of the scale do: wrong or right. */
const distance = ({ first, second }: Pick<AnswerPair, 'first' | 'second'>): number => (first - second) ** 2

/**
 * Cohen's kappa with quadratic weights: 1 − observed ÷ expected disagreement, where expected is that of two reviewers
 * who give the same answers as often, but by chance. On two categories it is the unweighted one. Undefined: by chance
 * there would be no disagreement either.
 */
export const kappaOf = (pairs: readonly Pick<AnswerPair, 'first' | 'second'>[]): number | undefined => {
  const observed = pairs.reduce((sum, pair) => sum + distance(pair), 0) / pairs.length
  const { length } = pairs
  const moments = (values: readonly number[]): readonly [mean: number, square: number] => [
    values.reduce((sum, value) => sum + value, 0) / length,
    values.reduce((sum, value) => sum + value ** 2, 0) / length,
  ]
  const [firstMean, firstSquare] = moments(pairs.map(({ first }) => first))
  const [secondMean, secondSquare] = moments(pairs.map(({ second }) => second))
  // E(x − y)² of independent x and y.
  const expected = firstSquare + secondSquare - 2 * firstMean * secondMean
  return expected > 1e-12 ? 1 - observed / expected : undefined
}

const agreementOf = (pairs: readonly AnswerPair[], { formId, criterionId }: AnswerPair): Agreement => {
  const kappa = pairs.length < leastForInterval ? undefined : kappaOf(pairs)
  return {
    ...{ formId, criterionId, pairs: pairs.length },
    same: pairs.filter(({ first, second }) => first === second).length / pairs.length,
    ...(kappa === undefined ? {} : { kappa }),
  }
}

/** How far two reviewers agree, by criterion. */
export const agreements = (pairs: readonly AnswerPair[]): readonly Agreement[] => {
  const groups = new Map<string, [AnswerPair, ...AnswerPair[]]>()
  for (const pair of pairs) {
    const key = `${pair.formId} ${pair.criterionId}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [pair])
    else group.push(pair)
  }
  return [...groups.values()].map((group) => agreementOf(group, group[0]))
}
