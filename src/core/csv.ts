/** What stands in a table. */
export type Cell = string | number

/** A field of CSV. What begins like a formula, in full width too, is a text: spreadsheets run formulas. */
const field = (value: Cell): string => {
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as CSV, with the mark by which spreadsheets know UTF-8. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  `\uFEFF${rows.map((cells) => `${cells.map(field).join(',')}\r\n`).join('')}`
