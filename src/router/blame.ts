/** PostgreSQL's classes of errors that the data itself causes: data exception, integrity, program limit. */
const dataClasses: ReadonlySet<string> = new Set(['22', '23', '54'])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** The class of an SQLSTATE; undefined for any other code. */
const sqlClass = (code: string): string | undefined =>
  /^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : undefined

/** Whether a commit failed for what was to be committed: only then does it help to commit something else. */
export const isFaultOfOutcome = (error: unknown): boolean => dataClasses.has(sqlClass(codeOf(error)) ?? '')

/** Whether a turn failed for what it was about. What it reads of the database may fail because that is away. */
export const isFaultOfMessage = (error: unknown): boolean => {
  const code = codeOf(error)
  if (sqlClass(code) !== undefined) return isFaultOfOutcome(error)
  return !/^E[A-Z]{4,}$/.test(code)
}
