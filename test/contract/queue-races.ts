import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { createTicketStore, type Database } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import {
  openQueueStores,
  openQueueWorld,
  policyAt,
  teamFacts,
  type QueueWorld,
} from '../support/queue-world.ts'
import { now } from '../support/ticket-world.ts'

/** A second node's own connections to the same database. */
export type OpenOther = (
  test: TestDatabase,
) => Promise<{ readonly database: Database; close(): Promise<void> }>

/** What holds when two nodes and many people want the same at once. */
export const itRacesForTickets = (open: () => Promise<TestDatabase>, openOther: OpenOther): void => {
  let test: TestDatabase
  let other: Awaited<ReturnType<OpenOther>>
  let world: QueueWorld
  beforeAll(async () => {
    test = await open()
    other = await openOther(test)
    world = await openQueueWorld(test)
  })
  afterAll(async () => {
    await other.close()
    await test.dispose()
  })
  beforeEach(() => world.clear())

  it('lets one of fifty who take a ticket at once have it, and tells the others who that is', async () => {
    const ticket = await world.newTicket()
    const stores = [test.database, other.database].map((database) =>
      createTicketStore(database, initialDialogue),
    )
    const people = await Promise.all(Array.from({ length: 50 }, () => world.hire()))
    const tries = await Promise.allSettled(
      people.map(async (agentId, n) =>
        stores[n % 2]?.apply(
          {
            ticketId: ticket.id,
            actor: { agentId, name: agentId },
            change: 'taken',
            detail: {},
            set: { state: 'open', assigneeId: agentId, mode: 'human' },
            onlyIfUnassigned: true,
          },
          now,
        ),
      ),
    )
    const won = tries.filter(
      (one): one is PromiseFulfilledResult<Ticket | undefined> => one.status === 'fulfilled',
    )
    expect(won).toHaveLength(1)
    const { assigneeName } = won[0]?.value ?? {}
    expect(assigneeName).toBeDefined()
    for (const one of tries)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ code: 'conflict', facts: { assigneeName } })
    const taken = (await world.tickets.changesOf(ticket)).filter(({ change }) => change === 'taken')
    expect(taken).toHaveLength(1)
  })

  it('gives every ticket to one person and nobody too many, while people come, go and take by hand', async () => {
    const team = await world.teams.create(teamFacts({ isDefault: true }), now)
    const people = []
    for (let n = 0; n < 6; n += 1) people.push(await world.join(team))
    const tickets: Ticket[] = []
    for (let n = 0; n < 20; n += 1) tickets.push(await world.newTicket())
    const nodes = [test.database, other.database].map(openQueueStores)
    const drain = async (node: (typeof nodes)[number]) => {
      await node.assignment.route({ after: 0, limit: 100 }, now)
      const given = []
      for (;;) {
        const one = await node.assignment.assignNext(policyAt(now), now)
        if (one === undefined) return given
        given.push(one)
      }
    }
    const [leaver = '', taker = ''] = people
    const leave = async (): Promise<number> => {
      await world.presence.set(leaver, 'offline', now)
      return test.database
        .query<{ count: number }>('select count(*)::int as count from tickets where assignee_id = $1', [
          leaver,
        ])
        .then(([row]) => row?.count ?? 0)
    }
    const byHand = world.tickets.store
      .apply(
        {
          ticketId: tickets[7]?.id ?? '',
          actor: { agentId: taker, name: taker },
          change: 'taken',
          detail: {},
          set: { state: 'open', assigneeId: taker, mode: 'human' },
          onlyIfUnassigned: true,
        },
        now,
      )
      .then(() => true)
      .catch(() => false)
    const draining = Promise.all(nodes.map(drain))
    const leaving = leave()
    await byHand
    const whenLeft = await leaving
    const given = (await draining).flat()
    expect(new Set(given.map(({ ticketId }) => ticketId)).size).toBe(given.length)
    const loads = await test.database.query<{ id: string; count: number }>(
      'select assignee_id as id, count(*)::int as count from tickets where assignee_id is not null group by 1',
    )
    for (const { id, count } of loads) expect(count, id).toBeLessThanOrEqual(id === taker ? 3 : 2)
    // What the leaver had when they were gone is what they have.
    expect(loads.find(({ id }) => id === leaver)?.count ?? 0).toBe(whenLeft)
    const history = await test.database.query<{ count: number }>(
      `select count(*)::int as count from ticket_timeline where change in ('assigned', 'taken') group by ticket_id having count(*) > 1`,
    )
    expect(history).toEqual([])
  })
}
