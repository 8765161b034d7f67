import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Ticket } from '../../src/core/ticket.ts'
import type { TestDatabase } from '../support/databases.ts'
import { minutes, openQueueWorld, teamFacts, type QueueWorld } from '../support/queue-world.ts'
import { later, now } from '../support/ticket-world.ts'

const anyTopic = { kinds: [], topics: [], priorities: [], channels: [] } as const
const absent = { code: 'not_found' }

/** What every database must do for teams, and tell of their queues. */
export const itKeepsTeams = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: QueueWorld
  beforeAll(async () => {
    test = await open()
    world = await openQueueWorld(test)
  })
  afterAll(() => test.dispose())
  beforeEach(() => world.clear())

  const defaultTeam = () => world.teams.create(teamFacts({ isDefault: true }), now)
  const take = (ticket: Ticket, agentId: string): Promise<Ticket> =>
    world.tickets.set(ticket, { assigneeId: agentId, state: 'open' })

  it('keeps teams with versions; the default one steps down for another', async () => {
    const facts = teamFacts({
      isDefault: true,
      skills: { 'vip-refund': 'refunds' },
      takes: { ...anyTopic, channels: ['wechat'] },
    })
    const first = await world.teams.create(facts, now, 'one-key')
    expect(await world.teams.create(facts, now, 'one-key')).toEqual(first)
    expect(first).toMatchObject({ ...facts, version: 1 })
    const second = await world.teams.create(teamFacts({ isDefault: true }), now)
    expect((await world.teams.get(first.id)).isDefault).toBe(false)
    const stale = { facts: { isDefault: true }, expectedVersion: 1 }
    await expect(world.teams.change(first.id, stale, now)).rejects.toMatchObject({ code: 'conflict' })
    const changed = await world.teams.change(first.id, { ...stale, expectedVersion: 2 }, now)
    expect(changed).toMatchObject({ isDefault: true, version: 3, name: facts.name })
    expect((await world.teams.get(second.id)).isDefault).toBe(false)
    await world.teams.remove(first.id, now)
    await expect(world.teams.get(first.id)).rejects.toMatchObject(absent)
    await expect(world.teams.remove('nothing', now)).rejects.toMatchObject(absent)
    expect((await world.teams.list()).map(({ id }) => id)).toEqual([second.id])
  })

  it('keeps who is in a team, of those who work tickets', async () => {
    const team = await defaultTeam()
    const agentId = await world.hire()
    const member = { teamId: team.id, agentId, grade: 'junior', skills: ['refunds', 'refunds'] } as const
    expect(await world.members.put(member)).toMatchObject({ grade: 'junior', skills: ['refunds'] })
    await world.members.put({ ...member, grade: 'senior', skills: [] })
    expect(await world.members.list(team.id)).toMatchObject([{ agentId, grade: 'senior', skills: [] }])
    const auditor = await world.hire('auditor')
    await expect(world.members.put({ ...member, agentId: auditor })).rejects.toMatchObject({
      code: 'bad_input',
    })
    await expect(world.members.put({ ...member, agentId: 'nobody' })).rejects.toMatchObject(absent)
    await world.members.remove(team.id, agentId)
    await expect(world.members.remove(team.id, agentId)).rejects.toMatchObject(absent)
  })

  const arriving = (ticket: Ticket, over = {}) => ({
    conversationId: ticket.conversationId,
    kind: 'question' as const,
    topic: 'vip-refund',
    priority: 'normal' as const,
    firstReplyDueAt: later(24),
    ...over,
  })
  const silent = new Date(now.getTime() - 180_000)

  it('tells where a ticket stands, and how long that takes only when it can be known', async () => {
    const lone = await world.newTicket()
    expect(await world.outlook.ahead(arriving(lone), silent, now)).toBeUndefined()
    const team = await defaultTeam()
    await world.route()
    const agentId = await world.join(team)
    const next = await world.newWaiting({ firstReplyDueAt: later(30) })
    expect(await world.outlook.ahead(arriving(lone), silent, now)).toEqual({ position: 2 })
    expect(await world.outlook.ahead(arriving(lone, { priority: 'urgent' }), silent, now)).toEqual({
      position: 1,
    })
    const places = await world.outlook.places([lone.id, next.id], silent, now)
    expect([...places].sort(([, one], [, two]) => one.position - two.position)).toEqual([
      [lone.id, { position: 1 }],
      [next.id, { position: 2 }],
    ])
    // Six tickets left the queue, one every four minutes; each had waited since long before.
    const exit = `insert into queue_exits (team_id, ticket_id, agent_id, entered_at, left_at)
      select $1, $2, $3, $4::timestamptz - interval '2 hours', $4::timestamptz - n * interval '4 minutes' from generate_series(0, 5) n`
    await test.database.query(exit, [team.id, lone.id, agentId, now])
    const four = 240_000
    expect(await world.outlook.ahead(arriving(lone), silent, now)).toEqual({ position: 2, waitMs: 2 * four })
    expect((await world.outlook.places([next.id], silent, now)).get(next.id)).toEqual({
      position: 2,
      waitMs: 2 * four,
    })
    // Nobody took any since: the pace is no better than that.
    const stuck = await world.outlook.ahead(arriving(lone), silent, minutes(10))
    expect(stuck).toEqual({ position: 2, waitMs: 2 * 600_000 })
    await world.presence.set(agentId, 'offline', now)
    expect(await world.outlook.ahead(arriving(lone), silent, now)).toEqual({ position: 2 })
    await world.outlook.retire(later(1))
    await world.presence.set(agentId, 'online', now)
    expect(await world.outlook.ahead(arriving(lone), silent, now)).toEqual({ position: 2 })
  })

  it('learns the pace from every ticket that leaves the queue, by rule or by hand', async () => {
    const team = await defaultTeam()
    const agentId = await world.join(team, 'senior')
    for (let n = 0; n < 6; n += 1) await world.newWaiting()
    await world.drain(now, { capacity: { junior: 0, agent: 0, senior: 3, lead: 0 } })
    const { entries } = await world.outlook.waiting(team.id, 9)
    for (const { ticketId } of entries.slice(0, 2))
      await take(await world.tickets.store.get(ticketId), agentId)
    const left = await world.newTicket()
    const place = await world.outlook.ahead(arriving(left), silent, now)
    expect(place).toEqual({ position: 2, waitMs: 0 })
  })
}
