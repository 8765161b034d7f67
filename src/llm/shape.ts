import { z } from 'zod'

/** What the schema says that no provider's decoder needs; the answer is held against the whole schema afterwards. */
const left = new Set(['$schema', 'default', 'minLength', 'maxLength'])

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Inside `properties` the members are names of ours, not words of JSON Schema. */
const mapMembers = (node: unknown): unknown =>
  isRecord(node)
    ? Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, simplify(inner)]))
    : node

const simplify = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map((one: unknown) => simplify(one))
  if (!isRecord(node)) return node
  const kept: readonly (readonly [string, unknown])[] = Object.entries(node)
    .filter(([word]) => !left.has(word))
    .map(([word, inner]) => [
      word,
      word === 'properties' || word === '$defs' ? mapMembers(inner) : simplify(inner),
    ])
  const simple: Record<string, unknown> = Object.fromEntries(kept)
  return simple['type'] === 'object' && simple['additionalProperties'] === undefined
    ? { ...simple, additionalProperties: false }
    : simple
}

const isStrict = (node: unknown): boolean => {
  if (Array.isArray(node)) return node.every(isStrict)
  if (!isRecord(node)) return true
  const { type, properties, required, additionalProperties } = node
  const names = isRecord(properties) ? Object.keys(properties) : []
  const all = Array.isArray(required) ? required : []
  if (type === 'object' && (additionalProperties !== false || names.some((name) => !all.includes(name))))
    return false
  return Object.values(node).every(isStrict)
}

/** The shape of an answer, as providers are told it. */
export interface Shape {
  readonly schema: Record<string, unknown>
  /** Every member is required and there are no others: what OpenAI's strict decoding takes. */
  readonly isStrict: boolean
}

/** What a zod schema reads, as JSON Schema. */
export const shapeOf = (schema: z.ZodType): Shape => {
  const simple = simplify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const shape = isRecord(simple) ? simple : {}
  return { schema: shape, isStrict: shape['type'] === 'object' && isStrict(shape) }
}
