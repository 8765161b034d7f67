/** Prints one measure as a line of JSON. */
export const report = (measure: string, facts: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify({ measure, ...facts })}\n`)
}

export const megabytes = (bytes: number): number => Math.round(bytes / 1_048_576)
