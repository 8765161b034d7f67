import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AlertStore, PromiseBook, PromiseCourse, Promises } from '../../src/core/promise.ts'
import {
  createAgentDirectory,
  createAlertStore,
  createContactStore,
  createPromiseBook,
  createTicketTides,
} from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openQueueStores, teamFacts } from '../support/queue-world.ts'
import { later, now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

/** What every database must do for what is promised of tickets. */
export const itKeepsPromises = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  let book: PromiseBook
  let alerts: AlertStore
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
    book = createPromiseBook(test.database)
    alerts = createAlertStore(test.database)
  })
  afterAll(() => test.dispose())

  const terms = { policy: 'otherwise', firstReplyMs: 1, nextReplyMs: 2, resolutionMs: 3, from: now }
  const promises: Promises = {
    terms: [terms],
    open: [],
    firstReplyDueAt: later(5),
    nextReplyDueAt: later(6),
    resolutionDueAt: later(7),
    dueAt: later(5),
  }
  /** Reckons all that changed; gives their courses. */
  const reckonAll = async (result: Promises = promises): Promise<readonly PromiseCourse[]> => {
    const seen: PromiseCourse[] = []
    await book.reckonChanged(
      100,
      () => result,
      async (_transaction, course) => {
        seen.push(course)
        await Promise.resolve()
      },
    )
    return seen
  }

  describe('reckoning', () => {
    beforeEach(() => reckonAll())

    it('finds what changed, once, with everything that promises go by', async () => {
      const ticket = await world.newTicket()
      await world.set(ticket, { state: 'on_hold', holdReason: '等财务', priority: 'high' })
      const [course, ...others] = await reckonAll()
      expect(others).toEqual([])
      expect(course).toMatchObject({
        ticketId: ticket.id,
        number: ticket.number,
        facts: { kind: 'question', priority: 'high', channel: 'wechat' },
        state: 'on_hold',
        createdAt: now,
        terms: [],
      })
      expect(course?.history.map(({ at, change, detail }) => [at, change, detail.state])).toEqual([
        [now, 'opened', undefined],
        [now, 'changed', 'on_hold'],
      ])
      expect(await reckonAll()).toEqual([])
    })

    it('is kept with the ticket, and is no change of it', async () => {
      const ticket = await world.newTicket()
      await reckonAll()
      expect(await world.store.get(ticket.id)).toMatchObject({
        firstReplyDueAt: later(5),
        nextReplyDueAt: later(6),
        resolutionDueAt: later(7),
        dueAt: later(5),
        version: ticket.version,
      })
      await world.set(ticket, { tags: ['x'] })
      expect(await reckonAll({ ...promises, pausedAt: now })).toMatchObject([{ terms: [terms] }])
      expect((await world.store.get(ticket.id)).pausedAt).toEqual(now)
    })

    it('hears of what contacts, time and a new rank do', async () => {
      const contact = world.newContact()
      const ticket = await world.newTicket(contact)
      await reckonAll()
      await world.turn(contact, () => ({ touchesTicket: true, turnsUrgent: true }))
      expect(await reckonAll()).toMatchObject([
        { facts: { priority: 'urgent' }, history: [{ change: 'opened' }, { change: 'contact-wrote' }] },
      ])
      await world.set(ticket, { state: 'on_hold', holdReason: 'x', holdUntil: later(1) })
      await reckonAll()
      await createTicketTides(test.database).resumeHeld(later(2), 10)
      const [resumed] = await reckonAll()
      expect(resumed?.history.at(-1)).toMatchObject({ change: 'resumed', detail: { state: 'open' } })
      await createContactStore(test.database).setTier(ticket.contactId, 'vip')
      expect(await reckonAll()).toMatchObject([{ facts: { tier: 'vip' } }])
      expect((await world.store.get(ticket.id)).contactTier).toBe('vip')
    })

    it('begins anew for everything that is owed when calendars change', async () => {
      const [owed, settled] = [await world.newTicket(), await world.newTicket()]
      await world.set(settled, { state: 'solved', solvedAt: now })
      await reckonAll()
      await book.forgetReckoning()
      const again = (await reckonAll()).map(({ ticketId }) => ticketId)
      expect(again).toContain(owed.id)
      expect(again).not.toContain(settled.id)
    })

    it('begins anew for what was reckoned before danger was', async () => {
      const [before, whole, paused] = [
        await world.newTicket(),
        await world.newTicket(),
        await world.newTicket(),
      ]
      await reckonAll({ ...promises, dangerAt: later(4) })
      const old = 'update tickets set danger_at = null where id = $1'
      await test.database.query(old, [before.id])
      await test.database.query(old.replace('where', ', due_at = null where'), [paused.id])
      await book.forgetIncomplete()
      const again = (await reckonAll({ ...promises, dangerAt: later(4) })).map(({ ticketId }) => ticketId)
      expect(again).toContain(before.id)
      expect(again).not.toContain(paused.id)
      expect(again).not.toContain(whole.id)
    })

    it('leaves nothing half done when what follows fails', async () => {
      const ticket = await world.newTicket()
      const failing = book.reckonChanged(
        1,
        () => promises,
        () => Promise.reject(new Error('no timer')),
      )
      await expect(failing).rejects.toThrow('no timer')
      expect((await world.store.get(ticket.id)).nextReplyDueAt).toBeUndefined()
      expect(await reckonAll()).toMatchObject([{ ticketId: ticket.id }])
    })
  })

  describe('an alarm', () => {
    const alarm = { promise: 'first-reply', since: now, dueAt: later(5), step: 0 } as const
    const raise = (over: Partial<Parameters<PromiseBook['raise']>[1]> & { readonly ticketId: string }) =>
      test.database.transaction((transaction) =>
        book.raise(transaction, { ...alarm, tell: ['assignee'], ...over }, later(5)),
      )

    it('stands in the history with who was told, and with them until they have seen it', async () => {
      const ticket = await world.newTicket()
      await world.set(ticket, { assigneeId: world.actor.agentId })
      await raise({ ticketId: ticket.id, step: -1 })
      await raise({ ticketId: ticket.id })
      expect((await world.changesOf(ticket)).slice(-2)).toMatchObject([
        { change: 'promise-in-danger', who: 'system', detail: { told: [world.actor.name], step: -1 } },
        { change: 'promise-broken', detail: { promise: 'first-reply', step: 0 } },
      ])
      const mine = await alerts.list(world.actor.agentId, { unseen: true, limit: 2 })
      expect(mine.map(({ kind, number }) => [kind, number])).toEqual([
        ['broken', ticket.number],
        ['danger', ticket.number],
      ])
      await alerts.see('somebody-else', [mine[0]?.id ?? ''], now)
      expect(await alerts.list(world.actor.agentId, { unseen: true, limit: 2 })).toEqual(mine)
      await alerts.see(
        world.actor.agentId,
        mine.map(({ id }) => id),
        now,
      )
      expect(await alerts.list(world.actor.agentId, { unseen: true, limit: 2 })).toEqual([])
      expect(await alerts.list(world.actor.agentId, { unseen: false, limit: 2 })).toMatchObject([
        { seenAt: now },
        { seenAt: now },
      ])
    })

    it('goes up to who is there, and tells nobody twice', async () => {
      const directory = createAgentDirectory(test.database)
      const add = (name: string, role: 'supervisor' | 'admin') =>
        directory.create({ name, email: `${name}@example.com`, role })
      const chiefs = [await add('a-supervisor', 'supervisor'), await add('b-admin', 'admin')]
      const ticket = await world.newTicket()
      await raise({ ticketId: ticket.id, tell: ['assignee', 'lead', 'supervisor'] })
      const told = (await world.changesOf(ticket)).at(-1)?.detail.told
      expect(told).toEqual(chiefs.map(({ name }) => name))
      for (const { id } of chiefs) expect(await alerts.list(id, { unseen: true, limit: 5 })).toHaveLength(1)
    })

    it('reaches the leads of the team whose queue the ticket is in', async () => {
      const { teams, members } = openQueueStores(test.database)
      const lead = await createAgentDirectory(test.database).create({
        name: 'c-lead',
        email: 'lead@example.com',
        role: 'senior',
      })
      const team = await teams.create(teamFacts(), now)
      await members.put({ teamId: team.id, agentId: lead.id, grade: 'lead', skills: [] })
      await members.put({ teamId: team.id, agentId: world.actor.agentId, grade: 'agent', skills: [] })
      const ticket = await world.newTicket()
      await world.set(ticket, { teamId: team.id })
      await raise({ ticketId: ticket.id, tell: ['assignee'] })
      expect((await world.changesOf(ticket)).at(-1)?.detail.told).toEqual([lead.name])
    })

    it('of a ticket that is gone finds nothing', async () => {
      const none = await test.database.transaction((transaction) =>
        book.lock(transaction, '00000000-0000-4000-8000-000000000000'),
      )
      expect(none).toBeUndefined()
    })
  })
}
