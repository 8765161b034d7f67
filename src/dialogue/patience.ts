import type { Decision, DialogueState } from '../core/conversation.ts'
import { callPerson, decided, text, type Outcome } from './outcome.ts'
import type { Turn } from './turn.ts'

/**
 * A turn that may not have helped. `counts`: it adds to those in a row, and at the configured number a person is
 * called instead of what `otherwise` would say.
 */
export const missed = (
  turn: Turn,
  counts: boolean,
  otherwise: (state: Pick<DialogueState, 'failedTurns'>) => Outcome,
): Decision => {
  const failedTurns = turn.claim.dialogue.failedTurns + (counts ? 1 : 0)
  if (!counts || failedTurns < turn.config.failedTurnsBeforeEscalation)
    return decided(turn, otherwise({ failedTurns }))
  return callPerson(turn, {
    rule: 'failed-turns',
    reasons: [{ code: 'failed-turns', values: { count: failedTurns } }],
    say: [text(turn.words().stillNoHelp)],
  })
}
