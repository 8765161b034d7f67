import { wordsWith } from './index.ts'

/* The words of one part of the desk, in both languages; `en` has exactly the keys of `zh`. */

export const zh = {
  'hints.articles': '建议文章',
  'hints.articles.none': '没有合适的文章。',
  'hints.fill': '填入回复框',
  'hints.fill.named': '把“{question}”的答案填入回复框',
  'hints.filled': '已填入回复框，还没有发送。',
  'hints.open': '打开文章',
  'hints.open.named': '打开文章“{question}”',
  'hints.score': '把握 {percent} %',
  'hints.similar': '相似工单',
  'hints.similar.none': '半年内没有相似的已解决工单。',
  'hints.likeness': '相似 {percent} %',
  'hints.answered': '当时的回复',
} as const

export const en: Readonly<Record<keyof typeof zh, string>> = {
  'hints.articles': 'Suggested articles',
  'hints.articles.none': 'No article fits.',
  'hints.fill': 'Put into the reply',
  'hints.fill.named': 'Put the answer of “{question}” into the reply',
  'hints.filled': 'It stands in the field and is not sent yet.',
  'hints.open': 'Open the article',
  'hints.open.named': 'Open the article “{question}”',
  'hints.score': '{percent} % sure',
  'hints.similar': 'Similar tickets',
  'hints.similar.none': 'No similar ticket was solved in the last half year.',
  'hints.likeness': '{percent} % alike',
  'hints.answered': 'What was replied',
}

/** The desk's words and these. */
export const useWords = wordsWith(zh, en)
