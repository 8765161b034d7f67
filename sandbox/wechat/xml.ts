// The two directions of the platform's XML. Writing follows what WeChat pushes (strings in CDATA, numbers bare);
// reading accepts only what a passive reply may be: elements, text, CDATA. No attributes, comments or DOCTYPE.

/** An element to write. Strings become CDATA, numbers and big integers stand bare, a list is children. */
export interface XmlNode {
  readonly name: string
  readonly value: string | number | bigint | readonly XmlNode[]
}

/** Names an element: `node('Content', '你好')`. */
export const node = (name: string, value: XmlNode['value']): XmlNode => ({ name, value })

/** Characters XML 1.0 forbids, lone surrogates among them. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u

const writeText = (text: string): string => {
  const allowed = Array.from(text).filter((character) => !forbidden.test(character))
  return `<![CDATA[${allowed.join('').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

const writeNode = ({ name, value }: XmlNode): string => {
  if (typeof value === 'string') return `<${name}>${writeText(value)}</${name}>`
  if (typeof value === 'number' || typeof value === 'bigint') return `<${name}>${value}</${name}>`
  return `<${name}>${value.map(writeNode).join('')}</${name}>`
}

/** Writes `<xml>…</xml>`. */
export const writeXml = (nodes: readonly XmlNode[]): string => writeNode(node('xml', nodes))

/** A read element. `text` is empty when there are children. */
export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** A document, or a short English sentence about the first thing that is wrong with it. */
export type XmlRead =
  { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly problem: string }

const maxDepth = 8
const maxLength = 256 * 1024
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

class Malformed extends Error {}

interface Cursor {
  readonly source: string
  at: number
}

/** Reads a whole document strictly; anything unusual is a problem, not a guess. */
export const readXml = (source: string): XmlRead => {
  if (source.length > maxLength) return { ok: false, problem: 'longer than 256 KiB' }
  const cursor: Cursor = { source, at: 0 }
  try {
    const root = readElement(cursor, 1)
    if (source.slice(cursor.at).trim() !== '') return { ok: false, problem: 'text after the root element' }
    return { ok: true, root }
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, problem: error.message }
    throw error
  }
}

const take = (cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined => {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.source) ?? undefined
  if (match !== undefined) cursor.at = pattern.lastIndex
  return match
}

const readElement = (cursor: Cursor, depth: number): XmlElement => {
  if (depth > maxDepth) throw new Malformed(`nested deeper than ${maxDepth}`)
  const name = take(cursor, /<([A-Za-z_][\w.-]*)>/y)?.[1]
  if (name === undefined) throw new Malformed(`no plain start tag at character ${cursor.at}`)
  const children: XmlElement[] = []
  let text = ''
  for (;;) {
    const piece = readText(cursor)
    if (piece !== undefined) text += piece
    else if (take(cursor, /<\/([A-Za-z_][\w.-]*)>/y)) break
    else children.push(readElement(cursor, depth + 1))
  }
  if (!cursor.source.endsWith(`</${name}>`, cursor.at)) throw new Malformed(`<${name}> is not closed`)
  if (children.length > 0 && text.trim() !== '') throw new Malformed(`<${name}> mixes text and elements`)
  return { name, text: children.length > 0 ? '' : text, children }
}

/** CDATA or character data at the cursor; undefined when neither stands there. */
const readText = (cursor: Cursor): string | undefined => {
  const cdata = take(cursor, /<!\[CDATA\[([\s\S]*?)\]\]>/y)
  if (cdata) return cdata[1] ?? ''
  const characters = take(cursor, /[^<]+/y)?.[0]
  if (characters === undefined) return undefined
  if (characters.includes(']]>')) throw new Malformed(']]> outside CDATA')
  return characters.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));|&/g, (_all, decimal, hex, word) =>
    readReference(decimal, hex, word),
  )
}

const readReference = (decimal: unknown, hex: unknown, word: unknown): string => {
  if (typeof word === 'string' && Object.hasOwn(named, word)) return named[word] ?? ''
  const code =
    typeof decimal === 'string'
      ? Number.parseInt(decimal, 10)
      : typeof hex === 'string'
        ? Number.parseInt(hex, 16)
        : 0
  const character = code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  if (character === '' || forbidden.test(character)) {
    throw new Malformed('a character reference that XML does not know')
  }
  return character
}

/** The direct child of that name; a doubled one counts as absent, because nobody can say which one is meant. */
export const child = (element: XmlElement, name: string): XmlElement | undefined => {
  const found = element.children.filter((each) => each.name === name)
  return found.length === 1 ? found[0] : undefined
}
