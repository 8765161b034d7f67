export const scores = [1, 2, 3, 4, 5] as const
/** 1 very dissatisfied … 5 very satisfied. */
export type Score = (typeof scores)[number]

/** Words in Chinese, and in English where there are any. */
export interface SurveyWording {
  readonly zh: string
  readonly en?: string | undefined
}

export const questionTypes = ['csat', 'nps', 'choice'] as const

/** What a campaign asks. */
export interface SurveyQuestion {
  readonly type: (typeof questionTypes)[number]
  readonly wording: SurveyWording
  /** Of `choice`: from the first on, they are known by their place. */
  readonly options?: readonly SurveyWording[] | undefined
  /** Asked once after the answer; what comes back is the comment. */
  readonly followUp?: SurveyWording | undefined
}

/** A survey that a conversation's contact may answer, or answer anew. */
export interface OpenSurvey {
  readonly id: string
  readonly expiresAt: Date
  /** Of a campaign; absent: how a ticket went. */
  readonly question?: SurveyQuestion
  readonly score?: number
  readonly commented: boolean
}

/** What a turn does to surveys. */
export interface SurveyEffect {
  /** The invitation that is answered; absent: the contact only says to be asked no more. */
  readonly invitationId?: string
  readonly score?: number
  readonly comment?: string
  /** The contact is never asked again. */
  readonly stop?: true
  /** The contact agrees to be asked. */
  readonly consent?: true
  /** When somebody is to look at it; null: nobody is, unless somebody does already; absent: as before. */
  readonly reviewAt?: Date | null
}
