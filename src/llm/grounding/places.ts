import type { Told } from './agrees.ts'
import { figuresIn, withoutNumbers, type Figure } from './numbers.ts'
import { sentencesOf } from './read.ts'
import { wordsIn } from './words.ts'

type Language = 'zh' | 'en'
/** Each with what it weighs: a number of another kind tells more than a word. */
type Words = ReadonlyMap<string, number>
const numberWeighs = 3

/** A number, with what its clause says before and behind it, up to the next of its kind: words, and numbers of other kinds. */
interface Placed {
  readonly number: string
  readonly before: Words
  readonly after: Words
  /** Nothing is said between it and the next of its kind. */
  readonly meetsNext: boolean
}

/** Words stand before each number ("年费 218 元"), behind each ("218 yuan a year"), or nobody can tell. */
type Side = 'before' | 'after' | 'unknown'

/** The numbers of one kind in a sentence. */
interface Row {
  readonly text: string
  readonly placed: readonly Placed[]
}

interface Sentence {
  readonly text: string
  readonly figures: readonly Figure[]
}

const readSentence = (text: string): Sentence => ({ text, figures: figuresIn(text) })

/** Between two numbers: what stands before it is the first one's, what stands behind it the second one's. */
const parting = /[，,、;；（）()—]+|\b(?:and|or|but|while)\b/u

const rowOf = ({ text, figures }: Sentence, kind: string, language: Language): Row => {
  const clausesOf = (gap: string): readonly Map<string, number>[] =>
    gap.split(parting).map((clause) => new Map(wordsIn(clause, language).map((word) => [word, 1])))
  const numbers: string[] = []
  /** What stands before each number of the kind, and behind the last, clause by clause. */
  const gaps: Map<string, number>[][] = [[...clausesOf(figures[0]?.before ?? '')]]
  for (const figure of figures) {
    const gap = figure.kind === kind ? [new Map<string, number>()] : (gaps.at(-1) ?? [])
    if (figure.kind === kind) {
      numbers.push(figure.number)
      gaps.push(gap)
    } else gap.at(-1)?.set(figure.number, numberWeighs)
    const [same = new Map<string, number>(), ...more] = clausesOf(figure.after)
    for (const [word, weight] of same) gap.at(-1)?.set(word, weight)
    gap.push(...more)
  }
  const none: Words = new Map()
  const placed = numbers.map((number, at) => {
    const behind = gaps[at + 1] ?? []
    return {
      ...{ number, before: gaps[at]?.at(-1) ?? none, after: behind[0] ?? none },
      meetsNext: behind.every(({ size }) => size === 0),
    }
  })
  return { text, placed }
}

/** Where a number stands, when it stands there once. */
const only = ({ placed }: Row, number: string): Placed | undefined => {
  const [one, ...more] = placed.filter((each) => each.number === number)
  return more.length > 0 ? undefined : one
}

type Pair = readonly [Placed, Placed]

const inOrder = ({ placed }: Row, [a, b]: Pair): Pair =>
  placed.indexOf(a) < placed.indexOf(b) ? [a, b] : [b, a]

const sideBy = (isLed: boolean, isFollowed: boolean): Side =>
  isLed === isFollowed ? 'unknown' : isLed ? 'before' : 'after'

/** What leads the first is often the whole sentence's, and so is what follows the last: what stands between two tells more. */
const sideOf = (row: Row, pair: Pair): Side => {
  const [first, second] = inOrder(row, pair)
  const between = sideBy(second.before.size > 0, first.after.size > 0)
  if (between !== 'unknown') return between
  return sideBy((row.placed.at(0)?.before.size ?? 0) > 0, (row.placed.at(-1)?.after.size ?? 0) > 0)
}

const shared = (some: Words, others: Words): number =>
  [...some].reduce((sum, [word, weight]) => sum + (others.has(word) ? weight : 0), 0)

type Likeness = (one: Placed, other: Placed) => number

const before: Likeness = (one, other) => shared(one.before, other.before)
const after: Likeness = (one, other) => shared(one.after, other.after)
const bySide: Likeness = (one, other) => before(one, other) + after(one, other)
const around = (one: Placed): Words => new Map([...one.before, ...one.after])
const byAll: Likeness = (one, other) => shared(around(one), around(other))

/** "A and B are 1 and 2": here the order alone tells which is whose. */
const inTurn = /分别|依次|\brespectively\b/u

/** Whether words that both have stand the other way round. */
const namesTurned = (own: Row, theirs: Row, language: Language): boolean => {
  const [mine, other] = [own, theirs].map(({ text }) => wordsIn(withoutNumbers(text), language))
  const places = [...new Set(mine)].map((word) => other?.indexOf(word) ?? -1).filter((at) => at >= 0)
  return places.some((at, place) => place > 0 && at < (places[place - 1] ?? 0))
}

const isListed = (row: Row, pair: Pair): boolean => {
  const [first, second] = inOrder(row, pair)
  return row.placed
    .slice(row.placed.indexOf(first), row.placed.indexOf(second))
    .every(({ meetsNext }) => meetsNext)
}

/** Undefined where the sentence of the source does not have both. */
const isCrossed = (own: Row, [a, b]: Pair, theirs: Row, language: Language): boolean | undefined => {
  const [theirA, theirB] = [only(theirs, a.number), only(theirs, b.number)]
  if (theirA === undefined || theirB === undefined) return undefined
  // The words around a list are the words of all that it lists.
  if (isListed(own, [a, b])) {
    const isTurned = theirs.placed.indexOf(theirA) > theirs.placed.indexOf(theirB)
    return inTurn.test(own.text) && isTurned !== namesTurned(own, theirs, language)
  }
  const crossed = (alike: Likeness): number =>
    alike(a, theirB) + alike(b, theirA) - alike(a, theirA) - alike(b, theirB)
  const [mine, other] = [sideOf(own, [a, b]), sideOf(theirs, [theirA, theirB])]
  if (mine !== 'unknown' && other !== 'unknown')
    return crossed((one, another) => shared(one[mine], another[other])) > 0
  return (
    [bySide, byAll].every((alike) => crossed(alike) > 0) &&
    [before, after].every((alike) => crossed(alike) >= 0)
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
      const found = theirs.flatMap((one) => isCrossed(row, pair, one, language) ?? [])
      return found.length > 0 && found.every(Boolean)
    })
  })
}
