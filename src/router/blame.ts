/** PostgreSQL's classes of errors that the data itself causes: data exception, integrity, program limit. */
const dataClasses: ReadonlySet<string> = new Set(['22', '23', '54'])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** The class of an SQLSTATE; undefined for any other code. */
const sqlClass = (code: string): string | undefined =>
  /^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : undefined

/** Whether the store refused what was given to it; else it is away or slow, whatever its driver says then. */
const isFaultOfData = (error: unknown): boolean => dataClasses.has(sqlClass(codeOf(error)) ?? '')

/** The store did not do what a turn asked of it. Its cause tells who is to blame. */
class StoreFailure extends Error {}

/** Marks what the store throws, so that it is told from what a turn itself throws. */
export const asked = async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    throw new StoreFailure(what, { cause: error })
  }
}

/** Whether a turn or its commit failed for what the message is, so that it helps to make another end of it. */
export const isFaultOfMessage = (error: unknown): boolean =>
  error instanceof StoreFailure ? isFaultOfData(error.cause) : true
