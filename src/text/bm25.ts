/** Terms of one question and the entry it belongs to. */
export interface IndexedQuestion {
  /** Position of the entry (article, intent) that the question speaks for. */
  readonly entry: number
  readonly terms: readonly string[]
}

/** The best question of one entry. */
export interface QuestionHit {
  readonly entry: number
  /** Position of the question in the list that was indexed. */
  readonly question: number
  /** BM25 sum over the shared terms, ≥ 0. */
  readonly score: number
}

/** An inverted index over questions. */
export interface QuestionIndex {
  /** The best question of every entry that shares a term, unordered. Questions that `skip` names are passed over. */
  search(terms: readonly string[], skip?: (question: number) => boolean): readonly QuestionHit[]
  /** What a question made of exactly these terms could score at most; unknown terms count as the rarest. */
  ceiling(terms: readonly string[]): number
}

export interface Bm25Options {
  /** How fast repeats of a term stop counting. Default 1.2. */
  readonly k1?: number
  /** How much long questions are held back, 0 to 1. Default 0.5: similar questions are short anyway. */
  readonly b?: number
  /** Weight of a term. Default 1 each. */
  readonly weightOf?: (term: string) => number
}

interface Posting {
  readonly questions: number[]
  readonly scores: number[]
}

const frequencies = (terms: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  return counts
}

/** Builds the index; what a term adds to a question's score is worked out here, so a search only sums. */
export const createQuestionIndex = (questions: readonly IndexedQuestion[], options: Bm25Options = {}): QuestionIndex => {
  const { k1 = 1.2, b = 0.5, weightOf = () => 1 } = options
  const meanLength = questions.reduce((sum, { terms }) => sum + terms.length, 0) / Math.max(1, questions.length)
  const counted = questions.map(({ terms }) => frequencies(terms))
  const spread = new Map<string, number>()
  for (const counts of counted) for (const term of counts.keys()) spread.set(term, (spread.get(term) ?? 0) + 1)
  const rarity = (among: number): number => Math.log(1 + (questions.length - among + 0.5) / (among + 0.5))

  const postings = new Map<string, Posting>()
  for (const [at, counts] of counted.entries()) {
    const length = questions[at]?.terms.length ?? 0
    for (const [term, count] of counts) {
      const posting = postings.get(term) ?? { questions: [], scores: [] }
      postings.set(term, posting)
      const damped = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / Math.max(1, meanLength)))
      posting.questions.push(at)
      posting.scores.push(weightOf(term) * rarity(spread.get(term) ?? 0) * damped)
    }
  }
  const entryOf = Int32Array.from(questions, ({ entry }) => entry)
  const sums = new Float64Array(questions.length)

  return {
    search(terms, skip) {
      const touched: number[] = []
      for (const term of new Set(terms)) {
        const posting = postings.get(term)
        if (posting === undefined) continue
        for (let at = 0; at < posting.questions.length; at++) {
          const question = posting.questions[at] ?? 0
          if (sums[question] === 0) touched.push(question)
          sums[question] = (sums[question] ?? 0) + (posting.scores[at] ?? 0)
        }
      }
      const best = new Map<number, QuestionHit>()
      for (const question of touched) {
        const score = sums[question] ?? 0
        sums[question] = 0
        if (skip?.(question) === true) continue
        const entry = entryOf[question] ?? 0
        const known = best.get(entry)
        if (known === undefined || score > known.score) best.set(entry, { entry, question, score })
      }
      return [...best.values()]
    },
    ceiling: (terms) =>
      [...new Set(terms)].reduce((sum, term) => sum + weightOf(term) * rarity(spread.get(term) ?? 0), 0),
  }
}
