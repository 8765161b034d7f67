import { listConfusions } from './confusions.ts'
import type { Confusion } from './confusions.ts'
import { auroc, expectedCalibrationError, mean, ratio, reliability, takenAt } from './metrics.ts'
import type { ReliabilityBin } from './metrics.ts'

/** A question and what was found for it. */
export interface AnswerCase {
  readonly text: string
  /** The entry that answers it; null: none does. */
  readonly id: string | null
  /** Entries found, best first, at most 10. */
  readonly ranking: readonly string[]
  /** Probability that the first one is right; 0 when nothing was found. */
  readonly score: number
  /** True when the first one would be given as the answer. */
  readonly answered: boolean
}

/** How well questions are answered. Shares between 0 and 1. */
export interface AnswerQuality {
  /** Of questions that an entry answers, those whose entry stands first. */
  readonly p1: number
  /** Mean over the same questions of 1 / place of their entry, 0 beyond the tenth. */
  readonly mrr10: number
  /** Of the same questions, those whose entry is among the first three. */
  readonly recall3: number
  /** Chance that a question nobody answers gets a lower score than one that has an answer; null without such. */
  readonly oosAuroc: number | null
  /** Of questions with an answer, those that get one when the line is drawn where 3 % of all answers are wrong. */
  readonly coverageAt3pctWrong: number
  /** Of answers given at the product's own line, those that are wrong: another entry, or nothing would answer. */
  readonly wrongRateAtThreshold: number
  /** Of all questions, those answered at that line. */
  readonly answeredRate: number
  /** Expected calibration error of the score. */
  readonly ece: number
  readonly confusions: readonly Confusion[]
  readonly reliability: readonly ReliabilityBin[]
}

const targetError = 0.03
const nothing = '∅'

const isRight = ({ id, ranking }: AnswerCase): boolean => id !== null && ranking[0] === id

/** 1 / place of the right entry, 0 when it is missing. */
const reciprocal = ({ id, ranking }: AnswerCase): number => {
  const at = id === null ? -1 : ranking.indexOf(id)
  return at < 0 ? 0 : 1 / (at + 1)
}

const covered = (cases: readonly AnswerCase[]): number =>
  takenAt(
    cases.map((one) => ({ confidence: one.score, right: isRight(one), answerable: one.id !== null })),
    targetError,
  ).filter(({ answerable }) => answerable).length

/** Sums up how well the questions were answered; `nameOf` says what stands for an entry in the confusions. */
export const measureAnswers = (
  cases: readonly AnswerCase[],
  nameOf: (id: string) => string,
): AnswerQuality => {
  const answerable = cases.filter(({ id }) => id !== null)
  const foreign = cases.filter(({ id }) => id === null)
  const answered = cases.filter((one) => one.answered)
  const judgements = cases.map((one) => ({ confidence: one.score, right: isRight(one) }))
  const places = answerable.map(reciprocal)
  const reached = (least: number): number => mean(places.map((one) => (one >= least ? 1 : 0)))
  return {
    p1: reached(1),
    mrr10: mean(places),
    recall3: reached(1 / 3),
    oosAuroc:
      foreign.length === 0
        ? null
        : auroc(
            answerable.map(({ score }) => score),
            foreign.map(({ score }) => score),
          ),
    coverageAt3pctWrong: ratio(covered(cases), answerable.length),
    wrongRateAtThreshold: ratio(answered.filter((one) => !isRight(one)).length, answered.length),
    answeredRate: ratio(answered.length, cases.length),
    ece: expectedCalibrationError(judgements),
    confusions: listConfusions(
      answered.map(({ text, id, ranking }) => ({
        text,
        meant: id === null ? nothing : nameOf(id),
        said: nameOf(ranking[0] ?? ''),
      })),
    ),
    reliability: reliability(judgements),
  }
}
