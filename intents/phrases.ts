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

/** Builds the finder; entries without a phrase are left out. Time grows with the text, not with the list. */
export const createPhraseFinder = <Entry>(
  entries: readonly Entry[],
  phraseOf: (entry: Entry) => string,
): FindPhrases<Entry> => {
  const byFirst = new Map<string, { readonly phrase: string; readonly entry: Entry }[]>()
  for (const entry of entries) {
    const phrase = phraseOf(entry)
    if (phrase === '') continue
    const group = byFirst.get(phrase.charAt(0)) ?? []
    byFirst.set(phrase.charAt(0), group)
    group.push({ phrase, entry })
  }
  for (const group of byFirst.values()) group.sort((a, b) => b.phrase.length - a.phrase.length)
  return (text) => {
    const found: Found<Entry>[] = []
    for (let at = 0; at < text.length;) {
      const start = at
      const hit = byFirst.get(text.charAt(start))?.find(({ phrase }) => standsAt(text, phrase, start))
      if (hit === undefined) at += 1
      else {
        found.push({ entry: hit.entry, at: start })
        at += hit.phrase.length
      }
    }
    return found
  }
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
