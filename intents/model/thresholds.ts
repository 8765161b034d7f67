import { outOfScopeTopic } from './corpus.ts'
import type { Targets } from './corpus.ts'
import { judgeArticles, judgeTopics } from './judge.ts'
import type { Weights } from './judge.ts'
import type { Trial } from './trials.ts'

/** Where the dialogue draws its lines; all are probabilities. */
export interface Thresholds {
  /** The best candidate answers from here on. */
  readonly answer: number
  /** Below `answer` and from here on, candidates are worth offering as choices. */
  readonly clarify: number
  /** From here on a text counts as none of the brand's business. */
  readonly outOfScope: number
}

/** How good the model is, by trials it did not learn from. Shares between 0 and 1. */
export interface Quality {
  /** Texts whose most likely topic is right. */
  readonly topicAccuracy: number
  /** Expected calibration error of the topic's confidence. */
  readonly topicError: number
  /** Expected calibration error of the best candidate's score. */
  readonly answerError: number
  /** Wrong answers among those given at `thresholds.answer`. */
  readonly wrongAnswers: number
  /** Texts that an article answers and that get an answer at `thresholds.answer`. */
  readonly coverage: number
}

export interface Verdict {
  readonly weight: number
  readonly source: Trial['source']
  readonly topicRight: boolean
  readonly confidence: number
  /** Best candidate's score, 0 when the likeliest topic has no articles. */
  readonly score: number
  readonly answerRight: boolean
  /** The right article is among the four best. */
  readonly offered: boolean
  readonly answerable: boolean
  readonly outOfScope: number
  /** False where it is not known which article is right. */
  readonly checked: boolean
}

const offeredAtMost = 4

/** Judges every trial with the fitted weights. */
export const judgeTrials = (
  trials: readonly Trial[],
  targets: Targets,
  weights: Weights,
): readonly Verdict[] => {
  const outOfScope = targets.topics.indexOf(outOfScopeTopic)
  const hasArticles = new Set(targets.topicOf.subarray(0, targets.articles))
  return trials.map(({ evidence, topic, article, weight, source }) => {
    const topics = judgeTopics(evidence, targets, weights)
    const likeliest = topics.reduce((best, chance, at) => (chance > (topics[best] ?? 0) ? at : best), 0)
    const candidates = judgeArticles(evidence, targets, weights, topics)
    const answering = hasArticles.has(likeliest) ? candidates[0] : undefined
    return {
      weight,
      source,
      topicRight: likeliest === topic,
      confidence: topics[likeliest] ?? 0,
      score: answering?.score ?? 0,
      answerRight: answering !== undefined && answering.target === article,
      offered: candidates.slice(0, offeredAtMost).some(({ target }) => target === article),
      answerable: article !== 'none',
      outOfScope: topics[outOfScope] ?? 0,
      checked: article !== 'unknown',
    }
  })
}

const bins = 15

/** Expected calibration error: how far probabilities are from how often they come true, in 15 equal bins. */
export const calibrationError = (
  cases: readonly { readonly chance: number; readonly right: boolean; readonly weight: number }[],
): number => {
  const gaps = new Float64Array(bins)
  let total = 0
  for (const { chance, right, weight } of cases) {
    const bin = Math.min(bins - 1, Math.floor(chance * bins))
    gaps[bin] = (gaps[bin] ?? 0) + weight * (chance - (right ? 1 : 0))
    total += weight
  }
  return total === 0 ? 0 : gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total
}

/** Fewer answers than this say nothing about the share of wrong ones. */
const leastAnswers = 40

/** The lowest score from which on at most `wrongRate` of the answers are wrong. */
const findAnswer = (verdicts: readonly Verdict[], wrongRate: number): number => {
  const best = verdicts.filter(({ checked }) => checked).sort((a, b) => b.score - a.score)
  let total = 0
  let wrong = 0
  let found = 0.99
  for (const [at, { score, weight, answerRight }] of best.entries()) {
    total += weight
    if (!answerRight) wrong += weight
    const settled = best[at + 1]?.score !== score
    if (settled && at + 1 >= leastAnswers && wrong / total <= wrongRate) found = score
  }
  return Math.min(found, 0.99)
}

/** Share of choices offered that must hold the right one. */
const worthOffering = 0.6

/** A candidate less likely than this is no help, however good the list. */
const leastClarify = 0.2

const findClarify = (verdicts: readonly Verdict[], answer: number): number => {
  const below = verdicts
    .filter(({ checked, score }) => checked && score < answer)
    .sort((a, b) => b.score - a.score)
  let total = 0
  let held = 0
  let found = answer
  for (const { score, weight, offered } of below) {
    total += weight
    if (offered) held += weight
    if (held / total >= worthOffering) found = score
  }
  return Math.min(Math.max(leastClarify, found), answer)
}

/** Share of questions within scope that may be turned away. */
const wronglyRefused = 0.01

const findOutOfScope = (verdicts: readonly Verdict[]): number => {
  const inside = verdicts.filter(({ answerable }) => answerable).sort((a, b) => b.outOfScope - a.outOfScope)
  const total = inside.reduce((sum, { weight }) => sum + weight, 0)
  let passed = 0
  for (const { outOfScope, weight } of inside) {
    passed += weight
    if (passed > total * wronglyRefused) return Math.min(0.95, Math.max(0.3, outOfScope))
  }
  return 0.5
}

/** Chooses the lines so that at most `wrongRate` of the answers are wrong. */
export const chooseThresholds = (verdicts: readonly Verdict[], wrongRate: number): Thresholds => {
  const answer = findAnswer(verdicts, wrongRate)
  return { answer, clarify: findClarify(verdicts, answer), outOfScope: findOutOfScope(verdicts) }
}

const share = (verdicts: readonly Verdict[], holds: (verdict: Verdict) => boolean): number => {
  const total = verdicts.reduce((sum, { weight }) => sum + weight, 0)
  return total === 0
    ? 0
    : verdicts.reduce((sum, verdict) => (holds(verdict) ? sum + verdict.weight : sum), 0) / total
}

/** Sums up how good the verdicts are. */
export const measureQuality = (verdicts: readonly Verdict[], { answer }: Thresholds): Quality => {
  const checked = verdicts.filter((verdict) => verdict.checked)
  const answered = checked.filter(({ score }) => score >= answer)
  return {
    topicAccuracy: share(verdicts, ({ topicRight }) => topicRight),
    topicError: calibrationError(
      verdicts.map(({ confidence, topicRight, weight }) => ({
        chance: confidence,
        right: topicRight,
        weight,
      })),
    ),
    answerError: calibrationError(
      checked.map(({ score, answerRight, weight }) => ({ chance: score, right: answerRight, weight })),
    ),
    wrongAnswers: share(answered, ({ answerRight }) => !answerRight),
    coverage: share(
      checked.filter(({ answerable }) => answerable),
      ({ score }) => score >= answer,
    ),
  }
}
