import type { Told } from './agrees.ts'
import { figuresIn, type Figure } from './numbers.ts'
import { sentencesOf } from './read.ts'
import { wordsIn } from './words.ts'

type Language = 'zh' | 'en'
type Words = ReadonlySet<string>

interface Placed {
  readonly figure: Figure
  readonly before: Words
  readonly after: Words
}

/** A sentence's numbers. Its words stand before each ("年费 218 元"), behind each ("218 yuan a year"), or nobody can tell. */
interface Row {
  readonly text: string
  readonly placed: readonly Placed[]
  readonly labels: 'before' | 'after' | 'unknown'
}

const rowOf = (sentence: string, language: Language): Row => {
  const placed = figuresIn(sentence).map((figure) => ({
    figure,
    before: new Set(wordsIn(figure.before, language)),
    after: new Set(wordsIn(figure.after, language)),
  }))
  const isLed = (placed.at(0)?.before.size ?? 0) > 0
  const isFollowed = (placed.at(-1)?.after.size ?? 0) > 0
  return { text: sentence, placed, labels: isLed === isFollowed ? 'unknown' : isLed ? 'before' : 'after' }
}

/** Where it stands once, and nothing else of its kind has its value. */
const only = ({ placed }: Row, { number }: Figure): Placed | undefined => {
  const [one, ...more] = placed.filter(({ figure }) => figure.number === number)
  return more.length > 0 ? undefined : one
}

const shared = (some: Words, others: Words): number => [...some].filter((word) => others.has(word)).length

type Likeness = (one: Placed, other: Placed) => number

const bySide: Likeness = (one, other) => shared(one.before, other.before) + shared(one.after, other.after)
const around = ({ before, after }: Placed): Words => new Set([...before, ...after])
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
  const [theirA, theirB] = [only(theirs, a.figure), only(theirs, b.figure)]
  if (theirA === undefined || theirB === undefined) return undefined
  // The words around a list are the words of all that it lists.
  if (isListed(own, pair))
    return inTurn.test(own.text) && theirs.placed.indexOf(theirA) > theirs.placed.indexOf(theirB)
  return waysOf(own, theirs).every(
    (alike) => alike(a, theirB) + alike(b, theirA) > alike(a, theirA) + alike(b, theirB),
  )
}

/**
 * Whether two numbers of a kind have changed places: each stands with the words that the source has about the other. What
 * can be said of one number alone, its clause and its yes and no, is held against the source elsewhere.
 */
export const changesPlaces = (sentence: string, sources: readonly Told[], language: Language): boolean => {
  const own = rowOf(sentence, language)
  const once = own.placed.filter(({ figure }) => only(own, figure) !== undefined)
  const pairs = once.flatMap((a, at) =>
    once.slice(at + 1).flatMap((b) => (b.figure.kind === a.figure.kind ? [[a, b] as const] : [])),
  )
  if (pairs.length === 0) return false
  const rows = sources.flatMap(({ text }) => sentencesOf(text)).map((text) => rowOf(text, language))
  return pairs.some((pair) => {
    const found = rows.flatMap((row) => isCrossed(own, pair, row) ?? [])
    return found.length > 0 && found.every(Boolean)
  })
}
