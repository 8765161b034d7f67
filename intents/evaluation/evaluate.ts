import type { Classification, Understand } from '../../src/core/understanding.ts'
import type { LabelledText } from '../labelled.ts'
import { calibrationError } from '../model/thresholds.ts'
import type { Thresholds } from '../model/thresholds.ts'

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
    /** Of those, answered from another topic, or by another article where the right one is known. */
    readonly wrong: number
    /** Of messages whose topic is answered by articles, those that got an answer. */
    readonly coverage: number
  }
  readonly latency: { readonly p50: number; readonly p99: number }
  /** Commonest mistakes, most frequent first. */
  readonly confusions: readonly {
    readonly topic: string
    readonly takenFor: string
    readonly count: number
  }[]
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
  readonly ms: number
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

const macroF1 = (cases: readonly Case[]): number => {
  const topics = [...new Set(cases.map(({ row }) => row.topic))]
  const each = topics.map((topic) => {
    const hit = cases.filter(({ row, found }) => row.topic === topic && found.topic === topic).length
    const said = cases.filter(({ found }) => found.topic === topic).length
    const meant = cases.filter(({ row }) => row.topic === topic).length
    return ratio(2 * hit, said + meant)
  })
  return ratio(
    each.reduce((sum, one) => sum + one, 0),
    each.length,
  )
}

const auroc = (foreign: readonly number[], own: readonly number[]): number => {
  const wins = foreign.reduce(
    (sum, one) => sum + own.reduce((won, other) => won + (one > other ? 1 : one === other ? 0.5 : 0), 0),
    0,
  )
  return ratio(wins, foreign.length * own.length)
}

const coverageAt = (cases: readonly Case[], targetError: number): number => {
  const sorted = [...cases].sort((a, b) => b.found.confidence - a.found.confidence)
  let wrong = 0
  let covered = 0
  for (const [at, { right }] of sorted.entries()) {
    if (!right) wrong += 1
    if (wrong / (at + 1) <= targetError) covered = at + 1
  }
  return ratio(covered, cases.length)
}

const measureAnswers = (
  cases: readonly Case[],
  { thresholds, answerable }: EvaluationOptions,
): Evaluation['answers'] => {
  const answered = cases.filter(
    ({ found }) => found.handling === 'faq' && (found.candidates[0]?.score ?? 0) >= thresholds.answer,
  )
  const wrong = answered.filter(({ row, found: { candidates } }) =>
    row.article === undefined ? candidates[0]?.topic !== row.topic : candidates[0]?.articleId !== row.article,
  )
  const meant = cases.filter(({ row }) => answerable.has(row.topic))
  const covered = answered.filter(({ row }) => answerable.has(row.topic))
  return {
    given: answered.length,
    wrong: ratio(wrong.length, answered.length),
    coverage: ratio(covered.length, meant.length),
  }
}

const confusionsOf = (cases: readonly Case[]): Evaluation['confusions'] => {
  const counts = new Map<string, { topic: string; takenFor: string; count: number }>()
  for (const { row, found, right } of cases) {
    if (right) continue
    const key = `${row.topic} ${found.topic}`
    const known = counts.get(key) ?? { topic: row.topic, takenFor: found.topic, count: 0 }
    counts.set(key, { ...known, count: known.count + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.topic.localeCompare(b.topic)).slice(0, 20)
}

const quantile = (sorted: readonly number[], at: number): number =>
  sorted[Math.floor(at * (sorted.length - 1))] ?? 0

/** Understands every row, without context, and measures how well. */
export const evaluate = async (
  understand: Understand,
  rows: readonly LabelledText[],
  options: EvaluationOptions,
): Promise<Evaluation> => {
  const cases: Case[] = []
  for (const row of rows) {
    const started = performance.now()
    const found = await understand(row.text, {})
    cases.push({ row, found, right: found.topic === row.topic, ms: performance.now() - started })
  }
  const foreign = cases.filter(({ row }) => row.topic === options.outOfScope)
  const own = cases.filter(({ row }) => row.topic !== options.outOfScope)
  const strange = ({ found }: Case): boolean =>
    found.topic === options.outOfScope || found.outOfScope >= options.thresholds.outOfScope
  const times = cases.map(({ ms }) => ms).sort((a, b) => a - b)
  return {
    rows: rows.length,
    accuracy: ratio(cases.filter(({ right }) => right).length, cases.length),
    macroF1: macroF1(cases),
    outOfScopeRecall: ratio(foreign.filter(strange).length, foreign.length),
    outOfScopeFalse: ratio(own.filter(strange).length, own.length),
    outOfScopeAuroc: auroc(
      foreign.map(({ found }) => found.outOfScope),
      own.map(({ found }) => found.outOfScope),
    ),
    coverageAtTarget: coverageAt(cases, options.targetError ?? 0.03),
    calibrationError: calibrationError(
      cases.map(({ found, right }) => ({ chance: found.confidence, right, weight: 1 })),
    ),
    answers: measureAnswers(cases, options),
    latency: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
    confusions: confusionsOf(cases),
  }
}
