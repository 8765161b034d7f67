import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brandDay, brandMonth } from '../../support/brand-day.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

const hourMs = 3_600_000

let world: World
let program: Program
/** When the tickets came. */
let cameAt: Date
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
  cameAt = silent.createdAt
  const after = (ms: number): Date => new Date(cameAt.getTime() + ms)
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

describe('the report of tickets', () => {
  it('counts a month: opened, solved, how soon, which promises were kept', async () => {
    const month = brandMonth(cameAt)
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

describe('reports over a span', () => {
  const today = (): string => brandDay(cameAt)
  const span = (): string => `from=${today()}&to=${today()}`

  it('bring numbers with their definitions in the language that is asked for', async () => {
    const { status, json } = await program.get(`/reports/overview?${span()}`, { 'accept-language': 'en' })
    expect(status).toBe(200)
    expect(json).toMatchObject({ report: 'overview', zone: 'Asia/Shanghai', time: 'calendar' })
    expect(json.cards).toContainEqual(
      expect.objectContaining({
        ...{ metric: 'handed-off', name: 'Handed off', value: 1, n: 3, few: true },
        means: expect.stringContaining('a person was asked for') as unknown,
      }),
    )
    for (const name of ['intents', 'channels', 'complaints', 'suggestions'])
      expect((await program.get(`/reports/${name}?${span()}`)).status).toBe(200)
  })

  it('open what they count, page by page', async () => {
    const path = `/reports/entries?${span()}&report=overview&metric=handed-off&limit=2`
    const first = await program.get(path)
    expect((first.json.data as unknown[]).length).toBe(2)
    const second = await program.get(`${path}&cursor=${String(first.json.next)}`)
    expect(second.json.data).toEqual([
      expect.objectContaining({ channel: 'wechat', ticket: expect.objectContaining({}) as unknown }),
    ])
    expect(second.json.next).toBeUndefined()
    const wrong = await program.get(`/reports/entries?${span()}&report=overview&metric=everything`)
    expect([wrong.status, wrong.json.code]).toEqual([400, 'bad_input'])
  })

  it('become files that spreadsheets read', async () => {
    const path = `/reports/export?${span()}&report=overview`
    const csv = await program.get(`${path}&format=csv`)
    expect(csv.headers.get('content-disposition')).toContain(`overview-${today()}-${today()}.csv`)
    expect(csv.text).toContain('转人工,100,%,3')
    const xlsx = await fetch(`${world.origin}/api/v1${path}&format=xlsx`, {
      headers: { authorization: `Bearer ${program.token}` },
    })
    const rows = await readSheet(Buffer.from(await xlsx.arrayBuffer()))
    expect(rows.find(([name]) => name === '转人工')?.slice(1, 4)).toEqual([100, '%', 3])
  })

  it('about single people are for those who look after their work', async () => {
    for (const path of [
      `/reports/agents?${span()}`,
      `/reports/export?${span()}&report=agents`,
      `/reports/entries?${span()}&report=agents&metric=tickets`,
    ])
      expect((await program.get(path)).json.code).toBe('forbidden')
    const leader = await createProgram(world, ['reports:read', 'quality:read'])
    expect((await leader.get(`/reports/agents?${span()}`)).status).toBe(200)
  })

  it('show how things stand now', async () => {
    const { json } = await program.get('/reports/wall')
    expect(json.numbers).toContainEqual(expect.objectContaining({ metric: 'waiting', unit: 'count' }))
    expect((await program.get('/reports/wall?zone=nowhere')).status).toBe(400)
  })
})
