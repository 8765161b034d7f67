import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createInProcessBus } from '../../src/bus/index.ts'
import { topics } from '../../src/core/bus.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { queuesConfig, startQueues } from '../../src/queues/index.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'
import { openQueueWorld, teamFacts, type QueueWorld } from '../support/queue-world.ts'

let test: TestDatabase
let world: QueueWorld
beforeAll(async () => {
  test = await openTestEmbedded()
  world = await openQueueWorld(test)
})
afterAll(() => test.dispose())
beforeEach(() => world.clear())

const bus = createInProcessBus()
const clock = createMovableClock()
const stops: (() => Promise<void>)[] = []
const start = async (config: Record<string, unknown> = {}): Promise<string[]> => {
  const told: string[] = []
  const stop = await startQueues({
    config: queuesConfig.parse(config),
    assignment: world.assignment,
    presence: world.presence,
    handBackSilent: world.handBackSilent,
    bus,
    clock,
    log: silentLog,
    publish: (ticketId) => void told.push(ticketId),
  })
  stops.push(stop)
  return told
}
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const holder = async ({ id }: Ticket): Promise<string | undefined> =>
  (await world.tickets.store.get(id)).assigneeId
const team = () => world.teams.create(teamFacts({ isDefault: true }), clock.now())
/** Somebody who is online by the product's clock. */
const join = async (teamId: string): Promise<string> => {
  const agentId = await world.hire()
  await world.members.put({ teamId, agentId, grade: 'agent', skills: [] })
  await world.presence.set(agentId, 'online', clock.now())
  return agentId
}

describe('the queues', () => {
  it('give a backlog away when somebody comes online, and tell of each ticket', async () => {
    const { id } = await team()
    const ticket = await world.newTicket()
    const told = await start()
    await expect.poll(async () => (await world.tickets.store.get(ticket.id)).teamId).toBe(id)
    const agentId = await join(id)
    bus.publish(topics.presence, {})
    await expect.poll(() => holder(ticket)).toBe(agentId)
    await expect.poll(() => told.filter((one) => one === ticket.id)).toHaveLength(2)
  })

  it('give a ticket away when it appears, and the next one when a place is free again', async () => {
    const agentId = await join((await team()).id)
    await start({ capacity: { agent: 1 } })
    const first = await world.newTicket()
    bus.publish(topics.ticket, { ticketId: first.id })
    await expect.poll(() => holder(first)).toBe(agentId)
    const second = await world.newTicket({ priority: 'urgent' })
    bus.publish(topics.ticket, { ticketId: second.id })
    await expect.poll(async () => (await world.tickets.store.get(second.id)).teamId).toBeDefined()
    expect(await holder(second)).toBeUndefined()
    await world.tickets.set(first, { state: 'solved', solvedAt: clock.now() })
    bus.publish(topics.ticket, { ticketId: first.id })
    await expect.poll(() => holder(second)).toBe(agentId)
  })

  it('leave tickets to people’s hands where the configuration says so', async () => {
    await join((await team()).id)
    const ticket = await world.newTicket()
    await start({ assign: false })
    bus.publish(topics.presence, {})
    await stops.pop()?.()
    expect(await world.tickets.store.get(ticket.id)).not.toHaveProperty('teamId')
  })

  it('note who fell silent, take their tickets back by rule, and hand silent talks to the bot', async () => {
    const { id } = await team()
    const agentId = await join(id)
    const [open, silent] = [await world.newTicket(), await world.newTicket()]
    for (const ticket of [open, silent])
      await world.tickets.set(ticket, { assigneeId: agentId, state: 'open' })
    await world.tickets.set(silent, { state: 'pending' })
    const stopFirst = await start({ returnAfterMinutes: 10, handBackHours: 1 })
    await stops.pop()?.()
    expect(stopFirst).toContain(silent.id)
    expect((await world.tickets.store.get(silent.id)).conversationMode).toBe('bot')
    expect(await holder(open)).toBe(agentId)
    clock.advance(4 * 60_000)
    await start({ returnAfterMinutes: 10 })
    await stops.pop()?.()
    expect(await world.presence.list(clock.now())).toMatchObject([
      { availability: 'offline', automatic: true },
    ])
    expect(await holder(open)).toBe(agentId)
    clock.advance(11 * 60_000)
    const told = await start({ returnAfterMinutes: 10 })
    await stops.pop()?.()
    expect(told).toContain(open.id)
    expect(await holder(open)).toBeUndefined()
  })
})
