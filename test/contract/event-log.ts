import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { EventLog, LoggedEvent } from '../../src/core/event-log.ts'
import {
  createAgentDirectory,
  createConversationStore,
  createEventLog,
  createTicketStore,
} from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

const now = new Date('2026-11-23T04:00:00Z')

/** What every database must do for the log of what happened. */
export const itIsAnEventLog = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let log: EventLog
  beforeAll(async () => {
    test = await open()
    log = createEventLog(test.database)
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query('truncate events')
  })

  const note = (data: string, query = test.database.query) =>
    query(`insert into events (type, at, data) values ('ticket.changed', $1, $2::jsonb)`, [
      now,
      JSON.stringify({ data }),
    ])
  const read = async (after?: string, limit = 100): Promise<readonly LoggedEvent[]> => {
    await untilEventsAreReadable(test.database)
    return log.read({ types: [], limit, ...(after === undefined ? {} : { after }) })
  }
  const words = (events: readonly LoggedEvent[]) => events.map(({ data }) => data.data)

  it('tells of every message and every change, in the transaction that makes it', async () => {
    const conversations = createConversationStore(test.database)
    const tickets = createTicketStore(test.database, initialDialogue)
    const agent = await createAgentDirectory(test.database).create({
      name: '李然',
      email: 'li@example.com',
      role: 'agent',
    })
    await conversations.accept([buildItem(buildInbound({ contactKey: 'oEvents' }))], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    const number = await conversations.nextTicketNumber()
    const outcome = buildOutcome(claim, {
      mode: 'human',
      outbound: [buildDraft('已转人工')],
      openTicket: buildTicketDraft(number),
    })
    await conversations.commit([outcome], now)
    // Fenced: no effect, and nothing told.
    await conversations.commit([outcome], now)
    const [ticket] = await tickets.list({ view: 'all', agentId: agent.id, limit: 1 })
    if (ticket === undefined) throw new Error('no ticket')
    const change = {
      ticketId: ticket.id,
      actor: { agentId: agent.id, name: agent.name },
      change: 'replied' as const,
      detail: {},
      set: { state: 'pending' as const },
      say: buildDraft('您好', { author: 'agent' }),
      idempotencyKey: 'once',
    }
    await tickets.apply(change, now)
    await tickets.apply(change, now)
    const events = await read()
    expect(events.map(({ type }) => type)).toEqual([
      'message.received',
      'message.sent',
      'ticket.opened',
      'message.sent',
      'ticket.changed',
    ])
    const subjects = { conversationId: ticket.conversationId, contactId: ticket.contactId, at: now }
    for (const event of events) expect(event).toMatchObject(subjects)
    expect(events[2]).toMatchObject({ ticketId: ticket.id, data: { number, version: 1, state: 'new' } })
    expect(events[4]).toMatchObject({
      ticketId: ticket.id,
      data: { number, version: 2, state: 'pending', change: 'replied', agentId: agent.id },
    })
    // What was said stays where it was said.
    expect(JSON.stringify(events)).not.toContain('您好')
  })

  it('reads on behind any place, and only the types that are asked for', async () => {
    for (const word of ['a', 'b', 'c']) await note(word)
    const all = await read()
    expect(words(all)).toEqual(['a', 'b', 'c'])
    expect(words(await read(all[0]?.id))).toEqual(['b', 'c'])
    expect(words(await read(all[0]?.id, 1))).toEqual(['b'])
    expect(await read(all[2]?.id)).toEqual([])
    expect(await log.newest()).toBe(all[2]?.id)
    expect(await log.read({ types: ['ticket.opened'], limit: 10 })).toEqual([])
  })

  it.each(['', 'x', '1', '1-', '-1', '1-2-3', "1-1'; drop table events", '9'.repeat(20) + '-1'])(
    'refuses %j for a place',
    async (place) => {
      await expect(read(place)).rejects.toMatchObject({ code: 'bad_input' })
    },
  )

  it('goes on behind a place of a server from before a restore, and puts old events first', async () => {
    await note('old')
    await test.database.query("update events set tx = '9000000000'::xid8")
    const place = `9000000000-${String((await test.database.query<{ id: number }>('select id::int from events'))[0]?.id)}`
    await log.retire(new Date(0))
    await note('new')
    expect(words(await read())).toEqual(['old', 'new'])
    expect(words(await read(place))).toEqual(['new'])
  })

  it('forgets what is too old', async () => {
    await note('old')
    await log.retire(new Date(now.getTime() - 1))
    expect(words(await read())).toEqual(['old'])
    await log.retire(new Date(now.getTime() + 1))
    expect(await read()).toEqual([])
  })
}
