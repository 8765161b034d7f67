import type { Classification, Understand } from '../../src/core/understanding.ts'
import type { LabelledText } from '../labelled.ts'
import type { Thresholds } from '../model/thresholds.ts'
import { listConfusions } from './confusions.ts'
import type { Confusion } from './confusions.ts'
import { auroc, expectedCalibrationError, macroF1, ratio, reliability, takenAt } from './metrics.ts'
import type { ReliabilityBin } from './metrics.ts'
import { timeEach } from './timing.ts'
import type { Timing } from './timing.ts'

/** How well labelled messages are understood. Shares between 0 and 1; times in milliseconds. */
export interface Evaluation {
  readonly rows: number
  /** Messages whose topic is right. */
  readonly accuracy: number
  /** Mean over topics of the harmonic mean of precision and recall. */
  readonly macroF1: number
  /** Of messages out of scope, those seen as such. */
  readonly outOfScopeRecall: number
  /** Of messages in scope, those taken for out of scope. */
  readonly outOfScopeFalse: number
  /** Chance that a message out of scope looks more foreign than one in scope. */
  readonly outOfScopeAuroc: number
  /** Share of messages that could be decided at most `targetError` of which would be wrong, surest first. */
  readonly coverageAtTarget: number
  /** Expected calibration error of `confidence`. */
  readonly calibrationError: number
  /** At the answer threshold. */
  readonly answers: {
    /** Messages answered by an article. */
    readonly given: number
    /** Of those, answered by an article that is not among the right ones; by another topic where those are not known. */
    readonly wrong: number
    /** Of messages that an article answers (where nobody judged that: whose topic has articles), those that got an answer. */
    readonly coverage: number
  }
  readonly timing: Timing
  /** Commonest mistakes, most frequent first. */
  readonly confusions: readonly Confusion[]
  readonly reliability: readonly ReliabilityBin[]
}

export interface EvaluationOptions {
  readonly thresholds: Thresholds
  /** Topics that articles answer. */
  readonly answerable: ReadonlySet<string>
  /** Topic of messages that are none of the brand's business. */
  readonly outOfScope: string
  /** For `coverageAtTarget`. Default 0.03. */
  readonly targetError?: number
}

interface Case {
  readonly row: LabelledText
  readonly found: Classification
  readonly right: boolean
}

const measureAnswers = (
  cases: readonly Case[],
  { thresholds, answerable }: EvaluationOptions,
): Evaluation['answers'] => {
  const answered = cases.filter(
    ({ found }) => found.handling === 'faq' && (found.candidates[0]?.score ?? 0) >= thresholds.answer,
  )
  const wrong = answered.filter(({ row, found: { candidates } }) =>
    row.articles === undefined
      ? candidates[0]?.topic !== row.topic
      : !row.articles.includes(candidates[0]?.articleId ?? ''),
  )
  const canBeAnswered = ({ row }: Case): boolean =>
    row.articles === undefined ? answerable.has(row.topic) : row.articles.length > 0
  const meant = cases.filter(canBeAnswered)
  const covered = answered.filter(canBeAnswered)
  return {
    given: answered.length,
    wrong: ratio(wrong.length, answered.length),
    coverage: ratio(covered.length, meant.length),
  }
}

/** Understands every row, without context, and measures how well. */
export const evaluate = async (
  understand: Understand,
  rows: readonly LabelledText[],
  options: EvaluationOptions,
): Promise<Evaluation> => {
  const { results: cases, timing } = await timeEach(rows, async (row): Promise<Case> => {
    const found = await understand(row.text, {})
    return { row, found, right: found.topic === row.topic }
  })
  const judgements = cases.map(({ found, right }) => ({ confidence: found.confidence, right }))
  const labellings = cases.map(({ row, found }) => ({ text: row.text, meant: row.topic, said: found.topic }))
  const foreign = cases.filter(({ row }) => row.topic === options.outOfScope)
  const own = cases.filter(({ row }) => row.topic !== options.outOfScope)
  const strange = ({ found }: Case): boolean =>
    found.topic === options.outOfScope || found.outOfScope >= options.thresholds.outOfScope
  return {
    rows: rows.length,
    accuracy: ratio(cases.filter(({ right }) => right).length, cases.length),
    macroF1: macroF1(labellings),
    outOfScopeRecall: ratio(foreign.filter(strange).length, foreign.length),
    outOfScopeFalse: ratio(own.filter(strange).length, own.length),
    outOfScopeAuroc: auroc(
      foreign.map(({ found }) => found.outOfScope),
      own.map(({ found }) => found.outOfScope),
    ),
    coverageAtTarget: ratio(takenAt(judgements, options.targetError ?? 0.03).length, cases.length),
    calibrationError: expectedCalibrationError(judgements),
    answers: measureAnswers(cases, options),
    timing,
    confusions: listConfusions(labellings),
    reliability: reliability(judgements),
  }
}
