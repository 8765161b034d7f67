import { createBreath } from './breath.ts'
import type { Targets } from './corpus.ts'
import type { Tables } from './evidence.ts'
import { fitWeights } from './fit.ts'
import type { Weights } from './judge.ts'
import { prepare } from './prepare.ts'
import type { KnownQuestion, TrainingInput } from './prepare.ts'
import { chooseThresholds, judgeTrials, measureQuality } from './thresholds.ts'
import type { Quality, Thresholds } from './thresholds.ts'
import { judgeStrangers } from './strangers.ts'
import { crossValidate, judgeLabelled, learnTables } from './trials.ts'
import type { Trial } from './trials.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Everything learned; plain data. */
export interface UnderstandingModel {
  readonly targets: Targets
  readonly vocabulary: Vocabulary
  readonly tables: Tables
  readonly weights: Weights
  /** Questions for word search. */
  readonly questions: readonly KnownQuestion[]
  readonly thresholds: Thresholds
  /** On texts held out of training: unlike anything known, hence the lower bound. */
  readonly heldOut: Quality
  /** On the labelled messages; equal to `heldOut` when there are none. */
  readonly labelled: Quality
}

/** Fewer labelled messages than this calibrate nothing. */
export const leastLabelled = 100
/**
 * Weight of held-out texts beside labelled messages. Editors write similar questions to be unlike each other, so
 * holding one out asks for wordings rarer than contacts use; alone they make every probability too low.
 */
const heldOutShare = 0.2

const pool = (heldOut: readonly Trial[], labelled: readonly Trial[]): readonly Trial[] => {
  if (labelled.length < leastLabelled) return heldOut
  const total = heldOut.reduce((sum, { weight }) => sum + weight, 0)
  const factor = (total * (1 - heldOutShare)) / heldOutShare / labelled.length
  return [...heldOut, ...labelled.map((trial) => ({ ...trial, weight: trial.weight * factor }))]
}

/**
 * Learns everything from articles and intents. Repeatable: same content, same model. Takes a few seconds of work in
 * pieces of milliseconds. `wrongRate` is the share of answers that may be wrong at `thresholds.answer`.
 */
export const trainModel = async (input: TrainingInput, wrongRate: number): Promise<UnderstandingModel> => {
  const breath = createBreath()
  const prepared = await prepare(input, breath)
  const { targets, vocabulary, questions } = prepared
  const own = await crossValidate(prepared, breath)
  const share = input.strangers ?? 0
  const heldOut = share > 0 ? [...own, ...(await judgeStrangers(prepared, { own, share }, breath))] : own
  const tables = await learnTables(prepared, -1, breath)
  const labelled = judgeLabelled(prepared, tables)
  const pooled = pool(heldOut, labelled)
  const weights = await fitWeights(pooled, targets, breath)
  await breath.pause()
  const verdicts = judgeTrials(pooled, targets, weights)
  const thresholds = chooseThresholds(verdicts, wrongRate)
  const quality = (source: Trial['source']): Quality =>
    measureQuality(
      verdicts.filter((verdict) => verdict.source === source),
      thresholds,
    )
  return {
    targets,
    vocabulary,
    tables,
    weights,
    questions,
    thresholds,
    heldOut: quality('held-out'),
    labelled: quality(labelled.length < leastLabelled ? 'held-out' : 'labelled'),
  }
}
