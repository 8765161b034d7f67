import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['system:read', 'surveys:read', 'privacy:read'])
})
afterAll(() => world.stop())

const tried = async (facts: string) =>
  (await program.get(`/promises/try?priority=normal&channel=wechat&at=2025-09-30T08:00:00Z&${facts}`)).json

describe('rules in force', () => {
  it('tell the promises in the order in which they are tried', async () => {
    expect((await program.get('/promises')).json).toMatchObject({
      policies: [{ name: 'vip-complaint', when: { tiers: ['vip'], channels: [] }, firstReplyHours: 1 }],
      otherwise: { firstReplyHours: 4, calendar: 'office' },
      chain: [{ afterMinutes: 0 }, { afterMinutes: 30, tell: ['supervisor'] }],
    })
  })

  it('tell what a ticket would be promised, counted over holidays', async () => {
    // Two open hours are left before the National Day; the other two are those of 9 October.
    expect(await tried('kind=question')).toMatchObject({
      policy: 'otherwise',
      firstReplyDueAt: '2025-10-09T03:00:00.000Z',
    })
    expect(await tried('kind=complaint&tier=vip')).toMatchObject({
      policy: 'vip-complaint',
      firstReplyDueAt: '2025-09-30T09:00:00.000Z',
    })
    expect((await program.get('/promises/try?kind=wish')).status).toBe(400)
  })

  it('tell how contacts are asked, and how long what is kept', async () => {
    expect((await program.get('/surveys/settings')).json).toMatchObject({ lowScore: 2, from: '09:00' })
    const { json } = await program.get('/retention')
    expect(json).toMatchObject({ days: { messages: 1_095 }, auditDays: 1_095 })
    expect(json).not.toHaveProperty('lastRunAt')
  })
})
