import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { TicketRelations, TicketStandings, TicketTides } from '../../src/core/ticket.ts'
import {
  createFolderBlobs,
  createInboxCleaner,
  createTicketRelations,
  createTicketStandings,
  createTicketTides,
} from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { later, now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

/** What every database must do for the course of a ticket: facts, contacts who write, time, and what contacts may know. */
export const itFollowsTickets = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  let relations: TicketRelations
  let tides: TicketTides
  let standings: TicketStandings
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
    relations = createTicketRelations(test.database, initialDialogue)
    tides = createTicketTides(test.database)
    standings = createTicketStandings(test.database)
  })
  afterAll(() => test.dispose())

  describe('facts', () => {
    it('are set, shown, and stand in the history as they were and are', async () => {
      const ticket = await world.newTicket()
      const changed = await world.set(ticket, {
        tags: ['vip', '退款'],
        fields: { orderNumber: 'A1' },
        kind: 'complaint',
      })
      expect(changed).toMatchObject({
        tags: ['vip', '退款'],
        fields: { orderNumber: 'A1' },
        kind: 'complaint',
        version: 2,
      })
      const { facts } = (await world.store.timeline(ticket.id)).at(-1)?.detail ?? {}
      expect(facts).toEqual({
        kind: { from: 'question', to: 'complaint' },
        tags: { from: [], to: ['vip', '退款'] },
        fields: { from: {}, to: { orderNumber: 'A1' } },
      })
    })

    it('of a hold go with it', async () => {
      const ticket = await world.newTicket()
      const held = await world.set(ticket, { state: 'on_hold', holdReason: '等财务', holdUntil: later(1) })
      expect(held).toMatchObject({ state: 'on_hold', holdReason: '等财务', holdUntil: later(1) })
      const back = await world.set(ticket, { state: 'open' })
      expect([back.holdReason, back.holdUntil]).toEqual([undefined, undefined])
    })

    it('of a closed ticket change no more in its state', async () => {
      const ticket = await world.newTicket()
      await world.set(ticket, { state: 'closed', closedAt: now })
      await expect(world.set(ticket, { state: 'open' })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('closed for good') as unknown,
      })
      expect((await world.store.get(ticket.id)).state).toBe('closed')
    })

    it('written on an old screen are refused with both versions', async () => {
      const ticket = await world.newTicket()
      await world.set(ticket, { tags: ['a'] })
      const late = world.store.apply(
        {
          ticketId: ticket.id,
          expectedVersion: 1,
          actor: world.actor,
          change: 'changed',
          detail: {},
          set: { tags: ['b'] },
        },
        now,
      )
      await expect(late).rejects.toMatchObject({ code: 'conflict', facts: { version: 2, yours: 1 } })
      expect((await world.store.get(ticket.id)).tags).toEqual(['a'])
    })

    it('that a rule changes name the rule', async () => {
      const ticket = await world.newTicket()
      const rule = { author: 'system', rule: 'vip-first' } as const
      await world.store.apply(
        { ticketId: ticket.id, actor: rule, change: 'changed', detail: {}, set: { priority: 'high' } },
        now,
      )
      expect((await world.changesOf(ticket)).at(-1)).toMatchObject({
        who: 'system',
        detail: { rule: 'vip-first' },
      })
    })
  })

  describe('what the contact writes', () => {
    it('goes to the ticket that waits for them', async () => {
      const contact = world.newContact()
      const [first, second] = [await world.newTicket(contact), await world.newTicket(contact)]
      await world.set(first, { state: 'pending' })
      await world.set(second, { state: 'open' })
      expect((await world.turn(contact)).ticket?.number).toBe(first.number)
    })

    it('goes to the ticket that goes on, when its own was merged while the bot thought', async () => {
      const contact = world.newContact()
      const [old, kept] = [await world.newTicket(contact), await world.newTicket(contact)]
      await world.set(old, { state: 'pending' })
      await world.turn(contact, async () => {
        await relations.merge({ ...world.pair(old), intoId: kept.id }, now)
        return { touchesTicket: true }
      })
      expect((await world.changesOf(kept)).at(-1)).toMatchObject({ change: 'contact-wrote', who: 'contact' })
    })

    it('ends a hold', async () => {
      const contact = world.newContact()
      const ticket = await world.newTicket(contact)
      await world.set(ticket, { state: 'on_hold', holdReason: '等财务' })
      await world.turn(contact, () => ({ touchesTicket: true }))
      const after = await world.store.get(ticket.id)
      expect([after.state, after.holdReason]).toEqual(['open', undefined])
    })

    it('takes a solved ticket up again', async () => {
      const contact = world.newContact()
      const ticket = await world.newTicket(contact)
      await world.set(ticket, { state: 'solved', solvedAt: now, mode: 'bot' })
      const claim = await world.turn(contact, () => ({ reopensTicket: true }))
      expect(claim.lastTicket).toEqual({ id: ticket.id, number: ticket.number, state: 'solved' })
      const after = await world.store.get(ticket.id)
      expect(after).toMatchObject({ state: 'open', conversationMode: 'human' })
      expect(after.solvedAt).toBeUndefined()
      expect((await world.changesOf(ticket)).at(-1)).toMatchObject({ change: 'reopened', who: 'contact' })
    })

    it('after a closed ticket is a new one that names it', async () => {
      const contact = world.newContact()
      const closed = await world.newTicket(contact)
      await world.set(closed, { state: 'closed', closedAt: now, mode: 'bot' })
      expect((await world.turn(contact)).lastTicket?.state).toBe('closed')
      const next = await world.newTicket(contact, closed.id)
      expect(await relations.related(next.id)).toMatchObject([
        { number: closed.number, relation: 'continues' },
      ])
    })
  })

  describe('time', () => {
    it('brings back what was held, once, and not before', async () => {
      const ticket = await world.newTicket()
      await world.set(ticket, { state: 'on_hold', holdReason: '等财务', holdUntil: later(2) })
      expect(await tides.resumeHeld(later(1), 100)).not.toContain(ticket.id)
      const twice = await Promise.all([tides.resumeHeld(later(2), 100), tides.resumeHeld(later(2), 100)])
      expect(twice.flat().filter((id) => id === ticket.id)).toHaveLength(1)
      expect(await world.store.get(ticket.id)).toMatchObject({ state: 'open' })
      expect((await world.changesOf(ticket)).at(-1)).toMatchObject({
        change: 'resumed',
        who: 'system',
        detail: { rule: 'hold-over', held: '等财务' },
      })
    })

    it('closes what was solved long ago', async () => {
      const ticket = await world.newTicket()
      await world.set(ticket, { state: 'solved', solvedAt: now })
      expect(await tides.closeSolved(later(-1), later(1), 100)).not.toContain(ticket.id)
      expect(await tides.closeSolved(now, later(72), 100)).toContain(ticket.id)
      expect(await world.store.get(ticket.id)).toMatchObject({ state: 'closed', closedAt: later(72) })
    })
  })

  describe('emptying an inbox', () => {
    it('takes linked tickets along', async () => {
      const [one, two] = [await world.newTicket(), await world.newTicket()]
      await relations.link({ ...world.pair(one), toId: two.id, kind: 'related', linked: true }, now)
      const blobs = createFolderBlobs(join(test.folder, 'media'))
      await createInboxCleaner({ database: test.database, blobs }).clear([one.inboxId])
      await expect(world.store.get(one.id)).rejects.toMatchObject({ code: 'not_found' })
      expect(
        await test.database.query('select 1 from events where conversation_id = $1', [one.conversationId]),
      ).toEqual([])
    })
  })

  describe('the contact', () => {
    it('may know of their own tickets: those owed and those settled of late', async () => {
      const contact = world.newContact()
      const [owed, solved, old] = [
        await world.newTicket(contact),
        await world.newTicket(contact),
        await world.newTicket(contact),
      ]
      await world.newTicket()
      await world.set(solved, { state: 'solved', solvedAt: now })
      await world.set(old, { state: 'closed', closedAt: later(-1_000) })
      const numbers = async (limit: number) =>
        (await standings.ofContact(owed.contactId, later(-24), limit)).map(({ number }) => number)
      expect(await numbers(5)).toEqual([owed.number, solved.number])
      expect(await numbers(1)).toEqual([owed.number])
    })

    it('is led from a merged ticket to the one that goes on', async () => {
      const contact = world.newContact()
      const [old, kept] = [await world.newTicket(contact), await world.newTicket(contact)]
      await relations.merge({ ...world.pair(old), intoId: kept.id }, now)
      expect(await standings.ofNumber(old.contactId, old.number)).toMatchObject({ mergedInto: kept.number })
      expect((await standings.ofContact(old.contactId, now, 5)).map(({ number }) => number)).toEqual([
        kept.number,
      ])
    })

    it('learns nothing of anybody else’s', async () => {
      const [own, foreign] = [await world.newTicket(), await world.newTicket()]
      expect(await standings.ofNumber(own.contactId, foreign.number)).toBeUndefined()
      await expect(standings.get('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
        code: 'not_found',
      })
    })
  })
}
