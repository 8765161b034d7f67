import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { TongdaError } from '../../core/errors.ts'
import type { Table } from './table.ts'

/** Spreadsheets write UTF-8 with a mark, or the encoding of Chinese Windows. */
const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** What `writeCsv` put before a cell that a spreadsheet would take for a formula. */
const guarded = /^'(?=[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20])/

/** Reads CSV in UTF-8 or GB18030. Throws `bad_input` naming the line. */
export const readCsv = (bytes: Uint8Array): Table => {
  try {
    const rows: string[][] = parse(decode(bytes), {
      bom: true,
      relax_column_count: true,
      max_record_size: 500_000,
    })
    return rows.map((row) => row.map((cell) => cell.replace(guarded, '')))
  } catch (error) {
    throw new TongdaError(
      'bad_input',
      `不是 CSV this is no CSV: ${error instanceof Error ? error.message : ''}; 从表格软件另存为 CSV save it as CSV from a spreadsheet`,
    )
  }
}

/** Writes CSV in UTF-8 with a byte order mark, without which Excel takes it for another encoding. */
export const writeCsv = (table: Table): Uint8Array =>
  Buffer.from(
    stringify([...table.map((row) => [...row])], {
      bom: true,
      record_delimiter: '\r\n',
      escape_formulas: true,
    }),
  )
