import { initialDialogue } from '../../src/core/conversation.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { createConversationStore, createTicketStore, type Database } from '../../src/store/index.ts'
import { buildInbound, buildItem, buildOutcome, buildTicketDraft } from './builders.ts'

/** A contact's question that the bot handed to a person. */
export const openTicket = async (database: Database, contactKey = 'oUser0001'): Promise<Ticket> => {
  const conversations = createConversationStore(database)
  const now = new Date()
  await conversations.accept([buildItem(buildInbound({ contactKey, displayName: '阿白' }))], now)
  const [claim] = await conversations.claim('worker', 1, 60_000)
  if (claim === undefined) throw new Error('nothing was ready')
  const number = await conversations.nextTicketNumber()
  await conversations.commit(
    [buildOutcome(claim, { mode: 'human', openTicket: buildTicketDraft(number) })],
    now,
  )
  const all = await createTicketStore(database, initialDialogue).list({
    view: 'all',
    agentId: '',
    limit: 100,
  })
  const ticket = all.find((one) => one.number === number)
  if (ticket === undefined) throw new Error('the ticket is not listed')
  return ticket
}
