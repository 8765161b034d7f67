/** Rendered text as Telegram's HTML. Source: core.telegram.org/bots/api#html-style. */
import { cleanText } from '../kit/index.ts'

/** Our own links: the renderer leaves no other `<` in a text with links; anything else is words. */
const link = /<a href="([^"<>]*)">([^<]*)<\/a>/g

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;')

/** Words between links, and the links, each through its own writer. */
const mapLinks = (
  text: string,
  words: (text: string) => string,
  anchor: (url: string, label: string) => string,
): string => {
  let written = ''
  let at = 0
  for (const match of text.matchAll(link)) {
    const [whole, url = '', label = ''] = match
    written += words(text.slice(at, match.index)) + anchor(url, label)
    at = match.index + whole.length
  }
  return written + words(text.slice(at))
}

/** HTML with everything escaped but our links. */
export const toHtml = (text: string): string =>
  mapLinks(
    cleanText(text),
    escapeText,
    (url, label) => `<a href="${escapeAttribute(url)}">${escapeText(label)}</a>`,
  )

/** The same without any markup, for when Telegram cannot read the HTML. */
export const toPlain = (text: string): string =>
  mapLinks(
    cleanText(text),
    (words) => words,
    (url, label) => (label === url ? url : `${label}（${url}）`),
  )
