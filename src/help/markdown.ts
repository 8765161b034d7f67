import MarkdownIt from 'markdown-it'
import type { Token } from 'markdown-it'
import { html, raw } from 'hono/html'
import type { PictureFile, PlacedPicture } from '../core/knowledge.ts'
import type { Html } from './html.ts'

/** Longest Markdown that is read, in characters; longer text is shown as it stands. */
const maxMarkdownCharacters = 16_384

const shownSchemes: readonly string[] = ['http:', 'https:', 'mailto:']

const isShownAddress = (url: string): boolean =>
  URL.canParse(url) && shownSchemes.includes(new URL(url).protocol)

// Raw HTML stays text, nesting is bounded, and pictures are only those that stand beside the articles.
const reader = new MarkdownIt('commonmark', { html: false, maxNesting: 20 }).disable(['image'])
reader.validateLink = isShownAddress

/** Headings of an answer stand below the page's own. */
const lower = (tag: string): string => `h${String(Math.min(6, Number(tag.slice(1)) + 1))}`

const isVideo = (url: string): boolean =>
  URL.canParse(url) && /\.(?:mp4|webm|mov)$/i.test(new URL(url).pathname)

/** A link leads out without telling from where; one to a film looks like one. */
const dressLink = (link: Token): void => {
  link.attrSet('rel', 'noopener noreferrer nofollow')
  if (isVideo(String(link.attrGet('href') ?? ''))) link.attrSet('class', 'video')
}

reader.core.ruler.push('help', ({ tokens }) => {
  for (const token of tokens) {
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = lower(token.tag)
    for (const inner of token.children ?? []) if (inner.type === 'link_open') dressLink(inner)
  }
})

const writeWords = (markdown: string): Html =>
  markdown.length > maxMarkdownCharacters
    ? html`<p class="plain">${markdown}</p>`
    : // The library escapes all text; what it writes are tags of its own.
      html`${raw(reader.render(markdown))}`

/** Where a picture is had, and how large it is. */
export interface ShownPictures {
  readonly find: (mediaId: string) => Pick<PictureFile, 'width' | 'height'> | undefined
  readonly url: (mediaId: string) => string
}

const writePicture = ({ alt, media }: PlacedPicture, { find, url }: ShownPictures): Html => {
  const size = find(media.mediaId)
  if (size === undefined) return html`<p class="plain">${alt}</p>`
  return html`<p class="picture">
    <img
      src="${url(media.mediaId)}"
      alt="${alt}"
      width="${size.width}"
      height="${size.height}"
      loading="lazy"
    />
  </p>`
}

/** An answer as HTML: its words, and each picture where it stands. Numbered steps go on behind a picture. */
export const writeAnswer = (
  answer: string,
  pictures: readonly PlacedPicture[],
  shown: ShownPictures,
): readonly Html[] => {
  const pieces: Html[] = []
  let from = 0
  for (const picture of pictures) {
    const words = answer.slice(from, picture.after)
    if (words.trim() !== '') pieces.push(writeWords(words))
    pieces.push(writePicture(picture, shown))
    from = picture.after
  }
  const rest = answer.slice(from)
  if (rest.trim() !== '') pieces.push(writeWords(rest))
  return pieces
}

/** The beginning of an answer as one line of words, for lists and search engines. */
export const summaryOf = (markdown: string, length: number): string => {
  const inline = reader
    .parse(markdown.slice(0, 1_000), {})
    .flatMap(({ type, children }) => (type === 'inline' ? (children ?? []) : []))
  const words = inline.map(({ type, content }) => (type === 'text' || type === 'code_inline' ? content : ' '))
  const line = words.join(' ').replaceAll(/\s+/g, ' ').trim()
  const letters = Array.from(line)
  return letters.length <= length ? line : `${letters.slice(0, length - 1).join('')}…`
}
