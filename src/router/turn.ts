import type {
  Claim,
  Decision,
  Message,
  OutboundDraft,
  TicketDraft,
  TurnOutcome,
} from '../core/conversation.ts'
import type { Clock } from '../core/clock.ts'
import type { Dialogue } from '../core/dialogue.ts'
import { isForPerson, textOf, type Part } from '../core/message.ts'
import type { TicketStandings } from '../core/ticket.ts'
import type { Spoken, Understand } from '../core/understanding.ts'
import { asked } from './blame.ts'

/** What a turn is made of; every part is pure but `nextTicketNumber`, `transcript` and `standings`. */
export interface TurnDeps {
  readonly dialogue: Dialogue
  readonly understand: Understand
  readonly clock: Clock
  readonly nextTicketNumber: () => Promise<number>
  readonly transcript: (conversationId: string) => Promise<readonly Message[]>
  readonly draftTicket: (facts: {
    readonly claim: Claim
    readonly decision: Decision
    readonly transcript: readonly Message[]
    readonly number: number
    readonly now: Date
  }) => TicketDraft
  /** When a first reply to something urgent is owed. */
  readonly urgentReplyDueAt: (now: Date) => Date
  /** What contacts may know of their tickets. */
  readonly standings: Pick<TicketStandings, 'ofContact' | 'ofNumber'>
  /** The page on which a ticket's contact sees how it stands. */
  readonly statusUrl: (ticketId: string) => string
  /** Degrades one message to what the inbox's channel can show. */
  readonly compose: (inboxId: string, parts: readonly Part[]) => OutboundDraft
}

/** Thinks about a claim. Changes nothing: whatever it decides takes effect when the outcome is committed. */
export type Turn = (claim: Claim) => Promise<TurnOutcome>

interface Handover {
  readonly notice: readonly Part[]
  readonly openTicket?: TicketDraft
  readonly reopensTicket?: true
}

const languageOf = ({ dialogue, record }: Decision): Spoken =>
  dialogue.spoken ?? (record.classification?.language === 'en' ? 'en' : 'zh')

/** The ticket that an escalation goes to: the open one, or the one that was solved last. */
const ticketFor = ({ ticket, lastTicket }: Claim) =>
  ticket ?? (lastTicket?.state === 'solved' ? lastTicket : undefined)

/** What becomes of the ticket: it is there, is taken up again, or is opened, after the closed one before it. */
const effectOn = ({ ticket, lastTicket }: Claim, draft: TicketDraft): Omit<Handover, 'notice'> => {
  if (ticket !== undefined) return {}
  if (lastTicket === undefined) return { openTicket: draft }
  if (lastTicket.state === 'solved') return { reopensTicket: true }
  return { openTicket: { ...draft, continues: lastTicket.id } }
}

const createHandover =
  ({ dialogue, nextTicketNumber, transcript, draftTicket }: TurnDeps) =>
  async (claim: Claim, decision: Decision, now: Date): Promise<Handover | undefined> => {
    const { escalation } = decision
    if (escalation === undefined) return undefined
    // Asked again while a ticket is open: the same ticket, a person once more.
    const known = ticketFor(claim)
    const number = known?.number ?? (await asked('no ticket number could be had', nextTicketNumber))
    const draft = draftTicket({
      claim,
      decision,
      transcript: await asked('the transcript could not be read', () => transcript(claim.conversationId)),
      number,
      now,
    })
    const effect = effectOn(claim, draft)
    if (escalation.quiet === true) return { notice: [], ...effect }
    const notice = dialogue.announce({
      escalation,
      ticketNumber: number,
      firstReplyDueAt: draft.firstReplyDueAt,
      now,
      again: known !== undefined,
      reopened: effect.reopensTicket === true,
      language: escalation.language ?? languageOf(decision),
    })
    return { notice, ...effect }
  }

const toldSinceMs = 30 * 86_400_000
const mostTold = 5

