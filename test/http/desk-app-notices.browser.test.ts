import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { topics } from '../../src/core/bus.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, openApp, pressBoth } from './app-stage.ts'
import { useStage } from './stage.ts'

/** Writes down what the browser would show and sound, and lets the test look away from a window. */
const listening = `
window.told = []
window.rung = 0
window.away = false
window.Notification = class {
  static permission = 'granted'
  static requestPermission = () => Promise.resolve('granted')
  constructor(title, { body }) {
    window.told.push(title + ' – ' + body)
    window.notice = this
  }
  close() {}
}
window.AudioContext = class extends AudioContext {
  constructor() {
    super()
    window.rung += 1
  }
}
Object.defineProperty(document, 'hidden', { get: () => window.away })
window.look = (away) => {
  window.away = away
  document.dispatchEvent(new Event('visibilitychange'))
}`

describeWith('chromium', "notices of the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const rungIn = (page: Page) => page.evaluate<number>('window.rung')
  const toldIn = (page: Page) => page.evaluate<readonly string[]>('window.told')
  const count = (page: Page, n: number) => expect.poll(() => page.title()).toContain(`(${n})`)
  /** Two windows of one agent who switched notices on. */
  const openTwo = async (): Promise<readonly [Page, Page]> => {
    await stage.context.addInitScript(listening)
    const page = await enterApp(stage, { path: '/settings/notices' })
    await page.getByRole('switch', { name: '在这个浏览器里提醒我' }).click()
    const second = await stage.context.newPage()
    stage.listen(second)
    await openApp(stage, second, '/inbox/unassigned')
    await second.getByText('没有等人接手的工单').waitFor()
    return [page, second]
  }

  it('rings in one window of several, and shows a notice only when nobody looks', async () => {
    const [page, second] = await openTwo()
    await stage.world.arrive({ title: '有人看着' })
    await Promise.all([count(page, 1), count(second, 1)])
    await expect.poll(() => rungIn(page)).toBe(1)
    expect([...(await toldIn(page)), ...(await toldIn(second))]).toEqual([])

    for (const one of [page, second]) await one.evaluate('window.look(true)')
    const ticket = await stage.world.arrive({ title: '没人看着' })
    await expect.poll(() => toldIn(page)).toEqual([`T-${ticket.number} 没人看着 – 有人等接手`])
    expect(await toldIn(second)).toEqual([])
    await page.evaluate('window.notice.onclick()')
    await page.getByRole('heading', { name: '没人看着' }).waitFor()

    // Whoever is left takes over, and has not rung before.
    expect(await rungIn(second)).toBe(0)
    await page.close()
    await second.evaluate('window.look(false)')
    await count(second, 2)
    await stage.world.arrive({ title: '换了一个窗口' })
    await count(second, 3)
    await expect.poll(() => rungIn(second)).toBe(1)
  })

  it('tells of what contacts write in mine and of promised times, as loudly as the agent chose', async () => {
    const { world, agent } = stage
    const browser = await world.enter(agent)
    const mine = await world.arrive({ title: '我的工单' })
    await browser.post(`/api/desk/tickets/${mine.id}/take`)
    const [page] = await openTwo()
    const choose = async (what: string, how: string): Promise<void> => {
      await page.getByRole('group', { name: what }).getByRole('radio', { name: how, exact: true }).click()
    }
    await choose('有人等接手', '不提醒')
    await expect
      .poll(() =>
        world.database.query('select preferences from agent_preferences where agent_id = $1', [agent.id]),
      )
      .toMatchObject([{ preferences: { notices: { waiting: 'off' } } }])
    for (const one of stage.context.pages()) await one.evaluate('window.look(true)')

    await world.arrive({ title: '不归我' })
    await count(page, 1)
    const alert = (ticket: Ticket, step: number) =>
      world.database.query(
        `insert into alerts (id, agent_id, ticket_id, promise, since, step, due_at, created_at)
         values (gen_random_uuid(), $1, $2, 'first-reply', now(), $3, now(), now())`,
        [agent.id, ticket.id, step],
      )
    await alert(mine, -1)
    world.bus.publish(topics.ticket, { ticketId: mine.id })
    const line = `T-${mine.number} 我的工单`
    await expect.poll(() => toldIn(page)).toEqual([`${line} – 快要超时`])
    expect(await rungIn(page)).toBe(0)
    await alert(mine, 0)
    world.bus.publish(topics.ticket, { ticketId: mine.id })
    await expect.poll(() => toldIn(page)).toEqual([`${line} – 快要超时`, `${line} – 已超时`])
    expect(await rungIn(page)).toBe(1)
    await world.database.query(
      `update tickets set first_replied_at = now(), next_reply_due_at = now() + interval '1 hour' where id = $1`,
      [mine.id],
    )
    world.bus.publish(topics.ticket, { ticketId: mine.id })
    await expect.poll(async () => (await toldIn(page)).at(-1)).toBe(`${line} – 你的用户来消息`)
    expect(await rungIn(page)).toBe(2)
  })

  it('tells of a mention until it is read, and of the next one again', async () => {
    const { world, agent } = stage
    const colleague = await world.enter(await world.hire('agent', '周岚'))
    const ticket = await world.arrive({ title: '请你看看' })
    await colleague.post(`/api/desk/tickets/${ticket.id}/take`)
    const [page, second] = await openTwo()
    const mention = async (): Promise<void> => {
      const path = `/api/desk/tickets/${ticket.id}/note`
      const headers = { 'idempotency-key': randomUUID() }
      const { status, text } = await colleague.post(path, { text: `@${agent.name} 帮忙看一下` }, headers)
      expect(status, text).toBe(200)
    }
    for (const one of [page, second]) await one.evaluate('window.look(true)')
    await mention()
    const line = `T-${ticket.number} 请你看看 – 同事在备注里 @你`
    await expect.poll(() => toldIn(page)).toEqual([line])
    expect(await rungIn(page)).toBe(0)

    await page.evaluate('window.look(false)')
    await page.evaluate('window.notice.onclick()')
    await page.getByRole('heading', { name: '请你看看' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/desk/app/inbox/mentioned/${ticket.id}`)
    await expect
      .poll(() =>
        world.database.query('select message_id from note_mentions where agent_id = $1 and read_at is null', [
          agent.id,
        ]),
      )
      .toEqual([])
    await pressBoth(page, 'g', 'n')
    await page.getByText('没有人在备注里提到你').waitFor()
    await page.evaluate('window.look(true)')
    await mention()
    await expect.poll(() => toldIn(page)).toEqual([line, line])
  })
})
