import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Ticket } from '../../src/core/ticket.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, openApp, pathOf, rowOf } from './app-stage.ts'
import { useStage } from './stage.ts'

/** Presses keys one after the other. */
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}

describeWith('chromium', "the agents' app by keyboard", (executablePath) => {
  const stage = useStage(executablePath)
  const dialog = () => stage.page.getByRole('dialog')
  const heading = (name: string) => stage.page.getByRole('heading', { name })
  /** Three tickets in the order of the list. */
  const arriveThree = async (): Promise<readonly [Ticket, Ticket, Ticket]> => [
    await stage.world.arrive({ title: '第一件', name: '鹿目', dueInMs: 3_600_000 }),
    await stage.world.arrive({ title: '第二件', name: '佐藤', dueInMs: 7_200_000 }),
    await stage.world.arrive({ title: '第三件', name: '阿白', dueInMs: 10_800_000 }),
  ]
  const stateOf = async ({ id }: Ticket) => (await stage.world.tickets.get(id)).state
  const focused = () => stage.page.evaluate('document.activeElement?.dataset.ticket')

  it('moves through the list, opens, solves and goes on', async () => {
    const [first, second, third] = await arriveThree()
    const page = await enterApp(stage, { path: '/inbox/open' })
    await rowOf(page, third).waitFor()
    await press(page, 'j', 'j', 'j', 'k')
    await expect.poll(focused).toBe(second.id)
    expect(new URL(page.url()).pathname).toBe('/desk/app/inbox/open')
    await press(page, 'Enter')
    await heading('第二件').waitFor()
    await press(page, 'm')
    await page.getByText('已接手').waitFor()
    await press(page, 'Shift+E')
    await heading('第三件').waitFor()
    expect(await stateOf(second)).toBe('solved')
    await press(page, 'z')
    await page.getByText('已撤销解决').waitFor()
    expect(await stateOf(second)).not.toBe('solved')
    await press(page, 'g', 'm')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/desk/app/inbox/mine')
    await rowOf(page, first).waitFor({ state: 'detached' })
  })

  it('changes the open ticket: priority, tags, hold, assignment', async () => {
    const [first] = await arriveThree()
    const page = await enterApp(stage, { path: pathOf(first) })
    await heading('第一件').waitFor()
    await press(page, 'p')
    await dialog().getByRole('radio', { name: '紧急' }).check()
    await press(page, 'Enter')
    await expect.poll(async () => (await stage.world.tickets.get(first.id)).priority).toBe('urgent')
    await dialog().waitFor({ state: 'detached' })
    await press(page, 't')
    await dialog().getByLabel('加上').pressSequentially('退款，加急，')
    await dialog().getByRole('button', { name: '保存' }).click()
    await expect.poll(async () => (await stage.world.tickets.get(first.id)).tags).toEqual(['加急', '退款'])
    await dialog().waitFor({ state: 'detached' })
    await press(page, 'a')
    await dialog().getByRole('button', { name: '分配', exact: true }).click()
    await page.getByText(`已把 T-${first.number} 分配给 李然`).waitFor()
    expect((await stage.world.tickets.get(first.id)).assigneeId).toBe(stage.agent.id)
    await press(page, 'z')
    await page.getByText(`已撤销，T-${first.number} 恢复原样`).waitFor()
    expect((await stage.world.tickets.get(first.id)).assigneeId).toBeUndefined()
    await press(page, 's')
    await dialog().getByLabel('在等谁或等什么').fill('等财务')
    await dialog().getByRole('button', { name: '搁置' }).click()
    await expect.poll(() => stateOf(first)).toBe('on_hold')
  })

  it('goes to the next ticket while writing, and goes on writing there', async () => {
    const [first, second] = await arriveThree()
    const page = await enterApp(stage, { path: pathOf(first) })
    await heading('第一件').waitFor()
    await press(page, 'r')
    await page.keyboard.type('jke')
    await press(page, 'Alt+ArrowDown')
    await heading('第二件').waitFor()
    await page.keyboard.type('写给第二位')
    await expect.poll(() => page.getByRole('textbox', { name: '回复' }).inputValue()).toBe('写给第二位')
    await press(page, 'Alt+ArrowUp')
    await heading('第一件').waitFor()
    await expect.poll(() => page.getByRole('textbox', { name: '回复' }).inputValue()).toBe('jke')
    expect([await stateOf(first), await stateOf(second)]).toEqual(['new', 'new'])
  })

  it('marks as unread what is to be read again, and hides what is known of the contact', async () => {
    const [first] = await arriveThree()
    const page = await enterApp(stage, { path: pathOf(first) })
    await heading('第一件').waitFor()
    const unread = rowOf(page, first).getByText('未读')
    await unread.waitFor({ state: 'detached' })
    await press(page, 'u')
    await unread.waitFor()
    await page.reload()
    await heading('第一件').waitFor()
    await unread.waitFor({ state: 'detached' })
    await press(page, '[')
    await page.locator('.info').waitFor({ state: 'hidden' })
    await press(page, ']')
    await page.locator('.info').waitFor({ state: 'visible' })
  })

  it('finds commands by first letters and tickets by number or name', async () => {
    const [, second, third] = await arriveThree()
    const page = await enterApp(stage, { path: pathOf(second) })
    await heading('第二件').waitFor()
    await press(page, 'r', 'Control+k')
    const field = dialog().getByRole('combobox', { name: '命令、视图、工单' })
    await field.fill('ab')
    await dialog().getByRole('option', { name: /阿白/ }).waitFor()
    await field.fill(`t-${third.number}`)
    await press(page, 'Enter')
    await heading('第三件').waitFor()
    await press(page, 'Control+k')
    await field.fill('jjbk')
    await expect
      .poll(() => dialog().getByRole('option').allInnerTexts())
      .toEqual([expect.stringContaining('解决并看下一张')])
    await field.fill('qwd')
    await press(page, 'Enter')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/desk/app/inbox/mine')
    await press(page, 'Control+k')
    await field.fill('没有这样的命令')
    await dialog().getByText('没有找到').waitFor()
    await press(page, 'Escape')
    await dialog().waitFor({ state: 'detached' })
  })

  it('takes other keys, for this agent at every machine, and lists them as they are', async () => {
    const [first] = await arriveThree()
    const page = await enterApp(stage, { path: '/settings/keys' })
    const change = page.getByRole('button', { name: '改“解决”的按键' })
    await change.click()
    await press(page, 'm')
    await page.getByText('m 已用于“接手”。先改掉那一个，或换一个键。').waitFor()
    await press(page, 'g')
    await page.getByText('已按 g，再按第二个键').waitFor()
    await press(page, 'x')
    const row = page.getByRole('row', { name: /^解决 / })
    await expect.poll(() => row.locator('kbd').allInnerTexts()).toEqual(['g', 'x'])

    const elsewhere = await stage.browser.newContext({ locale: 'zh-CN' })
    const other = await elsewhere.newPage()
    await enterApp(stage, { path: pathOf(first), page: other })
    await other.getByRole('heading', { name: '第一件' }).waitFor()
    await press(other, 'e', '?')
    const listed = other
      .getByRole('dialog')
      .locator('dl > div')
      .filter({ has: other.getByText('解决', { exact: true }) })
    await expect.poll(() => listed.locator('kbd').allInnerTexts()).toEqual(['g', 'x'])
    await press(other, 'Escape')
    await other.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await stateOf(first)).toBe('new')
    await press(other, 'g', 'x')
    await expect.poll(() => stateOf(first)).toBe('solved')
    await elsewhere.close()

    await page.getByRole('button', { name: '全部恢复默认' }).click()
    await dialog().getByText('把 1 个改过的按键恢复默认？').last().waitFor()
    await dialog().getByRole('button', { name: '全部恢复默认' }).click()
    await expect.poll(() => row.locator('kbd').allInnerTexts()).toEqual(['e'])
  })

  it('lets single keys be switched off; those with Ctrl go on', async () => {
    const [first] = await arriveThree()
    const page = await enterApp(stage, { path: '/settings/keys' })
    await page.getByRole('switch', { name: /单键快捷键/ }).click()
    await expect
      .poll(() =>
        stage.world.database.query('select preferences from agent_preferences where agent_id = $1', [
          stage.agent.id,
        ]),
      )
      .toMatchObject([{ preferences: { keys: { single: false } } }])
    await openApp(stage, page, pathOf(first))
    await heading('第一件').waitFor()
    await press(page, 'm', 'e', 'g', 'm', '?')
    await press(page, 'Control+k')
    await dialog().getByRole('combobox').waitFor()
    expect(await stateOf(first)).toBe('new')
    await expect.poll(() => dialog().count()).toBe(1)
  })

  it('solves several at once, says how many, and takes it back', async () => {
    const [first, second, third] = await arriveThree()
    const page = await enterApp(stage, { path: '/inbox/open' })
    await rowOf(page, third).waitFor()
    await press(page, 'j', 'x')
    await page.getByText('已选 1 张').waitFor()
    await rowOf(page, third).click({ modifiers: ['Shift'] })
    await page.getByText('已选 3 张').waitFor()
    await page.getByRole('checkbox', { name: `选中 T-${second.number}` }).uncheck()
    await page.getByText('已选 2 张').waitFor()
    await page.getByRole('button', { name: '解决 2 张' }).click()
    await page.getByText('已解决 2 张工单').waitFor()
    expect([await stateOf(first), await stateOf(second), await stateOf(third)]).toEqual([
      'solved',
      'new',
      'solved',
    ])
    await page.getByRole('button', { name: /^撤销/ }).click()
    await page.getByText('已撤销，2 张工单 恢复原样').waitFor()
    expect([await stateOf(first), await stateOf(third)]).not.toContain('solved')
  })

  it('tags several and gives them to somebody by the keys; what a colleague changed stays selected with the reason', async () => {
    const [first, second, third] = await arriveThree()
    const who = await stage.world.hire('supervisor', '陈静')
    const page = await enterApp(stage, { path: '/inbox/open', who })
    await rowOf(page, third).waitFor()
    await press(page, 'j', 'x', 'j', 'x', 't')
    await dialog().getByText('2 张工单 的标签').waitFor()
    await dialog().getByLabel('加上').pressSequentially('盗号，')
    await dialog().getByRole('button', { name: '保存' }).click()
    await page.getByText('已改 2 张工单 的标签').waitFor()
    expect((await stage.world.tickets.get(first.id)).tags).toEqual(['盗号'])
    await press(page, 'z')
    await page.getByText('已撤销，2 张工单 恢复原样').waitFor()
    expect((await stage.world.tickets.get(first.id)).tags).toEqual([])

    await page.getByRole('checkbox', { name: `选中 T-${second.number}` }).check()
    await page.getByRole('button', { name: '全选 3 张' }).click()
    await page.getByRole('button', { name: '分配 3 张' }).click()
    await dialog().getByText('分配 3 张工单').waitFor()
    stage.expectComplaints(/503|409/)
    // Somebody else is faster, and our list does not know yet.
    await page.route('**/api/desk/tickets?**', (route) => route.abort())
    const colleague = await stage.world.enter(await stage.world.hire('agent', '王敏'))
    expect((await colleague.post(`/api/desk/tickets/${second.id}/take`)).status).toBe(200)
    stage.expectComplaints(/503|409|ERR_FAILED/)
    await dialog().getByRole('button', { name: '分配', exact: true }).click()
    await page.getByText('1 张没有成功，仍然选中：').waitFor()
    await page
      .getByText(new RegExp(`T-${second.number} `))
      .first()
      .waitFor()
    await page.getByText('已选 1 张').waitFor()
    expect((await stage.world.tickets.get(first.id)).assigneeName).toBe('陈静')
    expect((await stage.world.tickets.get(second.id)).assigneeName).toBe('王敏')
  })

  it('asks before it closes a dialog in which something was chosen for tickets', async () => {
    const [first] = await arriveThree()
    const page = await enterApp(stage, { path: pathOf(first) })
    await heading('第一件').waitFor()
    const goOn = page.getByRole('button', { name: '继续编辑' })
    await press(page, 'p')
    await dialog().getByRole('radio', { name: '紧急' }).check()
    await press(page, 'Escape')
    await goOn.click()
    await goOn.waitFor({ state: 'detached' })
    await expect.poll(() => dialog().getByRole('radio', { name: '紧急' }).isChecked()).toBe(true)
    await dialog().getByRole('radio', { name: '普通' }).check()
    await press(page, 'Escape')
    await dialog().waitFor({ state: 'detached' })

    await press(page, 't')
    await dialog().getByLabel('加上').pressSequentially('退款，')
    await dialog().getByText(`T-${first.number} 的标签`).click()
    await press(page, 'Escape')
    await page.getByRole('button', { name: '不保存' }).click()
    await dialog().waitFor({ state: 'detached' })
    expect((await stage.world.tickets.get(first.id)).tags).toEqual([])
  })
})
