import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAgent, type TestAgent } from '../support/agent.ts'
import { brandDay, brandMonth } from '../support/brand-day.ts'
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
const Report = z.looseObject({
  cards: z.array(z.looseObject({ metric: z.string(), value: z.number().optional() })),
  sections: z.array(
    z.looseObject({
      id: z.string(),
      rows: z.array(
        z.looseObject({ key: z.string(), cells: z.array(z.looseObject({ value: z.number().optional() })) }),
      ),
    }),
  ),
})
const Entries = z.looseObject({
  data: z.array(z.looseObject({ at: z.string() })),
  next: z.string().optional(),
})
const Decided = z.object({
  messages: z.array(
    z.looseObject({
      direction: z.string(),
      decision: z.looseObject({ kind: z.string(), rule: z.string() }).optional(),
    }),
  ),
})
const Named = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
const Lines = z.looseObject({
  lines: z.array(z.looseObject({ from: z.string(), text: z.string().optional() })),
})

let demo: Demo
let agent: TestAgent
let began: Date
beforeAll(async () => {
  demo = await startDemo()
  began = new Date()
  agent = await createAgent(demo.app.url, demo.app.signInUrl ?? '')
})
afterAll(() => demo.dispose())

const ticketsOf = async (view: string) =>
  Tickets.parse(await (await agent.get(`/tickets?view=${view}`)).json()).tickets
const dayMs = 86_400_000
/** The last fourteen days of the brand's zone, of the moment at which the demo began. */
const span = (): string => `from=${brandDay(new Date(began.getTime() - 13 * dayMs))}&to=${brandDay(began)}`
const reportOf = async (name: string) => Report.parse(await agent.reads(`/reports/${name}?${span()}`))
const cardsOf = async (name: string) =>
  Object.fromEntries((await reportOf(name)).cards.map(({ metric, value = 0 }) => [metric, value]))
const rowsOf = async (name: string, section: string) =>
  new Map(
    (await reportOf(name)).sections
      .find(({ id }) => id === section)
      ?.rows.map(({ key, cells }) => [key, cells.map(({ value = 0 }) => value)]),
  )
