import { TongdaError } from '../../core/errors.ts'
import type { CivilDate } from '../../core/calendar.ts'
import { readIcs, type Unmarked } from './ics.ts'
import { readJson } from './json.ts'
import { readPaste } from './paste.ts'
import type { ReadImport } from './read-days.ts'

/** More than twenty years of holidays in any of the formats. */
export const maxImportBytes = 1_048_576

/** Most dates one import may tell. */
const maxImportDays = 4_000

export interface ImportOptions {
  /** For dates that are written without one. */
  readonly year?: number | undefined
  /** The end of what is known, where the text does not say. */
  readonly knownUntil?: CivilDate | undefined
  readonly unmarked?: Unmarked | undefined
}

const readAny = (text: string, { year, unmarked }: ImportOptions): ReadImport => {
  const start = text.trimStart()
  if (/^BEGIN:VCALENDAR/iu.test(start)) return readIcs(start === text ? text : start, unmarked)
  return /^[{[]/u.test(start) ? readJson(text) : readPaste(text, year)
}

/** Refuses what is too large before anything reads it. */
const refuse = (problem: string): never => {
  throw new TongdaError('bad_input', problem)
}

/** Reads an import: iCalendar, JSON or pasted lines, by how it begins. Throws `bad_input` when it is too large. */
export const readImport = (text: string, options: ImportOptions = {}): ReadImport => {
  if (Buffer.byteLength(text) > maxImportBytes)
    refuse('导入内容超过 1 MB，请按年份拆开 the import is larger than 1 MB; split it by year')
  const read = readAny(text.replace(/^\uFEFF/u, ''), options)
  if (read.days.length > maxImportDays)
    refuse(
      `一次最多导入 ${String(maxImportDays)} 天，请按年份拆开 an import may hold ${String(maxImportDays)} days; split it by year`,
    )
  return options.knownUntil === undefined ? read : { ...read, known: { until: options.knownUntil } }
}
