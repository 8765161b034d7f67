import { afterAll, beforeAll, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import type { ThreadReading } from '../../src/core/thread-reading.ts'
import { createAgentDirectory, createThreadReading, createTicketStore } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { manyLike, talkOn } from '../../bench/long-data.ts'
import { openTicket } from '../support/open-ticket.ts'

/** What every reading of conversations piece by piece does. */
export const itReadsThreads = (open: () => Promise<TestDatabase>): void => {
  let opened: TestDatabase
  let reading: ThreadReading
  let ticket: Ticket
  let agentId: string
  beforeAll(async () => {
    opened = await open()
    reading = createThreadReading(opened.database)
    ticket = await openTicket(opened.database)
    await talkOn(opened.database, ticket, 50)
    const agents = createAgentDirectory(opened.database)
    ;({ id: agentId } = await agents.create({ name: '李然', email: 'reader@example.com', role: 'agent' }))
  })
  afterAll(() => opened.dispose())

  const seqs = async (query: { limit: number; before?: number; from?: number }) => {
    const { conversationId } = ticket
    const { messages, earlier, later } = await reading.stretch({ conversationId, ...query })
    return { first: messages[0]?.seq, last: messages.at(-1)?.seq, count: messages.length, earlier, later }
  }

  it('gives the newest, what is before, and what follows', async () => {
    expect(await seqs({ limit: 10 })).toEqual({ first: 41, last: 50, count: 10, earlier: true, later: false })
    expect(await seqs({ limit: 10, before: 41 })).toEqual({
      ...{ first: 31, last: 40, count: 10 },
      ...{ earlier: true, later: true },
    })
    expect(await seqs({ limit: 10, before: 5 })).toMatchObject({
      first: 1,
      last: 4,
      earlier: false,
      later: true,
    })
    expect(await seqs({ limit: 10, from: 3 })).toMatchObject({
      first: 3,
      last: 12,
      earlier: true,
      later: true,
    })
    expect(await seqs({ limit: 10, from: 45 })).toMatchObject({ first: 45, last: 50, later: false })
    expect(await seqs({ limit: 10, from: 51 })).toMatchObject({ count: 0, earlier: true, later: false })
  })

  it('knows what an agent has not read, and never goes back', async () => {
    const { conversationId, id: ticketId } = ticket
    expect(await reading.firstUnread(conversationId, agentId)).toBeUndefined()
    await reading.markRead({ ticketId, agentId, seq: 20 })
    expect(await reading.firstUnread(conversationId, agentId)).toBe(21)
    await reading.markRead({ ticketId, agentId, seq: 10 })
    expect(await reading.firstUnread(conversationId, agentId)).toBe(21)
    // Her own words are not news.
    await opened.database.query('update messages set agent_id = $1 where conversation_id = $2 and seq = 21', [
      ...[agentId, conversationId],
    ])
    expect(await reading.firstUnread(conversationId, agentId)).toBe(22)
    await reading.markRead({ ticketId, agentId, seq: 50 })
    expect(await reading.firstUnread(conversationId, agentId)).toBeUndefined()
  })

  it('lists every ticket once, page by page', async () => {
    await manyLike(opened.database, ticket, 30)
    const tickets = createTicketStore(opened.database, initialDialogue)
    for (const view of ['open', 'all'] as const) {
      const all: number[] = []
      for (let after: string | undefined; ;) {
        const page = await tickets.list({
          ...{ view, agentId: '', limit: 7 },
          ...(after === undefined ? {} : { after }),
        })
        all.push(...page.map(({ number }) => number))
        after = page.at(-1)?.id
        if (page.length < 7) break
      }
      const once = await tickets.list({ view, agentId: '', limit: 100 })
      expect(all).toEqual(once.map(({ number }) => number))
    }
    await opened.database.query("update tickets set state = 'solved', updated_at = now()")
    const first = await tickets.list({ view: 'solved', agentId: '', limit: 20 })
    const second = await tickets.list({
      view: 'solved',
      agentId: '',
      limit: 20,
      after: first.at(-1)?.id ?? '',
    })
    expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(31)
  })
}
