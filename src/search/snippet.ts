import type { MaskedSpan, Masker } from '../core/masking.ts'
import type { Snippet, Stretch } from '../core/message-search.ts'
import { foldText, type Folded } from '../text/index.ts'

const before = 40
const after = 120
const mostMatches = 20

const placesOf = ({ text, origin }: Folded, word: string): readonly Stretch[] => {
  const found: Stretch[] = []
  for (
    let at = text.indexOf(word);
    at >= 0 && found.length < mostMatches;
    at = text.indexOf(word, at + word.length)
  ) {
    // What one character folded to is found with the whole of it.
    const last = origin[at + word.length - 1] ?? 0
    let end = at + word.length
    while ((origin[end] ?? Infinity) === last) end += 1
    found.push({ from: origin[at] ?? 0, to: origin[end] ?? last })
  }
  return found
}

/** In order, and none within another. */
const merged = (stretches: readonly Stretch[]): readonly Stretch[] => {
  const result: Stretch[] = []
  for (const one of [...stretches].sort((left, right) => left.from - right.from)) {
    const last = result.at(-1)
    if (last === undefined || one.from >= last.to) result.push(one)
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, one.to) }
  }
  return result
}

const isLow = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text.charAt(at))

const cut = (text: string, matches: readonly Stretch[]): Snippet => {
  const [first] = matches
  let start = Math.max(0, (first?.from ?? 0) - before)
  let end = Math.min(text.length, Math.max((first?.from ?? 0) + after, first?.to ?? 0))
  if (isLow(text, start)) start -= 1
  if (isLow(text, end)) end += 1
  return {
    text: text.slice(start, end),
    matches: matches
      .filter(({ to }) => to <= end)
      .slice(0, mostMatches)
      .map(({ from, to }) => ({ from: from - start, to: to - start })),
    cutBefore: start > 0,
    cutAfter: end < text.length,
  }
}

const isApart = ({ from, to }: Stretch, { start, end }: MaskedSpan): boolean => to <= start || from >= end

/**
 * Who seeks less than the whole of it does not find it: else it could be guessed digit by digit, or everybody's at once.
 * What is shown of it is found as any other words are.
 */
const mayBeFound = (place: Stretch, span: MaskedSpan): boolean => {
  const { hidden, shown, end } = span
  const isWhole = place.from <= hidden.from - shown && place.to >= end
  return isWhole || isApart(place, span) || place.to <= hidden.from || place.from >= hidden.to
}

/** Where a place of the text stands once it is masked. */
const placeIn = (spans: readonly MaskedSpan[], at: number): number => {
  let moved = 0
  for (const { start, end, masked, shown, hidden } of spans) {
    if (at < start) break
    if (at < end) {
      const within =
        at >= hidden.to ? masked.length - (end - at) : Math.max(0, shown - Math.max(0, hidden.from - at))
      return start + moved + within
    }
    moved += masked.length - (end - start)
  }
  return at + moved
}

/**
 * What to show of a text that holds all the folded words; undefined: it does not. Masked before it is cut: half a
 * telephone is not known for one any more.
 */
export const snippetOf = (
  text: string,
  words: readonly string[],
  masker: Pick<Masker, 'spans' | 'text'>,
): Snippet | undefined => {
  const folded = foldText(text)
  const all = words.map((word) => placesOf(folded, word))
  if (all.some(({ length }) => length === 0)) return undefined
  const spans = masker.spans(text)
  const places = all.map((found) => found.filter((place) => spans.every((span) => mayBeFound(place, span))))
  if (places.some(({ length }) => length === 0)) return undefined
  const shown = places.flat().map(({ from, to }) => ({ from: placeIn(spans, from), to: placeIn(spans, to) }))
  return cut(masker.text(text), merged(shown))
}
