import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '../../src/core/agent.ts'
import type { PromiseCourse } from '../../src/core/promise.ts'
import type { Ticket, TicketSelection } from '../../src/core/ticket.ts'
import type { TicketFilter, TicketViewFacts, TicketViewStore } from '../../src/core/ticket-view.ts'
import { createAgentDirectory, createPromiseBook, createTicketViewStore } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openQueueStores, teamFacts } from '../support/queue-world.ts'
import { later, now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

const everything: TicketFilter = {
  ...{ states: [], kinds: [], priorities: [], inboxes: [], teams: [], tags: [] },
}
const facts: TicketViewFacts = { name: '退款', shared: false, filter: everything, order: 'due' }

/** What every database must do for views of tickets. */
export const itShowsViews = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  let views: TicketViewStore
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
    views = createTicketViewStore(test.database)
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(`update tickets set state = 'closed'`)
  })

  const agentId = (): string => world.actor.agentId
  const numbersIn = async (selection: TicketSelection, after?: Ticket, limit = 100) =>
    (
      await world.store.list({
        ...selection,
        ...{ agentId: agentId(), limit },
        ...(after === undefined ? {} : { after: after.id }),
      })
    ).map(({ number }) => number)
  const custom = (
    filter: Partial<TicketFilter>,
    order: TicketViewFacts['order'] = 'due',
    at = now,
  ): TicketSelection => ({ view: 'custom', filter: { ...everything, ...filter }, order, now: at })
  const countOf = (selection: TicketSelection, limit = 100) =>
    world.store.count({ ...selection, agentId: agentId(), limit })
  const reckon = async (dangerAt: (course: PromiseCourse) => Date | undefined): Promise<void> => {
    await createPromiseBook(test.database).reckonChanged(
      100,
      (course) => {
        const danger = dangerAt(course)
        return {
          terms: [],
          open: [],
          firstReplyDueAt: course.firstReplyDueAt,
          resolutionDueAt: course.resolutionDueAt,
          ...(danger === undefined ? {} : { dueAt: course.firstReplyDueAt, dangerAt: danger }),
        }
      },
      () => Promise.resolve(),
    )
  }

  describe('what is due soon', () => {
    it('comes into view when a promise is in danger, stays when it was not kept, and goes when it is settled', async () => {
      const [soon, calm] = [await world.newTicket(), await world.newTicket()]
      await reckon(({ number }) => (number === soon.number ? later(20) : later(30)))
      expect(await numbersIn({ view: 'due', now: later(19.9) })).toEqual([])
      expect(await numbersIn({ view: 'due', now: later(20) })).toEqual([soon.number])
      expect((await world.store.get(soon.id)).dangerAt).toEqual(later(20))
      expect(await numbersIn({ view: 'due', now: later(99) })).toEqual([soon.number, calm.number])
      expect(await countOf({ view: 'due', now: later(99) })).toBe(2)
      expect(await countOf({ view: 'due', now: later(99) }, 1)).toBe(1)
      await world.set(soon, { state: 'solved', solvedAt: now })
      expect(await numbersIn({ view: 'due', now: later(99) })).toEqual([calm.number])
    })

    it('goes by the first reply promised while it is not reckoned, and not at all while clocks stand still', async () => {
      const ticket = await world.newTicket()
      expect(await numbersIn({ view: 'due', now: later(17.9) })).toEqual([])
      expect(await numbersIn({ view: 'due', now: later(18) })).toEqual([ticket.number])
      await reckon(() => undefined)
      expect(await numbersIn({ view: 'due', now: later(99) })).toEqual([])
    })

    it('is given page by page', async () => {
      const tickets = [await world.newTicket(), await world.newTicket(), await world.newTicket()]
      const [first, second, third] = tickets
      expect(await numbersIn({ view: 'due', now: later(24) }, undefined, 2)).toEqual([
        first?.number,
        second?.number,
      ])
      expect(await numbersIn({ view: 'due', now: later(24) }, second, 2)).toEqual([third?.number])
    })
  })

  it('holds what waits for the contact or for somebody else, whoever has it', async () => {
    const [held, pending] = [await world.newTicket(), await world.newTicket()]
    await world.newTicket()
    await world.set(held, { state: 'on_hold', holdReason: '等财务' })
    await world.set(pending, { state: 'pending', assigneeId: agentId() })
    expect(await numbersIn({ view: 'held' })).toEqual([held.number, pending.number])
  })

  it('shows what waits by when the wait ends, page by page; what waits without an end comes last', async () => {
    const [endless, late] = [await world.newTicket(), await world.newTicket()]
    const [pending, soon] = [await world.newTicket(), await world.newTicket()]
    await world.set(endless, { state: 'on_hold', holdReason: '等财务' })
    await world.set(late, { state: 'on_hold', holdReason: '等财务', holdUntil: later(48) })
    await world.set(pending, { state: 'pending' })
    await world.set(soon, { state: 'on_hold', holdReason: '等财务', holdUntil: later(1) })
    const all = [soon.number, late.number, endless.number, pending.number]
    expect(await numbersIn({ view: 'held' })).toEqual(all)
    expect(await numbersIn({ view: 'held' }, undefined, 2)).toEqual(all.slice(0, 2))
    expect(await numbersIn({ view: 'held' }, soon, 2)).toEqual(all.slice(1, 3))
    expect(await numbersIn({ view: 'held' }, late, 2)).toEqual(all.slice(2))
    expect(await numbersIn({ view: 'held' }, endless, 2)).toEqual(all.slice(3))
    expect(await numbersIn({ view: 'held' }, pending, 2)).toEqual([])
  })

  describe('a filter', () => {
    it('asks for each of its parts', async () => {
      const [plain, mine] = [await world.newTicket(), await world.newTicket()]
      const { teams } = openQueueStores(test.database)
      const team = await teams.create(teamFacts({}), now)
      await world.set(mine, {
        ...{ assigneeId: agentId(), kind: 'complaint', priority: 'urgent', tags: ['退款', 'vip'] },
        ...{ teamId: team.id, topic: '50%_off', state: 'open' },
      })
      const only = async (filter: Partial<TicketFilter>) => numbersIn(custom(filter))
      expect(await only({})).toEqual([plain.number, mine.number])
      for (const filter of [
        { states: ['open', 'on_hold'] },
        { kinds: ['complaint'] },
        { priorities: ['urgent', 'high'] },
        { teams: [team.id] },
        { tags: ['other', 'vip'] },
        { holder: { who: 'me' } },
        { holder: { who: 'somebody' } },
        { holder: { who: 'agent', agentId: agentId() } },
        { topic: '0%_O' },
        { tags: ['vip'], kinds: ['complaint'], inboxes: ['wechat-test'] },
      ] satisfies Partial<TicketFilter>[])
        expect([filter, await only(filter)]).toEqual([filter, [mine.number]])
      expect(await only({ holder: { who: 'nobody' } })).toEqual([plain.number])
      expect(await only({ tags: ['vip'], kinds: ['question'] })).toEqual([])
      expect(await only({ inboxes: ['elsewhere'] })).toEqual([])
      // What stands for anything in a pattern stands for itself here.
      expect(await only({ topic: '5__off' })).toEqual([])
      expect(await countOf(custom({ tags: ['vip'] }))).toBe(1)
      await world.set(mine, { state: 'solved', solvedAt: now })
      expect(await only({ tags: ['vip'] })).toEqual([])
      expect(await only({ tags: ['vip'], states: ['solved'] })).toEqual([mine.number])
    })

    it('goes by how long contacts wait, and by what is due', async () => {
      const contact = world.newContact()
      const ticket = await world.newTicket(contact)
      expect(await numbersIn(custom({ waitingMinutes: 60 }, 'due', later(0.9)))).toEqual([])
      expect(await numbersIn(custom({ waitingMinutes: 60 }, 'due', later(1)))).toEqual([ticket.number])
      await reckon(() => later(20))
      expect(await numbersIn(custom({ dueMinutes: 60 }, 'due', later(22.9)))).toEqual([])
      expect(await numbersIn(custom({ dueMinutes: 60 }, 'due', later(23)))).toEqual([ticket.number])
      await world.set(ticket, { firstRepliedAt: now })
      expect(await numbersIn(custom({ waitingMinutes: 60 }, 'due', later(9)))).toEqual([])
    })

    it('counts from what the contact wrote first since the last reply, and not once nothing is owed', async () => {
      const ticket = await world.newTicket()
      await world.set(ticket, { firstRepliedAt: now })
      const note = (change: string, hours: number) =>
        test.database.query(
          `insert into ticket_timeline (ticket_id, at, actor, change, detail) values ($1, $2, 'contact', $3, '{}')`,
          [ticket.id, later(hours), change],
        )
      for (const [change, hours] of [
        ['contact-wrote', 1],
        ['replied', 2],
        ['contact-wrote', 5],
        ['contact-wrote', 7],
      ] as const)
        await note(change, hours)
      const owe = (at: Date | null) =>
        test.database.query('update tickets set next_reply_due_at = $2 where id = $1', [ticket.id, at])
      await owe(later(9))
      expect(await numbersIn(custom({ waitingMinutes: 60 }, 'due', later(5.9)))).toEqual([])
      expect(await numbersIn(custom({ waitingMinutes: 60 }, 'due', later(6)))).toEqual([ticket.number])
      // Others wait since they came: one before, one after.
      const [early, late] = [await world.newTicket(), await world.newTicket()]
      await test.database.query('update tickets set created_at = $2 where id = $1', [late.id, later(6)])
      const byWaiting = () => numbersIn(custom({}, 'waiting'))
      expect(await byWaiting()).toEqual([early.number, ticket.number, late.number])
      await owe(null)
      expect(await numbersIn(custom({ waitingMinutes: 60 }, 'due', later(99)))).not.toContain(ticket.number)
      expect(await byWaiting()).toEqual([early.number, late.number, ticket.number])
    })

    it('sorts by what came last or waited longest, page by page', async () => {
      const tickets = [await world.newTicket(), await world.newTicket(), await world.newTicket()]
      for (const [n, { id }] of tickets.entries())
        // Against the order of their numbers.
        await test.database.query('update tickets set created_at = $2 where id = $1', [id, later(-n)])
      const [three, two, one] = tickets
      expect(await numbersIn(custom({}, 'newest'))).toEqual([three?.number, two?.number, one?.number])
      expect(await numbersIn(custom({}, 'newest'), three)).toEqual([two?.number, one?.number])
      expect(await numbersIn(custom({}, 'waiting'))).toEqual([one?.number, two?.number, three?.number])
      expect(await numbersIn(custom({}, 'waiting'), two)).toEqual([three?.number])
    })
  })

  describe('a view of one’s own', () => {
    const colleague = async (email: string, role: Role = 'agent') =>
      createAgentDirectory(test.database).create({ name: email, email, role })

    it('is kept for its owner alone, once for a key, until it is removed', async () => {
      const { id: other } = await colleague('other@example.com')
      const made = await views.create(agentId(), facts, now, 'a-key-of-mine')
      expect((await views.create(agentId(), facts, now, 'a-key-of-mine')).id).toBe(made.id)
      expect(made).toMatchObject({ ...facts, ownerName: world.actor.name, version: 1 })
      expect(await views.list(agentId())).toEqual([made])
      expect(await views.list(other)).toEqual([])
      await expect(views.get(other, made.id)).rejects.toMatchObject({ code: 'not_found' })
      await expect(views.remove(other, made.id)).rejects.toMatchObject({ code: 'not_found' })
      await views.remove(agentId(), made.id)
      expect(await views.list(agentId())).toEqual([])
    })

    it('stands before those that colleagues share; a key is each agent’s own', async () => {
      const { id: other } = await colleague('key@example.com')
      const theirs = await views.create(other, { ...facts, name: '一', shared: true }, now, 'the-same-key')
      const mine = await views.create(agentId(), { ...facts, name: '二' }, now, 'the-same-key')
      expect(mine.id).not.toBe(theirs.id)
      expect((await views.list(agentId())).map(({ id }) => id)).toEqual([mine.id, theirs.id])
      await views.remove(agentId(), mine.id)
      await views.remove(other, theirs.id)
    })

    it('that is shared is everybody’s to see and its owner’s to change', async () => {
      const { id: other } = await colleague('another@example.com')
      const made = await views.create(agentId(), { ...facts, shared: true }, now)
      expect(await views.list(other)).toEqual([made])
      const theirs = views.change(other, made.id, { facts: { name: '抢' }, version: 1 }, now)
      await expect(theirs).rejects.toMatchObject({ code: 'not_found' })
      await test.database.query('update agents set deactivated_at = $2 where id = $1', [agentId(), now])
      expect(await views.list(other)).toEqual([])
      await test.database.query('update agents set deactivated_at = null where id = $1', [agentId()])
      await views.remove(agentId(), made.id)
    })

    it('that is shared with a team is its members’ to see, and of whoever leads teams', async () => {
      const { teams, members } = openQueueStores(test.database)
      const team = await teams.create(teamFacts(), now)
      const owner = await colleague('owner@example.com', 'senior')
      const [inside, outside] = [
        await colleague('inside@example.com'),
        await colleague('outside@example.com'),
      ]
      const lead = await colleague('lead@example.com', 'supervisor')
      const join = (agent: string) =>
        members.put({ teamId: team.id, agentId: agent, grade: 'agent', skills: [] })
      const shared = { ...facts, teamId: team.id }
      await expect(views.create(owner.id, shared, now)).rejects.toMatchObject({ code: 'bad_input' })
      await join(owner.id)
      await join(inside.id)
      expect(await views.teams(owner.id)).toEqual([{ id: team.id, name: team.name }])
      expect(await views.teams(outside.id)).toEqual([])
      expect((await views.teams(lead.id)).map(({ id }) => id)).toContain(team.id)
      const made = await views.create(owner.id, shared, now)
      expect(made).toMatchObject({ shared: false, teamId: team.id })
      const who = async () => {
        const found = []
        for (const one of [inside, outside, lead])
          if ((await views.list(one.id)).some(({ id }) => id === made.id)) found.push(one)
        return found
      }
      expect(await who()).toEqual([inside, lead])
      await expect(views.get(outside.id, made.id)).rejects.toMatchObject({ code: 'not_found' })

      await members.remove(team.id, inside.id)
      expect(await who()).toEqual([lead])
      await join(inside.id)
      await members.remove(team.id, owner.id)
      expect([await who(), (await views.get(owner.id, made.id)).teamId]).toEqual([[], undefined])
      await join(owner.id)
      expect(await who()).toEqual([inside, lead])
      await teams.remove(team.id, now)
      expect([await who(), (await views.get(owner.id, made.id)).teamId]).toEqual([[], undefined])
      await test.database.query('delete from team_members where team_id = $1', [team.id])
      await test.database.query('delete from teams where id = $1', [team.id])
      expect([await who(), (await views.list(owner.id)).length]).toEqual([[], 1])
      await views.remove(owner.id, made.id)
    })

    it('that is shared with everybody is no team’s, and the other way about', async () => {
      const { teams } = openQueueStores(test.database)
      const team = await teams.create(teamFacts(), now)
      const { id: lead } = await colleague('leads@example.com', 'supervisor')
      const made = await views.create(lead, { ...facts, teamId: team.id }, now)
      const open = await views.change(lead, made.id, { facts: { shared: true }, version: 1 }, now)
      expect([open.shared, open.teamId]).toEqual([true, undefined])
      await views.remove(lead, made.id)
      await teams.remove(team.id, now)
    })

    it('is changed on the version that was seen', async () => {
      const made = await views.create(agentId(), facts, now)
      const change = (name: string) =>
        views.change(agentId(), made.id, { facts: { name }, version: 1 }, later(1))
      const done = await Promise.allSettled([change('甲'), change('乙')])
      expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(done.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
      expect(await views.get(agentId(), made.id)).toMatchObject({ version: 2, filter: everything })
      await views.remove(agentId(), made.id)
    })

    it('is one of thirty at most, and goes with its owner', async () => {
      const { id } = await colleague('keen@example.com')
      const asked = Array.from({ length: 33 }, () => views.create(id, facts, now))
      const done = await Promise.allSettled(asked)
      expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(30)
      expect(done.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'bad_input' },
      })
      await test.database.query('delete from agents where id = $1', [id])
      const [left] = await test.database.query('select 1 from ticket_views where owner_id = $1', [id])
      expect(left).toBeUndefined()
    })

    it('says what it names and is gone', async () => {
      const tagged = await world.newTicket()
      await world.set(tagged, { tags: ['有'] })
      const team = '01900000-0000-7000-8000-000000000000'
      expect(
        await views.gone({
          ...everything,
          ...{ teams: [team], tags: ['有', '没有'], holder: { who: 'agent', agentId: 'nobody' } },
        }),
      ).toEqual({ agents: ['nobody'], teams: [team], tags: ['没有'] })
      await test.database.query('update agents set deactivated_at = $2 where id = $1', [agentId(), now])
      const left = { ...everything, holder: { who: 'agent', agentId: agentId() } } as const
      expect((await views.gone(left)).agents).toEqual([agentId()])
      await test.database.query('update agents set deactivated_at = null where id = $1', [agentId()])
      const hers = { who: 'agent', agentId: agentId() } as const
      expect((await views.gone({ ...everything, holder: hers })).agents).toEqual([])
    })
  })
}
