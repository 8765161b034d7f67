import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { TurnOutcome } from '../../src/core/conversation.ts'
import type { ConversationStore } from '../../src/core/stores.ts'
import type {
  PairChange,
  Ticket,
  TicketRelations,
  TicketSet,
  TicketStandings,
  TicketStore,
  TicketTides,
} from '../../src/core/ticket.ts'
import {
  createAgentDirectory,
  createConversationStore,
  createFolderBlobs,
  createInboxCleaner,
  createTicketRelations,
  createTicketStandings,
  createTicketStore,
  createTicketTides,
} from '../../src/store/index.ts'
import {
  buildInbound,
  buildItem,
  buildOutcome,
  buildSplitDraft,
  buildTicketDraft,
} from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'

const now = new Date('2026-11-23T04:00:00Z')
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)
const draft = buildSplitDraft()

/** What every database must do for tickets that belong together, and for what time does to them. */
export const itKeepsTicketsTogether = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let conversations: ConversationStore
  let store: TicketStore
  let relations: TicketRelations
  let tides: TicketTides
  let standings: TicketStandings
  let actor: { readonly agentId: string; readonly name: string }
  let contacts = 0

  beforeAll(async () => {
    test = await open()
    const { database } = test
    conversations = createConversationStore(database)
    store = createTicketStore(database, initialDialogue)
    relations = createTicketRelations(database, initialDialogue)
    tides = createTicketTides(database)
    standings = createTicketStandings(database)
    const directory = createAgentDirectory(database)
    const { id, name } = await directory.create({ name: '李然', email: 'li@example.com', role: 'agent' })
    actor = { agentId: id, name }
  })
  afterAll(() => test.dispose())

  const newContact = (): string => `oUser${(contacts += 1)}`

  /** A contact's message and the turn it leads to. */
  const turn = async (contactKey: string, make: (number: number) => Partial<TurnOutcome>) => {
    await conversations.accept([buildItem(buildInbound({ contactKey }))], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    const changes = make(await conversations.nextTicketNumber())
    await conversations.commit([buildOutcome(claim, { mode: 'human', outbound: [], ...changes })], now)
    return claim
  }

  const newTicket = async (contactKey = newContact(), continues?: string): Promise<Ticket> => {
    let opened = 0
    await turn(contactKey, (number) => {
      opened = number
      return { openTicket: buildTicketDraft(number, continues === undefined ? {} : { continues }) }
    })
    const found = (await store.list({ view: 'all', agentId: '', limit: 1_000 })).find(
      ({ number }) => number === opened,
    )
    if (found === undefined) throw new Error('no ticket')
    return found
  }
  const set = (ticket: Ticket, changes: TicketSet): Promise<Ticket> =>
    store.apply({ ticketId: ticket.id, actor, change: 'changed', detail: {}, set: changes }, now)
  const pair = (ticket: Ticket, over: Partial<PairChange> = {}): PairChange => ({
    ticketId: ticket.id,
    actor,
    ...over,
  })
  const changesOf = async (ticket: Ticket) =>
    (await store.timeline(ticket.id)).map(({ change, actor: who, detail }) => ({ change, who, detail }))
  const claimed = (contactKey: string) => turn(contactKey, () => ({}))

  describe('facts', () => {
    it('are set, shown, and stand in the history as they were and are', async () => {
      const ticket = await newTicket()
      const changed = await set(ticket, {
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
      const { facts } = (await store.timeline(ticket.id)).at(-1)?.detail ?? {}
      expect(facts).toEqual({
        kind: { from: 'question', to: 'complaint' },
        tags: { from: [], to: ['vip', '退款'] },
        fields: { from: {}, to: { orderNumber: 'A1' } },
      })
    })

    it('of a hold go with it', async () => {
      const ticket = await newTicket()
      const held = await set(ticket, { state: 'on_hold', holdReason: '等财务', holdUntil: later(1) })
      expect(held).toMatchObject({ state: 'on_hold', holdReason: '等财务', holdUntil: later(1) })
      const back = await set(ticket, { state: 'open' })
      expect([back.holdReason, back.holdUntil]).toEqual([undefined, undefined])
    })

    it('of a closed ticket change no more in its state', async () => {
      const ticket = await newTicket()
      await set(ticket, { state: 'closed', closedAt: now })
      await expect(set(ticket, { state: 'open' })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('closed for good') as unknown,
      })
      expect((await store.get(ticket.id)).state).toBe('closed')
    })

    it('written on an old screen are refused with both versions', async () => {
      const ticket = await newTicket()
      await set(ticket, { tags: ['a'] })
      const late = store.apply(
        {
          ticketId: ticket.id,
          expectedVersion: 1,
          actor,
          change: 'changed',
          detail: {},
          set: { tags: ['b'] },
        },
        now,
      )
      await expect(late).rejects.toMatchObject({ code: 'conflict', facts: { version: 2, yours: 1 } })
      expect((await store.get(ticket.id)).tags).toEqual(['a'])
    })

    it('that a rule changes name the rule', async () => {
      const ticket = await newTicket()
      const rule = { author: 'system', rule: 'vip-first' } as const
      await store.apply(
        { ticketId: ticket.id, actor: rule, change: 'changed', detail: {}, set: { priority: 'high' } },
        now,
      )
      expect((await changesOf(ticket)).at(-1)).toMatchObject({ who: 'system', detail: { rule: 'vip-first' } })
    })
  })

  describe('a parent', () => {
    it('has children, and is no child itself', async () => {
      const [parent, child, other] = [await newTicket(), await newTicket(), await newTicket()]
      await set(child, { parentId: parent.id })
      expect(await relations.related(parent.id)).toMatchObject([{ number: child.number, relation: 'child' }])
      expect(await relations.related(child.id)).toMatchObject([{ number: parent.number, relation: 'parent' }])
      await expect(set(parent, { parentId: other.id })).rejects.toMatchObject({ code: 'bad_input' })
      await expect(set(other, { parentId: child.id })).rejects.toMatchObject({ code: 'bad_input' })
      await expect(set(other, { parentId: other.id })).rejects.toMatchObject({ code: 'bad_input' })
      expect((await set(child, { parentId: null })).parentId).toBeUndefined()
    })
  })

  describe('links', () => {
    it('stand at both ends and in both histories, once', async () => {
      const [one, two] = [await newTicket(), await newTicket()]
      const link = { ...pair(one), toId: two.id, kind: 'duplicate', linked: true } as const
      await relations.link(link, now)
      await relations.link(link, now)
      expect(await relations.related(one.id)).toMatchObject([
        { id: two.id, relation: 'duplicate', inverse: false },
      ])
      expect(await relations.related(two.id)).toMatchObject([
        { id: one.id, relation: 'duplicate', inverse: true },
      ])
      for (const ticket of [one, two])
        expect((await changesOf(ticket)).filter(({ change }) => change === 'linked')).toHaveLength(1)
    })

    it('are taken away from either end', async () => {
      const [one, two] = [await newTicket(), await newTicket()]
      await relations.link({ ...pair(one), toId: two.id, kind: 'related', linked: true }, now)
      await relations.link({ ...pair(two), toId: one.id, kind: 'related', linked: false }, now)
      expect(await relations.related(one.id)).toEqual([])
      expect((await changesOf(one)).at(-1)?.change).toBe('unlinked')
    })

    it('lead to another ticket that exists', async () => {
      const one = await newTicket()
      const to = (toId: string) => relations.link({ ...pair(one), toId, kind: 'related', linked: true }, now)
      await expect(to(one.id)).rejects.toMatchObject({ code: 'bad_input' })
      await expect(to('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('merging', () => {
    it('closes one in favour of the other, which owes what both did', async () => {
      const contact = newContact()
      const [old, kept] = [await newTicket(contact), await newTicket(contact)]
      await set(old, { priority: 'urgent', tags: ['b'], fields: { a: 1, b: 1 }, firstReplyDueAt: later(1) })
      await set(kept, { tags: ['a'], fields: { a: 2 } })
      const child = await newTicket()
      await set(child, { parentId: old.id })
      const merged = await relations.merge({ ...pair(old), intoId: kept.id }, now)
      expect(merged).toMatchObject({
        id: kept.id,
        priority: 'urgent',
        tags: ['a', 'b'],
        fields: { a: 2, b: 1 },
        firstReplyDueAt: later(1),
      })
      expect(await store.get(old.id)).toMatchObject({ state: 'closed', mergedInto: kept.id, closedAt: now })
      expect((await store.get(child.id)).parentId).toBe(kept.id)
      expect((await changesOf(old)).at(-1)).toMatchObject({
        change: 'merged',
        detail: { number: kept.number },
      })
      expect((await changesOf(kept)).at(-1)).toMatchObject({
        change: 'absorbed',
        detail: { number: old.number },
      })
    })

    it('is repeated without effect', async () => {
      const contact = newContact()
      const [old, kept] = [await newTicket(contact), await newTicket(contact)]
      const change = { ...pair(old, { idempotencyKey: 'once' }), intoId: kept.id }
      const first = await relations.merge(change, now)
      expect(await relations.merge(change, now)).toEqual(first)
    })

    it('of two contacts, or into what is settled, is refused and changes nothing', async () => {
      const contact = newContact()
      const [one, two, foreign] = [await newTicket(contact), await newTicket(contact), await newTicket()]
      await expect(relations.merge({ ...pair(one), intoId: foreign.id }, now)).rejects.toMatchObject({
        code: 'bad_input',
      })
      await set(two, { state: 'solved', solvedAt: now })
      await expect(relations.merge({ ...pair(one), intoId: two.id }, now)).rejects.toMatchObject({
        code: 'conflict',
      })
      await expect(
        relations.merge({ ...pair(one, { expectedVersion: 7 }), intoId: two.id }, now),
      ).rejects.toMatchObject({ code: 'conflict', facts: { version: 1, yours: 7 } })
      expect((await store.get(one.id)).version).toBe(1)
    })
  })

  describe('splitting', () => {
    it('opens a second ticket in the same conversation, linked, with the messages it is about', async () => {
      const ticket = await newTicket()
      const [message] = await store.transcript(ticket.conversationId, 10)
      const messageIds = [message?.id ?? '']
      const change = { ...pair(ticket, { idempotencyKey: 'k' }), draft, messageIds }
      const split = await relations.split(change, now)
      expect(split).toMatchObject({
        conversationId: ticket.conversationId,
        contactId: ticket.contactId,
        state: 'open',
        assigneeId: actor.agentId,
        priority: 'high',
        subject: draft.title,
        brief: draft.brief,
      })
      expect(split.number).toBeGreaterThan(ticket.number)
      expect(await relations.related(ticket.id)).toMatchObject([
        { number: split.number, relation: 'split', inverse: true },
      ])
      expect((await changesOf(ticket)).at(-1)).toMatchObject({
        change: 'split',
        detail: { number: split.number, messageIds },
      })
      expect((await relations.split(change, now)).id).toBe(split.id)
    })

    it('takes messages of this conversation only', async () => {
      const [ticket, other] = [await newTicket(), await newTicket()]
      const [message] = await store.transcript(other.conversationId, 10)
      const messageIds = [message?.id ?? '']
      await expect(relations.split({ ...pair(ticket), draft, messageIds }, now)).rejects.toMatchObject({
        code: 'bad_input',
      })
      expect(await relations.related(ticket.id)).toEqual([])
    })

    it('leaves the bot silent until the last matter of the conversation is settled', async () => {
      const ticket = await newTicket()
      const [message] = await store.transcript(ticket.conversationId, 10)
      const split = await relations.split({ ...pair(ticket), draft, messageIds: [message?.id ?? ''] }, now)
      const solve = (one: Ticket) => set(one, { state: 'solved', solvedAt: now, mode: 'bot' })
      expect((await solve(ticket)).conversationMode).toBe('human')
      expect((await solve(split)).conversationMode).toBe('bot')
    })
  })

  describe('what the contact writes', () => {
    it('goes to the ticket that waits for them', async () => {
      const contact = newContact()
      const [first, second] = [await newTicket(contact), await newTicket(contact)]
      await set(first, { state: 'pending' })
      await set(second, { state: 'open' })
      expect((await claimed(contact)).ticket?.number).toBe(first.number)
    })

    it('ends a hold', async () => {
      const contact = newContact()
      const ticket = await newTicket(contact)
      await set(ticket, { state: 'on_hold', holdReason: '等财务' })
      await turn(contact, () => ({ touchesTicket: true }))
      const after = await store.get(ticket.id)
      expect([after.state, after.holdReason]).toEqual(['open', undefined])
    })

    it('takes a solved ticket up again', async () => {
      const contact = newContact()
      const ticket = await newTicket(contact)
      await set(ticket, { state: 'solved', solvedAt: now, mode: 'bot' })
      const claim = await turn(contact, () => ({ reopensTicket: true }))
      expect(claim.lastTicket).toEqual({ id: ticket.id, number: ticket.number, state: 'solved' })
      const after = await store.get(ticket.id)
      expect(after).toMatchObject({ state: 'open', conversationMode: 'human' })
      expect(after.solvedAt).toBeUndefined()
      expect((await changesOf(ticket)).at(-1)).toMatchObject({ change: 'reopened', who: 'contact' })
    })

    it('after a closed ticket is a new one that names it', async () => {
      const contact = newContact()
      const closed = await newTicket(contact)
      await set(closed, { state: 'closed', closedAt: now, mode: 'bot' })
      expect((await claimed(contact)).lastTicket?.state).toBe('closed')
      const next = await newTicket(contact, closed.id)
      expect(await relations.related(next.id)).toMatchObject([
        { number: closed.number, relation: 'continues' },
      ])
    })
  })

  describe('time', () => {
    it('brings back what was held, once, and not before', async () => {
      const ticket = await newTicket()
      await set(ticket, { state: 'on_hold', holdReason: '等财务', holdUntil: later(2) })
      expect(await tides.resumeHeld(later(1), 100)).not.toContain(ticket.id)
      const twice = await Promise.all([tides.resumeHeld(later(2), 100), tides.resumeHeld(later(2), 100)])
      expect(twice.flat().filter((id) => id === ticket.id)).toHaveLength(1)
      expect(await store.get(ticket.id)).toMatchObject({ state: 'open' })
      expect((await changesOf(ticket)).at(-1)).toMatchObject({
        change: 'resumed',
        who: 'system',
        detail: { rule: 'hold-over', held: '等财务' },
      })
    })

    it('closes what was solved long ago', async () => {
      const ticket = await newTicket()
      await set(ticket, { state: 'solved', solvedAt: now })
      expect(await tides.closeSolved(later(-1), later(1), 100)).not.toContain(ticket.id)
      expect(await tides.closeSolved(now, later(72), 100)).toContain(ticket.id)
      expect(await store.get(ticket.id)).toMatchObject({ state: 'closed', closedAt: later(72) })
    })
  })

  describe('emptying an inbox', () => {
    it('takes linked tickets along', async () => {
      const [one, two] = [await newTicket(), await newTicket()]
      await relations.link({ ...pair(one), toId: two.id, kind: 'related', linked: true }, now)
      const blobs = createFolderBlobs(join(test.folder, 'media'))
      await createInboxCleaner({ database: test.database, blobs }).clear([one.inboxId])
      await expect(store.get(one.id)).rejects.toMatchObject({ code: 'not_found' })
      expect(
        await test.database.query('select 1 from events where conversation_id = $1', [one.conversationId]),
      ).toEqual([])
    })
  })

  describe('the contact', () => {
    it('may know of their own tickets: those owed and those settled of late', async () => {
      const contact = newContact()
      const [owed, solved, old] = [
        await newTicket(contact),
        await newTicket(contact),
        await newTicket(contact),
      ]
      await newTicket()
      await set(solved, { state: 'solved', solvedAt: now })
      await set(old, { state: 'closed', closedAt: later(-1_000) })
      const numbers = async (limit: number) =>
        (await standings.ofContact(owed.contactId, later(-24), limit)).map(({ number }) => number)
      expect(await numbers(5)).toEqual([owed.number, solved.number])
      expect(await numbers(1)).toEqual([owed.number])
    })

    it('is led from a merged ticket to the one that goes on', async () => {
      const contact = newContact()
      const [old, kept] = [await newTicket(contact), await newTicket(contact)]
      await relations.merge({ ...pair(old), intoId: kept.id }, now)
      expect(await standings.ofNumber(old.contactId, old.number)).toMatchObject({ mergedInto: kept.number })
      expect((await standings.ofContact(old.contactId, now, 5)).map(({ number }) => number)).toEqual([
        kept.number,
      ])
    })

    it('learns nothing of anybody else’s', async () => {
      const [own, foreign] = [await newTicket(), await newTicket()]
      expect(await standings.ofNumber(own.contactId, foreign.number)).toBeUndefined()
      await expect(standings.get('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
        code: 'not_found',
      })
    })
  })
}
