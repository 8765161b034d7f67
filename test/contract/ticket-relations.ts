import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { Ticket, TicketRelations } from '../../src/core/ticket.ts'
import { createTicketRelations } from '../../src/store/index.ts'
import { buildSplitDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

const draft = buildSplitDraft()

/** What every database must do for tickets that belong together. */
export const itKeepsTicketsTogether = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  let relations: TicketRelations
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
    relations = createTicketRelations(test.database, initialDialogue)
  })
  afterAll(() => test.dispose())

  describe('a parent', () => {
    it('has children, and is no child itself', async () => {
      const [parent, child, other] = [
        await world.newTicket(),
        await world.newTicket(),
        await world.newTicket(),
      ]
      await world.set(child, { parentId: parent.id })
      expect(await relations.related(parent.id)).toMatchObject([{ number: child.number, relation: 'child' }])
      expect(await relations.related(child.id)).toMatchObject([{ number: parent.number, relation: 'parent' }])
      await expect(world.set(parent, { parentId: other.id })).rejects.toMatchObject({ code: 'bad_input' })
      await expect(world.set(other, { parentId: child.id })).rejects.toMatchObject({ code: 'bad_input' })
      await expect(world.set(other, { parentId: other.id })).rejects.toMatchObject({ code: 'bad_input' })
      expect((await world.set(child, { parentId: null })).parentId).toBeUndefined()
    })
  })

  describe('links', () => {
    it('stand at both ends and in both histories, once', async () => {
      const [one, two] = [await world.newTicket(), await world.newTicket()]
      const link = { ...world.pair(one), toId: two.id, kind: 'duplicate', linked: true } as const
      await relations.link(link, now)
      await relations.link(link, now)
      expect(await relations.related(one.id)).toMatchObject([
        { id: two.id, relation: 'duplicate', inverse: false },
      ])
      expect(await relations.related(two.id)).toMatchObject([
        { id: one.id, relation: 'duplicate', inverse: true },
      ])
      for (const ticket of [one, two])
        expect((await world.changesOf(ticket)).filter(({ change }) => change === 'linked')).toHaveLength(1)
    })

    it('are taken away from either end', async () => {
      const [one, two] = [await world.newTicket(), await world.newTicket()]
      await relations.link({ ...world.pair(one), toId: two.id, kind: 'related', linked: true }, now)
      await relations.link({ ...world.pair(two), toId: one.id, kind: 'related', linked: false }, now)
      expect(await relations.related(one.id)).toEqual([])
      expect((await world.changesOf(one)).at(-1)?.change).toBe('unlinked')
    })

    it('lead to another ticket that exists', async () => {
      const one = await world.newTicket()
      const to = (toId: string) =>
        relations.link({ ...world.pair(one), toId, kind: 'related', linked: true }, now)
      await expect(to(one.id)).rejects.toMatchObject({ code: 'bad_input' })
      await expect(to('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('merging', () => {
    it('closes one in favour of the other, which owes what both did', async () => {
      const contact = world.newContact()
      const [old, kept] = [await world.newTicket(contact), await world.newTicket(contact)]
      await world.set(old, { priority: 'urgent', tags: ['b'], fields: { a: 1, b: 1 } })
      await world.set(kept, { tags: ['a'], fields: { a: 2 } })
      const child = await world.newTicket()
      await world.set(child, { parentId: old.id })
      const merged = await relations.merge({ ...world.pair(old), intoId: kept.id }, now)
      expect(merged).toMatchObject({
        id: kept.id,
        priority: 'urgent',
        tags: ['a', 'b'],
        fields: { a: 2, b: 1 },
      })
      expect(await world.store.get(old.id)).toMatchObject({
        state: 'closed',
        mergedInto: kept.id,
        closedAt: now,
      })
      expect((await world.store.get(child.id)).parentId).toBe(kept.id)
      expect((await world.changesOf(old)).at(-1)).toMatchObject({
        change: 'merged',
        detail: { number: kept.number },
      })
      expect((await world.changesOf(kept)).at(-1)).toMatchObject({
        change: 'absorbed',
        detail: {
          ...{ number: old.number, openedAt: old.createdAt.toISOString() },
          facts: {
            priority: { from: 'normal', to: 'urgent' },
            tags: { from: ['a'], to: ['a', 'b'] },
            fields: { from: { a: 2 }, to: { a: 2, b: 1 } },
          },
        },
      })
      expect((await world.changesOf(child)).at(-1)).toMatchObject({
        change: 'changed',
        detail: { facts: { parentId: { from: old.id, to: kept.id } } },
      })
    })

    it('is repeated without effect', async () => {
      const contact = world.newContact()
      const [old, kept] = [await world.newTicket(contact), await world.newTicket(contact)]
      const change = { ...world.pair(old, { idempotencyKey: 'once' }), intoId: kept.id }
      const first = await relations.merge(change, now)
      expect(await relations.merge(change, now)).toEqual(first)
    })

    it('of two contacts, or into what is settled, is refused and changes nothing', async () => {
      const contact = world.newContact()
      const [one, two, foreign] = [
        await world.newTicket(contact),
        await world.newTicket(contact),
        await world.newTicket(),
      ]
      await expect(relations.merge({ ...world.pair(one), intoId: foreign.id }, now)).rejects.toMatchObject({
        code: 'bad_input',
      })
      await world.set(two, { state: 'solved', solvedAt: now })
      await expect(relations.merge({ ...world.pair(one), intoId: two.id }, now)).rejects.toMatchObject({
        code: 'conflict',
      })
      await expect(
        relations.merge({ ...world.pair(one, { expectedVersion: 7 }), intoId: two.id }, now),
      ).rejects.toMatchObject({ code: 'conflict', facts: { version: 1, yours: 7 } })
      expect((await world.store.get(one.id)).version).toBe(1)
    })
  })

  describe('splitting', () => {
    it('opens a second ticket in the same conversation, linked, with the messages it is about', async () => {
      const ticket = await world.newTicket()
      const [message] = await world.store.transcript(ticket.conversationId, 10)
      const messageIds = [message?.id ?? '']
      const change = { ...world.pair(ticket, { idempotencyKey: 'k' }), draft, messageIds }
      const split = await relations.split(change, now)
      expect(split).toMatchObject({
        conversationId: ticket.conversationId,
        contactId: ticket.contactId,
        state: 'open',
        assigneeId: world.actor.agentId,
        priority: 'high',
        subject: draft.title,
        brief: draft.brief,
      })
      expect(split.number).toBeGreaterThan(ticket.number)
      expect(await relations.related(ticket.id)).toMatchObject([
        { number: split.number, relation: 'split', inverse: true },
      ])
      expect((await world.changesOf(ticket)).at(-1)).toMatchObject({
        change: 'split',
        detail: { number: split.number, messageIds },
      })
      expect((await relations.split(change, now)).id).toBe(split.id)
    })

    it('takes messages of this conversation only', async () => {
      const [ticket, other] = [await world.newTicket(), await world.newTicket()]
      const [message] = await world.store.transcript(other.conversationId, 10)
      const messageIds = [message?.id ?? '']
      await expect(relations.split({ ...world.pair(ticket), draft, messageIds }, now)).rejects.toMatchObject({
        code: 'bad_input',
      })
      expect(await relations.related(ticket.id)).toEqual([])
    })

    it('leaves the bot silent until the last matter of the conversation is settled', async () => {
      const ticket = await world.newTicket()
      const [message] = await world.store.transcript(ticket.conversationId, 10)
      const split = await relations.split(
        { ...world.pair(ticket), draft, messageIds: [message?.id ?? ''] },
        now,
      )
      const solve = (one: Ticket) => world.set(one, { state: 'solved', solvedAt: now, mode: 'bot' })
      expect((await solve(ticket)).conversationMode).toBe('human')
      expect((await solve(split)).conversationMode).toBe('bot')
    })
  })
}
