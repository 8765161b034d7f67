import type { AttitudeModel } from './attitude.ts'
import { createBreath } from './breath.ts'
import type { Breath } from './breath.ts'
import type { Targets } from './corpus.ts'
import { byWords, createSilence } from './evidence.ts'
import type { Tables } from './evidence.ts'
import { fitWeights } from './fit.ts'
import type { Weights } from './judge.ts'
import type { Meanings } from './meaning.ts'
import { prepare } from './prepare.ts'
import type { KnownQuestion, TrainingInput } from './prepare.ts'
import { chooseThresholds, judgeTrials, measureQuality } from './thresholds.ts'
import type { Quality, Thresholds } from './thresholds.ts'
import { judgeStrangers } from './strangers.ts'
import { learnTables, tableTaskOf } from './tables.ts'
import type { LearnTables, TableTask } from './tables.ts'
import { crossValidate, judgeLabelled } from './trials.ts'
import type { Trial } from './trials.ts'
import type { Vocabulary } from './vocabulary.ts'

/** How evidence becomes probabilities, and from which on what is done. */
export interface Judgement {
  readonly weights: Weights
  readonly thresholds: Thresholds
}

/** Everything learned; plain data. */
export interface UnderstandingModel extends Judgement {
  readonly targets: Targets
  readonly vocabulary: Vocabulary
  readonly tables: Tables
  /** What an encoder added; without one there is none. */
  readonly meanings?: Meanings | undefined
  /** How to judge by words alone, while the encoder does not answer. */
  readonly byWords: Judgement
  /** Questions for word search. */
  readonly questions: readonly KnownQuestion[]
  /** On texts held out of training: unlike anything known, hence the lower bound. */
  readonly heldOut: Quality
  /** On the labelled messages; equal to `heldOut` when there are none. */
  readonly labelled: Quality
  /** What tells how messages are meant; without labelled messages there is none. */
  readonly attitude?: AttitudeModel | undefined
}

/** With fewer strangers for one text within scope it could not be learned what they are like. */
const leastStrangers = 0.1
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

/** Begins to learn tables; the fold -1 is asked for last. */
export type StartLearning = (task: TableTask, breath: Breath) => LearnTables

/** Learns each when it is asked for, in this thread. */
const learnHere: StartLearning = (task, breath) => (without) => learnTables(task, without, breath)

/**
 * Learns everything from articles and intents. Repeatable: same content, same model. Takes a few seconds of work in
 * pieces of milliseconds. `wrongRate` is the share of answers that may be wrong at `thresholds.answer`.
 * `startLearning` says where tables are learned; default: here.
 */
export const trainModel = async (
  input: TrainingInput,
  wrongRate: number,
  startLearning: StartLearning = learnHere,
): Promise<UnderstandingModel> => {
  const breath = createBreath()
  const prepared = await prepare(input, breath)
  const { targets, vocabulary, questions, meanings } = prepared
  const learn = startLearning(tableTaskOf(prepared), breath)
  const own = await crossValidate(prepared, learn, breath)
  const { strangers = 0 } = input
  const share = Math.max(strangers, leastStrangers)
  const heldOut = strangers > 0 ? [...own, ...(await judgeStrangers(prepared, { own, share }, breath))] : own
  const tables = await learn(-1)
  const labelled = judgeLabelled(prepared, tables)
  const pooled = pool(heldOut, labelled)
  const calibrate = async (trials: readonly Trial[]) => {
    const weights = await fitWeights({ trials, targets, strangers }, breath)
    await breath.pause()
    const verdicts = judgeTrials(trials, targets, weights)
    return { weights, verdicts, thresholds: chooseThresholds(verdicts, wrongRate) }
  }
  const { weights, verdicts, thresholds } = await calibrate(pooled)
  const silence = createSilence(targets)
  const words =
    meanings === undefined
      ? { weights, thresholds }
      : await calibrate(pooled.map((trial) => ({ ...trial, evidence: byWords(trial.evidence, silence) })))
  const quality = (source: Trial['source']): Quality =>
    measureQuality(
      verdicts.filter((verdict) => verdict.source === source),
      thresholds,
    )
  return {
    targets,
    vocabulary,
    tables,
    ...(meanings === undefined
      ? {}
      : {
          meanings: {
            encoder: meanings.encoder,
            dimensions: meanings.dimensions,
            questions: meanings.questions,
          },
        }),
    weights,
    thresholds,
    byWords: { weights: words.weights, thresholds: words.thresholds },
    questions,
    heldOut: quality('held-out'),
    labelled: quality(labelled.length < leastLabelled ? 'held-out' : 'labelled'),
  }
}
