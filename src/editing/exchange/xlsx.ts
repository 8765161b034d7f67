import type { Unzipped } from 'fflate'
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

/** No table of articles is larger; empty cells that somebody gave a colour count as well. */
const [mostLines, mostColumns] = [20_000, 256]

/** Wherever an attribute `r`, of any namespace, stands: the number of a row, or the address of a cell. */
const places = /(?<![\w.-])(?<!xmlns:)r\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g

const columnNumber = (letters: string): number =>
  Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)

const isFar = (place: string): boolean => {
  const line = Number(place)
  if (!Number.isNaN(line)) return line > mostLines
  const [, letters, row] = /^([A-Z]+)(\d+)$/.exec(place) ?? []
  if (letters === undefined) return /[\d&]/.test(place)
  return Number(row) > mostLines || columnNumber(letters) > mostColumns
}

/** A few bytes can claim a cell in line 1,000,000,000: whoever fills up the lines before it runs out of memory. */
const refuseFarCells = (files: Unzipped): void => {
  const sheets = Object.values(files)
    .map((content) => new TextDecoder().decode(content))
    .filter((text) => text.includes('sheetData'))
  const far = sheets
    .flatMap((text) => Array.from(text.matchAll(places), ([, double, single]) => double ?? single ?? ''))
    .find(isFar)
  if (far !== undefined)
    throw new TongdaError(
      'bad_input',
      `表格太大 the sheet reaches to ${far.slice(0, 20)}: at most ${String(mostLines)} lines and ${String(mostColumns)} columns; 删掉空行空列 delete empty lines and columns`,
    )
}

/** Reads the first sheet. Throws `bad_input`. */
export const readXlsx = async (bytes: Uint8Array): Promise<Table> => {
  const files = openZip(bytes)
  refuseFarCells(files)
  const safe = Buffer.from(repack(files))
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
