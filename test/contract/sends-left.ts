import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Ticket } from '../../src/core/ticket.ts'
import { createConversationStore, createFlowReading } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { later, now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

/** How many more messages the contacts of open tickets can be sent. */
export const itTellsSendsLeft = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
  })
  afterAll(() => test.dispose())

  /** People with a ticket each. */
  const serve = async (people: number) => {
    const served: { readonly contactKey: string; readonly ticket: Ticket }[] = []
    for (let person = 0; person < people; person += 1) {
      const contactKey = world.newContact()
      served.push({ contactKey, ticket: await world.newTicket(contactKey) })
    }
    return served
  }
  /** Writes once more, which opens so many sends for two days. */
  const opens = async (contactKey: string, left: number) => {
    const quota = { message: { left, until: later(48), reserved: 1 } }
    const item = buildItem(buildInbound({ contactKey }), { quota })
    await createConversationStore(test.database).accept([item], now)
  }

  it('counts open tickets by what is left, while it is open', async () => {
    const served = await serve(7)
    for (const [place, left] of [0, 1, 1, 5, 20, 3].entries())
      await opens(served[place]?.contactKey ?? '', left)
    const solved = served[5]?.ticket
    if (solved !== undefined) await world.set(solved, { state: 'solved', solvedAt: now })
    const told = async (hours: number) =>
      (await createFlowReading(test.database).sendsLeft(later(hours))).map(({ left, count }) => [left, count])
    // The last ticket's channel has no allowances.
    expect(await told(1)).toEqual([
      ['0', 1],
      ['1', 2],
      ['more', 2],
    ])
    expect(await told(49)).toEqual([['closed', 5]])
  })
}
