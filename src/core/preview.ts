import type { Claim } from './conversation.ts'

/** What is being written to a contact, as far as it may be shown. No message: it is kept nowhere, and vanishes. */
export interface Preview {
  /** The number of the newest message that it answers; once something newer was said, it is out of date. */
  readonly after: number
  /** All of it so far; empty: it vanishes. */
  readonly text: string
  /** The turn is over: what it says is about to come. */
  readonly isLast?: boolean
}

/** Shows what is being written during one turn. A hint: both return at once and never throw. */
export interface TurnPreview {
  readonly show: (text: string) => void
  /** Nothing is shown any more. Where no answer takes its place, what was shown vanishes. */
  readonly end: (isAnswered: boolean) => void
}

/** Begins one; undefined: the conversation's channel shows none. */
export type OpenPreview = (
  claim: Pick<Claim, 'conversationId' | 'inboxId' | 'pending'>,
) => TurnPreview | undefined
