import type { HiddenSpan } from '../core/masking.ts'
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

/** A text as it is shown, and where in it stands what is hidden. */
interface Shown {
  readonly text: string
  readonly spans: readonly { readonly hidden: HiddenSpan; readonly from: number; readonly to: number }[]
}

const show = (text: string, hidden: readonly HiddenSpan[]): Shown => {
  let [shown, done] = ['', 0]
  const spans = hidden.map((span) => {
    const from = shown.length + span.start - done
    shown += text.slice(done, span.start) + span.shown
    done = span.end
    return { hidden: span, from, to: shown.length }
  })
  return { text: shown + text.slice(done), spans }
}

/**
 * A stretch of the original as it is shown; none where it holds a part of what is hidden: whoever finds parts could guess
 * the whole, digit by digit. Whoever seeks the whole knows it already.
 */
const shownAt = ({ spans }: Shown, { from, to }: Stretch): readonly Stretch[] => {
  const isCut = ({ hidden: { start, end } }: Shown['spans'][number]): boolean =>
    from < end && to > start && (from > start || to < end)
  const covered = spans.filter(({ hidden: { start, end } }) => from <= start && to >= end)
  if (covered.length === 0 || spans.some(isCut)) return []
  const moved = (at: number): number => {
    const before = spans.findLast(({ hidden: { end } }) => end <= at)
    return before === undefined ? at : before.to + at - before.hidden.end
  }
  return [{ from: moved(from), to: moved(to) }]
}

/** What to show of a text that holds all the folded words; undefined: it does not. `hidden` is shown masked. */
export const snippetOf = (
  text: string,
  words: readonly string[],
  hidden: readonly HiddenSpan[] = [],
): Snippet | undefined => {
  const shown = show(text, hidden)
  const folded = foldText(shown.text)
  const original = hidden.length === 0 ? undefined : foldText(text)
  const places = words.map((word) => [
    ...placesOf(folded, word),
    ...(original === undefined ? [] : placesOf(original, word)).flatMap((one) => shownAt(shown, one)),
  ])
  return places.every(({ length }) => length > 0) ? cut(shown.text, merged(places.flat())) : undefined
}