/** What the contact is told about tickets, when that was asked for. */
const createTelling =
  ({ dialogue, standings, statusUrl }: TurnDeps) =>
  async ({ contactId }: Claim, decision: Decision, now: Date): Promise<readonly Part[]> => {
    if (decision.tellsTickets === undefined) return []
    const { number } = decision.tellsTickets
    const found = await asked('how tickets stand could not be read', async () => {
      if (number === undefined)
        return standings.ofContact(contactId, new Date(now.getTime() - toldSinceMs), mostTold)
      const ticket = await standings.ofNumber(contactId, number)
      return ticket === undefined ? undefined : [ticket]
    })
    return dialogue.tellTickets({
      tickets: found?.map((ticket) => ({ ...ticket, url: statusUrl(ticket.id) })),
      ...(number === undefined ? {} : { number }),
      now,
      language: languageOf(decision),
    })
  }

/** The whole journey of a message between the claim and the commit: understand, decide, hand over, compose. */
export const createTurn = (deps: TurnDeps): Turn => {
  const { dialogue, understand, clock, compose } = deps
  const handOver = createHandover(deps)
  const tell = createTelling(deps)
  return async (claim) => {
    const startedAt = performance.now()
    const now = clock.now()
    const heard = dialogue.hear(claim)
    const understood = heard === undefined ? undefined : await understand(heard.text, heard.context)
    const decision = dialogue.decide({ claim, understood, now })
    const thinkingMs = Math.round((performance.now() - startedAt) * 10) / 10
    const handover = await handOver(claim, decision, now)
    // One message where the channel counts them: the notice belongs to the last thing said.
    const told = await tell(claim, decision, now)
    const below = [...told, ...(handover?.notice ?? []), ...(decision.after ?? [])]
    const said = joinLast(decision.say, below)
    const urgent = claim.ticket !== undefined && (await isUrgent(claim, decision, understand))
    return {
      claim,
      decision: { ...decision.record, thinkingMs },
      mode: handover === undefined ? claim.mode : 'human',
      dialogue: decision.dialogue,
      outbound: said.map((parts) => compose(claim.inboxId, parts)),
      ...(handover?.openTicket === undefined ? {} : { openTicket: handover.openTicket }),
      ...(handover?.reopensTicket === undefined ? {} : { reopensTicket: true }),
      ...(claim.ticket === undefined || decision.form === undefined ? {} : { ticketForm: decision.form }),
      touchesTicket: claim.ticket !== undefined && (handover !== undefined || isHeard(claim)),
      ...(urgent ? { urgentReplyDueAt: deps.urgentReplyDueAt(now) } : {}),
    }
  }
}

/** What a contact does and means as words: an answer that was pressed, a call that was asked for. */
const spokenEvents: ReadonlySet<string> = new Set(['choice', 'callback-requested'])

const isSaid = (part: Part): boolean => part.kind !== 'event' || spokenEvents.has(part.name)

/**
 * Whether the person who leads is owed a look. Position reports and automatic replies change nothing, nor does what a
 * contact merely did: opened the chat, followed, scanned, took a message back.
 */
const isHeard = ({ mode, pending }: Claim): boolean =>
  mode === 'human' &&
  pending.some((message) => (message.wantsReply && message.parts.some(isSaid)) || isForPerson(message))

/** Whether this turns an open ticket urgent. The bot is silent while a person leads, but it does not close its ears. */
const isUrgent = async (claim: Claim, { escalation }: Decision, understand: Understand): Promise<boolean> => {
  if (claim.mode !== 'human') return escalation?.urgency === 'urgent'
  const heard = claim.pending.map(({ parts }) => textOf(parts)).join('\n')
  return heard !== '' && (await understand(heard, {})).urgency === 'urgent'
}

const joinLast = (
  said: readonly (readonly Part[])[],
  notice: readonly Part[],
): readonly (readonly Part[])[] =>
  notice.length === 0 ? said : [...said.slice(0, -1), [...(said.at(-1) ?? []), ...notice]]
