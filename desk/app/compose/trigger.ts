import type { Mode } from './drafts.ts'

/** A mark in the text after which something may be chosen, and what was typed after it. */
export interface Trigger {
  /** Place of the mark. */
  readonly start: number
  readonly end: number
  readonly query: string
}

// Chinese input gives `；` for the same key. In the middle of a sentence it only parts two halves.
const marks: Readonly<Record<Mode, RegExp>> = {
  reply: /(?:^|\s)[;；]([^\s;；]{0,30})$/u,
  note: /(?:^|[^\p{ASCII}]|[^\w@])@([^\s@]{0,30})$/u,
}

/** The mark that the caret stands behind; undefined: none. */
export const triggerIn = (text: string, caret: number, mode: Mode): Trigger | undefined => {
  const query = marks[mode].exec(text.slice(0, caret))?.[1]
  return query === undefined ? undefined : { start: caret - query.length - 1, end: caret, query }
}

/** The text with something in place of mark and query, and where the caret stands then. */
export const replaceTrigger = (
  text: string,
  { start, end }: Trigger,
  words: string,
): { readonly text: string; readonly caret: number } => ({
  text: text.slice(0, start) + words + text.slice(end),
  caret: start + words.length,
})
