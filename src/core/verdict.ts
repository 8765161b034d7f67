/** What a person found of an answer of the bot. */
export interface Verdict {
  readonly verdict: 'right' | 'wrong'
  /** Of a wrong one: the article that should have been given. */
  readonly rightArticleId?: string | undefined
}

/** Who gives a verdict: a person, or a program by its key. */
export interface VerdictGiver {
  readonly kind: 'agent' | 'key'
  readonly id: string
  readonly name: string
}

/** A verdict as it is kept. */
export interface GivenVerdict extends Verdict {
  /** The contact's message that was answered. */
  readonly messageId: string
  /** The article that was given. */
  readonly articleId: string
  readonly by: VerdictGiver
  readonly at: Date
}

/** How the answers of an article fare, as people found them. */
export interface VerdictCount {
  readonly articleId: string
  readonly right: number
  readonly wrong: number
  /** What should have been given instead, the most often named first; at most five. */
  readonly instead: readonly { readonly articleId: string; readonly count: number }[]
}

export interface VerdictQuery {
  readonly articleId?: string | undefined
  /** Only articles whose id comes after this one. */
  readonly after?: string | undefined
  readonly limit: number
}

/** What people find of the bot's answers, one verdict an answer: the latest stands. Learning hears of each. */
export interface VerdictStore {
  /**
   * `messageId` is the contact's message or the bot's answer to it. Throws `not_found`, and `bad_input` where no article
   * was given or it is said to be right instead of itself.
   */
  give(messageId: string, verdict: Verdict, by: VerdictGiver, now: Date): Promise<GivenVerdict>
  /** Takes it back; without one nothing changes. Throws `not_found` when there is no such message. */
  withdraw(messageId: string, now: Date): Promise<void>
  /** By article id; articles without a verdict are left out. */
  count(query: VerdictQuery): Promise<readonly VerdictCount[]>
}
