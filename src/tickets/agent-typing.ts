import type { Cache } from '../core/bus.ts'
import type { TicketStore } from '../core/ticket.ts'
import type { AgentTyping, ShowTyping } from '../core/typing.ts'

export interface AgentTypingDeps {
  readonly store: Pick<TicketStore, 'get'>
  readonly cache: Pick<Cache, 'add'>
  readonly showTyping: ShowTyping
}

/** Pages tell of every few keys; the contact is shown it once in this time. */
const everyMs = 3_000

/** Shows the contact that an agent types: whoever holds the ticket, or may take it by answering. */
export const createAgentTyping =
  ({ store, cache, showTyping }: AgentTypingDeps): AgentTyping =>
  async ({ ticketId, agentId, on }) => {
    const { conversationId, assigneeId, conversationMode } = await store.get(ticketId)
    if ((assigneeId !== undefined && assigneeId !== agentId) || conversationMode === 'closed') return
    if (on && !(await cache.add(`desk:typing:${conversationId}`, '1', everyMs))) return
    showTyping(conversationId, on)
  }
