import {
  initialDialogue,
  type Claim,
  type Decision,
  type OutboundDraft,
  type TurnOutcome,
} from '../core/conversation.ts'
import { handOver } from './handover.ts'
import type { TurnDeps } from './turn.ts'

/** Nothing can be said on an inbox that is not configured any more; the ticket is opened all the same. */
const composeIfPossible = (compose: () => OutboundDraft): readonly OutboundDraft[] => {
  try {
    return [compose()]
  } catch {
    return []
  }
}

/**
 * What becomes of a claim whose turn fails again and again: a person gets it, and the contact hears so.
 * Nothing that was accepted is lost to a fault of ours.
 */
export const giveUp =
  (deps: TurnDeps) =>
  async (claim: Claim): Promise<TurnOutcome> => {
    const { clock, compose } = deps
    const now = clock.now()
    const reason = { code: 'turn-failed', values: {} } as const
    const escalation = { reason, topic: 'vague', urgency: 'normal', kind: 'question' } as const
    const { spoken } = claim.dialogue
    const decision: Decision = {
      record: {
        kind: 'escalate',
        rule: 'turn-failed',
        reasons: [reason],
        thresholds: {},
        thinkingMs: 0,
      },
      say: [],
      // How the contact writes is no fault of the turn.
      dialogue: spoken === undefined ? initialDialogue : { ...initialDialogue, spoken },
      escalation,
    }
    const { notice, effect } = await handOver(deps, { claim, decision, escalation, transcript: [], now })
    return {
      claim,
      decision: decision.record,
      mode: 'human',
      dialogue: decision.dialogue,
      outbound: composeIfPossible(() => compose(claim.inboxId, notice)),
      ...effect,
      touchesTicket: claim.ticket !== undefined,
    }
  }
