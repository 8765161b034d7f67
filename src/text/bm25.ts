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
  /** The same of an indexed question's own terms. */
  ceilingOf(question: number): number
}

export interface Bm25Options {
  /** How fast repeats of a term stop counting. Default 1.2. */
  readonly k1?: number
  /** How much long questions are held back, 0 to 1. Default 0.5: similar questions are short anyway. */
  readonly b?: number
  /** Weight of a term. Default 1 each. */
  readonly weightOf?: (term: string) => number
}

/** The questions a term stands in, and what it adds to each one's score. */
interface Posting {
  readonly term: string
  readonly questions: number[]
  /** How often it stands there, until it is turned into a score. */
  readonly amounts: number[]
}

/** Lists in which questions every term stands, and how often. */
const collect = (questions: readonly IndexedQuestion[]): ReadonlyMap<string, Posting> => {
  const postings = new Map<string, Posting>()
  for (let at = 0; at < questions.length; at++) {
    for (const term of questions[at]?.terms ?? []) {
      let posting = postings.get(term)
      if (posting === undefined) {
        posting = { term, questions: [], amounts: [] }
        postings.set(term, posting)
      }
      const last = posting.questions.length - 1
      if (posting.questions[last] === at) posting.amounts[last] = (posting.amounts[last] ?? 0) + 1
      else {
        posting.questions.push(at)
        posting.amounts.push(1)
      }
    }
  }
  return postings
}

/** Builds the index; what a term adds to a question's score is worked out here, so a search only sums. */
export const createQuestionIndex = (
  questions: readonly IndexedQuestion[],
  options: Bm25Options = {},
): QuestionIndex => {
  const { k1 = 1.2, b = 0.5, weightOf = () => 1 } = options
  const meanLength =
    questions.reduce((sum, { terms }) => sum + terms.length, 0) / Math.max(1, questions.length)
  const rarity = (among: number): number => Math.log(1 + (questions.length - among + 0.5) / (among + 0.5))
  const held = Float64Array.from(
    questions,
    ({ terms }) => k1 * (1 - b + (b * terms.length) / Math.max(1, meanLength)),
  )
  const postings = collect(questions)
  for (const { term, questions: among, amounts } of postings.values()) {
    const weight = weightOf(term) * rarity(among.length) * (k1 + 1)
    for (let at = 0; at < among.length; at++) {
      const amount = amounts[at] ?? 0
      amounts[at] = (weight * amount) / (amount + (held[among[at] ?? 0] ?? 0))
    }
  }
  const entryOf = Int32Array.from(questions, ({ entry }) => entry)
  const sums = new Float64Array(questions.length)

  const ceiling = (terms: readonly string[]): number => {
    let sum = 0
    for (const term of new Set(terms))
      sum += weightOf(term) * rarity(postings.get(term)?.questions.length ?? 0)
    return sum
  }
  const ceilings = Float64Array.from(questions, ({ terms }) => ceiling(terms))

  return {
    search: (terms, skip) => {
      const touched = addUp(terms, postings, sums)
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
    ceiling,
    ceilingOf: (question) => ceilings[question] ?? 0,
  }
}

/** Adds the terms' amounts to `sums` and names the questions touched. */
const addUp = (
  terms: readonly string[],
  postings: ReadonlyMap<string, Posting>,
  sums: Float64Array,
): readonly number[] => {
  const touched: number[] = []
  for (const term of new Set(terms)) {
    const posting = postings.get(term)
    if (posting === undefined) continue
    const { questions, amounts } = posting
    for (let at = 0; at < questions.length; at++) {
      const question = questions[at] ?? 0
      if (sums[question] === 0) touched.push(question)
      sums[question] = (sums[question] ?? 0) + (amounts[at] ?? 0)
    }
  }
  return touched
}
