import type { Capabilities } from '../core/capabilities.ts'

/** A channel's limit on one text. */
export type TextLimit = Capabilities['text']

/** Most messages one text becomes: channels count what we send, and nobody reads more on a phone. */
export const maxPieces = 4

/** Share of a piece that must be filled before a softer break is preferred to a harder one. */
const leastFill = 1 / 3

/** Our own links, whole: in a text with links no other `<` is left (`writeWords`). */
const link = /<a href="([^"<>]*)">([^<]*)<\/a>/g
/** The tags of a text with styles; as of links, no other `<` is left. */
const style = /<(\/?)(b|i|code|pre)>/g
const linkOrStyle = new RegExp(`${link.source}|${style.source}`, 'g')
const withoutStyles = (text: string): string => text.replace(style, '')
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** How much of the limit a text takes; a character is a UTF-16 unit, the strictest way providers count. */
const sizeOf = (text: string, { unit }: TextLimit): number =>
  unit === 'bytes' ? Buffer.byteLength(text) : text.length

/** Whether a text goes in one message. */
export const fits = (text: string, limit: TextLimit): boolean => sizeOf(text, limit) <= limit.max

/** The same limit, less the room that `text` takes. */
export const lessRoom = (limit: TextLimit, text: string): TextLimit => ({
  ...limit,
  max: limit.max - sizeOf(text, limit),
})

const clustersOf = function* (text: string, limit: TextLimit): Generator<string> {
  // A unit takes at least one of the limit: what starts within it and fits ends within twice as much.
  for (const { segment } of graphemes.segment(text.slice(0, limit.max * 2 + 1))) {
    // A heap of combining marks longer than a whole message: the provider's limit wins.
    if (fits(segment, limit)) yield segment
    else yield* segment
  }
}

const atomic = ({ markup }: TextLimit): RegExp => (markup === 'styles' ? linkOrStyle : link)

/** What no break goes through: one of our links, or what a reader sees as one character. */
const atomsOf = function* (text: string, limit: TextLimit): Generator<string> {
  let at = 0
  for (const match of limit.markup === 'plain' ? [] : text.matchAll(atomic(limit))) {
    yield* clustersOf(text.slice(at, match.index), limit)
    yield match[0]
    at = match.index + match[0].length
  }
  yield* clustersOf(text.slice(at), limit)
}

/** A link that is longer than a message cannot stay one. */
const unlinkOversize = (text: string, limit: TextLimit): string =>
  limit.markup !== 'plain'
    ? text.replace(link, (whole, url: string, label: string) =>
        fits(whole, limit) ? whole : `${label}（${url}）`,
      )
    : text

/** How good a break between two texts is: 3 paragraph, 2 sentence or line, 1 clause or word, 0 none. */
const breakQuality = (before: string, after: string): 0 | 1 | 2 | 3 => {
  if (/\n\s*\n$/.test(before) || /^\s*\n\s*\n/.test(after)) return 3
  if (before.endsWith('\n') || after.startsWith('\n')) return 2
  if (/[。！？!?；;…][」』”’"'）)】》]*$/.test(before) && !/^[。！？!?；;…」』”’"'）)】》]/.test(after))
    return 2
  // An English full stop; not the dot of "1. first".
  if (/[^\d\s.]\.["')”’]*$/.test(before) && /^\s/.test(after)) return 2
  if (/[，、,：:\s]$/.test(before) || /^\s/.test(after)) return 1
  return 0
}

/** What a reader sees before and behind a break. */
const around = (text: string, at: number, { markup }: TextLimit): [before: string, after: string] => {
  const sides: [string, string] = [text.slice(Math.max(0, at - 12), at), text.slice(at, at + 12)]
  return markup === 'styles' ? [withoutStyles(sides[0]), withoutStyles(sides[1])] : sides
}

/** Length of the longest good beginning of a text that is over the limit. */
const firstLength = (text: string, limit: TextLimit): number => {
  const best = { 0: 0, 1: 0, 2: 0, 3: 0 }
  let length = 0
  let size = 0
  for (const atom of atomsOf(text, limit)) {
    if (size >= limit.max * leastFill) best[breakQuality(...around(text, length, limit))] = length
    size += sizeOf(atom, limit)
    // At least one atom, or there would be no end.
    if (size > limit.max && length > 0) break
    length += atom.length
  }
  return best[3] || best[2] || best[1] || length
}

const closings = {
  zh: '\n\n（内容较长，没有全部发出。其余部分请看帮助中心，也可以继续在这里问。）',
  en: '\n\n(This is too long to send in full. See the help centre for the rest, or ask here.)',
}

const closingOf = (text: string, limit: TextLimit): string => {
  const closing = /\p{Script=Han}/u.test(text) ? closings.zh : closings.en
  if (sizeOf(closing, limit) <= limit.max / 2) return closing
  return sizeOf('……', limit) < limit.max ? '……' : ''
}

/** The beginning of a text that is over the limit, with the line that says so. */
const cut = (text: string, limit: TextLimit): string => {
  const closing = closingOf(text, limit)
  const room = lessRoom(limit, closing)
  const whole = unlinkOversize(text, room)
  return fits(whole, limit) ? whole : whole.slice(0, firstLength(whole, room)).trimEnd() + closing
}

const splitWhole = (text: string, limit: TextLimit): readonly string[] => {
  let rest = unlinkOversize(text.replaceAll('\r\n', '\n'), limit).trim()
  const pieces: string[] = []
  while (rest !== '' && !fits(rest, limit) && pieces.length < maxPieces - 1) {
    const length = firstLength(rest, limit)
    pieces.push(rest.slice(0, length).trimEnd())
    rest = rest.slice(length).trimStart()
  }
  if (!fits(rest, limit)) rest = cut(rest, limit)
  return [...pieces, rest].filter((piece) => piece !== '')
}

/** Room for the tags that a break closes, and opens again behind it. */
const styleRoom = 40
/** Below this limit styles are not worth their room. */
const leastStyled = 200

/** Closes at the end of each piece what is open there, and opens it again in the next. */
const balance = (pieces: readonly string[]): readonly string[] => {
  let open: readonly string[] = []
  return pieces.flatMap((piece) => {
    const opening = open.map((name) => `<${name}>`).join('')
    for (const [, slash, name = ''] of piece.matchAll(style))
      open = slash === '/' ? open.slice(0, -1) : [...open, name]
    const closing = open.map((name) => `</${name}>`).reverse()
    const whole = `${opening}${piece}${closing.join('')}`.replace(/<(b|i|code|pre)><\/\1>/g, '')
    return withoutStyles(whole).trim() === '' ? [] : [whole]
  })
}

/**
 * A text as at most four pieces, each within the limit and none empty: broken at paragraphs, else at sentence ends,
 * else between words, else anywhere but inside a character or a link. White space at a break is dropped, a style that
 * a break falls into goes on behind it; what does not fit in four pieces is cut, and the last piece says so.
 */
export const splitText = (text: string, limit: TextLimit): readonly string[] => {
  if (limit.markup !== 'styles') return splitWhole(text, limit)
  if (fits(text, limit)) return balance([text.trim()])
  return limit.max < leastStyled
    ? splitWhole(withoutStyles(text), limit)
    : balance(splitWhole(text, lessRoom(limit, ' '.repeat(styleRoom))))
}
