const latin = /[a-z0-9]/

/** True when `phrase` stands at `at`; Latin phrases only as whole words. */
const standsAt = (text: string, phrase: string, at: number): boolean =>
  text.startsWith(phrase, at) &&
  !(latin.test(phrase.charAt(0)) && latin.test(text.charAt(at - 1))) &&
  !(latin.test(phrase.charAt(phrase.length - 1)) && latin.test(text.charAt(at + phrase.length)))

/** A phrase found in a text. */
export interface Found<Entry> {
  readonly entry: Entry
  readonly at: number
}

/** Finds entries' phrases in normalised text: longest first at each place, no overlaps. */
export type FindPhrases<Entry> = (text: string) => readonly Found<Entry>[]

/** Phrases that begin alike: their lengths, longest first, and what they stand for. */
interface Group<Entry> {
  readonly lengths: number[]
  readonly entries: Map<string, Entry>
}

/** Builds the finder; entries without a phrase are left out. Time grows with the text, not with the list. */
export const createPhraseFinder = <Entry>(
  entries: readonly Entry[],
  phraseOf: (entry: Entry) => string,
): FindPhrases<Entry> => {
  const groups = new Map<string, Group<Entry>>()
  for (const entry of entries) {
    const phrase = phraseOf(entry)
    if (phrase === '') continue
    const group = groups.get(phrase.charAt(0)) ?? { lengths: [], entries: new Map<string, Entry>() }
    groups.set(phrase.charAt(0), group)
    if (!group.entries.has(phrase)) group.entries.set(phrase, entry)
    if (!group.lengths.includes(phrase.length)) group.lengths.push(phrase.length)
  }
  for (const { lengths } of groups.values()) lengths.sort((a, b) => b - a)
  return (text) => {
    const found: Found<Entry>[] = []
    for (let at = 0; at < text.length;) {
      const hit = findAt(text, at, groups.get(text.charAt(at)))
      if (hit === undefined) at += 1
      else {
        found.push({ entry: hit.entry, at })
        at += hit.length
      }
    }
    return found
  }
}

const findAt = <Entry>(
  text: string,
  at: number,
  group: Group<Entry> | undefined,
): { readonly entry: Entry; readonly length: number } | undefined => {
  for (const length of group?.lengths ?? []) {
    const phrase = text.slice(at, at + length)
    const entry = group?.entries.get(phrase)
    if (entry !== undefined && standsAt(text, phrase, at)) return { entry, length }
  }
  return undefined
}

/** Replaces every exception by a mark that no phrase contains, so that what surrounds it does not join up. */
export const createBlanker = (exceptions: readonly string[]): ((text: string) => string) => {
  const find = createPhraseFinder(exceptions, (phrase) => phrase)
  return (text) => {
    let out = ''
    let copied = 0
    for (const { entry, at } of find(text)) {
      out += `${text.slice(copied, at)}\u0001`
      copied = at + entry.length
    }
    return out + text.slice(copied)
  }
}
