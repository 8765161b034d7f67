import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'

describeWith('chromium', 'two agents at one conversation', (executablePath) => {
  const stage = useStage(executablePath)
  const opened: Page[] = []
  /** A browser of a colleague's own, at the same ticket. */
  const colleague = async (name: string, path: string): Promise<Page> => {
    const context = await stage.browser.newContext({
      locale: 'zh-CN',
      viewport: { width: 1280, height: 800 },
    })
    const page = await context.newPage()
    opened.push(page)
    return enterApp(stage, { who: await stage.world.hire('agent', name), page, path })
  }
  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close()
  })
  const field = (page: Page) => page.getByRole('textbox', { name: '回复' })
  const ofAgents = (page: Page) => page.locator('.message.by-agent')

  it('see each other looking, typing and going', async () => {
    const ticket = await stage.world.arrive({ title: '两个人在看' })
    const mine = await enterApp(stage, { path: pathOf(ticket) })
    const theirs = await colleague('王珂', pathOf(ticket))
    await mine.getByText('王珂也在看').waitFor()
    await theirs.getByText('李然也在看').waitFor()
    await field(theirs).fill('我来回')
    await mine.getByText('王珂正在写回复').waitFor()
    await field(theirs).fill('')
    await mine.getByText('王珂也在看').waitFor()
    await theirs.context().close()
    opened.splice(0)
    await mine.getByText('王珂也在看').waitFor({ state: 'detached', timeout: 70_000 })
  })

  it('do not lose a word when the other’s reply comes first', async () => {
    const ticket = await stage.world.arrive({ title: '两个人都在写' })
    const mine = await enterApp(stage, { path: pathOf(ticket) })
    const theirs = await colleague('王珂', pathOf(ticket))
    await field(mine).fill('李然的回复')
    await field(theirs).fill('王珂的回复')
    await theirs.keyboard.press('Control+Enter')
    await ofAgents(mine).getByText('王珂的回复').waitFor()
    // What I write stands as it was when the other reply comes.
    await expect.poll(() => field(mine).inputValue()).toBe('李然的回复')
    await ofAgents(theirs).getByText('王珂的回复').waitFor()
    for (const page of [mine, theirs]) await expect.poll(() => ofAgents(page).count()).toBe(1)
  })

  it('are asked when they send at the same moment, and what is not sent stays', async () => {
    const ticket = await stage.world.arrive({ title: '同一刻发送' })
    const mine = await enterApp(stage, { path: pathOf(ticket) })
    const theirs = await colleague('王珂', pathOf(ticket))
    stage.expectComplaints(/409|503/)
    await field(mine).fill('甲')
    await field(theirs).fill('乙')
    // Neither hears of the other's before its own is on its way.
    let underWay = 0
    for (const page of [mine, theirs])
      await page.route('**/reply', async (route) => {
        underWay += 1
        await expect.poll(() => underWay).toBeGreaterThan(1)
        await route.continue()
      })
    await Promise.all([mine.keyboard.press('Control+Enter'), theirs.keyboard.press('Control+Enter')])
    // One went at once; the other was asked.
    const asked = async (page: Page): Promise<boolean> => page.getByRole('dialog').isVisible()
    await expect.poll(async () => [await asked(mine), await asked(theirs)].filter(Boolean).length).toBe(1)
    const [second, first] = (await asked(mine)) ? [mine, theirs] : [theirs, mine]
    const [kept, gone] = second === mine ? ['甲', '乙'] : ['乙', '甲']
    await second.getByRole('dialog').getByText(gone).waitFor()
    await second
      .getByRole('dialog')
      .getByRole('button', { name: /^(取消|关闭)$/ })
      .click()
    await expect.poll(() => field(second).inputValue()).toBe(kept)
    for (const page of [first, second]) {
      await ofAgents(page).getByText(gone, { exact: true }).waitFor()
      await expect.poll(() => ofAgents(page).count()).toBe(1)
    }
    await expect.poll(() => field(first).inputValue()).toBe('')
  })

  it('both see what the contact writes meanwhile, and neither loses a draft over a reload', async () => {
    const ticket = await stage.world.arrive({ title: '用户又说话了', text: '第一句' })
    const mine = await enterApp(stage, { path: pathOf(ticket) })
    const theirs = await colleague('王珂', pathOf(ticket))
    await field(mine).fill('李然的草稿')
    await field(theirs).fill('王珂的草稿')
    await stage.world.writesOn(ticket, '第二句')
    for (const page of [mine, theirs]) await page.locator('.message.in').getByText('第二句').waitFor()
    for (const page of [mine, theirs]) await page.reload()
    await field(mine).waitFor()
    await field(theirs).waitFor()
    await expect.poll(() => field(mine).inputValue()).toBe('李然的草稿')
    await expect.poll(() => field(theirs).inputValue()).toBe('王珂的草稿')
  })
})
