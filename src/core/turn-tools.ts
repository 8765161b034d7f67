import type { Claim, Decision } from './conversation.ts'
import type { Dialogue } from './dialogue.ts'
import type { Doubt, Passage } from './model-help.ts'
import type { Reason } from './reason.ts'

/** Puts what the brand's systems know into decisions. */
export interface TurnTools {
  /** Whether all that was said is a yes or a no to the call that waits: nobody else is to be asked about it. */
  isWord(claim: Claim): boolean
  /**
   * What one of the brand's systems knows of a doubt, for a language model to read beside articles: one call, of a tool
   * that changes nothing. Without `passage` nothing; the reasons say whether one was asked.
   */
  lookUp(input: {
    readonly claim: Claim
    readonly doubt: Doubt
    /** Milliseconds that it may take. */
    readonly ms: number
  }): Promise<{ readonly passage?: Passage; readonly reasons: readonly Reason[] }>
  /** The decision as it was, or with a tool's result, a question whether to go on, or the end of what was asked. */
  apply(input: {
    readonly claim: Claim
    readonly decision: Decision
    readonly now: Date
    /** Milliseconds that may still be waited for others. What was confirmed has a time of its own. */
    readonly left: () => number
    /** Begins a tool's form below the decision, as the dialogue does. */
    readonly ask: (
      decision: Decision,
      asked: Parameters<Dialogue['askForTool']>[2],
    ) => ReturnType<Dialogue['askForTool']>
  }): Promise<Decision>
}
