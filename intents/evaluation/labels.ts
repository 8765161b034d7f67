import type { Labelled } from '../labelled-model.ts'
import { listConfusions } from './confusions.ts'
import type { Confusion } from './confusions.ts'
import { auroc, expectedCalibrationError, macroF1, mean, ratio, reliability } from './metrics.ts'
import type { ReliabilityBin } from './metrics.ts'

/** A text with its right label and what it was taken for. `null`: out of scope. */
export interface LabelledCase {
  readonly text: string
  readonly label: string | null
  readonly found: Labelled
}

/** How well texts are labelled. Shares between 0 and 1. What is out of scope counts as one more label. */
export interface LabelQuality {
  readonly accuracy: number
  /** Mean over the labels that occur of the harmonic mean of precision and recall. */
  readonly macroF1: number
  /** Of texts out of scope, those seen as such; null, like the next two, when there are none. */
  readonly oosRecall: number | null
  /** Of texts taken for out of scope, those that are. */
  readonly oosPrecision: number | null
  /** Chance that a text out of scope looks more foreign than one within. */
  readonly oosAuroc: number | null
  /** Of texts within scope, those that got their label. */
  readonly inScopeAccuracy: number
  /** Expected calibration error of the confidence. */
  readonly ece: number
  readonly confusions: readonly Confusion[]
  readonly reliability: readonly ReliabilityBin[]
}

/** How what is out of scope is written in reports. */
export const outOfScopeName = 'oos'
const nameOf = (label: string | null): string => label ?? outOfScopeName

const share = (cases: readonly LabelledCase[], holds: (one: LabelledCase) => boolean): number =>
  ratio(cases.filter(holds).length, cases.length)

const isRight = ({ label, found }: LabelledCase): boolean => label === found.label

/** Sums up how well the texts were labelled. */
export const measureLabels = (cases: readonly LabelledCase[]): LabelQuality => {
  const foreign = cases.filter(({ label }) => label === null)
  const own = cases.filter(({ label }) => label !== null)
  const refused = cases.filter(({ found }) => found.label === null)
  const judgements = cases.map((one) => ({ confidence: one.found.confidence, right: isRight(one) }))
  const labellings = cases.map(({ text, label, found }) => ({
    text,
    meant: nameOf(label),
    said: nameOf(found.label),
  }))
  const ofForeign = (measure: () => number): number | null => (foreign.length === 0 ? null : measure())
  return {
    accuracy: mean(judgements.map(({ right }) => (right ? 1 : 0))),
    macroF1: macroF1(labellings),
    oosRecall: ofForeign(() => share(foreign, isRight)),
    oosPrecision: ofForeign(() => share(refused, isRight)),
    oosAuroc: ofForeign(() =>
      auroc(
        foreign.map(({ found }) => found.outOfScope),
        own.map(({ found }) => found.outOfScope),
      ),
    ),
    inScopeAccuracy: share(own, isRight),
    ece: expectedCalibrationError(judgements),
    confusions: listConfusions(labellings),
    reliability: reliability(judgements),
  }
}
