import { z } from 'zod'
import type { JsonSchema } from '../core/tool.ts'
import type { ToolArgument, ToolArguments } from '../core/tool-call.ts'

const mostArguments = 40
const mostCharacters = 256

/** A check for values of a schema. Throws where it is none. */
export const checkOf = (schema: JsonSchema): z.ZodType => z.fromJSONSchema(schema)

const isPlain = (value: unknown): value is ToolArgument =>
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (typeof value === 'string' && value.length <= mostCharacters && !/\p{Cc}/u.test(value))

/** Its members by name. */
export const propertiesOf = (schema: JsonSchema): Readonly<Record<string, unknown>> => {
  const { properties } = schema
  return typeof properties === 'object' && properties !== null ? { ...properties } : {}
}

const typeOf = (property: unknown): unknown =>
  typeof property === 'object' && property !== null && 'type' in property ? property.type : undefined

const truths: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false }

/** What was written, as the parameter's type has it; what is no number and no yes or no stays as it is. */
const typed = (property: unknown, value: unknown): unknown => {
  if (typeof value !== 'string') return value
  const type = typeOf(property)
  if (type === 'boolean') return truths[value] ?? value
  return (type === 'number' || type === 'integer') && /^-?\d{1,15}(?:\.\d{1,10})?$/.test(value)
    ? Number(value)
    : value
}

/** Whether a parameter takes what was written, by itself. */
export const fitsProperty = (property: unknown, value: string): boolean => {
  if (typeof property !== 'object' || property === null) return true
  const read = typed(property, value)
  return isPlain(read) && checkOf({ ...property }).safeParse(read).success
}

/** Arguments as the schema wants them; undefined: they are not. Names it does not know are refused. */
export const readArguments = (schema: JsonSchema, given: unknown): ToolArguments | undefined => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
  const known = propertiesOf(schema)
  const entries = Object.entries(given).map(([name, value]): [string, unknown] => [
    name,
    typed(known[name], value),
  ])
  if (entries.length > mostArguments || entries.some(([name]) => !Object.hasOwn(known, name)))
    return undefined
  const plain = entries.filter((entry): entry is [string, ToolArgument] => isPlain(entry[1]))
  if (plain.length < entries.length) return undefined
  const read = Object.fromEntries(plain)
  return checkOf(schema).safeParse(read).success ? read : undefined
}
