/** A cell that a sheet takes for text, whatever it begins with: formulas in contacts' words must not run. */
const cell = (value: string | number): string => {
  const text = typeof value === 'number' ? String(value) : value.replace(/^([=+\-@\t\r])/, "'$1")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as CSV that Excel reads: with a byte order mark, lines ended as RFC 4180 has it. */
export const csvOf = (rows: readonly (readonly (string | number)[])[]): string =>
  `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`

/** Hands the browser a file. */
export const saveFile = (name: string, content: Blob): void => {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

/** Hands the browser a table as CSV. */
export const save = (name: string, text: string): void => {
  saveFile(name, new Blob([text], { type: 'text/csv;charset=utf-8' }))
}
