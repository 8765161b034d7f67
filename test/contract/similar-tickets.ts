import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { PastTickets } from '../../src/core/similar-ticket.ts'
import type { Ticket, TicketSet } from '../../src/core/ticket.ts'
import { createPastTickets } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { later, now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

/** What every database must tell of settled tickets that another may be like. */
export const itFindsPastTickets = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  let past: PastTickets
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
    past = createPastTickets(test.database)
  })
  afterAll(() => test.dispose())
  beforeEach(() => test.database.query(`update tickets set topic = 'earlier'`))

  const settled = async (changes: TicketSet, updatedAt: Date): Promise<Ticket> => {
    const ticket = await world.newTicket()
    await world.set(ticket, changes)
    await test.database.query('update tickets set updated_at = $2 where id = $1', [ticket.id, updatedAt])
    return ticket
  }
  const found = async (ticket: Ticket, since = later(-100)) =>
    (await past.ofTopic(ticket, since)).map(({ number }) => number)

  it('gives those of the topic that were settled since then, the newest first, without it and merged ones', async () => {
    const ticket = await settled({ state: 'solved', solvedAt: now }, later(9))
    const [one, two] = [
      await settled({ state: 'solved', solvedAt: later(-3) }, later(-2)),
      await settled({ state: 'closed' }, later(-1)),
    ]
    await settled({ state: 'open' }, now)
    await settled({ state: 'solved', solvedAt: now, topic: 'another' }, now)
    const merged = await settled({ state: 'closed' }, now)
    await test.database.query('update tickets set merged_into = $2 where id = $1', [merged.id, one.id])
    expect(await found(ticket)).toEqual([two.number, one.number])
    expect(await found(ticket, later(-2))).toEqual([two.number, one.number])
    expect(await found(ticket, later(-1.5))).toEqual([two.number])
    const [, first] = await past.ofTopic(ticket, later(-100))
    expect(first).toEqual({
      ...{ id: one.id, number: one.number, title: one.title, kind: one.kind },
      solvedAt: later(-3),
    })
  })

  const say = async (ticket: Ticket, parts: readonly object[], status = 'sent'): Promise<void> => {
    await test.database.query(
      `with said as (
        insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
        select gen_random_uuid(), $1, (select max(seq) + 1 from messages where conversation_id = $1), 'wechat-test',
          'out', 'agent', $3::jsonb, $4, $4 returning id
      ), queued as (
        insert into outbox (id, message_id, conversation_id, inbox_id, author, part, status, next_attempt_at, created_at)
        select gen_random_uuid(), id, $1, 'wechat-test', 'agent', '{}', $5, $4, $4 from said
      )
      insert into ticket_timeline (ticket_id, at, actor, change, detail)
      select $2, $4, 'agent', 'replied', jsonb_build_object('messageId', id) from said`,
      [ticket.conversationId, ticket.id, JSON.stringify(parts), now, status],
    )
  }
  const text = (words: string) => [{ kind: 'text', text: words }]

  it('gives the last words of an agent, but none that were taken back or are no words', async () => {
    const [spoken, taken, shown, silent] = [
      await world.newTicket(),
      await world.newTicket(),
      await world.newTicket(),
      await world.newTicket(),
    ]
    await say(spoken, text('先看看'))
    await say(spoken, text('审核最长三天'))
    await say(taken, text('请稍等'))
    await say(taken, text('说错了'), 'withdrawn')
    await say(shown, [{ kind: 'image', media: { mediaId: 'm' } }])
    const answers = await past.answers([spoken, taken, shown, silent].map(({ id }) => id))
    expect(Object.fromEntries(answers)).toEqual({ [spoken.id]: '审核最长三天', [taken.id]: '请稍等' })
    expect((await past.answers([])).size).toBe(0)
  })

  it('gives what was said under a ticket, and nothing of other tickets of its conversation', async () => {
    const ask = (ticket: Ticket, words: string, at: Date) =>
      test.database.query(
        `insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
        select gen_random_uuid(), $1, (select max(seq) + 1 from messages where conversation_id = $1), 'wechat-test',
          'in', 'contact', $2::jsonb, $3, $3`,
        [ticket.conversationId, JSON.stringify(text(words)), at],
      )
    const [appeal, ticket] = [await world.newTicket(), await world.newTicket()]
    await test.database.query(
      `update tickets set conversation_id = $2, kind = 'appeal', state = 'closed', created_at = $3, solved_at = $4 where id = $1`,
      [appeal.id, ticket.conversationId, later(-9), later(-7)],
    )
    await test.database.query(
      `update tickets set state = 'solved', created_at = $2, solved_at = $3 where id = $1`,
      [ticket.id, later(-4), later(-2)],
    )
    const moved = { ...appeal, conversationId: ticket.conversationId }
    await test.database.query(`delete from messages where conversation_id = $1 and direction = 'out'`, [
      ticket.conversationId,
    ])
    await test.database.query(`update messages set created_at = $2 where conversation_id = $1`, [
      ticket.conversationId,
      later(-10),
    ])
    await ask(ticket, '我为什么被封', later(-8))
    await say(moved, text('因为您辱骂了某人'))
    await ask(ticket, '发票怎么开', later(-5))
    await ask(ticket, '抬头写公司', later(-3))
    await say(ticket, text('说错了'), 'withdrawn')
    await say(ticket, text('在订单页开'))
    await ask(ticket, '我家在某处', later(-1))
    expect(await past.said(ticket.id, 9)).toMatchObject([
      { author: 'contact', text: '发票怎么开' },
      { author: 'contact', text: '抬头写公司' },
      { author: 'agent', text: '在订单页开' },
    ])
    expect(await past.said(ticket.id, 1)).toMatchObject([{ text: '在订单页开' }])
  })
}
