/** Personal data that is told by its form alone. */
export const personalKinds = ['idCard', 'phone', 'bankCard', 'email', 'passport'] as const
export type PersonalKind = (typeof personalKinds)[number]

/** Personal data in a text. */
export interface PersonalSpan {
  readonly kind: PersonalKind
  readonly start: number
  readonly end: number
}

/** Where personal data stands in a text, and what is shown of it. */
export interface HiddenSpan {
  readonly start: number
  readonly end: number
  readonly shown: string
}

/** What shows personal data only as far as two of it can be told apart. */
export interface Masker {
  /** The text with its personal data masked: `138****8000`. */
  readonly text: (text: string) => string
  /** What `text` changes: in order, none over another. */
  readonly hidden: (text: string) => readonly HiddenSpan[]
  /** Which kinds of personal data the text has, of those that are masked. */
  readonly kinds: (text: string) => readonly PersonalKind[]
  /** True when something in the text was masked: it must not be stored in place of what it hides. */
  readonly isMasked: (text: string) => boolean
}

/** Names of members that hold no words of people: masking them could only break them. */
const plain = /^(?:id|.*Id|url|next|hash|prefix|version|.*At)$/

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
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name,
      typeof inner === 'string' && (plain.test(name) || kept.has(name))
        ? inner
        : mapStrings(inner, change, kept),
    ]),
  )
}
