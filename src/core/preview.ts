import type { Claim } from './conversation.ts'

/** What is being written to a contact, as far as it may be shown. No message: it is kept nowhere, and vanishes. */
export interface Preview {
  /** The number of the newest message that it answers: the same as long as the turn lasts. */
  readonly turn: number
  /** The number of what was said last when it was about to be shown; once something newer was said, it is out of date. */
  readonly after: number
  /** All of it so far; empty: it vanishes. */
  readonly text: string
  /** The turn is over: what it says is about to come. */
  readonly isLast?: boolean
}

/** Shows what is being written during one turn. A hint: nothing here throws. */
export interface TurnPreview {
  readonly show: (text: string) => void
  /**
   * Nothing is shown any more. Resolves, soon in any case, once nothing is on its way to the contact: until then nobody may
   * send what the turn says.
   */
  readonly end: () => Promise<void>
  /** What was shown vanishes; `isReplaced`: a message that takes its place is about to come. */
  readonly withdraw: (isReplaced: boolean) => void
}

/** Begins one; undefined: the conversation's channel shows none. */
export type OpenPreview = (
  claim: Pick<Claim, 'conversationId' | 'fence' | 'inboxId' | 'pending'>,
) => TurnPreview | undefined

/** Where a turn's conversation is held, whether the turn may still speak there, and what was said last; undefined: gone. */
export type FindTurn = (
  turn: Pick<Claim, 'conversationId' | 'fence'>,
) => Promise<{ readonly threadKey: string; readonly isOurs: boolean; readonly lastSeq: number } | undefined>
