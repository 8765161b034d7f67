import type { Masker } from '../../core/masking.ts'

/** Tags that do not end a word: a number may be written across them. */
const inline =
  /^<\/?(?:a|abbr|b|bdi|bdo|big|code|del|em|font|i|ins|kbd|mark|s|samp|small|span|strike|strong|sub|sup|tt|u|wbr)(?=[\s>/])/i
/** What of a tag is shown, or opens when it is pressed. */
const spoken = /\s(title|alt|href)="([^"]*)"/gi
const callable = /^(?:mailto|tel):/i

const maskTag = (tag: string, masker: Masker): string =>
  tag.replace(spoken, (whole, name: string, value: string) => {
    if (name.toLowerCase() === 'href') return callable.test(value) ? '' : whole
    return ` ${name}="${masker.text(value)}"`
  })

/** A piece of a page: a tag, or the words between two. `at`: where they begin among all words. */
interface Piece {
  readonly text: string
  readonly at: number | undefined
}

const tokens = /<[^<>]*>|[^<>]+|[<>]/g

/** The pieces of a page, and all its words; a tag that ends a word is a line break among them. */
const readPage = (html: string): { readonly pieces: readonly Piece[]; readonly words: string } => {
  const words: string[] = []
  let length = 0
  const add = (text: string): void => {
    words.push(text)
    length += text.length
  }
  const pieces = Array.from(html.matchAll(tokens), (token): Piece => {
    const [at, text] = [length, token[0]]
    if (/^<[^<>]+>$/.test(text)) {
      if (!inline.test(text)) add('\n')
      return { text, at: undefined }
    }
    add(text)
    return { text, at }
  })
  return { pieces, words: words.join('') }
}

/**
 * A mail's page with personal data masked: in its words, also where tags stand within them, in what tags say of
 * themselves, and in links that write or call. The page is clean: values stand in double quotes.
 */
export const maskPage = (html: string, masker: Masker): string => {
  const { pieces, words } = readPage(html)
  const spans = masker.spans(words)
  // Pieces and spans come in order: what ends before a piece is done with.
  let done = 0
  const maskWords = (text: string, at: number): string => {
    while ((spans[done]?.end ?? Infinity) <= at) done += 1
    const shown: string[] = []
    let from = 0
    for (let next = done; ; next += 1) {
      const span = spans[next]
      if (span === undefined || span.start >= at + text.length) break
      // What stands in its place stands where it begins; the rest of it is left out.
      if (span.start >= at) shown.push(text.slice(from, span.start - at), span.masked)
      from = span.end - at
    }
    return shown.join('') + text.slice(from)
  }
  return pieces
    .map(({ text, at }) => (at === undefined ? maskTag(text, masker) : maskWords(text, at)))
    .join('')
}
