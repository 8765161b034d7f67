import type { Claim, Decision } from './conversation.ts'

/** Puts what the brand's systems know into decisions. */
export interface TurnTools {
  /** The decision as it was, or with a tool's result, a question whether to go on, or the end of what was asked. */
  apply(input: {
    readonly claim: Claim
    readonly decision: Decision
    readonly now: Date
    /** Milliseconds that may still be waited for others. What was confirmed takes the time it needs all the same. */
    readonly left: () => number
  }): Promise<Decision>
}
