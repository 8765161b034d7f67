/** A message, what it meant and what it was taken for. */
export interface Taken {
  readonly text: string
  readonly meant: string
  readonly said: string
}

/** One kind of mistake. */
export interface Confusion {
  readonly meant: string
  readonly said: string
  readonly count: number
  /** A few of the messages, as they were written. */
  readonly examples: readonly string[]
}

const mostConfusions = 20
const mostExamples = 3

/** The commonest mistakes, most frequent first. */
export const listConfusions = (taken: readonly Taken[]): readonly Confusion[] => {
  const found = new Map<string, Confusion>()
  for (const { text, meant, said } of taken) {
    if (meant === said) continue
    const key = JSON.stringify([meant, said])
    const { count, examples } = found.get(key) ?? { count: 0, examples: [] }
    found.set(key, {
      meant,
      said,
      count: count + 1,
      examples: examples.length < mostExamples ? [...examples, text] : examples,
    })
  }
  return [...found.values()]
    .sort((a, b) => b.count - a.count || a.meant.localeCompare(b.meant) || a.said.localeCompare(b.said))
    .slice(0, mostConfusions)
}
