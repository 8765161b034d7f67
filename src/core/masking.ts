/** Personal data that is told by its form alone. */
export const personalKinds = ['idCard', 'phone', 'bankCard', 'email', 'passport'] as const
export type PersonalKind = (typeof personalKinds)[number]

/** Personal data in a text. */
export interface PersonalSpan {
  readonly kind: PersonalKind
  readonly start: number
  readonly end: number
}

/** Personal data with what is shown in its place. */
export interface MaskedSpan extends PersonalSpan {
  readonly masked: string
  /** What of it is not shown; before it stand `shown` characters that are, and before these perhaps a country code. */
  readonly hidden: { readonly from: number; readonly to: number }
  readonly shown: number
}

/** What shows personal data only as far as two of it can be told apart. */
export interface Masker {
  /** The text with its personal data masked: `138****8000`. */
  readonly text: (text: string) => string
  /** What `text` masks, in order. */
  readonly spans: (text: string) => readonly MaskedSpan[]
  /** Which kinds of personal data the text has, of those that are masked. */
  readonly kinds: (text: string) => readonly PersonalKind[]
  /** True when something in the text was masked: it must not be stored in place of what it hides. */
  readonly isMasked: (text: string) => boolean
}

/** Names of members that hold no words of people: masking them could only break them. */
const plain = /^(?:id|.*Id|url|next|hash|prefix|version|.*At)$/
/** Members that hold several ids. */
const plainLists = /Ids$/

/** Members whose own members are named by others, by providers say: there a name tells nothing. */
const loose = /^(?:raw|data|fields|values)$/

/** As `mapStrings`, whatever the members are called; numbers that are none after the change become strings. */
const mapLoose = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  if (typeof value === 'number') {
    const text = String(value)
    const changed = change(text)
    return changed === text ? value : changed
  }
  if (Array.isArray(value)) return value.map((one: unknown) => mapLoose(one, change))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [name, mapLoose(inner, change)]),
  )
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON with the strings in it changed, but for ids, links and moments. `kept`: further members to leave alone. */
export const mapStrings = (
  value: unknown,
  change: (text: string) => string,
  kept: ReadonlySet<string> = new Set(),
): unknown => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one: unknown) => mapStrings(one, change, kept))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      if (typeof inner === 'string' && (plain.test(name) || kept.has(name))) return [name, inner]
      if (Array.isArray(inner) && plainLists.test(name)) return [name, inner]
      return [
        name,
        loose.test(name) && isRecord(inner) ? mapLoose(inner, change) : mapStrings(inner, change, kept),
      ]
    }),
  )
}
