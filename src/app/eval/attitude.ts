import { listConfusions, macroF1, readAttitudeLines, timeEach } from '../../../intents/index.ts'
import type { AttitudeText } from '../../../intents/index.ts'
import { TongdaError } from '../../core/errors.ts'
import type { Classification } from '../../core/understanding.ts'
import type { Content } from '../content.ts'
import { findShortfallsOf, readFloorFile } from './floor.ts'
import type { Bounds, Shortfall } from './floor.ts'
import { residentMiB, type EvalResult } from './result.ts'

/** What is measured of each message: how it is meant, and how it was taken. */
const told = {
  emotion: {
    meant: ({ emotion }: AttitudeText) => emotion,
    said: ({ emotion }: Classification) => emotion,
  },
  urgency: {
    meant: ({ urgency }: AttitudeText) => urgency,
    said: ({ urgency }: Classification) => urgency,
  },
  abuse: {
    meant: ({ abuse }: AttitudeText) => abuse,
    said: ({ abuse }: Classification) => abuse ?? 'none',
  },
  person: {
    meant: ({ wantsPerson }: AttitudeText) => (wantsPerson ? 'yes' : 'no'),
    said: ({ asksForPerson }: Classification) => (asksForPerson ? 'yes' : 'no'),
  },
} as const

type Told = keyof typeof told
const toldNames = Object.keys(told) as readonly Told[]

const bounded = toldNames.flatMap((name) => [`${name}Accuracy`, `${name}MacroF1`])

/** Reads the committed floor. Throws `bad_input` saying what to do. */
export const readAttitudeFloor = (file: string): Promise<Bounds> => readFloorFile(file, bounded)

/** Reads the held-back messages. Throws `bad_input` naming file, line and what to do. */
export const readAttitudeFile = async (file: string): Promise<readonly AttitudeText[]> => {
  const { rows, faults } = await readAttitudeLines(file)
  const [first] = faults
  if (first !== undefined)
    throw new TongdaError('bad_input', `${first.file}:${String(first.line)}  ${first.problem}; ${first.fix}`)
  if (rows.length === 0)
    throw new TongdaError(
      'bad_input',
      `${file}:1  没有一条文本 there is no text; 每行写一条 write one a line`,
    )
  return rows
}

/** Measures how the content in use takes messages that it never learned from. */
export const evalAttitude = async (
  rows: readonly AttitudeText[],
  { understand }: Pick<Content, 'understand'>,
): Promise<EvalResult> => {
  const { results, timing } = await timeEach(rows, async (row) => ({
    row,
    found: await understand(row.text, {}),
  }))
  const taken = toldNames.map((name) => ({
    name,
    cases: results.map(({ row, found }) => ({
      text: row.text,
      meant: told[name].meant(row),
      said: told[name].said(found),
    })),
  }))
  const measures = taken.flatMap(({ name, cases }): (readonly [string, number])[] => [
    [`${name}Accuracy`, cases.filter(({ meant, said }) => meant === said).length / Math.max(1, cases.length)],
    [`${name}MacroF1`, macroF1(cases)],
  ])
  const confusions = taken.flatMap(({ name, cases }) =>
    listConfusions(cases).map((one) => ({
      ...one,
      meant: `${name} ${one.meant}`,
      said: one.said,
    })),
  )
  return {
    measures: { ...Object.fromEntries(measures), ...timing, rssMiB: residentMiB(), n: rows.length },
    notes: [],
    confusions: confusions.sort((a, b) => b.count - a.count),
    reliability: [],
  }
}

/** The measures that are below the floor. */
export const findAttitudeShortfalls = ({ measures }: EvalResult, floor: Bounds): readonly Shortfall[] =>
  findShortfallsOf(measures, floor)
