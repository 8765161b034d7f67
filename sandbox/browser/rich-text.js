import { button, el } from './dom.js'

const { URLSearchParams } = globalThis

/**
 * Shows a WeChat text: `<a>` is its only tag, every other one stands there literally. A link to
 * `weixin://bizmsgmenu` answers for the user when it is tapped.
 */
export const richText = (text, choose) => {
  const pieces = []
  const tags = /<a\s+([^<>]*)>([\s\S]*?)<\/a>/gi
  let at = 0
  for (const match of text.matchAll(tags)) {
    pieces.push(...withAddresses(text.slice(at, match.index)))
    pieces.push(linkOf(attributesOf(match[1]), match[2], choose) ?? match[0])
    at = match.index + match[0].length
  }
  pieces.push(...withAddresses(text.slice(at)))
  return pieces
}

const attributesOf = (source) =>
  Object.fromEntries(
    [...source.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map((match) => [
      match[1].toLowerCase(),
      match[2] ?? match[3],
    ]),
  )

const linkOf = ({ href = '' }, label, choose) => {
  if (href.startsWith('weixin://bizmsgmenu?')) {
    const query = new URLSearchParams(href.slice(href.indexOf('?') + 1))
    const choice = { id: query.get('msgmenuid') ?? '', label: query.get('msgmenucontent') ?? '' }
    return choice.id !== '' && choice.label !== ''
      ? button({ class: 'text-link', on: { click: () => choose(choice) } }, label)
      : undefined
  }
  return /^https?:\/\//i.test(href) ? outside(href, label) : undefined
}

const outside = (href, label) => el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, label)

/** Bare addresses are links as well. */
const withAddresses = (text) =>
  text
    .split(/(https?:\/\/[\w\-./?%&=#~:+@!,;]*[\w\-/?%&=#~+])/)
    .map((piece, index) => (index % 2 === 1 ? outside(piece, piece) : piece))

const numbered = /^\s*(\d{1,2})\s*[.、．)）]\s*\S/
const asks = /[?？]|回复|数字|选|哪|reply|choose|which/i

/** The numbers of a list to choose from: `1`, `2`… in a row, with a question above or below. Steps are not asked about. */
export const listNumbers = (text) => {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const numbers = lines.map((line) => numbered.exec(line)?.[1])
  const first = numbers.findIndex((number) => number !== undefined)
  const last = numbers.findLastIndex((number) => number !== undefined)
  const list = numbers.slice(first, last + 1)
  const inARow = list.length >= 2 && list.every((number, index) => Number(number) === index + 1)
  const around = `${lines[first - 1] ?? ''} ${lines[last + 1] ?? ''}`
  return inARow && asks.test(around) ? list : []
}
