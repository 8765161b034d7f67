import type { CivilDate, DayRule, Exception, Weekday } from './calendar.ts'

/** A date that differs from its weekday, as people look for it. */
export interface SpecialDay {
  readonly date: CivilDate
  readonly weekday: Weekday
  /** As it is written in an import: `closed`, `workday`, `like tue`, `ordinary`, or hours. */
  readonly rule: string
  readonly hours: string
  readonly name?: string
}

/** Holidays that will not be known for long. `daysLeft`: today included; 0: today is unknown already. */
export interface KnownEnd {
  readonly knownUntil?: CivilDate
  readonly daysLeft: number
}

/** One calendar as it stands. */
export interface CalendarStanding {
  readonly name: string
  readonly timeZone: string
  /** Hours of each weekday, e.g. `09:00-12:00, 13:00-18:00`, or `closed`. */
  readonly week: Readonly<Record<Weekday, string>>
  readonly makeUpLike: Weekday
  readonly holidays?: { readonly set: string; readonly knownUntil?: CivilDate }
  /** Present when it must be seen to. */
  readonly warning?: KnownEnd
  readonly isOpen: boolean
  /** Absent: it does not open within two years. */
  readonly nextOpening?: Date
  /** Keys of the configuration that name it. */
  readonly usedBy: readonly string[]
  /** From today on, by date. */
  readonly specialDays: readonly SpecialDay[]
}

/** A day of a month. */
export interface CalendarDay extends Omit<SpecialDay, 'rule'> {
  readonly rule?: string
  /** Its holidays are not known: it counts as an ordinary day. */
  readonly isUnknown: boolean
}

/** What a calendar says of a moment. */
export interface MomentStanding {
  readonly at: Date
  readonly isOpen: boolean
  readonly nextOpening?: Date
  /** What is said of the date in the calendar's zone. */
  readonly day: CalendarDay
  /** When something promised then within the hours asked for is due; absent: it never opens long enough. */
  readonly dueAt?: Date
}

/** Holidays to be read: an .ics file, JSON, or pasted lines. */
export interface HolidayText {
  /** A set, e.g. `cn`, or the name of one calendar. */
  readonly set: string
  readonly text: string
  /** For dates that are written without one. */
  readonly year?: number | undefined
  readonly knownUntil?: CivilDate | undefined
  /** What all-day events without 休 or 班 are. */
  readonly unmarked?: 'skip' | 'closed' | undefined
}

/** What an import would change. */
export interface HolidayPreview {
  readonly set: string
  readonly added: readonly (Exception & { readonly date: CivilDate })[]
  readonly changed: readonly (Exception & { readonly date: CivilDate; readonly before: DayRule })[]
  readonly unchanged: readonly CivilDate[]
  readonly faults: readonly { readonly line: number; readonly problem: string; readonly fix: string }[]
  readonly skipped: readonly { readonly line: number; readonly text: string }[]
  readonly knownUntil: { readonly before?: CivilDate; readonly after?: CivilDate }
  readonly gap?: { readonly from: CivilDate; readonly to: CivilDate }
  /** Of the set it was compared with. */
  readonly version: number
}

/** The calendars as operators look after them. */
export interface CalendarDesk {
  list(): readonly CalendarStanding[]
  /** The days of a month, e.g. `2026-10`. Throws `not_found`. */
  days(name: string, month: string): readonly CalendarDay[]
  /** Throws `not_found`. */
  moment(name: string, at: Date, hours?: number): MomentStanding
  /** Changes nothing. Throws `bad_input` for what is too large. */
  preview(text: HolidayText): Promise<HolidayPreview>
  /**
   * Imports what was previewed on `version`; what changes nothing is no conflict. Throws `bad_input` while a line is
   * wrong, `conflict` when the set has changed since.
   */
  apply(
    text: HolidayText,
    origin: { readonly version: number; readonly source: string; readonly by: string },
  ): Promise<HolidayPreview>
}
