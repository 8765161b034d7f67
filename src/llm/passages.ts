import type { Passage } from '../core/model-help.ts'

/** Tokens of the articles that go to a model with one question. */
const most = 2_000
/** What a model reads as one: a Chinese character, or about three of any other. */
const tokensOf = (text: string): number => {
  const wide = text.match(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/gu)?.length ?? 0
  return Math.ceil(wide * 1.2 + (text.length - wide) / 3)
}

/** The text up to the last line or sentence that fits; empty: not even the first does. */
const upTo = (text: string, tokens: number): string => {
  let kept = ''
  for (const piece of text.match(/[^\n。！？!?]*[\n。！？!?]+|[^\n。！？!?]+$/gu) ?? []) {
    if (tokensOf(kept + piece) > tokens) break
    kept += piece
  }
  return kept.trimEnd()
}

/** Passages as far as they fit, best first; the last is cut at a sentence's end. */
export const fitting = (passages: readonly Passage[]): readonly Passage[] => {
  let left = most
  return passages.flatMap((passage) => {
    const text = upTo(passage.text, left - tokensOf(passage.question))
    if (text === '') return []
    left -= tokensOf(passage.question) + tokensOf(text)
    return [{ ...passage, text }]
  })
}
