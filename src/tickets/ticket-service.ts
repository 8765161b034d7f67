import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { Part } from '../core/message.ts'
import type {
  Ticket,
  TicketActor,
  TicketChange,
  TicketRequest,
  TicketService,
  TicketStore,
} from '../core/ticket.ts'

/** Longest reply or note, in characters (UTF-16 units). */
export const maxAgentText = 4_000

/** What the ticket service stands on. */
export interface TicketServiceOptions {
  readonly store: TicketStore
  /** Degrades one message to what the inbox's channel can show. */
  readonly render: (
    inboxId: string,
    parts: readonly Part[],
  ) => { readonly rendered: readonly Part[]; readonly passiveOnly: boolean }
  readonly clock: Clock
  /** Milliseconds a reply waits before it is sent; 0: none. */
  readonly undoMs: number
  /** Tells open desks and the outbox that the ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

/** Trims what an agent wrote. Throws `bad_input`. */
export const checkText = (text: string): string => {
  const trimmed = text.trim()
  if (trimmed === '') throw new TongdaError('bad_input', 'the text is empty; write something first')
  if (trimmed.length > maxAgentText) {
    const message = `the text has ${trimmed.length} characters, at most ${maxAgentText} are allowed; shorten it or send it in two`
    throw new TongdaError('bad_input', message, { length: trimmed.length, max: maxAgentText })
  }
  return trimmed
}

/** Beside files the text may be empty. */
const checkReply = (text: string, files: readonly Part[]): string =>
  files.length > 0 && text.trim() === '' ? '' : checkText(text)

const replyDetail = (words: string, files: readonly Part[]): TicketChange['detail'] => ({
  characters: words.length,
  ...(files.length === 0 ? {} : { files: files.length }),
})

export type Effect = Pick<TicketChange, 'change' | 'set'> & Partial<TicketChange>

/** Pending until the contact writes again, while whoever replies leads; or settled, and the bot answers what comes next. */
const standingAfter = (solving: boolean, clock: Clock): TicketChange['set'] =>
  solving
    ? { state: 'solved', mode: 'bot', solvedAt: clock.now() }
    : { state: 'pending', mode: 'human', solvedAt: null }

/** Whose name the history keeps: an agent's, or that of the key a program came with. */
export const actorOf = ({ id, name, program }: TicketRequest['agent']): TicketActor =>
  program === true ? { author: 'system', rule: `api: ${name}` } : { agentId: id, name }

/** A request as a change of the store. */
export const changeOf = (
  { agent, ticketId, version, idempotencyKey }: TicketRequest,
  effect: Effect,
): TicketChange => ({
  ticketId,
  actor: actorOf(agent),
  detail: {},
  ...(version === undefined ? {} : { expectedVersion: version }),
  ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  ...effect,
})

const notedAs = (note: string): Effect => ({
  change: 'noted',
  detail: { characters: note.length },
  set: {},
  note,
})

/**
 * What agents do with tickets, each in one change of the store. Only who holds a ticket, or takes a free one, speaks
 * to the contact, hands back and solves; notes are free to all. Throws `not_found`, `conflict` and `bad_input`.
 */
export const createTicketService = (options: TicketServiceOptions): TicketService => {
  const { store, render, clock, publish, undoMs } = options
  const apply = async (request: TicketRequest, effect: Effect): Promise<Ticket> => {
    const ticket = await store.apply(changeOf(request, effect), clock.now())
    publish(ticket.id)
    return ticket
  }
  return {
    take: (request, force) =>
      apply(request, {
        change: 'taken',
        detail: { force },
        set: { state: 'open', assigneeId: request.agent.id, mode: 'human', solvedAt: null },
        onlyIfUnassigned: !force,
      }),
    reply: async (request, text, files = [], solving = false) => {
      const words = checkReply(text, files)
      const parts: readonly Part[] = words === '' ? files : [{ kind: 'text', text: words }, ...files]
      const { inboxId } = await store.get(request.ticketId)
      const { rendered, passiveOnly } = render(inboxId, parts)
      return apply(request, {
        change: 'replied',
        detail: replyDetail(words, files),
        set: { assigneeId: request.agent.id, firstRepliedAt: clock.now(), ...standingAfter(solving, clock) },
        onlyIfUnassigned: true,
        say: { rendered, parts, author: 'agent', agentId: request.agent.id, passiveOnly },
        holdMs: undoMs,
      })
    },
    note: async (request, text) => apply(request, notedAs(checkText(text))),
    move: (request, conversationId) =>
      apply(request, {
        change: 'moved',
        detail: { to: conversationId },
        set: { assigneeId: request.agent.id, mode: 'human' },
        onlyIfUnassigned: true,
        moveTo: conversationId,
      }),
    handBack: (request) =>
      apply(request, {
        change: 'handed-back',
        set: { state: 'pending', mode: 'bot' },
        onlyIfUnassigned: true,
      }),
    solve: (request) =>
      apply(request, {
        change: 'solved',
        set: { state: 'solved', mode: 'bot', solvedAt: clock.now() },
        onlyIfUnassigned: true,
      }),
  }
}
