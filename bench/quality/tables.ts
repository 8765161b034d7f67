import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A cell: a share, a number of milliseconds or texts, or words; null: does not apply. */
export type Cell = number | string | null

/** A table of the document. */
export interface Table {
  /** Name of its markers. */
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

const show = (cell: Cell): string => {
  if (cell === null) return '–'
  if (typeof cell === 'string') return cell
  return Number.isInteger(cell) && cell > 1 ? String(cell) : cell.toFixed(3)
}

const toMarkdown = ({ columns, rows }: Table): string =>
  [columns, columns.map(() => '---'), ...rows.map((row) => row.map(show))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

const file = join(import.meta.dirname, '../../docs/quality.md')

/** Writes the table between its markers in docs/quality.md; without rows it leaves what is there. */
export const writeTable = (table: Table): void => {
  if (table.rows.length === 0) return
  const markers = new RegExp(`(<!-- ${table.name} -->)[^]*?(<!-- /${table.name} -->)`)
  const text = readFileSync(file, 'utf8').replace(markers, (_, open: string, close: string) =>
    [open, toMarkdown(table), close].join('\n\n'),
  )
  writeFileSync(file, text)
}
