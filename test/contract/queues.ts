import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Ticket, TicketChange } from '../../src/core/ticket.ts'
import { createConversationStore } from '../../src/store/index.ts'
import { buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { minutes, openQueueWorld, policyAt, teamFacts, type QueueWorld } from '../support/queue-world.ts'
import { later, now } from '../support/ticket-world.ts'

const anyTopic = { kinds: [], topics: [], priorities: [], channels: [] } as const
const absent = { code: 'not_found' }

/** What every database must do for teams, presence and queues. */
export const itKeepsQueues = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: QueueWorld
  beforeAll(async () => {
    test = await open()
    world = await openQueueWorld(test)
  })
  afterAll(() => test.dispose())
  beforeEach(() => world.clear())

  const get = (ticket: Ticket): Promise<Ticket> => world.tickets.store.get(ticket.id)
  const defaultTeam = () => world.teams.create(teamFacts({ isDefault: true }), now)
  const change = (ticket: Ticket, over: Partial<TicketChange> = {}): TicketChange => ({
    ticketId: ticket.id,
    actor: world.tickets.actor,
    change: 'assigned',
    detail: {},
    set: {},
    ...over,
  })
  const take = (ticket: Ticket, agentId: string): Promise<Ticket> =>
    world.tickets.store.apply(
      change(ticket, { change: 'taken', set: { assigneeId: agentId, state: 'open' } }),
      now,
    )

  it('routes a ticket to the team that names most of it, else to the default one', async () => {
    const [whole, topic, both] = await Promise.all([
      defaultTeam(),
      world.teams.create(teamFacts({ takes: { ...anyTopic, topics: ['vip-refund'] } }), now),
      world.teams.create(
        teamFacts({
          takes: { ...anyTopic, topics: ['vip-refund'], kinds: ['complaint'], channels: ['wechat'] },
        }),
        now,
      ),
      // Takes nothing by itself, though it is older than some.
      world.teams.create(teamFacts(), now),
    ])
    const tickets = [
      await world.newTicket({ topic: 'vip-refund', kind: 'complaint' }),
      await world.newTicket({ topic: 'vip-refund' }),
      await world.newTicket({ topic: 'live', kind: 'complaint' }),
      await world.newTicket({ topic: 'live' }),
    ]
    expect(await world.route()).toEqual(tickets.map(({ id }) => id))
    const teams = await Promise.all(tickets.map(async (ticket) => (await get(ticket)).teamId))
    expect(teams).toEqual([both.id, topic.id, whole.id, whole.id])
    expect((await world.tickets.changesOf(tickets[0] as Ticket)).at(-1)).toEqual({
      change: 'routed',
      who: 'system',
      detail: { rule: 'team', facts: { teamId: { from: null, to: both.id } } },
    })
    expect(await world.route()).toEqual([])
  })

  it('leaves tickets that no team takes, however many there are before others', async () => {
    const other = await world.teams.create(teamFacts({ takes: { ...anyTopic, topics: ['live'] } }), now)
    for (let n = 0; n < 4; n += 1) await world.newTicket()
    const wanted = await world.newTicket({ topic: 'live' })
    expect(await world.route()).toEqual([wanted.id])
    expect((await get(wanted)).teamId).toBe(other.id)
  })

  it('assigns nothing and needs nothing before a team exists', async () => {
    await world.newTicket()
    expect(await world.assignment.isNeeded()).toBe(false)
    expect(await world.drain()).toEqual([])
    await defaultTeam()
    expect(await world.assignment.isNeeded()).toBe(true)
  })

  it('gives tickets by priority, then by when a reply is owed, then by age', async () => {
    const team = await defaultTeam()
    const due = (hours: number) => ({ firstReplyDueAt: later(hours) })
    const [third, fourth, second, first] = [
      await world.newWaiting(due(3)),
      await world.newWaiting(due(3)),
      await world.newWaiting({ ...due(9), priority: 'high' }),
      await world.newWaiting({ ...due(12), priority: 'urgent' }),
    ]
    const order = [first, second, third, fourth].map(({ id }) => id)
    const { waiting, entries } = await world.outlook.waiting(team.id, 3)
    expect([waiting, entries.map(({ position, ticketId }) => [position, ticketId])]).toEqual([
      4,
      order.slice(0, 3).map((id, place) => [place + 1, id]),
    ])
    await world.join(team)
    await world.join(team)
    expect((await world.drain()).map(({ ticketId }) => ticketId)).toEqual(order)
    expect(await world.assignment.isNeeded()).toBe(false)
  })

  it('lets a person lead, and says in the history which rule gave the ticket to whom', async () => {
    const team = await defaultTeam()
    const agentId = await world.join(team)
    const ticket = await world.newWaiting()
    await world.drain()
    expect(await get(ticket)).toMatchObject({ state: 'open', assigneeId: agentId, conversationMode: 'human' })
    expect((await world.tickets.changesOf(ticket)).at(-1)).toMatchObject({
      change: 'assigned',
      who: 'system',
      detail: { rule: 'queue', agentId, teamId: team.id, facts: { assigneeId: { from: null, to: agentId } } },
    })
    const events = await test.database.query<{ data: object }>(
      `select data from events where ticket_id = $1 order by id`,
      [ticket.id],
    )
    expect(events.map(({ data }) => data)).toMatchObject([
      { state: 'new' },
      { change: 'routed', actor: 'system', version: 2 },
      { change: 'assigned', actor: 'system', version: 3, state: 'open' },
    ])
  })

  it('gives nobody more than their grade may carry; solved and held tickets make room, waiting ones in time', async () => {
    const team = await defaultTeam()
    const junior = await world.join(team, 'junior')
    const agent = await world.join(team)
    for (let n = 0; n < 5; n += 1) await world.newWaiting()
    const given = await world.drain()
    const of = (id: string) => given.filter(({ agentId }) => agentId === id)
    expect([of(junior).length, of(agent).length]).toEqual([1, 2])
    const [one] = of(junior)
    const ticket = await world.tickets.store.get(one?.ticketId ?? '')
    await world.tickets.store.apply(change(ticket, { set: { state: 'pending' } }), now)
    expect(await world.drain(minutes(1))).toEqual([])
    await world.presence.beat(junior, true, minutes(31))
    expect(await world.drain(minutes(31))).toMatchObject([{ agentId: junior }])
    const other = await world.tickets.store.get(of(agent)[0]?.ticketId ?? '')
    await world.tickets.store.apply(change(other, { set: { state: 'on_hold', holdReason: '财务' } }), now)
    await world.presence.beat(agent, true, minutes(31))
    expect(await world.drain(minutes(31))).toMatchObject([{ agentId: agent }])
    expect(await world.presence.list(now)).toEqual(
      expect.arrayContaining([expect.objectContaining({ agentId: agent, load: 2, availability: 'online' })]),
    )
  })

  it('counts what somebody carries for other teams too', async () => {
    const [one, two] = [
      await defaultTeam(),
      await world.teams.create(teamFacts({ takes: { ...anyTopic, topics: ['live'] } }), now),
    ]
    const agentId = await world.join(one)
    await world.members.put({ teamId: two.id, agentId, grade: 'agent', skills: [] })
    for (const topic of ['live', 'vip-refund', 'live', 'vip-refund']) await world.newWaiting({ topic })
    expect(await world.drain()).toHaveLength(2)
  })

  it('spreads by what people carry of what they may', async () => {
    const team = await defaultTeam()
    const [junior, senior] = [await world.join(team, 'junior'), await world.join(team, 'senior')]
    for (let n = 0; n < 7; n += 1) await world.newWaiting()
    const capacity = { junior: 2, agent: 4, senior: 5, lead: 4 }
    const given = await world.drain(now, { capacity })
    const shares = given.slice(0, 4).map(({ agentId }) => agentId)
    expect(shares.filter((id) => id === junior)).toHaveLength(1)
    expect(given.filter(({ agentId }) => agentId === senior)).toHaveLength(5)
  })

  it('spreads in turn where the team wants it so', async () => {
    const team = await world.teams.create(teamFacts({ isDefault: true, spread: 'roundRobin' }), now)
    const people = [await world.join(team), await world.join(team), await world.join(team)]
    // Whoever carries one already has their turn all the same.
    await take(await world.newTicket(), people[0] ?? '')
    for (let n = 0; n < 3; n += 1) await world.newWaiting()
    const given = []
    for (let n = 0; n < 3; n += 1)
      given.push(await world.assignment.assignNext(policyAt(now), minutes(n / 60)))
    expect(new Set(given.map((one) => one?.agentId))).toEqual(new Set(people))
  })

  it('gives a ticket to who has the skill, and lets nobody wait behind one that none can take', async () => {
    const team = await world.teams.create(
      teamFacts({ isDefault: true, skills: { 'vip-refund': 'refunds', live: 'live' } }),
      now,
    )
    const plain = await world.join(team)
    const hard = await world.newWaiting({ priority: 'urgent', topic: 'live' })
    const refund = await world.newWaiting({ topic: 'vip-refund' })
    const easy = await world.newWaiting({ topic: 'login' })
    expect(await world.drain()).toEqual([{ ticketId: easy.id, teamId: team.id, agentId: plain }])
    const able = await world.join(team, 'agent', ['refunds'])
    expect(await world.drain()).toEqual([{ ticketId: refund.id, teamId: team.id, agentId: able }])
    expect((await world.outlook.waiting(team.id, 5)).entries).toMatchObject([
      { ticketId: hard.id, skill: 'live' },
    ])
  })

  it.each(['busy', 'away', 'offline'] as const)('gives nothing to who is %s', async (availability) => {
    const team = await defaultTeam()
    const agentId = await world.join(team)
    await world.presence.set(agentId, availability, now)
    await world.newWaiting()
    expect(await world.drain()).toEqual([])
    // The backlog is theirs when they come online.
    await world.presence.set(agentId, 'online', now)
    expect(await world.drain()).toHaveLength(1)
  })

  it('gives nothing to who fell silent or idle, and knows them again', async () => {
    const team = await defaultTeam()
    const agentId = await world.join(team)
    await world.newWaiting()
    await world.newWaiting()
    expect(await world.drain(minutes(4))).toEqual([])
    await world.presence.beat(agentId, false, minutes(40))
    const idle = { idleBefore: minutes(10) }
    expect(await world.drain(minutes(40), idle)).toEqual([])
    const limits = { ...policyAt(minutes(40)), ...idle }
    expect(await world.presence.lapse(limits, minutes(40))).toBe(1)
    expect(await world.presence.lapse(limits, minutes(40))).toBe(0)
    expect(await world.presence.beat(agentId, false, minutes(40))).toMatchObject({
      availability: 'away',
      automatic: true,
    })
    // Back at the desk: online as they had said.
    expect(await world.presence.beat(agentId, true, minutes(41))).toEqual({
      availability: 'online',
      automatic: false,
      returned: true,
    })
    expect(await world.drain(minutes(41), idle)).toHaveLength(2)
    await world.presence.lapse(policyAt(minutes(60)), minutes(60))
    expect(await world.presence.beat(agentId, true, minutes(61))).toMatchObject({
      availability: 'offline',
      automatic: true,
      returned: false,
    })
    expect(await world.presence.beat('nobody', true, now)).toBeUndefined()
  })

  it('leaves an absence that somebody chose alone', async () => {
    const agentId = await world.join(await defaultTeam())
    await world.presence.set(agentId, 'away', now)
    expect(await world.presence.beat(agentId, true, minutes(1))).toMatchObject({ availability: 'away' })
  })

  it('gives nothing to who may no longer work tickets or left the team', async () => {
    const team = await defaultTeam()
    const [demoted, left] = [await world.join(team), await world.join(team)]
    await world.newWaiting()
    await test.database.query(`update agents set role = 'auditor' where id = $1`, [demoted])
    await world.members.remove(team.id, left)
    expect(await world.drain()).toEqual([])
  })

  it('lets people keep what they have when they go, or gives it back by rule', async () => {
    const team = await defaultTeam()
    const agentId = await world.join(team)
    const [open, waiting] = [await world.newWaiting(), await world.newWaiting()]
    await world.drain()
    await world.tickets.store.apply(change(waiting, { set: { state: 'pending' } }), now)
    await world.presence.set(agentId, 'offline', minutes(5))
    expect(await world.assignment.returnAbsent(minutes(4), minutes(30), 10)).toEqual([])
    expect(await world.assignment.returnAbsent(minutes(5), minutes(30), 10)).toEqual([open.id])
    const returned = await get(open)
    expect(returned).toMatchObject({ state: 'open', teamId: team.id, conversationMode: 'human' })
    expect(returned.assigneeId).toBeUndefined()
    expect((await world.tickets.changesOf(open)).at(-1)).toMatchObject({
      change: 'unassigned',
      detail: { rule: 'agent-offline' },
    })
    expect((await get(waiting)).assigneeId).toBe(agentId)
    const next = await world.join(team)
    expect(await world.drain()).toMatchObject([{ ticketId: open.id, agentId: next }])
  })

  it('hands a ticket to nobody who is offline or works none, once teams exist', async () => {
    const ticket = await world.newTicket()
    const agentId = await world.hire()
    const give = (to: string) =>
      world.assignment.give(change(ticket, { set: { assigneeId: to } }), { agentId: to }, now)
    await expect(give(await world.hire('editor'))).rejects.toMatchObject({ code: 'bad_input' })
    await expect(give('nobody')).rejects.toMatchObject(absent)
    const given = await give(agentId)
    expect(given.assigneeId).toBe(agentId)
    const other = await world.hire()
    await defaultTeam()
    await expect(give(other)).rejects.toMatchObject({ code: 'conflict' })
    await world.presence.set(other, 'busy', now)
    expect((await give(other)).assigneeId).toBe(other)
    const nowhere = { teamId: '0198c0de-0000-7000-8000-000000000001' }
    await expect(world.assignment.give(change(ticket), nowhere, now)).rejects.toMatchObject(absent)
  })

  it('routes what waited for a removed team anew; whoever has a ticket keeps it', async () => {
    const [whole, gone] = [
      await defaultTeam(),
      await world.teams.create(teamFacts({ takes: { ...anyTopic, topics: ['live'] } }), now),
    ]
    const agentId = await world.join(gone, 'junior')
    const [held, waiting] = [
      await world.newWaiting({ topic: 'live' }),
      await world.newWaiting({ topic: 'live' }),
    ]
    await world.drain()
    await world.teams.remove(gone.id, now)
    expect(await world.route()).toEqual([waiting.id])
    expect((await get(waiting)).teamId).toBe(whole.id)
    expect((await get(held)).assigneeId).toBe(agentId)
  })

  it('gives the bot back what fell silent after a person’s reply, and nothing else', async () => {
    const [silentOne, twice, open] = [
      await world.newTicket(),
      await world.newTicket(),
      await world.newTicket(),
    ]
    const pending = (ticket: Ticket) =>
      world.tickets.store.apply(
        change(ticket, { change: 'replied', set: { state: 'pending', mode: 'human' } }),
        now,
      )
    await pending(silentOne)
    await pending(twice)
    await test.database.query(
      `insert into tickets (id, number, conversation_id, contact_id, kind, topic, priority, state, title, summary, reason,
        created_at, updated_at, first_reply_due_at, resolution_due_at)
      select gen_random_uuid(), 999999, conversation_id, contact_id, kind, topic, priority, 'open', title, summary, reason,
        created_at, updated_at, first_reply_due_at, resolution_due_at from tickets where id = $1`,
      [twice.id],
    )
    expect(await world.handBackSilent(new Date(now.getTime() - 1), later(1), 10)).toEqual([])
    expect(await world.handBackSilent(now, later(1), 10)).toEqual([silentOne.id])
    expect(await get(silentOne)).toMatchObject({ conversationMode: 'bot', state: 'pending' })
    expect((await world.tickets.changesOf(silentOne)).at(-1)).toMatchObject({
      change: 'handed-back',
      detail: { rule: 'silent-long' },
    })
    expect([(await get(twice)).conversationMode, (await get(open)).conversationMode]).toEqual([
      'human',
      'human',
    ])
    expect(await world.handBackSilent(later(1), later(1), 10)).toEqual([])
  })

  it('lets no turn of the bot speak that was under way when a person was given the ticket', async () => {
    const conversations = createConversationStore(test.database)
    const team = await defaultTeam()
    const ticket = await world.newWaiting()
    await world.tickets.store.apply(change(ticket, { change: 'handed-back', set: { mode: 'bot' } }), now)
    const contactKey = (
      await test.database.query<{ key: string }>(
        'select contact_key as key from conversations where id = $1',
        [ticket.conversationId],
      )
    )[0]?.key
    await conversations.accept([buildItem(buildInbound({ contactKey: contactKey ?? '' }))], now)
    const [claim] = await conversations.claim('bot', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    expect(claim.mode).toBe('bot')
    await world.join(team)
    expect(await world.drain()).toHaveLength(1)
    expect(await conversations.commit([buildOutcome(claim)], now)).toEqual(['fenced'])
    const said = await world.tickets.store.transcript(ticket.conversationId, 10)
    expect(said.filter(({ author }) => author === 'bot')).toEqual([])
    // The next turn finds a person leading.
    expect((await conversations.claim('bot', 1, 60_000))[0]?.mode).toBe('human')
  })
}
