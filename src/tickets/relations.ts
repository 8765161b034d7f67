import type { Clock } from '../core/clock.ts'
import type { TicketBrief } from '../core/conversation.ts'
import { TongdaError } from '../core/errors.ts'
import { textOf } from '../core/message.ts'
import type { PromiseTimes } from '../core/promise.ts'
import type {
  PairChange,
  RelationService,
  SplitDraft,
  SplitRequest,
  Ticket,
  TicketRelations,
  TicketRequest,
  TicketStore,
} from '../core/ticket.ts'
import { describeTicket } from './describe-ticket.ts'
import { checkLine, maxSubjectCharacters } from './ticket-facts.ts'
import { actorOf } from './ticket-service.ts'

/** What the service stands on. */
export interface RelationOptions {
  readonly store: Pick<TicketStore, 'get' | 'transcript'>
  readonly relations: TicketRelations
  readonly clock: Clock
  readonly promise: PromiseTimes
  /** Tells open desks that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

const maxMessages = 100
const transcriptLimit = 500
const maxLine = 100

const pairOf = ({ agent, ticketId, version, idempotencyKey }: TicketRequest): PairChange => ({
  ticketId,
  actor: actorOf(agent),
  ...(version === undefined ? {} : { expectedVersion: version }),
  ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
})

const tierOf = ({ contactTier }: Ticket): { readonly tier?: string } =>
  contactTier === undefined ? {} : { tier: contactTier }

const shorten = (text: string): string => {
  const characters = Array.from(text.replace(/\s+/gu, ' ').trim())
  return characters.length <= maxLine ? characters.join('') : `${characters.slice(0, maxLine - 1).join('')}…`
}

/** What the new ticket tells: the chosen messages of the contact, in their order. */
const briefOf = (ticket: Ticket, said: readonly string[], title: string): TicketBrief => ({
  reason: { code: 'split-off', values: { number: ticket.number } },
  title,
  urgency: ticket.priority,
  attachments: [],
  said: { earlier: 0, lines: said.map(shorten) },
  answered: { earlier: 0, lines: [] },
})

const checkMessages = (messageIds: readonly string[]): void => {
  if (messageIds.length === 0 || messageIds.length > maxMessages)
    throw new TongdaError('bad_input', `choose 1 to ${maxMessages} messages that the new ticket is about`)
}

/** Puts tickets together and takes them apart. Throws `not_found`, `conflict` and `bad_input`. */
export const createRelationService = (options: RelationOptions): RelationService => {
  const { store, relations, clock, promise, publish } = options
  const told = (ids: readonly string[], ticket: Ticket): Ticket => {
    for (const id of new Set([...ids, ticket.id])) publish(id)
    return ticket
  }
  const draftSplit = async (ticket: Ticket, split: SplitRequest): Promise<SplitDraft> => {
    const { kind = ticket.kind, topic = ticket.topic, priority = ticket.priority, messageIds } = split
    const title = checkLine('title', split.title, maxSubjectCharacters)
    const transcript = await store.transcript(ticket.conversationId, transcriptLimit)
    const said = transcript
      .filter(({ id, direction }) => direction === 'in' && messageIds.includes(id))
      .map(({ parts }) => textOf(parts))
      .filter((text) => text.trim() !== '')
    const brief = briefOf(ticket, said, title)
    const { summary, reason } = describeTicket(brief, 'zh')
    return {
      title,
      kind,
      topic,
      priority,
      brief,
      summary,
      reason,
      ...promise({ kind, priority, channel: ticket.channel, ...tierOf(ticket) }, clock.now()),
    }
  }
  return {
    related: (ticketId) => relations.related(ticketId),
    link: async (request, { toId, kind, linked }) =>
      told([toId], await relations.link({ ...pairOf(request), toId, kind, linked }, clock.now())),
    merge: async (request, intoId) =>
      told([request.ticketId], await relations.merge({ ...pairOf(request), intoId }, clock.now())),
    split: async (request, split) => {
      checkMessages(split.messageIds)
      const draft = await draftSplit(await store.get(request.ticketId), split)
      const { messageIds } = split
      return told(
        [request.ticketId],
        await relations.split(
          { ...pairOf(request), draft, messageIds: [...new Set(messageIds)] },
          clock.now(),
        ),
      )
    },
  }
}
