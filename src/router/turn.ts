import type { Claim, Decision, Message, OutboundDraft, TurnOutcome } from '../core/conversation.ts'
import type { Clock } from '../core/clock.ts'
import type { IncidentAtHand } from '../core/incident-turn.ts'
import { isForPerson, textOf, type Part } from '../core/message.ts'
import type { ModelHelp } from '../core/model-help.ts'
import type { TicketStandings } from '../core/ticket.ts'
import { roundMs } from '../core/trace.ts'
import type { TurnPreview } from '../core/preview.ts'
import type { TurnTools } from '../core/turn-tools.ts'
import type { Understand } from '../core/understanding.ts'
import { asked } from './blame.ts'
import { decideWithHelp } from './decide.ts'
import { startTime } from './time-left.ts'
import { handOver, languageOf, type Handover, type HandoverDeps } from './handover.ts'

/** What a turn is made of; every part is pure but `help`, `nextTicketNumber`, `transcript`, `queueNews` and `standings`. */
export interface TurnDeps extends HandoverDeps {
  readonly understand: Understand
  readonly clock: Clock
  /** Asked where the rules are unsure; absent: nobody is. */
  readonly help?: ModelHelp | undefined
  readonly transcript: (conversationId: string) => Promise<readonly Message[]>
  /** What contacts may know of their tickets. */
  readonly standings: Pick<TicketStandings, 'ofContact' | 'ofNumber'>
  /** The page on which a ticket's contact sees how it stands. */
  readonly statusUrl: (ticketId: string) => string
  /** What became of suggestions and incidents that the contact waits to hear of; said above the answer. */
  readonly news: (claim: Claim) => Promise<readonly TurnNews[]>
  /** Open incidents on the conversation's channel, with what the conversation knows of them. */
  readonly incidents: (claim: Claim) => Promise<readonly IncidentAtHand[]>
  /** What the brand's own systems know of what was asked. Absent: there are none. */
  readonly tools?: TurnTools
  /** Degrades one message to what the inbox's channel can show. */
  readonly compose: (inboxId: string, parts: readonly Part[]) => OutboundDraft
}

/** One thing to be told above an answer. */
export interface TurnNews {
  readonly noticeId: string
  readonly parts: readonly Part[]
}

/** Answers that something else may stand above. A form's question, a person called, silence: nothing does. */
const mayBearNews: ReadonlySet<Decision['record']['kind']> = new Set(['answer', 'chat', 'clarify'])

/**
 * Thinks about a claim. Changes nothing: whatever it decides takes effect when the outcome is committed. `preview` shows the
 * contact what help is writing; absent: they see the answer alone.
 */
export type Turn = (claim: Claim, preview?: TurnPreview) => Promise<TurnOutcome>

/** Hands over what calls a person; undefined: nothing does. */
const createHandingOver =
  (deps: TurnDeps) =>
  async (claim: Claim, decision: Decision, now: Date): Promise<Handover | undefined> => {
    const { escalation } = decision
    if (escalation === undefined) return undefined
    const transcript = await asked('the transcript could not be read', () =>
      deps.transcript(claim.conversationId),
    )
    return handOver(deps, { claim, decision, escalation, transcript, now })
  }

const toldSinceMs = 30 * 86_400_000
const mostTold = 5

/** What the contact is told about tickets, when that was asked for. */
const createTelling =
  ({ dialogue, standings, statusUrl, queueNews }: TurnDeps) =>
  async ({ contactId }: Claim, decision: Decision, now: Date): Promise<readonly Part[]> => {
    if (decision.tellsTickets === undefined) return []
    const { number } = decision.tellsTickets
    const found = await asked('how tickets stand could not be read', async () => {
      if (number === undefined)
        return standings.ofContact(contactId, new Date(now.getTime() - toldSinceMs), mostTold)
      const ticket = await standings.ofNumber(contactId, number)
      return ticket === undefined ? undefined : [ticket]
    })
    const places = await queueNews.places(found?.map(({ id }) => id) ?? [], now)
    return dialogue.tellTickets({
      tickets: found?.map((ticket) => {
        const queue = places.get(ticket.id)
        return { ...ticket, url: statusUrl(ticket.id), ...(queue === undefined ? {} : { queue }) }
      }),
      ...(number === undefined ? {} : { number }),
      now,
      language: languageOf(decision),
    })
  }

