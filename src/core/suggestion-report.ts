import type { NoticeWay } from './notice.ts'
import type { ThemeStatus } from './suggestions.ts'

/** A theme in a report. */
export interface ReportedTheme {
  readonly id: string
  readonly label: string
  readonly status: ThemeStatus
  /** Suggestions of the month, and of the month before. */
  readonly count: number
  readonly before: number
  /** People who asked for it in the month. */
  readonly contacts: number
  /** Suggestions of all time. */
  readonly total: number
}

/** What a month brought. */
export interface SuggestionReport {
  /** E.g. `2026-11`. */
  readonly month: string
  readonly timeZone: string
  readonly from: Date
  readonly to: Date
  readonly suggestions: number
  readonly suggestionsBefore: number
  readonly contacts: number
  readonly channels: readonly { readonly channel: string; readonly count: number }[]
  /** Asked for most in the month. */
  readonly mostAsked: readonly ReportedTheme[]
  /** Asked for the first time in the month. */
  readonly newThemes: readonly ReportedTheme[]
  /** Asked for clearly more often than in the month before. */
  readonly rising: readonly ReportedTheme[]
  readonly shipped: readonly (ReportedTheme & { readonly at: Date })[]
  readonly declined: readonly (ReportedTheme & { readonly at: Date })[]
  /** Contacts who were told in the month, by way; those who wait, and who will not be told. */
  readonly told: Readonly<Record<NoticeWay, number>>
  readonly waiting: number
  readonly never: number
}

/** A month of a calendar. */
export interface ReportedMonth {
  readonly from: Date
  readonly to: Date
  /** Where the month before begins. */
  readonly before: Date
}

/** Counts what the report says. */
export interface SuggestionCounting {
  totals(
    month: ReportedMonth,
  ): Promise<
    Pick<
      SuggestionReport,
      'suggestions' | 'suggestionsBefore' | 'contacts' | 'channels' | 'told' | 'waiting' | 'never'
    >
  >
  /** All themes that were asked for in the month. */
  themes(month: ReportedMonth): Promise<readonly (ReportedTheme & { readonly firstAt: Date })[]>
  /** Themes whose status turned to this in the month; each once, as it was last. */
  turned(
    month: ReportedMonth,
    status: ThemeStatus,
  ): Promise<readonly (ReportedTheme & { readonly at: Date })[]>
}
