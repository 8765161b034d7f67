/** A day of the civil calendar, in no zone: `2026-10-01`. */
export type CivilDate = string

/** Days of the week in ISO order. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/**
 * Opening hours in minutes of the day on which they begin, the end not included. `to` may lie past 1440: they end on the
 * next day.
 */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * How one date differs. `workday`: works like the given weekday, or like the weekday that the calendar names for make-up
 * workdays (调休上班). `ordinary`: as its own weekday says, whatever else is told about it.
 */
export type DayRule =
  | { readonly kind: 'closed' }
  | { readonly kind: 'workday'; readonly like?: Weekday }
  | { readonly kind: 'hours'; readonly spans: readonly Span[] }
  | { readonly kind: 'ordinary' }

/** A date's rule and what people call the day. */
export interface Exception {
  readonly rule: DayRule
  readonly name?: string
}

/** When work is done. Immutable: what was computed from one is kept as long as the object itself. */
export interface Calendar {
  readonly name: string
  readonly timeZone: string
  /** Hours of each weekday; an empty list: closed. */
  readonly week: Readonly<Record<Weekday, readonly Span[]>>
  /** Which weekday's hours a make-up workday has. */
  readonly makeUpLike: Weekday
  readonly exceptions: ReadonlyMap<CivilDate, Exception>
  /** The public holidays it follows, and the last date for which they are known; absent: it follows none. */
  readonly holidays?: { readonly set: string; readonly knownUntil?: CivilDate }
}

/** The calendars as they are now; an import replaces them while the product runs. */
export interface Calendars {
  /** Throws `not_found`, naming the calendars there are. */
  get(name: string): Calendar
  list(): readonly Calendar[]
}

/** A date as it was imported. */
export interface ImportedDay extends Exception {
  readonly date: CivilDate
  /** The file or `paste` it came from. */
  readonly source: string
  readonly importedAt: Date
  readonly importedBy: string
}

/** What was imported into one set of holidays, e.g. `cn`. */
export interface ImportedSet {
  readonly set: string
  readonly knownUntil?: CivilDate
  /** Grows with every import. */
  readonly version: number
  /** By date. */
  readonly days: readonly ImportedDay[]
}

/** An import as it takes effect: these days, and nothing else of the set. */
export interface SetChange {
  readonly set: string
  /** The version it was compared with; 0: nothing had been imported. */
  readonly version: number
  readonly days: readonly (Exception & { readonly date: CivilDate })[]
  readonly knownUntil?: CivilDate
  readonly source: string
  readonly importedAt: Date
  readonly importedBy: string
}

/** Imported holidays, the same on all nodes. */
export interface HolidayStore {
  list(): Promise<readonly ImportedSet[]>
  /** Takes effect as a whole or not at all. Throws `conflict` when the set changed since it was compared. */
  apply(change: SetChange): Promise<void>
}
