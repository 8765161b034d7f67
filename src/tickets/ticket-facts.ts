import { TongdaError } from '../core/errors.ts'
import type { TicketKind } from '../core/conversation.ts'
import type { TicketFields } from '../core/ticket.ts'
import type { FieldConfig } from './config.ts'

export const maxTags = 20
export const maxTagCharacters = 40
export const maxSubjectCharacters = 120
export const maxReasonCharacters = 500
const maxFieldCharacters = 2_000

const refuse = (message: string): TongdaError => new TongdaError('bad_input', message)

/** One line, as a reader sees it. */
const line = (text: string): string => text.normalize('NFKC').replace(/\s+/gu, ' ').trim()

/** Tags as they are kept: trimmed, each once, in order. Throws `bad_input`. */
export const checkTags = (tags: readonly string[]): readonly string[] => {
  const kept = [...new Set(tags.map(line).filter((tag) => tag !== ''))].sort()
  if (kept.length > maxTags)
    throw refuse(`a ticket has at most ${maxTags} tags, these are ${kept.length}; remove some`)
  const long = kept.find((tag) => Array.from(tag).length > maxTagCharacters)
  if (long !== undefined) throw refuse(`a tag has at most ${maxTagCharacters} characters; shorten "${long}"`)
  return kept
}

/** A short text that says something: the reason of a hold, a title. Throws `bad_input`. */
export const checkLine = (what: string, text: string, max: number): string => {
  const kept = line(text)
  if (kept === '') throw refuse(`the ${what} is empty; write something first`)
  const count = Array.from(kept).length
  if (count > max) throw refuse(`the ${what} has ${count} characters, at most ${max} are allowed; shorten it`)
  return kept
}

// The thirteenth month is no date at all, and asking it for its text would throw.
const isDate = (value: string): boolean => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

/** What is wrong with a value; undefined: nothing. */
const faultOf = (field: FieldConfig, value: TicketFields[string]): string | undefined => {
  switch (field.type) {
    case 'text': {
      const fits = typeof value === 'string' && value.length <= maxFieldCharacters
      return fits ? undefined : `must be a text of at most ${maxFieldCharacters} characters`
    }
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number'
    case 'yes-no':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'date':
      return typeof value === 'string' && isDate(value) ? undefined : 'must be a date, e.g. 2026-11-27'
    case 'choice': {
      const allowed = field.choices.map(({ value: one }) => one)
      return typeof value === 'string' && allowed.includes(value)
        ? undefined
        : `must be one of ${allowed.join(', ')}`
    }
    default:
      return field.type satisfies never
  }
}

/**
 * The fields of a ticket of this kind after a change: null takes one away. Fields that its kind does not have are
 * refused, those it had before a change of kind stay. Throws `bad_input` naming every fault.
 */
export const mergeFields = (
  before: TicketFields,
  changes: Readonly<Record<string, TicketFields[string] | null>>,
  { kind, fields }: { readonly kind: TicketKind; readonly fields: readonly FieldConfig[] },
): TicketFields => {
  const known = new Map(
    fields
      .filter(({ kinds }) => kinds.length === 0 || kinds.includes(kind))
      .map((field) => [field.name, field]),
  )
  const faults = Object.entries(changes).flatMap(([name, value]) => {
    const field = known.get(name)
    if (field === undefined)
      return [
        `${name}: a ticket of kind ${kind} has no such field (it has ${[...known.keys()].join(', ') || 'none'})`,
      ]
    const fault = value === null ? undefined : faultOf(field, value)
    return fault === undefined ? [] : [`${name}: ${fault}`]
  })
  if (faults.length > 0) throw refuse(faults.join('; '))
  const after = Object.entries({ ...before, ...changes }).filter(
    (entry): entry is [string, TicketFields[string]] => entry[1] !== null,
  )
  return Object.fromEntries(after)
}
