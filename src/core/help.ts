/** The languages of the help centre, as they stand in its addresses. */
export const helpLanguages = ['zh-CN', 'en'] as const
export type HelpLanguage = (typeof helpLanguages)[number]

/** What readers say of an article. */
export const helpAnswers = ['helpful', 'not-helpful'] as const
export type HelpAnswer = (typeof helpAnswers)[number]

/** One reader's word on one article. Nothing in it tells who it was. */
export interface HelpVote {
  readonly articleId: string
  readonly language: HelpLanguage
  readonly answer: HelpAnswer
  /** YYYY-MM-DD, in the zone by which articles begin and end. */
  readonly day: string
}

/** How often an article helped, as its readers say. */
export interface HelpVoteCount {
  readonly articleId: string
  readonly helpful: number
  readonly notHelpful: number
}

/** Which votes are counted. Days are YYYY-MM-DD, both included. */
export interface HelpVoteQuery {
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly language?: HelpLanguage | undefined
  /** Only articles whose id comes after this one. */
  readonly after?: string | undefined
  readonly limit: number
}

/** What readers say of articles, counted by day. */
export interface HelpVotes {
  add(vote: HelpVote): Promise<void>
  /** By article id; articles without a vote are left out. */
  count(query: HelpVoteQuery): Promise<readonly HelpVoteCount[]>
}
