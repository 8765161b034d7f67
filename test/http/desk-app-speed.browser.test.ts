import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { topics } from '../../src/core/bus.ts'
import { manyLike, readUpTo, talkOn } from '../../bench/long-data.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, followRequests, pathOf, rowOf } from './app-stage.ts'
import { useStage } from './stage.ts'

/** More rows than a screen of this height can need. */
const window = 60

/** What a page asks the API for from now on, pictures and scripts apart. */
const askedBy = (page: Page): readonly string[] => {
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname.startsWith('/api/')) asked.push(`${request.method()} ${pathname}${search}`)
  })
  return asked
}

describeWith('chromium', "long lists in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const drawn = (selector: string) => stage.page.locator(selector).count()
  const scroll = (selector: string, to: 'start' | 'end') =>
    stage.page.evaluate(`(() => {
      const list = document.querySelector('${selector}')
      list.scrollTop = ${to === 'start' ? '0' : 'list.scrollHeight'}
    })()`)
  /** Until the list has stood where it is for a while of frames: it measures what it draws, and moves by that. */
  const stands = () =>
    stage.page.evaluate(`(async () => {
      let [at, still] = [-1, 0]
      while (still < 20) {
        await new Promise((done) => requestAnimationFrame(done))
        const { scrollTop } = document.querySelector('.thread-rows')
        still = scrollTop === at ? still + 1 : 0
        at = scrollTop
      }
    })()`)
  /** Scrolls until a message is in view: what is fetched on the way moves the edge. */
  const scrollTo = (to: 'start' | 'end', message: string) =>
    expect
      .poll(async () => {
        await scroll('.thread-rows', to)
        return inView()
      })
      .toContain(message)
  /** The messages in view, by what they say. */
  const inView = () =>
    stage.page.evaluate<string[]>(`(() => {
      const { top, bottom } = document.querySelector('.thread').getBoundingClientRect()
      return [...document.querySelectorAll('.thread .message')].filter((message) => {
        const box = message.getBoundingClientRect()
        return box.bottom > top + 1 && box.top < bottom - 1
      }).map((message) => message.querySelector('.words').textContent.split('：')[0])
    })()`)

  it('opens a conversation of 5 000 messages where reading goes on, with one request', async () => {
    const { world, page, agent } = stage
    const ticket = await world.arrive({ title: '说了很久' })
    await talkOn(world.database, ticket, 5_000)
    await readUpTo(world.database, ticket, { agentId: agent.id, seq: 2_000 })
    const requests = followRequests(page)
    await enterApp(stage)
    await rowOf(page, ticket).waitFor()
    // What the first screen itself asks for is over.
    await requests.settled()
    const asked = askedBy(page)
    await rowOf(page, ticket).click()
    await page.getByText('以下是未读消息').waitFor()
    await expect.poll(inView).toContain('第2001句')
    await stands()
    expect(await inView()).not.toContain('第1999句')
    await page.waitForLoadState('networkidle')
    // The lists at the side are counted anew in their own time; what is looked at now and then may be, once each.
    const opening = asked.filter((one) => !one.startsWith('GET /api/desk/tickets?view='))
    const glances = opening.flatMap((one) => /\/api\/desk\/(?:views|inboxes|presence)/.exec(one)?.[0] ?? [])
    expect(glances).toHaveLength(new Set(glances).size)
    expect(opening.filter((one) => !glances.some((glance) => one.includes(glance)))).toEqual([
      `GET /api/desk/tickets/${ticket.id}?last=100&doing=looking`,
    ])
    expect(await drawn('.message')).toBeLessThan(window)
    // Opened again, it is shown from what was kept, at its end, until the server says where reading goes on.
    const other = await world.arrive({ title: '看一眼' })
    for (let round = 0; round < 2; round += 1) {
      await rowOf(page, other).click()
      await page.getByRole('heading', { name: '看一眼' }).waitFor()
      await rowOf(page, ticket).click()
      await page.getByText('以下是未读消息').waitFor()
    }
    await page.waitForLoadState('networkidle')
    const [read] = await world.database.query<{ seq: number }>(
      'select seq from agent_reads where conversation_id = $1 and agent_id = $2',
      [ticket.conversationId, agent.id],
    )
    expect(read?.seq).toBeLessThan(2_100)
  })

  it('brings what is before and after as one gets near, and keeps the place', async () => {
    const { world, page, agent } = stage
    const ticket = await world.arrive({ title: '往回看' })
    await talkOn(world.database, ticket, 400)
    await readUpTo(world.database, ticket, { agentId: agent.id, seq: 400 })
    await enterApp(stage, { path: pathOf(ticket) })
    await expect.poll(inView).toContain('第400句')
    await stands()
    await scroll('.thread-rows', 'start')
    await expect.poll(inView).toContain('第301句')
    // What came before stands above; the reader stays where she was.
    await stands()
    expect(await inView()).toContain('第301句')
    await scrollTo('start', '第3句')
    expect(await drawn('.message')).toBeLessThan(window)
    // The unread ones of somebody who was away: on to the end from there.
    await readUpTo(world.database, ticket, { agentId: agent.id, seq: 100 })
    await page.reload()
    await expect.poll(inView).toContain('第101句')
    await stands()
    await scroll('.thread-rows', 'end')
    await expect.poll(inView).not.toContain('第101句')
    await page.getByRole('button', { name: '最新消息' }).click()
    await expect.poll(inView).toContain('第400句')
    await expect.poll(() => page.getByRole('button', { name: '最新消息' }).count()).toBe(0)
  })

  it('remembers how far was read, and follows what comes', async () => {
    const { world, page } = stage
    const ticket = await world.arrive({ title: '接着读' })
    const other = await world.arrive({ title: '另一张' })
    await talkOn(world.database, ticket, 150)
    await enterApp(stage, { path: pathOf(ticket) })
    // Never opened before: the newest ones are shown, nothing is called unread.
    await expect.poll(inView).toContain('第150句')
    expect(await drawn('.thread-unread')).toBe(0)
    await rowOf(page, other).click()
    await page.getByRole('heading', { name: '另一张' }).waitFor()
    await expect
      .poll(() =>
        world.database.query('select seq from agent_reads where conversation_id = $1', [
          ticket.conversationId,
        ]),
      )
      .toEqual([{ seq: 150 }])
    await talkOn(world.database, ticket, 190)
    await rowOf(page, ticket).click()
    await page.getByText('以下是未读消息').waitFor()
    await expect.poll(inView).toContain('第151句')
    await scrollTo('end', '第190句')
    await page.getByRole('textbox', { name: '回复' }).fill('收到')
    await page.keyboard.press('Control+Enter')
    await expect.poll(inView).toContain('收到')
    // A message of the contact changes nothing that is owed: what is told is the conversation alone.
    await talkOn(world.database, ticket, 195)
    world.bus.publish(topics.ticket, { conversationId: ticket.conversationId })
    await expect.poll(inView).toContain('第195句')
  })

  it('lists 10 000 tickets page by page, a window of them at a time', async () => {
    const { world, page } = stage
    const ticket = await world.arrive({ title: '很多张' })
    await manyLike(world.database, ticket, 9_999)
    const asked = askedBy(page)
    await enterApp(stage, { path: '/inbox/open' })
    await page.locator('.row').first().waitFor()
    await page.getByRole('link', { name: /全部/ }).getByText('200+').waitFor()
    const numbers = () =>
      page.evaluate<number>(
        "Math.max(...[...document.querySelectorAll('.row')].map((row) => Number(/T-(\\d+)/.exec(row.textContent)[1])))",
      )
    const last = ticket.number + 9_999
    await expect
      .poll(
        async () => {
          await scroll('.list-rows', 'end')
          return numbers()
        },
        { timeout: 90_000 },
      )
      .toBe(last)
    expect(await drawn('.row')).toBeLessThan(window)
    // Ten pages; a look again on the way asks for those that are there once more.
    expect(asked.filter((one) => one.includes('/tickets?view=open')).length).toBeLessThan(24)
  })
})
