import { evaluate, outOfScopeTopic, readLabelled } from '../../../intents/index.ts'
import type { LabelledText } from '../../../intents/index.ts'
import { TongdaError } from '../../core/errors.ts'
import type { Content } from '../content.ts'
import { findShortfallsOf, readFloorFile } from './floor.ts'
import type { Bounds, Shortfall } from './floor.ts'
import { residentMiB, type EvalResult } from './result.ts'

/** What the floor bounds: from below each but `wrongAnswers` and `ece`, which it bounds from above. */
const bounded = ['accuracy', 'macroF1', 'oosRecall', 'wrongAnswers', 'coverage', 'ece'] as const
const ceilings: readonly string[] = ['wrongAnswers', 'ece'] satisfies readonly (typeof bounded)[number][]

/** Reads the committed floor. Throws `bad_input` saying what to do. */
export const readFloor = (file: string): Promise<Bounds> => readFloorFile(file, bounded)

/** Reads the held-back messages. Throws `bad_input` naming file, line and what to do. */
export const readHeldBack = async (file: string): Promise<readonly LabelledText[]> => {
  const { rows, faults } = await readLabelled(file, file)
  const [first] = faults
  if (first !== undefined)
    throw new TongdaError('bad_input', `${first.file}:${String(first.line)}  ${first.problem}; ${first.fix}`)
  return rows
}

/** Measures the content in use on messages that it never learned from. */
export const evalDemo = async (rows: readonly LabelledText[], content: Content): Promise<EvalResult> => {
  const found = await evaluate(content.understand, rows, {
    thresholds: content.thresholds(),
    answerable: new Set(content.knowledge().articles.map(({ topic }) => topic)),
    outOfScope: outOfScopeTopic,
  })
  return {
    measures: {
      accuracy: found.accuracy,
      macroF1: found.macroF1,
      oosRecall: found.outOfScopeRecall,
      oosFalse: found.outOfScopeFalse,
      oosAuroc: found.outOfScopeAuroc,
      wrongAnswers: found.answers.wrong,
      coverage: found.answers.coverage,
      coverageAt3pctWrong: found.coverageAtTarget,
      ece: found.calibrationError,
      ...found.timing,
      rssMiB: residentMiB(),
      n: found.rows,
    },
    notes: [],
    confusions: found.confusions,
    reliability: found.reliability,
  }
}

/** The measures that are worse than the floor. */
export const findShortfalls = ({ measures }: EvalResult, floor: Bounds): readonly Shortfall[] =>
  findShortfallsOf(measures, floor, ceilings)