/** What the contact is told above the answer, where one is given that it can stand above. */
const createNews =
  ({ news }: TurnDeps) =>
  async (claim: Claim, { say, record, incidents }: Decision): Promise<readonly TurnNews[]> => {
    const { urgency = 'normal', emotion = 'neutral' } = record.classification ?? {}
    if (say.length === 0 || !mayBearNews.has(record.kind) || incidents?.leaves === true) return []
    // Whoever is in trouble, or angry, is not told of other things first.
    if (urgency !== 'normal' || emotion === 'angry') return []
    return asked('what the contact waits to hear of could not be read', () => news(claim))
  }

/** A person leads, and the bot says nothing: then nobody hears a notice. */
const createIncidents =
  ({ incidents }: TurnDeps) =>
  async (claim: Claim): Promise<readonly IncidentAtHand[]> =>
    claim.mode === 'human' ? [] : asked('open incidents could not be read', () => incidents(claim))

/** The whole journey of a message between the claim and the commit: understand, decide, hand over, compose. */
export const createTurn = (deps: TurnDeps): Turn => {
  const { dialogue, understand, clock, compose } = deps
  const callPerson = createHandingOver(deps)
  const tell = createTelling(deps)
  const newsFor = createNews(deps)
  const incidentsFor = createIncidents(deps)
  return async (claim, preview) => {
    const startedAt = performance.now()
    const left = startTime(claim)
    const now = clock.now()
    const heard = dialogue.hear(claim)
    const understood = heard === undefined ? undefined : await understand(heard.text, heard.context)
    const understoodAt = performance.now()
    const incidents = await incidentsFor(claim)
    const input = { claim, understood, incidents, now }
    const decided = await decideWithHelp({ ...deps, preview }, input, left)
    const ask: Parameters<TurnTools['apply']>[0]['ask'] = (below, asks) =>
      dialogue.askForTool(input, below, asks)
    const decision = (await deps.tools?.apply({ claim, decision: decided, now, left, ask })) ?? decided
    const thinkingMs = roundMs(performance.now() - startedAt)
    const handover = await callPerson(claim, decision, now)
    // One message where the channel counts them: the notice belongs to the last thing said.
    const told = await tell(claim, decision, now)
    const below = [...told, ...(handover?.notice ?? []), ...(decision.after ?? [])]
    const news = handover === undefined ? await newsFor(claim, decision) : []
    const said = joinFirst(news, joinLast(decision.say, below))
    const urgent = claim.ticket !== undefined && (await isUrgent(claim, decision, understand))
    const outbound = said.map((parts) => compose(claim.inboxId, parts))
    return {
      claim,
      decision: { ...decision.record, thinkingMs },
      times: {
        ...{ turn: claim.fence, pieces: claim.pending.length, decidedAt: clock.now().toISOString() },
        understoodMs: roundMs(understoodAt - startedAt),
        decidedMs: roundMs(performance.now() - understoodAt),
      },
      mode: handover === undefined ? claim.mode : 'human',
      dialogue: decision.dialogue,
      outbound,
      ...handover?.effect,
      ...(claim.ticket === undefined || decision.form === undefined ? {} : { ticketForm: decision.form }),
      touchesTicket: claim.ticket !== undefined && (handover !== undefined || isHeard(claim)),
      ...(urgent ? { turnsUrgent: true } : {}),
      ...(decision.survey === undefined ? {} : { survey: decision.survey }),
      ...(decision.incidents === undefined ? {} : { incidents: decision.incidents }),
      ...(news.length === 0 ? {} : { tellsNotices: news.map(({ noticeId }) => noticeId) }),
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

/** In the same message as the first thing said: channels count messages, and some carry one answer a request. */
const joinFirst = (
  news: readonly TurnNews[],
  said: readonly (readonly Part[])[],
): readonly (readonly Part[])[] =>
  news.length === 0 ? said : [[...news.flatMap(({ parts }) => parts), ...(said[0] ?? [])], ...said.slice(1)]
