import { simplify } from './traditional.ts'

/** A text in the one form in which search compares: NFKC, lower case, simplified characters. */
export interface Folded {
  readonly text: string
  /** For each UTF-16 unit of `text`, and for its end, where in the original it stands. */
  readonly origin: Uint32Array
}

/** A character and the marks on it: what has to be folded as one. */
const unit = /\P{M}\p{M}*|\p{M}+/gu
// Half a million characters exist; what is said uses a few thousand.
const mostKnown = 20_000
const known = new Map<string, string>()

const foldUnit = (character: string): string =>
  character
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{Cc}]/gu, (found) => (/\s/.test(found) ? ' ' : ''))
    .replace(/\p{sc=Han}/gu, simplify)

const foldKnown = (character: string): string => {
  const found = known.get(character)
  if (found !== undefined) return found
  const folded = foldUnit(character)
  if (known.size < mostKnown) known.set(character, folded)
  return folded
}

/** Folds a text for search; each character for itself, so that a part of a text folds to a part of the whole. */
export const foldText = (text: string): Folded => {
  const pieces: string[] = []
  const origin: number[] = []
  for (const { 0: character, index } of text.matchAll(unit)) {
    const folded = foldKnown(character)
    pieces.push(folded)
    for (let at = 0; at < folded.length; at++) origin.push(index)
  }
  origin.push(text.length)
  return { text: pieces.join(''), origin: Uint32Array.from(origin) }
}
