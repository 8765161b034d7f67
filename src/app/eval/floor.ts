import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { TongdaError } from '../../core/errors.ts'
import type { Measures } from './result.ts'

/** The worst that may be of each measure, a share between 0 and 1. */
export type Bounds = Readonly<Record<string, number>>

/** A measure that is worse than the floor allows. */
export interface Shortfall {
  readonly measure: string
  readonly found: number
  readonly floor: number
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** A floor of these measures. */
export const floorOf = <Name extends string>(names: readonly Name[]): z.ZodType<Record<Name, number>> =>
  z.record(z.enum(names), z.number().min(0).max(1))

/** Reads a committed floor of `names`. Throws `bad_input` saying what to do. */
export const readFloorFile = async <Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Record<Name, number>> => {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new TongdaError(
      'bad_input',
      `${file}: 文件不存在或无法读取 the floor is missing or unreadable; name it with --floor, or use --no-floor`,
    )
  const checked = floorOf(names).safeParse(parse(text))
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new TongdaError(
    'bad_input',
    `${file}:1  ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}; 写成 write {${names
      .map((name) => `"${name}": 0…1`)
      .join(', ')}}`,
  )
}

/** The measures that are worse than the floor; `ceilings` must not be above theirs, the others not below. */
export const findShortfallsOf = (
  measures: Measures,
  floor: Bounds,
  ceilings: readonly string[] = [],
): readonly Shortfall[] =>
  Object.entries(floor).flatMap(([measure, bound]): Shortfall[] => {
    const found = measures[measure] ?? 0
    const isBad = ceilings.includes(measure) ? found > bound : found < bound
    return isBad ? [{ measure, found, floor: bound }] : []
  })
