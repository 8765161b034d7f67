import { cleanText } from './clean-text.ts'
import type { FieldValue, Fields } from './fields.ts'
import { documentLimits, reservedNames } from './fields.ts'
import type { DocumentLimits } from './fields.ts'
import { Refusal } from './refusal.ts'

const malformed = (reason: string): Refusal => new Refusal('malformed', reason)

// Every piece of JSON, one alternative each: a string, a number or word, a mark.
const token =
  /\s*(?:("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y

interface Token {
  readonly kind: 'string' | 'scalar' | 'mark'
  readonly text: string
}

const createTokens = (json: string): (() => Token) => {
  let at = 0
  return () => {
    token.lastIndex = at
    const match = token.exec(json)
    if (match === null) throw malformed('json_broken')
    at = token.lastIndex
    const [, quoted, scalar, mark = ''] = match
    if (quoted !== undefined) return { kind: 'string', text: quoted }
    return scalar === undefined ? { kind: 'mark', text: mark } : { kind: 'scalar', text: scalar }
  }
}

const unquote = (quoted: string): string => cleanText(String(JSON.parse(quoted)))

type Next = () => Token

/** How deep a value lies, and the document's bounds. */
interface Place {
  readonly depth: number
  readonly limits: Pick<DocumentLimits, 'depth' | 'fields'>
}

const readObject = (next: Next, place: Place): Fields => {
  const fields = new Map<string, FieldValue>()
  let current = next()
  if (current.text === '}') return fields
  for (;;) {
    if (current.kind !== 'string') throw malformed('json_broken')
    const name = unquote(current.text)
    if (reservedNames.has(name)) throw malformed('json_name_refused')
    if (fields.has(name)) throw malformed('json_field_doubled')
    if (fields.size >= place.limits.fields) throw malformed('json_too_many_fields')
    if (next().text !== ':') throw malformed('json_broken')
    fields.set(name, readValue(next, next(), place))
    const mark = next().text
    if (mark === '}') return fields
    if (mark !== ',') throw malformed('json_broken')
    current = next()
  }
}

const readArray = (next: Next, place: Place): readonly FieldValue[] => {
  const values: FieldValue[] = []
  let current = next()
  if (current.text === ']') return values
  for (;;) {
    if (values.length >= place.limits.fields) throw malformed('json_too_many_fields')
    values.push(readValue(next, current, place))
    const mark = next().text
    if (mark === ']') return values
    if (mark !== ',') throw malformed('json_broken')
    current = next()
  }
}

const readValue = (next: Next, current: Token, place: Place): FieldValue => {
  if (current.kind === 'string') return unquote(current.text)
  if (current.kind === 'scalar') return current.text === 'null' ? '' : current.text
  if (place.depth >= place.limits.depth) throw malformed('json_too_deep')
  const inner = { ...place, depth: place.depth + 1 }
  if (current.text === '{') return readObject(next, inner)
  if (current.text === '[') return readArray(next, inner)
  throw malformed('json_broken')
}

/**
 * Reads a provider's JSON object with the same bounds as XML. Numbers stay the digits that were sent: `JSON.parse`
 * would round ids above 2^53. `null` is the empty text. Throws `Refusal` `malformed`.
 * `limits`: for providers that nest deeper or list more than XML ones.
 */
export const readJson = (json: string, limits: Place['limits'] = documentLimits): Fields => {
  const document = json.trim()
  try {
    JSON.parse(document)
  } catch {
    throw malformed('json_broken')
  }
  const next = createTokens(document)
  const value = readValue(next, next(), { depth: 0, limits })
  if (!(value instanceof Map)) throw malformed('json_not_an_object')
  return value
}
