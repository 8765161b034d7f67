import type { Told } from './agrees.ts'
import { figuresIn, type Figure } from './numbers.ts'
import { sentencesOf } from './read.ts'
import { wordsIn } from './words.ts'

type Language = 'zh' | 'en'
/** Each with what it weighs: a number of another kind tells more than a word. */
type Words = ReadonlyMap<string, number>
const numberWeighs = 3

/** A number, with what stands around it up to the next of its kind: words, and numbers of other kinds. */
interface Placed {
  readonly number: string
  readonly before: Words
  readonly after: Words
}

/** The numbers of one kind. Their words stand before each ("年费 218 元"), behind each ("218 yuan a year"), or nobody can tell. */
interface Row {
  readonly text: string
  readonly placed: readonly Placed[]
  readonly labels: 'before' | 'after' | 'unknown'
}

interface Sentence {
  readonly text: string
  readonly figures: readonly Figure[]
}

const readSentence = (text: string): Sentence => ({ text, figures: figuresIn(text) })

const rowOf = ({ text, figures }: Sentence, kind: string, language: Language): Row => {
  const numbers: string[] = []
  /** What stands before each number of the kind, and behind the last. */
  const read = (text: string) => new Map(wordsIn(text, language).map((word) => [word, 1]))
  const gaps: Map<string, number>[] = [read(figures[0]?.before ?? '')]
  for (const figure of figures) {
    if (figure.kind === kind) {
      numbers.push(figure.number)
      gaps.push(new Map())
    } else gaps.at(-1)?.set(figure.number, numberWeighs)
    for (const [word, weight] of read(figure.after)) gaps.at(-1)?.set(word, weight)
  }
  const gap = (at: number): Words => gaps[at] ?? new Map<string, number>()
  const isLed = gap(0).size > 0
  const isFollowed = gap(numbers.length).size > 0
  return {
    text,
    placed: numbers.map((number, at) => ({ number, before: gap(at), after: gap(at + 1) })),
    labels: isLed === isFollowed ? 'unknown' : isLed ? 'before' : 'after',
  }
}

/** Where a number stands, when it stands there once. */
const only = ({ placed }: Row, number: string): Placed | undefined => {
  const [one, ...more] = placed.filter((each) => each.number === number)
  return more.length > 0 ? undefined : one
}

const shared = (some: Words, others: Words): number =>
  [...some].reduce((sum, [word, weight]) => sum + (others.has(word) ? weight : 0), 0)

type Likeness = (one: Placed, other: Placed) => number

const bySide: Likeness = (one, other) => shared(one.before, other.before) + shared(one.after, other.after)
const around = ({ before, after }: Placed): Words => new Map([...before, ...after])
const byAll: Likeness = (one, other) => shared(around(one), around(other))

/** How a number of one sentence and one of another are told to be alike; by several ways where one is not sure. */
const waysOf = (own: Row, theirs: Row): readonly Likeness[] => {
  if (own.labels === 'unknown' || theirs.labels === 'unknown') return [bySide, byAll]
  const [mine, other] = [own.labels, theirs.labels]
  return [(one, another) => shared(one[mine], another[other])]
}

/** "A and B are 1 and 2": here the order alone tells which is whose. */
const inTurn = /分别|依次|\brespectively\b/u

type Pair = readonly [Placed, Placed]

const isListed = ({ placed }: Row, [a, b]: Pair): boolean =>
  placed.slice(placed.indexOf(a), placed.indexOf(b)).every(({ after }) => after.size === 0)

/** Undefined where the sentence of the source does not have both. */
const isCrossed = (own: Row, pair: Pair, theirs: Row): boolean | undefined => {
  const [a, b] = pair
  const [theirA, theirB] = [only(theirs, a.number), only(theirs, b.number)]
  if (theirA === undefined || theirB === undefined) return undefined
  // The words around a list are the words of all that it lists.
  if (isListed(own, pair))
    return inTurn.test(own.text) && theirs.placed.indexOf(theirA) > theirs.placed.indexOf(theirB)
  return waysOf(own, theirs).every(
    (alike) => alike(a, theirB) + alike(b, theirA) > alike(a, theirA) + alike(b, theirB),
  )
}

const pairsOf = (row: Row): readonly Pair[] => {
  const once = row.placed.filter(({ number }) => only(row, number) !== undefined)
  return once.flatMap((a, at) => once.slice(at + 1).map((b) => [a, b] as const))
}

/**
 * Whether two numbers of a kind have changed places: each stands with the words that the source has about the other. What
 * can be said of one number alone, its clause and its yes and no, is held against the source elsewhere.
 */
export const changesPlaces = (sentence: string, sources: readonly Told[], language: Language): boolean => {
  const own = readSentence(sentence)
  const rows = [...new Set(own.figures.map(({ kind }) => kind))]
    .map((kind) => ({ kind, row: rowOf(own, kind, language) }))
    .filter(({ row }) => row.placed.length > 1)
  if (rows.length === 0) return false
  const known = sources.flatMap(({ text }) => sentencesOf(text)).map(readSentence)
  return rows.some(({ kind, row }) => {
    const theirs = known
      .filter(({ figures }) => figures.filter((one) => one.kind === kind).length > 1)
      .map((one) => rowOf(one, kind, language))
    return pairsOf(row).some((pair) => {
      const found = theirs.flatMap((one) => isCrossed(row, pair, one) ?? [])
      return found.length > 0 && found.every(Boolean)
    })
  })
}
