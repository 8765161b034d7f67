export const scores = [1, 2, 3, 4, 5] as const
/** 1 very dissatisfied … 5 very satisfied. */
export type Score = (typeof scores)[number]

/** A survey that a conversation's contact may answer, or answer anew. */
export interface OpenSurvey {
  readonly id: string
  readonly expiresAt: Date
  readonly score?: Score
  readonly commented: boolean
}

/** What a turn does to surveys. */
export interface SurveyEffect {
  /** The invitation that is answered; absent: the contact only says to be asked no more. */
  readonly invitationId?: string
  readonly score?: Score
  readonly comment?: string
  /** The contact is never asked again. */
  readonly stop?: true
  /** When somebody is to look at it; null: nobody is, unless somebody does already; absent: as before. */
  readonly reviewAt?: Date | null
}
