import type { Claim, Decision, Message, TicketDraft, TurnOutcome } from '../core/conversation.ts'
import type { Dialogue } from '../core/dialogue.ts'
import type { Part } from '../core/message.ts'
import type { QueueNews } from '../core/queue.ts'
import type { Spoken } from '../core/understanding.ts'
import { asked } from './blame.ts'

/** What handing over stands on. */
export interface HandoverDeps {
  readonly dialogue: Dialogue
  readonly nextTicketNumber: () => Promise<number>
  /** Where tickets stand in their queues. */
  readonly queueNews: QueueNews
  readonly draftTicket: (facts: {
    readonly claim: Claim
    readonly decision: Decision
    readonly transcript: readonly Message[]
    readonly number: number
    readonly now: Date
  }) => TicketDraft
}

/** A decision that calls a person, and when. */
export interface HandoverFacts {
  readonly claim: Claim
  readonly decision: Decision
  readonly escalation: NonNullable<Decision['escalation']>
  /** What was said so far, as far as it is known. */
  readonly transcript: readonly Message[]
  readonly now: Date
}

/** What the contact is told of the person, and what becomes of the ticket. */
export interface Handover {
  readonly notice: readonly Part[]
  readonly effect: Pick<TurnOutcome, 'openTicket' | 'reopensTicket'>
}

/** The language the contact is spoken to in. */
export const languageOf = ({ dialogue, record }: Decision): Spoken =>
  dialogue.spoken ?? (record.classification?.language === 'en' ? 'en' : 'zh')

/** The ticket that an escalation goes to: the open one, or the one that was solved last. */
const ticketFor = ({ ticket, lastTicket }: Claim) =>
  ticket ?? (lastTicket?.state === 'solved' ? lastTicket : undefined)

/** What becomes of the ticket: it is there, is taken up again, or is opened, after the closed one before it. */
const effectOn = ({ ticket, lastTicket }: Claim, draft: TicketDraft): Handover['effect'] => {
  if (ticket !== undefined) return {}
  if (lastTicket === undefined) return { openTicket: draft }
  if (lastTicket.state === 'solved') return { reopensTicket: true }
  return { openTicket: { ...draft, continues: lastTicket.id } }
}

/** Hands a conversation over to a person. Asked again while a ticket is open: the same ticket, a person once more. */
export const handOver = async (
  { dialogue, nextTicketNumber, queueNews, draftTicket }: HandoverDeps,
  { claim, decision, escalation, transcript, now }: HandoverFacts,
): Promise<Handover> => {
  const known = ticketFor(claim)
  const number = known?.number ?? (await asked('no ticket number could be had', nextTicketNumber))
  const draft = draftTicket({ claim, decision, transcript, number, now })
  const effect = effectOn(claim, draft)
  if (escalation.quiet === true) return { notice: [], effect }
  const { conversationId } = claim
  // Only what is new goes to the end of a queue; a ticket that was there has its own place, or a person.
  const queue =
    effect.openTicket === undefined ? undefined : await queueNews.ahead({ conversationId, ...draft }, now)
  const notice = dialogue.announce({
    escalation,
    ticketNumber: number,
    firstReplyDueAt: draft.firstReplyDueAt,
    now,
    again: known !== undefined,
    reopened: effect.reopensTicket === true,
    ...(queue === undefined ? {} : { queue }),
    language: escalation.language ?? languageOf(decision),
  })
  return { notice, effect }
}
