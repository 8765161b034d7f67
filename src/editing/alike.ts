/** A question and whose it is. */
export interface AskedIn {
  readonly articleId: string
  readonly question: string
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

const pairsOf = (text: string): ReadonlySet<string> => {
  const letters = Array.from(plain(text))
  const pairs = letters.slice(1).map((letter, at) => `${letters[at] ?? ''}${letter}`)
  return new Set(pairs.length === 0 ? letters : pairs)
}

/** Share of letter pairs in common (Dice) from which two questions are too much alike. */
const alikeFrom = 0.85

/** Finds questions of other articles that nearly say the same. Both go by pairs of letters. */
export const createAlikeness = (known: readonly AskedIn[]) => {
  const sizes = known.map(({ question }) => pairsOf(question).size)
  const places = new Map<string, number[]>()
  for (const [at, { question }] of known.entries())
    for (const pair of pairsOf(question)) {
      const list = places.get(pair)
      if (list === undefined) places.set(pair, [at])
      else list.push(at)
    }
  return ({ articleId, question }: AskedIn): readonly AskedIn[] => {
    const own = pairsOf(question)
    const shared = new Map<number, number>()
    for (const pair of own) for (const at of places.get(pair) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1)
    return [...shared].flatMap(([at, count]) => {
      const other = known[at]
      const share = (2 * count) / (own.size + (sizes[at] ?? 0))
      return other === undefined || other.articleId === articleId || share < alikeFrom ? [] : [other]
    })
  }
}
