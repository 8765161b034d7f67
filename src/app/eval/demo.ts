import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { evaluate, outOfScopeTopic, readLabelled } from '../../../intents/index.ts'
import type { LabelledText } from '../../../intents/index.ts'
import { TongdaError } from '../../core/errors.ts'
import type { Content } from '../content.ts'
import { residentMiB, type EvalResult } from './result.ts'

const atLeast = z.number().min(0).max(1)

/** The worst that may be: a lower bound for each but `wrongAnswers` and `ece`, which are upper bounds. */
const floorFile = z.strictObject({
  accuracy: atLeast,
  macroF1: atLeast,
  oosRecall: atLeast,
  wrongAnswers: atLeast,
  coverage: atLeast,
  ece: atLeast,
})
export type Floor = z.infer<typeof floorFile>

const upperBounds: readonly (keyof Floor)[] = ['wrongAnswers', 'ece']

/** A measure that is worse than the floor allows. */
export interface Shortfall {
  readonly measure: keyof Floor
  readonly found: number
  readonly floor: number
}

/** Reads the committed floor. Throws `bad_input` saying what to do. */
export const readFloor = async (file: string): Promise<Floor> => {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new TongdaError(
      'bad_input',
      `${file}: 文件不存在或无法读取 the floor is missing or unreadable; name it with --floor, or use --no-floor`,
    )
  const checked = floorFile.safeParse(parse(text))
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new TongdaError(
    'bad_input',
    `${file}:1  ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}; 写成 write {${Object.keys(
      floorFile.shape,
    )
      .map((name) => `"${name}": 0…1`)
      .join(', ')}}`,
  )
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

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
export const findShortfalls = ({ measures }: EvalResult, floor: Floor): readonly Shortfall[] =>
  Object.keys(floorFile.shape).flatMap((name): Shortfall[] => {
    const measure = name as keyof Floor
    const [found, bound] = [measures[measure] ?? 0, floor[measure]]
    const isBad = upperBounds.includes(measure) ? found > bound : found < bound
    return isBad ? [{ measure, found, floor: bound }] : []
  })
