import type { OutboundDraft } from '../../src/core/conversation.ts'
import type { TicketChange, TicketRequest, TicketService, TicketStore } from '../../src/core/ticket.ts'

const say = (text: string, agentId: string): OutboundDraft => ({
  rendered: [{ kind: 'text', text }],
  parts: [{ kind: 'text', text }],
  author: 'agent',
  agentId,
  passiveOnly: false,
})

const changeOf = (
  { agent, ticketId, version, idempotencyKey }: TicketRequest,
  rest: Pick<TicketChange, 'change' | 'set' | 'onlyIfUnassigned' | 'say' | 'note'>,
): TicketChange => ({
  ticketId,
  ...(version === undefined ? {} : { expectedVersion: version }),
  ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  actor: { agentId: agent.id, name: agent.name },
  detail: {},
  ...rest,
})

/** The smallest ticket service on a real store: what the HTTP side needs to be true, without policy. */
export const createPlainTicketService = (
  store: TicketStore,
  changed: (ticketId: string) => void,
): TicketService => {
  const apply = async (change: TicketChange) => {
    const ticket = await store.apply(change, new Date())
    changed(ticket.id)
    return ticket
  }
  return {
    take: (request, force) =>
      apply(
        changeOf(request, {
          change: 'taken',
          set: { state: 'open', assigneeId: request.agent.id, mode: 'human' },
          onlyIfUnassigned: !force,
        }),
      ),
    reply: (request, text) =>
      apply(
        changeOf(request, {
          change: 'replied',
          set: { state: 'pending', assigneeId: request.agent.id, mode: 'human', firstRepliedAt: new Date() },
          onlyIfUnassigned: true,
          say: say(text, request.agent.id),
        }),
      ),
    note: (request, text) => apply(changeOf(request, { change: 'noted', set: {}, note: text })),
    handBack: (request) =>
      apply(changeOf(request, { change: 'handed-back', set: { state: 'pending', mode: 'bot' } })),
    solve: (request) =>
      apply(
        changeOf(request, { change: 'solved', set: { state: 'solved', mode: 'bot', solvedAt: new Date() } }),
      ),
  }
}
