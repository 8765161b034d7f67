import type { Claim, TurnOutcome } from '../core/conversation.ts'
import type { ShowTyping } from '../core/typing.ts'

/** Does a claim's work. */
type Work = () => Promise<TurnOutcome>

export interface WaitingSignDeps {
  readonly showTyping: ShowTyping
  /** Milliseconds an answer may take before the contact is shown that one is being made. */
  readonly afterMs: number
}

/** Whether the bot owes an answer: while a person leads it is silent. */
const owesAnswer = ({ mode, pending }: Claim): boolean =>
  mode === 'bot' && pending.some(({ wantsReply }) => wantsReply)

/** Shows "typing" while an answer takes longer than usual, and takes it back when none comes. */
export const createWaitingSign =
  ({ showTyping, afterMs }: WaitingSignDeps) =>
  async (claim: Claim, work: Work): Promise<TurnOutcome> => {
    if (!owesAnswer(claim)) return work()
    let isShown = false
    const timer = setTimeout(() => {
      isShown = true
      showTyping(claim.conversationId, true)
    }, afterMs)
    const end = (hasAnswer: boolean): void => {
      clearTimeout(timer)
      // An answer takes the sign away by itself.
      if (isShown && !hasAnswer) showTyping(claim.conversationId, false)
    }
    try {
      const outcome = await work()
      end(outcome.outbound.length > 0)
      return outcome
    } catch (error) {
      end(false)
      throw error
    }
  }
