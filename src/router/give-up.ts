import {
  initialDialogue,
  type Claim,
  type Decision,
  type OutboundDraft,
  type TurnOutcome,
} from '../core/conversation.ts'
import { asked } from './blame.ts'
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
  ({ dialogue, clock, nextTicketNumber, draftTicket, compose }: TurnDeps) =>
  async (claim: Claim): Promise<TurnOutcome> => {
    const now = clock.now()
    const reason = { code: 'turn-failed', values: {} } as const
    const escalation = { reason, topic: 'vague', urgency: 'normal', kind: 'question' } as const
    const decision: Decision = {
      record: {
        kind: 'escalate',
        rule: 'turn-failed',
        reasons: [reason],
        thresholds: {},
        thinkingMs: 0,
      },
      say: [],
      dialogue: initialDialogue,
      escalation,
    }
    const number = claim.ticket?.number ?? (await asked('no ticket number could be had', nextTicketNumber))
    const draft = draftTicket({ claim, decision, transcript: [], number, now })
    const notice = dialogue.announce({
      escalation,
      ticketNumber: number,
      firstReplyDueAt: draft.firstReplyDueAt,
      now,
      again: claim.ticket !== undefined,
      language: claim.dialogue.spoken ?? 'zh',
    })
    return {
      claim,
      decision: decision.record,
      mode: 'human',
      dialogue: decision.dialogue,
      outbound: composeIfPossible(() => compose(claim.inboxId, notice)),
      ...(claim.ticket === undefined ? { openTicket: draft } : {}),
      touchesTicket: claim.ticket !== undefined,
    }
  }
