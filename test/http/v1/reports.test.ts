import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

const hourMs = 3_600_000

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['reports:read'])
  const agent = await world.hire('agent')
  const actor = { agentId: agent.id, name: agent.name }
  const [prompt, late, silent] = [
    await world.arrive({ dueInMs: hourMs }),
    await world.arrive({ dueInMs: hourMs }),
    await world.arrive({ dueInMs: 2 * hourMs }),
  ]
  const after = (ms: number): Date => new Date(silent.createdAt.getTime() + ms)
  const replies = { actor, change: 'replied', detail: {} } as const
  await world.tickets.apply(
    {
      ...replies,
      ticketId: prompt.id,
      set: { state: 'solved', firstRepliedAt: after(600_000), solvedAt: silent.createdAt },
    },
    after(700_000),
  )
  await world.tickets.apply(
    { ...replies, ticketId: late.id, set: { state: 'open', firstRepliedAt: after(1.5 * hourMs) } },
    after(1.5 * hourMs),
  )
})
afterAll(() => world.stop())

/** In Shanghai. */
const monthOf = (at: Date): string => new Date(at.getTime() + 8 * hourMs).toISOString().slice(0, 7)

describe('the report of tickets', () => {
  it('counts a month: opened, solved, how soon, which promises were kept', async () => {
    const month = monthOf(new Date())
    const { status, json } = await program.get(`/reports/tickets?month=${month}`)
    expect(status).toBe(200)
    const all = {
      ...{ opened: 3, solved: 1 },
      // The third was not replied to, but is not due yet.
      firstReply: { kept: 1, broken: 1 },
      resolution: { kept: 1, broken: 0 },
    }
    expect(json).toMatchObject({
      ...{ month, timeZone: 'Asia/Shanghai', total: all },
      topics: [{ key: 'vip-refund', ...all }],
      channels: [{ key: 'wechat', ...all }],
    })
    const { medianFirstReplySeconds } = json.total as { medianFirstReplySeconds: number }
    expect(medianFirstReplySeconds).toBeGreaterThan(2_990)
    expect(medianFirstReplySeconds).toBeLessThan(3_060)
    world.clock.advance(3 * hourMs)
    const later = await program.get(`/reports/tickets?month=${month}`)
    expect(later.json.total).toMatchObject({ firstReply: { kept: 1, broken: 2 } })
  })

  it('of another month is empty, and of one to come refused', async () => {
    const { json } = await program.get('/reports/tickets?month=2020-01')
    expect(json).toMatchObject({ total: { opened: 0, solved: 0 }, topics: [], channels: [] })
    expect((await program.get('/reports/tickets?month=2099-01')).status).toBe(400)
    expect((await program.get('/reports/tickets?month=May')).status).toBe(400)
  })
})
