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
  /** The same, told one by one: nothing is built for what may be a thousand entries. */
  visit(
    terms: readonly string[],
    found: (entry: number, question: number, score: number) => void,
    skip?: (question: number) => boolean,
  ): void
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

/** The questions that each term stands in, term after term in lists of their own. */
interface Postings {
  readonly places: ReadonlyMap<string, number>
  /** Where each term's questions start; one longer than there are terms. */
  readonly starts: Int32Array
  readonly questions: Int32Array
  /** How often the term stands there, until it is turned into a score. */
  readonly amounts: Float64Array
}

/** Lists in which questions every term stands, and how often. */
const collect = (questions: readonly IndexedQuestion[]): Postings => {
  const places = new Map<string, number>()
  const lists: { readonly questions: number[]; readonly amounts: number[] }[] = []
  for (let at = 0; at < questions.length; at++) {
    for (const term of questions[at]?.terms ?? []) {
      const place = places.get(term) ?? lists.length
      const list = lists[place] ?? { questions: [], amounts: [] }
      if (place === lists.length) {
        places.set(term, place)
        lists.push(list)
      }
      const last = list.questions.length - 1
      if (list.questions[last] === at) list.amounts[last] = (list.amounts[last] ?? 0) + 1
      else {
        list.questions.push(at)
        list.amounts.push(1)
      }
    }
  }
  const starts = new Int32Array(lists.length + 1)
  for (const [at, list] of lists.entries()) starts[at + 1] = (starts[at] ?? 0) + list.questions.length
  const all = {
    questions: new Int32Array(starts[lists.length] ?? 0),
    amounts: new Float64Array(starts[lists.length] ?? 0),
  }
  for (const [at, list] of lists.entries()) {
    all.questions.set(list.questions, starts[at])
    all.amounts.set(list.amounts, starts[at])
  }
  return { places, starts, ...all }
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
  const { places, starts, questions: among, amounts } = collect(questions)
  const spreadOf = (place: number): number => (starts[place + 1] ?? 0) - (starts[place] ?? 0)
  for (const [term, place] of places) {
    const weight = weightOf(term) * rarity(spreadOf(place)) * (k1 + 1)
    for (let at = starts[place] ?? 0; at < (starts[place + 1] ?? 0); at++) {
      const amount = amounts[at] ?? 0
      amounts[at] = (weight * amount) / (amount + (held[among[at] ?? 0] ?? 0))
    }
  }
  const entryOf = Int32Array.from(questions, ({ entry }) => entry)
  const most = Float64Array.from(places, ([term, place]) => weightOf(term) * rarity(spreadOf(place)))
  const unknown = rarity(0)

  const ceiling = (terms: readonly string[]): number => {
    let sum = 0
    for (const term of new Set(terms)) {
      const place = places.get(term)
      sum += place === undefined ? weightOf(term) * unknown : (most[place] ?? 0)
    }
    return sum
  }
  const ceilings = Float64Array.from(questions, ({ terms }) => ceiling(terms))
  const visit = createVisit({ places, starts, questions: among, amounts }, entryOf)

  return {
    search: (terms, skip) => {
      const hits: QuestionHit[] = []
      visit(terms, (entry, question, score) => hits.push({ entry, question, score }), skip)
      return hits
    },
    visit,
    ceiling,
    ceilingOf: (question) => ceilings[question] ?? 0,
  }
}

/** Sums up what terms add to questions, and tells each entry's best; room for that is kept from one text to the next. */
const createVisit = (
  { places, starts, questions, amounts }: Postings,
  entryOf: Int32Array,
): QuestionIndex['visit'] => {
  const sums = new Float64Array(entryOf.length)
  const touched = new Int32Array(entryOf.length)
  const best = new Int32Array(entryOf.reduce((most, entry) => Math.max(most, entry + 1), 0)).fill(-1)
  const found = new Int32Array(best.length)

  /** Gives the number of questions that share a term. */
  const addUp = (terms: readonly string[]): number => {
    let count = 0
    for (const term of new Set(terms)) {
      const place = places.get(term)
      if (place === undefined) continue
      const end = starts[place + 1] ?? 0
      for (let at = starts[place] ?? 0; at < end; at++) {
        const question = questions[at] ?? 0
        const before = sums[question] ?? 0
        if (before === 0) touched[count++] = question
        sums[question] = before + (amounts[at] ?? 0)
      }
    }
    return count
  }

  return (terms, tell, skip) => {
    const count = addUp(terms)
    let entries = 0
    for (let at = 0; at < count; at++) {
      const question = touched[at] ?? 0
      if (skip?.(question) === true) continue
      const entry = entryOf[question] ?? 0
      const known = best[entry] ?? -1
      if (known < 0) found[entries++] = entry
      if (known < 0 || (sums[question] ?? 0) > (sums[known] ?? 0)) best[entry] = question
    }
    for (let at = 0; at < entries; at++) {
      const entry = found[at] ?? 0
      const question = best[entry] ?? 0
      tell(entry, question, sums[question] ?? 0)
      best[entry] = -1
    }
    for (let at = 0; at < count; at++) sums[touched[at] ?? 0] = 0
  }
}
