/** Rendered text as Telegram's HTML. Source: core.telegram.org/bots/api#html-style. */
import { cleanText } from '../kit/index.ts'

/** Our own tags: the renderer leaves no other `<` in a text; anything else is words. */
const ours = /<a href="([^"<>]*)">([^<]*)<\/a>|<\/?(?:b|i|code|pre)>/g

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;')

/** How the three things that a text is made of are written. */
interface Writers {
  readonly words: (text: string) => string
  readonly anchor: (url: string, label: string) => string
  readonly tag: (tag: string) => string
}

const rewrite = (text: string, { words, anchor, tag }: Writers): string => {
  let written = ''
  let at = 0
  for (const match of text.matchAll(ours)) {
    const [whole, url, label = ''] = match
    written += words(text.slice(at, match.index)) + (url === undefined ? tag(whole) : anchor(url, label))
    at = match.index + whole.length
  }
  return written + words(text.slice(at))
}

/** HTML with everything escaped but our tags. */
export const toHtml = (text: string): string =>
  rewrite(cleanText(text), {
    words: escapeText,
    anchor: (url, label) => `<a href="${escapeAttribute(url)}">${escapeText(label)}</a>`,
    tag: (tag) => tag,
  })

/** The same without any markup, for when Telegram cannot read the HTML. */
export const toPlain = (text: string): string =>
  rewrite(cleanText(text), {
    words: (words) => words,
    anchor: (url, label) => (label === url ? url : `${label}（${url}）`),
    tag: () => '',
  })
