import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAgent, type TestAgent } from '../support/agent.ts'
import { startDemo, type Demo } from '../support/demo.ts'

const Tickets = z.object({
  tickets: z.array(
    z.looseObject({
      id: z.string(),
      number: z.number(),
      state: z.string(),
      title: z.string(),
      assigneeName: z.string().optional(),
      createdAt: z.string(),
      channel: z.string(),
    }),
  ),
})
const Now = z.looseObject({ now: z.string(), aheadMs: z.number() })
const Lines = z.looseObject({
  lines: z.array(z.looseObject({ from: z.string(), text: z.string().optional() })),
})

let demo: Demo
let agent: TestAgent
beforeAll(async () => {
  demo = await startDemo()
  agent = await createAgent(demo.app.url, demo.app.signInUrl ?? '')
})
afterAll(() => demo.dispose())

const ticketsOf = async (view: string) =>
  Tickets.parse(await (await agent.get(`/tickets?view=${view}`)).json()).tickets
const dayMs = 86_400_000
const clock = async () => Now.parse(await demo.get('state'))

// In this order: each goes on from where the one before left the demo.
describe('the first start of the demo', { concurrent: false }, () => {
  it('finds thirty tickets of the last two weeks, worked by two agents, with what is still owed', async () => {
    const [owed, settled] = [await ticketsOf('open'), await ticketsOf('solved')]
    const all = [...owed, ...settled]
    expect(all).toHaveLength(30)
    expect(owed.map(({ state }) => state).sort()).toEqual([
      ...['new', 'new', 'new', 'on_hold', 'open', 'open', 'pending'],
    ])
    expect(new Set(all.flatMap(({ assigneeName = [] }) => assigneeName))).toEqual(new Set(['李然', '王珂']))
    const now = Date.now()
    for (const { createdAt } of all) {
      const age = now - Date.parse(createdAt)
      expect(age).toBeGreaterThan(0)
      expect(age).toBeLessThan(15 * dayMs)
    }
    expect(
      [...all].sort((one, other) => one.number - other.number).map(({ createdAt }) => createdAt),
    ).toEqual(all.map(({ createdAt }) => createdAt).sort())
  })

  it('has reports that are alive', async () => {
    const months = [
      ...new Set([-14, 0].map((days) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 7))),
    ]
    const reports = await Promise.all(
      months.map(async (month) =>
        z
          .looseObject({ total: z.looseObject({ opened: z.number(), solved: z.number() }) })
          .parse(await agent.reads(`/reports/tickets?month=${month}`)),
      ),
    )
    const sum = (name: 'opened' | 'solved') => reports.reduce((all, { total }) => all + total[name], 0)
    expect([sum('opened'), sum('solved')]).toEqual([30, 23])
  })

  it('lets a mail of the past be answered: the reply reaches the simulated mailbox', async () => {
    const mail = (await ticketsOf('open')).find(({ title }) => title.startsWith('稿件因'))
    const { ticket, messages } = await agent.opens(mail?.id ?? '')
    expect([ticket.reason, messages.length]).toEqual(['主题 video-review 由同事处理', 2])
    await agent.replies(ticket.id, '您好，人工复核通过，稿件已恢复。')
    const shown = async () =>
      JSON.stringify(Lines.parse(await demo.get('clients/email/state?user=user1%40mail.example')))
    await expect.poll(shown).toContain('人工复核通过')
  })

  it('breaks a promise when the clock is put forward, and nobody is signed out', async () => {
    const before = Date.parse((await clock()).now)
    await demo.post('clock', { ms: 2 * dayMs })
    const after = await clock()
    expect(after.aheadMs).toBe(2 * dayMs)
    expect(Date.parse(after.now) - before).toBeGreaterThanOrEqual(2 * dayMs)
    const urgent = (await ticketsOf('open')).find(({ title }) => title.startsWith('收到异地登录'))
    const history = async () => JSON.stringify(await (await agent.get(`/tickets/${urgent?.id ?? ''}`)).json())
    await expect.poll(history).toContain('promise-broken')
    const response = await agent.get('/tickets?view=mine')
    expect(Date.parse(response.headers.get('x-present') ?? '') - before).toBeGreaterThanOrEqual(2 * dayMs)
  })

  it('is not begun again by a restart, which keeps the clock', async () => {
    await demo.restart()
    agent = await createAgent(demo.app.url, demo.app.signInUrl ?? '')
    expect((await clock()).aheadMs).toBe(2 * dayMs)
    expect([...(await ticketsOf('open')), ...(await ticketsOf('solved'))]).toHaveLength(30)
  })

  it('is gone with its agents after one click, and the clock is back', async () => {
    await demo.post('reset', {})
    expect([...(await ticketsOf('open')), ...(await ticketsOf('solved'))]).toEqual([])
    expect((await clock()).aheadMs).toBe(0)
    await demo.restart()
    agent = await createAgent(demo.app.url, demo.app.signInUrl ?? '')
    expect(await ticketsOf('all')).toEqual([])
    const team = JSON.stringify(await agent.reads('/audit?limit=100'))
    expect(team).not.toContain('王珂')
  })
})
