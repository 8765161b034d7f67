import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DecisionRecord } from '../../src/core/conversation.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { createHandoffStore, createTicketRelations } from '../../src/store/index.ts'
import { buildRecord, buildSplitDraft, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { later, now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

const escalated: DecisionRecord = buildRecord({ kind: 'escalate' })
const summary = {
  facts: [{ text: '扣了 25 元', isUnsure: false }],
  tried: [],
  wants: [],
  mood: 'anxious',
} as const
const made = { summary, model: 'test/model', language: 'zh', reachesSeq: 1, masked: [] } as const

/** What counts as a handover that is to be summarised, and what does not. */
export const itPlansHandoffSummaries = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
  })
  afterAll(() => test.dispose())

  const store = () => createHandoffStore(test.database)
  const handedOver = async (decision = escalated, contact = world.newContact()): Promise<Ticket> => {
    let opened = 0
    await world.turn(contact, (number) => {
      opened = number
      return { decision, openTicket: buildTicketDraft(number) }
    })
    const all = await world.store.list({ view: 'all', agentId: '', limit: 1_000 })
    const ticket = all.find(({ number }) => number === opened)
    if (ticket === undefined) throw new Error('no ticket')
    return ticket
  }
  const plan = async (since: Date, at = now): Promise<readonly string[]> => {
    const planned: string[] = []
    await store().plan({ since, now: at }, (_, { ticketId }) => {
      planned.push(ticketId)
      return Promise.resolve()
    })
    return planned
  }
  /** Something else happens to a ticket. */
  const touch = ({ id }: Ticket, at: Date) =>
    test.database.query('update tickets set updated_at = $2 where id = $1', [id, at])

  it('each handover once', async () => {
    const ticket = await handedOver()
    expect(await plan(later(-1))).toContain(ticket.id)
    expect(await plan(later(-1))).toEqual([])
    expect(await store().find(ticket.id)).toMatchObject({ state: 'planned' })
  })

  it.each([
    { code: 'for-person', values: {} },
    { code: 'asked-by-program', values: { program: 'forum' } },
  ] as const)('one beside an answer, too ($code)', async (reason) => {
    const ticket = await handedOver(buildRecord({ reasons: [reason] }))
    expect(await plan(later(-1))).toEqual([ticket.id])
  })

  it('none of long ago, whatever happens to its ticket now', async () => {
    const ticket = await handedOver()
    await touch(ticket, later(3))
    expect(await plan(later(2), later(3))).toEqual([])
    expect(await plan(later(-1))).toEqual([ticket.id])
  })

  it('none for a ticket that a person split off', async () => {
    const ticket = await handedOver()
    await createTicketRelations(test.database, '').split(
      { ...world.pair(ticket), draft: buildSplitDraft(), messageIds: [] },
      now,
    )
    expect(await plan(later(-1))).toEqual([ticket.id])
  })

  it('none of what is over', async () => {
    const ticket = await handedOver()
    await world.set(ticket, { state: 'solved' })
    expect(await plan(later(-1))).toEqual([])
  })

  it('another where it was moved to, and nothing of where it was', async () => {
    const ticket = await handedOver()
    expect(await plan(later(-1))).toEqual([ticket.id])
    await store().settle({ ticketId: ticket.id, seq: 1 }, made, now)
    expect((await store().find(ticket.id))?.made).toMatchObject(made)
    const elsewhere = await handedOver()
    await world.set(elsewhere, { state: 'solved' })
    await test.database.query('update tickets set conversation_id = $2 where id = $1', [
      ...[ticket.id, elsewhere.conversationId],
    ])
    expect(await plan(later(-1))).toEqual([ticket.id])
    const kept = await store().find(ticket.id)
    expect(kept).toMatchObject({ state: 'planned', conversationId: elsewhere.conversationId })
    expect(kept?.made).toBeUndefined()
  })
}
