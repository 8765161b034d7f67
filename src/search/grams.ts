/**
 * The index holds numbers, not words: 22 bits of hash for a gram, below 10 bits for the span of time in which it was
 * said. Different grams may share a number, and spans come round after eleven years: what the index finds is compared
 * with what was really said. The numbers are stored; a change here needs a new index.
 */
const hashBits = 22
const hashMask = (1 << hashBits) - 1

/** How long a span is. Short ones let common words stop early, long ones let rare words go back in fewer steps. */
export const bucketMs = 4 * 86_400_000

/** The span of a moment. */
export const bucketOf = (at: Date): number => Math.floor(at.getTime() / bucketMs)

/** FNV-1a. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value ^ (value >>> hashBits)) & hashMask
}

const run = /[\p{L}\p{N}\p{M}]+/gu
/** Scripts in which one character says something. */
const dense = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u

const isSparse = (characters: readonly string[]): boolean =>
  characters.every((character) => !dense.test(character))

const runsOf = (folded: string): readonly (readonly string[])[] =>
  (folded.match(run) ?? []).map((found) => Array.from(found))

const window = (characters: readonly string[], at: number, length: number): readonly string[] | undefined =>
  at + length <= characters.length ? characters.slice(at, at + length) : undefined

/** Everything a text can be found by. */
const addRun = (grams: Set<string>, characters: readonly string[]): void => {
  for (const [at, character] of characters.entries()) {
    const two = window(characters, at, 2)
    const three = window(characters, at, 3)
    if (dense.test(character)) grams.add(character)
    if (two !== undefined) grams.add(two.join(''))
    if (three !== undefined && isSparse(three)) grams.add(three.join(''))
  }
}

/** The grams of a folded text: pairs of characters, single ones of dense scripts, triples of others. */
export const gramsOf = (folded: string): ReadonlySet<string> => {
  const grams = new Set<string>()
  for (const characters of runsOf(folded)) addRun(grams, characters)
  return grams
}

/** What a run must be found by: the longest grams, which are the rarest. */
const needed = (characters: readonly string[]): readonly string[] => {
  if (characters.length === 1) return isSparse(characters) ? [] : [characters.join('')]
  if (characters.length === 2) return [characters.join('')]
  return characters.flatMap((_, at) => {
    const [two, three] = [window(characters, at, 2), window(characters, at, 3)]
    if (two === undefined) return []
    if (!isSparse(two)) return [two.join('')]
    return three !== undefined && isSparse(three)
      ? [three.join('')]
      : // The pair before another script; within one, the triple before it holds the pair.
        at > 0 && isSparse(characters.slice(at - 1, at))
        ? []
        : [two.join('')]
  })
}

/** More would not make a find more certain, only dearer. */
const mostGrams = 24

/** Some of many, from all over. */
export const fewGrams = (grams: readonly string[]): readonly string[] => {
  const all = [...new Set(grams)]
  const step = Math.max(1, all.length / mostGrams)
  return Array.from({ length: Math.min(all.length, mostGrams) }, (_, at) => all[Math.floor(at * step)] ?? '')
}

/** The grams of a folded word, which every text that holds the word has; none: nothing can be found by it. */
export const gramsOfWord = (folded: string): readonly string[] => runsOf(folded).flatMap(needed)

/** Facts of a message that searches are narrowed by. */
export interface GramFacts {
  readonly inboxId?: string
  readonly channel?: string
  readonly author?: string
  readonly direction?: string
}

/** The facts as grams, which no text has: so that a common word of a rare inbox is found as fast as a rare word. */
export const gramsOfFacts = (facts: GramFacts): readonly string[] =>
  (['inboxId', 'channel', 'author', 'direction'] as const).flatMap((name) =>
    facts[name] === undefined ? [] : [`\n${name}\n${facts[name]}`],
  )

/** Grams as the index's numbers, without the span of time. */
export const hashGrams = (grams: Iterable<string>): readonly number[] => [...new Set([...grams].map(hash))]

/** The index's numbers in a span of time. */
export const inBucket = (bucket: number, hashed: readonly number[]): readonly number[] =>
  hashed.map((gram) => (bucket << hashBits) | gram)
