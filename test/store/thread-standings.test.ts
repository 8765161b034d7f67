import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createThreadStandings } from '../../src/store/index.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import type { TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'
import { now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

const itTellsWhereThreadsStand = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
  })
  afterAll(() => test.dispose())

  const standing = async (contactKey: string) => {
    const [row] = await test.database.query<{ inbox_id: string; thread_key: string }>(
      'select inbox_id, thread_key from conversations where contact_key = $1',
      [contactKey],
    )
    return createThreadStandings(test.database)(row?.inbox_id ?? 'none', row?.thread_key ?? contactKey)
  }

  it('knows nothing of a thread in which nothing was said', async () => {
    expect(await standing('oNobody')).toBeUndefined()
  })

  it('tells who leads, and the ticket that waits until somebody has it', async () => {
    const contactKey = world.newContact()
    await world.turn(contactKey, () => ({ mode: 'bot' }))
    expect(await standing(contactKey)).toEqual({ mode: 'bot' })
    const ticket = await world.newTicket(contactKey)
    expect(await standing(contactKey)).toEqual({ mode: 'human', ticket: { id: ticket.id, isPlain: true } })
    await world.set(ticket, { priority: 'urgent' })
    expect(await standing(contactKey)).toMatchObject({ ticket: { isPlain: false } })
    await world.store.apply(
      {
        ...{ ticketId: ticket.id, actor: world.actor, change: 'assigned', detail: {} },
        set: { assigneeId: world.actor.agentId, state: 'open' },
      },
      now,
    )
    expect(await standing(contactKey)).toEqual({ mode: 'human' })
  })
}

describe('where threads stand, embedded', () => itTellsWhereThreadsStand(openTestEmbedded))
describeWith('postgres', 'where threads stand, on PostgreSQL', (url) =>
  itTellsWhereThreadsStand(() => openTestPostgres(url)),
)
