import type { z } from 'zod'
import type { ContentFault } from '../src/core/knowledge.ts'
import { fault } from '../src/text/index.ts'
import type { ContentFile } from '../src/text/index.ts'

/** What a line must be, in words. */
export interface LineForm {
  /** What is wrong with a line that is not: `This line is not …`. */
  readonly problem: string
  readonly fix: string
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

/** Reads one JSON value a line; empty lines are passed over, broken ones named in `faults` and left out. */
export const readJsonLines = <Row>(
  { file, text }: ContentFile,
  row: z.ZodType<Row>,
  { problem, fix }: LineForm,
): { readonly rows: readonly Row[]; readonly faults: readonly ContentFault[] } => {
  const rows: Row[] = []
  const faults: ContentFault[] = []
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const checked = row.safeParse(parse(line))
    if (checked.success) rows.push(checked.data)
    else {
      const where = checked.error.issues[0]?.path.join('.') ?? ''
      faults.push(fault(file, at + 1, where === '' ? problem : `${problem} (${where})`, fix))
    }
  }
  return { rows, faults }
}
