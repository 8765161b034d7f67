/**
 * A received document as named fields. Every scalar is its own text, so that 64-bit ids, order numbers and leading
 * zeros arrive as they were sent; maps, so that no name can mean anything to JavaScript.
 */
export type Fields = ReadonlyMap<string, FieldValue>
export type FieldValue = string | Fields | readonly FieldValue[]

/** Bounds of a received document: nesting, fields of one element, elements in all. */
export interface DocumentLimits {
  readonly depth: number
  readonly fields: number
  readonly elements: number
}
export const documentLimits: DocumentLimits = { depth: 8, fields: 64, elements: 1024 }

/** Names that mean something to JavaScript objects; no provider uses them. */
export const reservedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** A field's text; missing, empty and not text are all undefined. */
export const textField = (fields: Fields, name: string): string | undefined => {
  const value = fields.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A field that has fields of its own. */
export const groupField = (fields: Fields, name: string): Fields | undefined => {
  const value = fields.get(name)
  return value instanceof Map ? value : undefined
}

/** Whether a field is a list. */
export const isList = (value: FieldValue | undefined): value is readonly FieldValue[] => Array.isArray(value)

/** The groups of a list; what is not a group is left out, and no list is an empty one. */
export const listField = (fields: Fields, name: string): readonly Fields[] => {
  const value = fields.get(name)
  return isList(value) ? value.filter((entry) => entry instanceof Map) : []
}

const plainValue = (value: FieldValue): unknown => {
  if (typeof value === 'string') return value
  if (value instanceof Map) return toPlain(value)
  return isList(value) ? value.map(plainValue) : undefined
}

/** Fields as plain JSON data, for what is stored as it came. */
export const toPlain = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries([...fields].map(([name, value]) => [name, plainValue(value)]))
