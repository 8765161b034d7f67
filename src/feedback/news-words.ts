import type { Part } from '../core/message.ts'
import type { News } from '../core/suggestion-news.ts'

/** How contacts are told, in both languages; `{suggestion}` and `{news}` are filled in. */
export interface TellingWords {
  readonly shipped: { readonly zh: string; readonly en: string }
  readonly declined: { readonly zh: string; readonly en: string }
}

/** A reminder, not a quotation in full. */
const mostLetters = 40

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

const shorten = (text: string): string => {
  const letters = Array.from(graphemes.segment(text), ({ segment }) => segment)
  return letters.length <= mostLetters ? text : `${letters.slice(0, mostLetters).join('')}…`
}

/** What somebody is told, as parts of a message. Whoever wrote in English reads English where there are words for it. */
export const newsParts = (
  { status, sentence, language, wording }: News,
  words: TellingWords,
): readonly Part[] => {
  const isEnglish = language === 'en' && wording.en !== undefined
  const frame = words[status === 'declined' ? 'declined' : 'shipped'][isEnglish ? 'en' : 'zh']
  const news = isEnglish ? (wording.en ?? wording.zh) : wording.zh
  const text = frame.replace('{suggestion}', () => shorten(sentence)).replace('{news}', () => news)
  return [{ kind: 'text', text }]
}
