import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { cleanText } from './clean-text.ts'
import type { FieldValue, Fields } from './fields.ts'
import { documentLimits, isList, reservedNames } from './fields.ts'
import { Refusal } from './refusal.ts'

/** Elements that may be repeated within their parent: they make a list. Any other repetition is refused. */
const listNames: ReadonlySet<string> = new Set(['item', 'List'])

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '#cdata',
  maxNestedTags: documentLimits.depth + 1,
})

const malformed = (reason: string): Refusal => new Refusal('malformed', reason)

const tag = /<(\/?)([A-Za-z_][\w.-]{0,63})\s*(\/?)>/y
const declaration = /^<\?xml [^<>]{0,200}\?>/

/**
 * One pass over the markup before any parser sees it. Providers send elements, text and CDATA, so all else goes:
 * comments, DOCTYPE, entities, processing instructions, attributes. Inside CDATA contacts may write what they like.
 */
const guardMarkup = (xml: string): void => {
  let depth = 0
  let elements = 0
  let at = xml.indexOf('<', declaration.exec(xml)?.[0].length ?? 0)
  while (at !== -1) {
    if (xml.startsWith('<![CDATA[', at)) {
      at = xml.indexOf(']]>', at)
      if (at === -1) throw malformed('xml_cdata_open')
    } else {
      tag.lastIndex = at
      const [, closing, name = '', empty] = tag.exec(xml) ?? []
      if (closing === undefined) throw malformed('xml_markup_refused')
      if (reservedNames.has(name)) throw malformed('xml_name_refused')
      if (closing === '/') depth -= 1
      else {
        elements += 1
        if (depth >= documentLimits.depth) throw malformed('xml_too_deep')
        if (empty === '') depth += 1
      }
      if (elements > documentLimits.elements) throw malformed('xml_too_many_elements')
    }
    at = xml.indexOf('<', at + 1)
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decodeReference = (body: string): string => {
  const named = Object.hasOwn(entities, body) ? entities[body] : undefined
  if (named !== undefined) return named
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(body) ?? []
  const codePoint = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16)
  if (!(codePoint <= 0x10_ffff)) throw malformed('xml_unknown_entity')
  return String.fromCodePoint(codePoint)
}

const decodeEntities = (text: string): string =>
  text.replace(/&([^;&]{0,12};)?/g, (_, body: string | undefined) => {
    if (body === undefined) throw malformed('xml_unknown_entity')
    return decodeReference(body.slice(0, -1))
  })

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The parser's nodes are objects with one key: the tag, `#text` or `#cdata`. */
const nodesOf = (value: unknown): readonly (readonly [name: string, content: unknown])[] =>
  Array.isArray(value)
    ? value.flatMap((node: unknown) => (isRecord(node) ? Object.entries(node).slice(0, 1) : []))
    : []

const textOfNodes = (nodes: ReturnType<typeof nodesOf>): string => {
  const hasCdata = nodes.some(([name]) => name === '#cdata')
  const pieces = nodes.map(([name, content]) => {
    if (name === '#cdata')
      return nodesOf(content)
        .map(([, text]) => String(text))
        .join('')
    const text = decodeEntities(String(content))
    // Line breaks around a CDATA section are layout, not content.
    return hasCdata && text.trim() === '' ? '' : text
  })
  return cleanText(pieces.join(''))
}

const valueOf = (content: unknown): FieldValue => {
  const nodes = nodesOf(content)
  const elements = nodes.filter(([name]) => !name.startsWith('#'))
  if (elements.length === 0) return textOfNodes(nodes)
  if (elements.length > documentLimits.fields) throw malformed('xml_too_many_fields')
  if (textOfNodes(nodes.filter(([name]) => name.startsWith('#'))).trim() !== '') throw malformed('xml_mixed')
  const fields = new Map<string, FieldValue>()
  for (const [name, child] of elements) {
    const value = valueOf(child)
    const before = fields.get(name)
    if (listNames.has(name)) fields.set(name, [...(isList(before) ? before : []), value])
    else if (before === undefined) fields.set(name, value)
    else throw malformed('xml_field_doubled')
  }
  return fields
}

const parse = (xml: string): unknown => {
  try {
    return parser.parse(xml)
  } catch {
    throw malformed('xml_broken')
  }
}

/**
 * Reads a provider's XML: a root element `xml`, at most 8 deep, 64 fields an element, no attributes.
 * Throws `Refusal` `malformed` for anything else, before a parser can be led astray.
 */
export const readXml = (xml: string): Fields => {
  const document = xml.trim()
  guardMarkup(document)
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- parse() alone takes broken XML; the successor is another package for the same code
  if (XMLValidator.validate(document) !== true) throw malformed('xml_broken')
  const roots = nodesOf(parse(document))
  const [root] = roots
  if (root === undefined || roots.length !== 1 || root[0] !== 'xml') throw malformed('xml_root')
  const fields = valueOf(root[1])
  if (!(fields instanceof Map)) throw malformed('xml_no_fields')
  return fields
}
