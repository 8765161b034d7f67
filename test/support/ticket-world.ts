import { initialDialogue, type Claim, type TurnOutcome } from '../../src/core/conversation.ts'
import type { PairChange, Ticket, TicketSet, TicketStore } from '../../src/core/ticket.ts'
import { createAgentDirectory, createConversationStore, createTicketStore } from '../../src/store/index.ts'
import { buildInbound, buildItem, buildOutcome, buildTicketDraft } from './builders.ts'
import type { TestDatabase } from './databases.ts'

/** When everything happens here. */
export const now = new Date('2026-11-23T04:00:00Z')
export const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)

/** Contacts who write and tickets that come of it, on one database. */
export interface TicketWorld {
  readonly store: TicketStore
  readonly actor: { readonly agentId: string; readonly name: string }
  newContact(): string
  /** A contact's message and the turn it leads to; `make` gets a free ticket number. */
  turn(
    contactKey: string,
    make?: (number: number) => Partial<TurnOutcome> | Promise<Partial<TurnOutcome>>,
    text?: string,
  ): Promise<Claim>
  /** A ticket that a turn opens. */
  newTicket(contactKey?: string, continues?: string): Promise<Ticket>
  set(ticket: Ticket, changes: TicketSet): Promise<Ticket>
  /** A change of two tickets, of which this is the first. */
  pair(ticket: Ticket, over?: Partial<PairChange>): PairChange
  changesOf(
    ticket: Ticket,
  ): Promise<readonly { change: string; who: string; detail: Readonly<Record<string, unknown>> }[]>
}

export const openTicketWorld = async ({ database }: TestDatabase): Promise<TicketWorld> => {
  const conversations = createConversationStore(database)
  const store = createTicketStore(database, initialDialogue)
  const directory = createAgentDirectory(database)
  const agent = await directory.create({ name: '李然', email: 'li@example.com', role: 'agent' })
  const actor = { agentId: agent.id, name: agent.name }
  let contacts = 0
  const newContact = (): string => `oUser${String((contacts += 1))}`
  const turn: TicketWorld['turn'] = async (contactKey, make = () => ({}), text) => {
    const words = text === undefined ? {} : { text }
    await conversations.accept([buildItem(buildInbound({ contactKey, ...words }))], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    const changes = await make(await conversations.nextTicketNumber())
    await conversations.commit([buildOutcome(claim, { mode: 'human', outbound: [], ...changes })], now)
    return claim
  }
  return {
    store,
    actor,
    newContact,
    turn,
    newTicket: async (contactKey = newContact(), continues) => {
      let opened = 0
      await turn(contactKey, (number) => {
        opened = number
        return { openTicket: buildTicketDraft(number, continues === undefined ? {} : { continues }) }
      })
      const found = (await store.list({ view: 'all', agentId: '', limit: 1_000 })).find(
        ({ number }) => number === opened,
      )
      if (found === undefined) throw new Error('no ticket')
      return found
    },
    set: (ticket, changes) =>
      store.apply({ ticketId: ticket.id, actor, change: 'changed', detail: {}, set: changes }, now),
    pair: (ticket, over = {}) => ({ ticketId: ticket.id, actor, ...over }),
    changesOf: async (ticket) =>
      (await store.timeline(ticket.id)).map(({ change, actor: who, detail }) => ({ change, who, detail })),
  }
}
