import { readSheet } from 'read-excel-file/node'
import writeXlsxFile from 'write-excel-file/node'
import { TongdaError } from '../../core/errors.ts'
import type { Table } from './table.ts'
import { openZip, repack } from './zip.ts'

const toText = (cell: unknown): string => {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}

/** Reads the first sheet. Throws `bad_input`. */
export const readXlsx = async (bytes: Uint8Array): Promise<Table> => {
  const safe = Buffer.from(repack(openZip(bytes)))
  try {
    return (await readSheet(safe)).map((row) => row.map(toText))
  } catch {
    throw new TongdaError(
      'bad_input',
      '不是 XLSX this is no XLSX; 从表格软件另存为 .xlsx save it as .xlsx from a spreadsheet',
    )
  }
}

/** Writes one sheet; every cell is text, so that nothing becomes a formula or a number. */
export const writeXlsx = async (table: Table): Promise<Uint8Array> => {
  const rows = table.map((row, at) =>
    row.map((value) => ({
      type: String,
      value,
      ...(at === 0 ? { fontWeight: 'bold' as const } : { wrap: true }),
    })),
  )
  return writeXlsxFile(rows, { stickyRowsCount: 1 }).toBuffer()
}
