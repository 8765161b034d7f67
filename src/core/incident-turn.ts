/** Words in Chinese, and in English where there are any. */
export interface BothLanguages {
  readonly zh: string
  readonly en?: string | undefined
}

/** An open incident as a turn on one channel sees it. */
export interface IncidentAtHand {
  readonly id: string
  /** Public number, shown as `I-<number>`. */
  readonly number: number
  /** What it is about; empty: every topic. */
  readonly topics: readonly string[]
  /** In the wording of the channel. */
  readonly notice: BothLanguages
  /** Grows whenever the notice changes. */
  readonly noticeVersion: number
  /** The version that was heard in this conversation; absent: none. */
  readonly heardVersion?: number
  /** The contact is told how it goes on. */
  readonly follows: boolean
  /** Nothing can be said on the channel but answers: news waits for the next message. */
  readonly tellsLater?: boolean
}

/** What a turn does about open incidents; takes effect with the turn. */
export interface IncidentEffects {
  /** Notices that are heard with the answer. */
  readonly heard: readonly { readonly incidentId: string; readonly version: number }[]
  /** Incidents of which the contact wants to hear how they go on. */
  readonly follows: readonly string[]
  /** True: the contact wants to hear no more of any. */
  readonly leaves: boolean
  /** The incident under which a ticket hangs that this turn opens. */
  readonly hangs?: string
  readonly language: 'zh' | 'en'
}
