import { setTimeout as pause } from 'node:timers/promises'
import type { Accept, Accepted } from '../core/channel.ts'
import { TongdaError } from '../core/errors.ts'
import type { ContactTickets, McpServing, TicketWish } from '../core/mcp-serve.ts'
import type { InboundMessage } from '../core/message.ts'
import type { TicketStanding } from '../core/ticket.ts'
import { createAnswerMcp } from '../mcp/index.ts'
import type { Parts } from './parts.ts'
import { productVersion } from './version.ts'

/** How long a ticket is waited for, and how often it is looked at. */
const patienceMs = 15_000
const lookMs = 100
/** Most tickets of one contact that are told of, and how long settled ones are among them. */
const mostTickets = 10
const settledMs = 30 * 86_400_000

const messageOf = (inboxId: string, wish: TicketWish, now: Date): InboundMessage => ({
  inboxId,
  dedupKey: wish.dedupKey,
  contactKey: wish.contact,
  threadKey: wish.contact,
  parts: [
    { kind: 'text', text: wish.text },
    { kind: 'event', name: 'for-person', data: { program: wish.by } },
  ],
  sentAt: now,
  ...(wish.name === undefined ? {} : { displayName: wish.name }),
  mayContinue: false,
  wantsReply: false,
  passiveBudgetMs: 0,
})

const createContactTickets = ({ stores, clock }: Parts, inboxId: string, accept: Accept): ContactTickets => {
  const { contactTrace, messageLog, standings, tickets } = stores
  const newest = async (contact: string, conversationId: string) => {
    const id = (await contactTrace.tickets({ inboxId, contactKey: contact })).get(conversationId)
    return id === undefined ? undefined : tickets.get(id)
  }
  const contactId = async (contact: string): Promise<string | undefined> => {
    const [id] = (await contactTrace.tickets({ inboxId, contactKey: contact })).values()
    return id === undefined ? undefined : (await tickets.get(id)).contactId
  }
  /** The ticket that the message opened, or that heard of it: the newest one, once the message's turn is over. */
  const awaitTicket = async (contact: string, { conversationId, seq }: Accepted): Promise<TicketStanding> => {
    const place = { inboxId, threadKey: contact, afterSeq: seq - 1, limit: 1, visibleOnly: false }
    for (let waited = 0; waited < patienceMs; waited += lookMs) {
      const [message] = await messageLog.read(place)
      const ticket = message?.decision && (await newest(contact, conversationId))
      if (ticket !== undefined) return standings.get(ticket.id)
      await pause(lookMs)
    }
    throw new TongdaError('conflict', 'it is noted, and no ticket stands yet; ask for the same once more')
  }
  return {
    open: async (wish) => awaitTicket(wish.contact, await accept(messageOf(inboxId, wish, clock.now()))),
    list: async (contact) => {
      const id = await contactId(contact)
      const since = new Date(clock.now().getTime() - settledMs)
      return id === undefined ? [] : standings.ofContact(id, since, mostTickets)
    },
    get: async (contact, number) => {
      const id = await contactId(contact)
      const found = id === undefined ? undefined : await standings.ofNumber(id, number)
      if (found === undefined)
        throw new TongdaError('not_found', `this contact has no ticket T-${String(number)}`)
      return found
    },
  }
}

/** The MCP server; undefined: it is off. Throws `bad_config` when its library is not installed. */
export const openMcp = async (parts: Parts, accept: Accept): Promise<McpServing | undefined> => {
  const { serve } = parts.config.mcp
  if (!serve.on) return undefined
  const { brandEn } = parts.config.dialogue.persona
  const answer = await createAnswerMcp({ title: `${brandEn} customer service`, version: productVersion })
  return serve.inbox === undefined
    ? { answer }
    : { answer, tickets: createContactTickets(parts, serve.inbox, accept) }
}
