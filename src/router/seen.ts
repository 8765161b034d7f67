import type { TurnOutcome } from '../core/conversation.ts'
import type { TurnPreview } from '../core/preview.ts'
import type { CommitResult } from '../core/stores.ts'
import { groundedRule } from '../dialogue/index.ts'

/** How a turn ended. */
export interface TurnEnd {
  readonly outcome: Pick<TurnOutcome, 'decision' | 'outbound'>
  readonly result: CommitResult
}

/** Does a turn's work, to its commit. Whatever the contact saw of it that is not said vanishes at once. */
export const seen = async <End extends TurnEnd>(
  preview: TurnPreview | undefined,
  work: (preview: TurnPreview | undefined) => Promise<End>,
): Promise<End> => {
  try {
    const end = await work(preview)
    const { outcome, result } = end
    const saysSomething = result !== 'fenced' && outcome.outbound.length > 0
    // The answer that was shown takes its own place.
    if (!saysSomething || outcome.decision.rule !== groundedRule) preview?.withdraw(saysSomething)
    return end
  } catch (error) {
    preview?.withdraw(false)
    throw error
  }
}
