import type { TicketKind } from '../../src/core/conversation.ts'
import type { Reason } from '../../src/core/reason.ts'
import type { TicketPriority, TicketState } from '../../src/core/ticket.ts'

/** An agent of the demo brand, by a word. */
export type PastAgent = 'liran' | 'wangke'

/** Who spoke, the words, and minutes since the line before. `calls`: the bot hands over, in its own words. */
export type PastLine =
  | readonly [who: 'user' | 'bot' | 'agent' | 'note', text: string, minutes: number]
  | readonly [who: 'calls', minutes: number]

/** When a story began: hours before the demo did; or so many days before, at an hour of the brand's zone. */
export type PastBegin = { readonly hoursAgo: number } | { readonly daysAgo: number; readonly at: number }

/** A ticket of the days before the demo began, with what was said. */
export interface PastStory {
  readonly contact: string
  readonly channel: 'wechat' | 'weibo' | 'web' | 'email' | 'telegram'
  /** Where the contact is reached; absent: an address is made up. */
  readonly address?: string
  readonly began: PastBegin
  readonly kind: TicketKind
  readonly topic: string
  /** Default normal. */
  readonly priority?: TicketPriority
  readonly reason: Reason
  readonly title: string
  /** How it stands. What was solved long enough ago is closed by then, as it would be. */
  readonly state: Exclude<TicketState, 'closed'>
  /** Whose it is or was; absent: nobody took it yet. */
  readonly agent?: PastAgent
  readonly lines: readonly PastLine[]
  readonly holdReason?: string
  readonly tags?: readonly string[]
  /** What the contact gave in the survey, 1 to 5; absent: gave none. */
  readonly score?: 1 | 2 | 3 | 4 | 5
}

/** A conversation of those days that the bot led alone: who asked what, and minutes since the line before. */
export interface PastQuestions {
  readonly contact: string
  readonly channel: PastStory['channel']
  /** Where the contact is reached; absent: an address is made up. */
  readonly address?: string
  readonly began: PastBegin
  readonly asks: readonly (readonly [text: string, minutes: number])[]
}

export const askedForPerson: Reason = { code: 'asked-for-person', values: {} }
export const angry: Reason = { code: 'angry', values: { strength: 0.86, limit: 0.7 } }
export const failedTwice: Reason = { code: 'failed-turns', values: { count: 2 } }
/** A topic that people handle. */
export const forPeople = (topic: string): Reason => ({ code: 'persons-topic', values: { topic } })
/** A topic that cannot wait. */
export const urgent = (topic: string): Reason => ({ code: 'urgent-topic', values: { topic } })
