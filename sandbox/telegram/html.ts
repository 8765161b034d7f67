// Reads `parse_mode: HTML` as strictly as the Bot API: core.telegram.org/bots/api#html-style.

/** A stretch of formatted text; offsets count UTF-16 units of the plain text. */
export interface Entity {
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly url?: string
}

/** What the reader of the message sees, or what the API would say is wrong. */
export type HtmlRead =
  | { readonly ok: true; readonly text: string; readonly entities: readonly Entity[] }
  | { readonly ok: false; readonly description: string }

const types: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  a: 'text_link',
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** The Bot API knows four names and numbers; any other ampersand stays one. */
const unescape = (text: string): string =>
  text.replace(/&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (typeof name === 'string') return named[name.toLowerCase()] ?? whole
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16)
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole
  })

const fail = (what: string, at: number): HtmlRead => ({
  ok: false,
  description: `Bad Request: can't parse entities: ${what} at byte offset ${at}`,
})

interface Open {
  readonly tag: string
  readonly offset: number
  readonly url?: string
}

const tag = /<(\/?)([a-z-]*)((?:\s+[a-z]+(?:="[^"]*")?)*)\s*>/iy

/** Reads a whole text. */
export const readHtml = (html: string): HtmlRead => {
  const open: Open[] = []
  const entities: Entity[] = []
  let text = ''
  let at = 0
  while (at < html.length) {
    const next = html.indexOf('<', at)
    text += unescape(html.slice(at, next === -1 ? html.length : next))
    if (next === -1) break
    tag.lastIndex = next
    const match = tag.exec(html)
    const [whole = '', closing = '', rawName = '', attributes = ''] = match ?? []
    const name = rawName.toLowerCase()
    if (match === null || !Object.hasOwn(types, name)) return fail(`unsupported start tag "${name}"`, next)
    if (closing === '') {
      const url = /\shref="([^"]*)"/i.exec(attributes)?.[1]
      open.push({ tag: name, offset: text.length, ...(url === undefined ? {} : { url: unescape(url) }) })
    } else {
      const started = open.pop()
      if (started?.tag !== name) return fail(`unmatched end tag, expected "</${started?.tag ?? ''}>"`, next)
      const { offset, url } = started
      const link = url === undefined ? {} : { url }
      entities.push({ type: types[name] ?? name, offset, length: text.length - offset, ...link })
    }
    at = next + whole.length
  }
  return open.length > 0
    ? fail(`can't find end tag corresponding to start tag "${open.at(-1)?.tag ?? ''}"`, html.length)
    : { ok: true, text, entities }
}
