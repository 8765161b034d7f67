import type { z } from 'zod'
import { toSchemaNode, type SchemaNode } from '../../config-faults.ts'

/** One setting of a channel's section, as a person can give it. */
export interface InboxField {
  /** Path within the section, e.g. `imap.host`. */
  readonly key: string
  readonly type: 'text' | 'number' | 'boolean' | 'list'
  /** What the channel says of it. */
  readonly description: string
  readonly required: boolean
  /** Undefined: none. */
  readonly fallback: unknown
  /** The values it may have; empty: any. */
  readonly options: readonly string[]
  readonly secret: boolean
  /** The kind of secret that is made when it is left out. */
  readonly generate: string | undefined
  /** Worth asking: what has a default, or stands in a part that is optional as a whole, is not. */
  readonly asked: boolean
}

interface Place {
  readonly key: string
  readonly required: boolean
  /** Stands in a part that may be left out as a whole. */
  readonly aside: boolean
}

const typeOf = (node: SchemaNode): InboxField['type'] | undefined => {
  const nodeTypes = new Set([node.type, ...(node.anyOf ?? []).map(({ type }) => type)].flat())
  if (nodeTypes.has('object')) return undefined
  if (nodeTypes.has('array')) return node.items?.type === 'string' ? 'list' : undefined
  if (nodeTypes.has('boolean')) return 'boolean'
  return nodeTypes.has('number') || nodeTypes.has('integer') ? 'number' : 'text'
}

const leaf = (node: SchemaNode, { key, required, aside }: Place): readonly InboxField[] => {
  const type = typeOf(node)
  // Lists of sections and the like are written into the file by hand.
  if (type === undefined) return []
  const options = [...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])].map(String)
  const { description = '', default: fallback, writeOnly = false, generate } = node
  const asked = !aside && fallback === undefined
  return [{ key, type, description, required, fallback, options, secret: writeOnly, generate, asked }]
}

const join = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}.${name}`)

/** Of a section that comes in several forms: a field is required when every form needs it. */
const merged = (forms: readonly (readonly InboxField[])[]): readonly InboxField[] => {
  const byKey = new Map<string, InboxField[]>()
  for (const field of forms.flat()) byKey.set(field.key, [...(byKey.get(field.key) ?? []), field])
  return [...byKey.values()].flatMap((fields) => {
    const [first] = fields
    if (first === undefined) return []
    const required = fields.length === forms.length && fields.every((field) => field.required)
    const options = [...new Set(fields.flatMap((field) => field.options))]
    return [{ ...first, required, options, asked: required && first.asked }]
  })
}

const fieldsIn = (node: SchemaNode, place: Place): readonly InboxField[] => {
  const { properties, required: needed = [] } = node
  const forms = node.oneOf ?? node.anyOf ?? []
  if (properties === undefined && forms.some((form) => form.properties !== undefined))
    return merged(forms.map((form) => fieldsIn(form, place)))
  if (properties === undefined) return leaf(node, place)
  return Object.entries(properties).flatMap(([name, inner]) => {
    const mustBe = needed.includes(name)
    const optionalPart = inner.properties !== undefined && !mustBe && inner.default === undefined
    return fieldsIn(inner, {
      key: join(place.key, name),
      required: place.required && mustBe,
      aside: place.aside || optionalPart,
    })
  })
}

/** The settings of a channel, read from its config schema. */
export const inboxFields = (schema: z.ZodType): readonly InboxField[] =>
  fieldsIn(toSchemaNode(schema), { key: '', required: true, aside: false })

const switches: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  是: true,
  false: false,
  no: false,
  n: false,
  否: false,
}

/** A given text as the field's value; what does not fit stays text, and the channel's schema says what is wrong. */
export const readValue = ({ type }: InboxField, text: string): unknown => {
  switch (type) {
    case 'text':
      return text
    case 'list':
      return text.split(',').map((item) => item.trim())
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    case 'boolean':
      return switches[text.trim().toLowerCase()] ?? text
    default:
      return type satisfies never
  }
}