const idsAt = async (path: string) => Named.parse(await agent.reads(path)).data.map(({ id }) => id)
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
    const months = new Set([-14, 0].map((days) => brandMonth(new Date(Date.now() + days * dayMs))))
    const reports = await Promise.all(
      [...months].map(async (month) =>
        z
          .looseObject({ total: z.looseObject({ opened: z.number(), solved: z.number() }) })
          .parse(await agent.reads(`/reports/tickets?month=${month}`)),
      ),
    )
    const sum = (name: 'opened' | 'solved') => reports.reduce((all, { total }) => all + total[name], 0)
    expect([sum('opened'), sum('solved')]).toEqual([30, 23])
  })

  it('shows what the bot solved alone, handed over and was told about, over all fourteen days', async () => {
    const overview = await cardsOf('overview')
    // Those of the tickets, and those that the bot led alone.
    expect(overview.sessions).toBe(30 + 30)
    for (const metric of ['bot-solved', 'strict', 'handed-off', 'satisfied', 'first-reply-median'])
      expect(overview[metric], metric).toBeGreaterThan(0)
    expect(overview['bot-solved']).toBeLessThan(1)
    const funnel = [...(await rowsOf('overview', 'funnel')).values()].map(([value = 0]) => value)
    expect(funnel).toHaveLength(5)
    expect(Math.min(...funnel)).toBeGreaterThan(0)
    expect(funnel.toSorted((one, other) => other - one)).toEqual(funnel)
    expect((await cardsOf('intents')).unhelpful).toBeGreaterThan(0)
    expect((await rowsOf('intents', 'intents')).size).toBeGreaterThan(15)
    const channels = await rowsOf('channels', 'channels')
    for (const channel of ['wechat', 'weibo', 'web', 'email', 'telegram'])
      expect(channels.get(channel)?.[0], channel).toBeGreaterThan(0)
    const path = `/reports/entries?${span()}&report=overview&metric=sessions&limit=100`
    const { data, next } = Entries.parse(await agent.reads(path))
    expect([data.length, next]).toEqual([60, undefined])
    expect(new Set(data.map(({ at }) => brandDay(new Date(at)))).size).toBeGreaterThanOrEqual(13)
  })

  it('tells of each thing that a contact said what the bot decided', async () => {
    const decidedIn = async (title: string) => {
      const found = (await ticketsOf('all')).find((ticket) => ticket.title === title)
      const { messages } = Decided.parse(await (await agent.get(`/tickets/${found?.id ?? ''}`)).json())
      return messages
        .filter(({ direction }) => direction === 'in')
        .map(({ decision }) => `${decision?.kind ?? ''} ${decision?.rule ?? ''}`)
    }
    expect(await decidedIn('大会员重复扣费要退款')).toEqual([
      expect.stringMatching(/^answer /),
      'escalate asked-for-person',
      'silent person-leads',
    ])
    expect((await decidedIn('投稿一直卡在转码 90 %')).slice(2)).toEqual([
      'escalate failed-turns',
      'silent person-leads',
    ])
    expect(await decidedIn('律师函：未授权使用配乐')).toEqual(['escalate urgent-topic'])
  })

  it('learns from it what no article answers, and what contacts wish for', { timeout: 200_000 }, async () => {
    const unknown = async () => JSON.stringify(await agent.reads('/knowledge/proposals'))
    // It is looked for every minute.
    await expect.poll(unknown, { timeout: 150_000, interval: 1_000 }).toContain('一起看番')
    await expect
      .poll(async () => (await cardsOf('suggestions')).suggestions, { timeout: 150_000, interval: 1_000 })
      .toBeGreaterThan(0)
  })

  it('has canned replies and macros at hand', async () => {
    expect(await idsAt('/canned-replies')).toHaveLength(9)
    const [macro = ''] = await idsAt('/macros')
    const [ticket] = await ticketsOf('open')
    expect(JSON.stringify(await agent.reads(`/tickets/${ticket?.id ?? ''}/macros/${macro}`))).toContain('T-')
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

  it('gives one of its contacts a copy of what is known, and forgets them', async () => {
    const found = (await ticketsOf('all')).find(({ title }) => title === '手办到货少一个配件')
    const ticket = `/tickets/${found?.id ?? ''}`
    const { contactId } = z.looseObject({ contactId: z.string() }).parse(await agent.reads(ticket))
    const path = `/contacts/${contactId}`
    const { id } = await agent.calls('POST', `${path}/export`, { reason: '本人来信要求复制' })
    const copy = `${path}/exports/${String(id)}`
    await expect.poll(() => agent.reads(copy)).toMatchObject({ state: 'ready' })
    const archive = await agent.get(`/../v1${copy}/archive`)
    const files = unzipSync(new Uint8Array(await archive.arrayBuffer()))
    expect(new TextDecoder().decode(files['data/messages.json'])).toContain('少了一只手')
    await agent.calls('POST', `${path}/erasure`, { reason: '本人来信要求删除' })
    await agent.calls('POST', `${path}/erasure/confirm`, {})
    await expect.poll(() => agent.reads(`${path}/erasure`)).toMatchObject({ state: 'done' })
    expect(await (await agent.get(ticket)).text()).not.toContain('少了一只手')
  })

  it('is gone with its agents after one click, and the clock is back', async () => {
    const [mine = ''] = await idsAt('/canned-replies')
    await agent.calls('PATCH', `/canned-replies/${mine}`, { text: '您好，我是次元站客服，很高兴为您服务。' })
    await demo.post('reset', {})
    // What somebody has rewritten is theirs.
    expect(await idsAt('/canned-replies')).toEqual([mine])
    expect(await idsAt('/macros')).toEqual([])
    expect((await cardsOf('overview')).sessions).toBe(0)
    expect(JSON.stringify(await agent.reads('/knowledge/proposals'))).not.toContain('一起看番')
    expect([...(await ticketsOf('open')), ...(await ticketsOf('solved'))]).toEqual([])
    expect((await clock()).aheadMs).toBe(0)
    await demo.restart()
    agent = await createAgent(demo.app.url, demo.app.signInUrl ?? '')
    expect(await ticketsOf('all')).toEqual([])
    const team = JSON.stringify(await agent.reads('/audit?limit=100'))
    expect(team).not.toContain('王珂')
  })
})
