import type { Bilingual } from '../core/personal-data.ts'

/** What is copied out of a table for the person. */
interface Exported {
  /** Their names, with spaces. */
  readonly columns: string
  /** Further condition: what is about the person, and tells nothing of others. */
  readonly where?: string
}

/** A table whose rows belong to contacts. */
export interface PersonalTable {
  readonly title: Bilingual
  /** Which rows; `$1`: ids of contacts. */
  readonly of: string
  /** `delete`, or what columns become; every other column must be in `kept`. */
  readonly erase: 'delete' | Blanking
  /** Absent: not in the copy, for the reason in `leftOut`. */
  readonly exported?: Exported
  readonly leftOut?: string
}

/** Rows that stay as numbers. Values are SQL. */
export interface Blanking {
  readonly blank: Readonly<Record<string, string>>
  /** Set along with it; does not make a row count as blanked or not. */
  readonly also?: Readonly<Record<string, string>>
  /** The names of all others, with spaces. */
  readonly kept: string
  readonly why: Bilingual
}

/** Tables by name, in the order in which they are erased: rows go before those they are found by. */
export type PersonalTables = Readonly<Record<string, PersonalTable>>

/** A text in both languages. */
export const words = (zh: string, en: string): Bilingual => ({ zh, en })

export const numbers: Bilingual = words(
  '只剩编号、状态和时间，供统计使用，不再指向任何人',
  'numbers, states and moments only, for reports; they lead to nobody any more',
)

/** What is still to be told to somebody erased is told to nobody. */
export const ended = "case when state in ('planned', 'waits') then 'never' else state end"

// Why something is not in the copy.
export const technical = 'how it was delivered; the same words stand in messages'
export const internal = 'workings of the brand, which tell of other people and of how decisions are made'
