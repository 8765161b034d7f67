import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { isTooWide } from './app-looks.ts'
import { enterApp, openApp, pressBoth, rowOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

describeWith('chromium', "views in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const link = (name: string) =>
    stage.page.getByRole('navigation', { name: '视图' }).getByRole('link', { name })
  const drawer = () => stage.page.getByRole('dialog')
  const saved = async (body: object) => {
    const browser = await stage.world.enter(stage.agent)
    return (await browser.post('/api/desk/views', { name: '等财务', filter: {}, order: 'due', ...body }))
      .json as { readonly id: string }
  }

  it('show what is due soon and what waits, by keys too, with counts, reasons and words for nothing', async () => {
    const calm = await stage.world.arrive({ title: '不急', dueInMs: 90 * 60_000 })
    const over = await stage.world.arrive({ title: '超时了', dueInMs: -720_000 })
    const page = await enterApp(stage)
    await rowOf(page, calm).waitFor()
    await pressBoth(page, 'g', 'h')
    await page.getByText('没有在等用户或等别人的工单').waitFor()
    await pressBoth(page, 'g', 'd')
    await rowOf(page, over).waitFor()
    expect(await rowOf(page, calm).count()).toBe(0)
    await expect.poll(() => link('即将超时').locator('.count').innerText()).toBe('1')
    await expect.poll(() => rowOf(page, over).locator('.due-over').count()).toBe(1)
    const browser = await stage.world.enter(stage.agent)
    await browser.post(
      `/api/v1/tickets/${calm.id}/hold`,
      { reason: '财务查账' },
      { 'idempotency-key': 'hold-of-views' },
    )
    await expect.poll(() => link('已搁置').locator('.count').innerText()).toBe('1')
    await link('已搁置').click()
    await rowOf(page, calm).getByText('等：财务查账').waitFor()
    // The same minute in Shanghai, some days on.
    const until = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 49 * 3_600_000)
    const [day, clock] = new Date(until.getTime() + 8 * 3_600_000).toISOString().split('T')
    await browser.post(
      `/api/v1/tickets/${over.id}/hold`,
      { reason: '等用户寄回', until: until.toISOString() },
      { 'idempotency-key': 'hold-until-of-views' },
    )
    const ending = rowOf(page, over).locator('time')
    await ending.getByText(`${clock?.slice(0, 5) ?? ''} · 还有 2 天`).waitFor()
    await expect.poll(() => ending.getAttribute('title')).toBe(`${day ?? ''} ${clock?.slice(0, 5) ?? ''}`)
    const shown = async () =>
      Promise.all((await page.locator('[data-ticket]').all()).map((row) => row.getAttribute('data-ticket')))
    await expect.poll(shown).toEqual([over.id, calm.id])
  })

  it('show as amber what the server says is in danger', async () => {
    const soon = await stage.world.arrive({ dueInMs: 40 * 60_000 })
    await stage.world.database.query(
      `update tickets set created_at = created_at - interval '3 hours' where id = $1`,
      [soon.id],
    )
    const page = await enterApp(stage, { path: '/inbox/due' })
    await rowOf(page, soon).locator('.due-soon').waitFor()
  })

  it('can be made, counted while they are made, changed and removed', async () => {
    const [vip, other] = [
      await stage.world.arrive({ title: '大会员' }),
      await stage.world.arrive({ title: '别的' }),
    ]
    await stage.world.database.query(`update tickets set tags = '{vip}' where id = $1`, [vip.id])
    const page = await enterApp(stage)
    await rowOf(page, other).waitFor()
    await page.getByRole('button', { name: '新建自定义视图' }).click()
    await drawer().getByText('现在有 2 张工单').waitFor()
    await drawer().getByRole('button', { name: '保存' }).click()
    await drawer().getByText('给视图起个名字').waitFor()
    await drawer().getByLabel('名称').fill('会员')
    await drawer().getByLabel('标签').fill('vip')
    await page.keyboard.press('Enter')
    await drawer().getByText('现在有 1 张工单').waitFor()
    await drawer().getByLabel('名称').click()
    await drawer().getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name: '会员' }).waitFor()
    await rowOf(page, vip).waitFor()
    await expect.poll(() => rowOf(page, other).count()).toBe(0)
    await expect.poll(() => link('会员').locator('.count').innerText()).toBe('1')
    await page.getByRole('button', { name: '修改', exact: true }).click()
    await expect.poll(() => drawer().getByLabel('名称').inputValue()).toBe('会员')
    await drawer().getByLabel('名称').fill('会员的单')
    await drawer().getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name: '会员的单' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('hydd')
    await page.getByRole('option', { name: '会员的单' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '修改', exact: true }).click()
    await drawer().getByLabel('名称').fill('没想好')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '继续编辑' }).click()
    await page.getByRole('button', { name: '继续编辑' }).waitFor({ state: 'detached' })
    await expect.poll(() => drawer().getByLabel('名称').inputValue()).toBe('没想好')
    const sure = page.getByRole('dialog', { name: /删除视图“会员的单”/ })
    await drawer().getByRole('button', { name: '删除视图' }).click()
    await sure.waitFor()
    await page.keyboard.press('Escape')
    await sure.waitFor({ state: 'detached' })
    await expect.poll(() => drawer().getByLabel('名称').inputValue()).toBe('没想好')
    await drawer().getByRole('button', { name: '删除视图' }).click()
    await sure.getByRole('button', { name: '删除视图' }).click()
    await expect.poll(() => link('会员的单').count()).toBe(0)
    await rowOf(page, other).waitFor()
  })

  it('keep what was written when they were changed elsewhere, and say what they name and is gone', async () => {
    const { id } = await saved({ filter: { tags: ['从没用过'], inboxes: ['old-inbox'] } })
    const page = await enterApp(stage, { path: `/inbox/custom-${id}` })
    await page.getByText('标签“从没用过”（没有工单用它）').waitFor()
    await page.getByText('收件渠道 old-inbox（已不在配置里）').waitFor()
    await page.getByText('现在没有符合这个视图的工单').waitFor()
    await page.getByRole('button', { name: '修改', exact: true }).click()
    await drawer().getByLabel('名称').fill('我写的')
    const elsewhere = await stage.world.enter(stage.agent)
    await elsewhere.call('PATCH', `/api/desk/views/${id}`, { body: { version: 1, name: '别处改的' } })
    stage.expectComplaints(/409/)
    await drawer().getByRole('button', { name: '保存' }).click()
    await drawer().getByText('现在叫“别处改的”').waitFor()
    await expect.poll(() => drawer().getByLabel('名称').inputValue()).toBe('我写的')
    const cells = (part: string) =>
      drawer().getByRole('row', { name: part }).getByRole('cell').allInnerTexts()
    expect(await cells('名称 （不同）')).toEqual(['我写的', '别处改的'])
    expect(await cells('标签（有其中一个就算）')).toEqual(['从没用过', '从没用过'])
    await expect.poll(() => drawer().getByText('（不同）').count()).toBe(1)
    await drawer().getByRole('button', { name: '用我写的覆盖' }).click()
    await page.getByRole('heading', { name: '我写的' }).waitFor()

    await page.getByRole('button', { name: '修改', exact: true }).click()
    await drawer().getByLabel('名称').fill('又写的')
    const theirs = { version: 3, order: 'newest', filter: { states: ['pending'] } }
    await elsewhere.call('PATCH', `/api/desk/views/${id}`, { body: theirs })
    await drawer().getByRole('button', { name: '保存' }).click()
    await drawer().getByRole('alert').waitFor()
    expect(await cells('名称 （不同）')).toEqual(['又写的', '我写的'])
    expect(await cells('排序 （不同）')).toEqual(['先到期的在前', '新来的在前'])
    expect(await cells('状态 （不同）')).toEqual(['所有未解决的', '等用户'])
    await drawer().getByRole('button', { name: '换成最新的' }).click()
    await drawer().getByRole('alert').waitFor({ state: 'detached' })
    await expect.poll(() => drawer().getByLabel('名称').inputValue()).toBe('我写的')
    await drawer().getByRole('button', { name: '保存' }).click()
    await drawer().waitFor({ state: 'detached' })
    stage.expectComplaints(/404/)
    await elsewhere.call('DELETE', `/api/desk/views/${id}`, { body: {} })
    await openApp(stage, page, `/inbox/custom-${id}`)
    await page.getByText('没有这个视图').waitFor()
  })

  it('are shared with one team: its members have them in their list', async () => {
    const program = await createProgram(stage.world, ['teams:manage'])
    const team = String((await program.post('/teams', { name: { zh: '直播组', en: 'Live' } })).json.id)
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { who })
    await page.getByRole('button', { name: '新建自定义视图' }).click()
    await drawer().getByLabel('名称').fill('直播的单')
    await drawer().getByLabel('谁的列表里有它').click()
    await page.getByTitle('团队：直播组').click()
    await drawer().getByRole('button', { name: '保存' }).click()
    await page.getByText('已共享给团队“直播组”').waitFor()
    const context = await stage.browser.newContext({ locale: 'zh-CN' })
    const hers = await enterApp(stage, { page: await context.newPage() })
    const shared = hers.getByRole('navigation', { name: '视图' }).getByRole('link', { name: '直播的单' })
    await hers.getByRole('button', { name: '新建自定义视图' }).waitFor()
    expect(await shared.count()).toBe(0)
    await program.post(`/teams/${team}/members`, { agentId: stage.agent.id })
    await openApp(stage, hers, '/inbox/open')
    await shared.click()
    await hers.getByText('周岚 共享给团队“直播组”的视图；“我”指看的人').waitFor()
    expect(await hers.getByRole('button', { name: '修改', exact: true }).count()).toBe(0)
    await context.close()
  })

  it('are made on a phone, too', async () => {
    const ticket = await stage.world.arrive({ title: '手机上' })
    await stage.page.setViewportSize({ width: 360, height: 740 })
    const page = await enterApp(stage)
    await rowOf(page, ticket).waitFor()
    await page.getByRole('button', { name: '新建自定义视图' }).click()
    await drawer().getByLabel('名称').fill('很长很长很长很长很长很长很长很长的名字')
    await drawer().getByText('现在有 1 张工单').waitFor()
    await drawer().getByRole('button', { name: '保存' }).click()
    await page.getByRole('heading', { name: /很长的名字/ }).waitFor()
    await rowOf(page, ticket).waitFor()
    expect(await page.evaluate(isTooWide)).toBe(false)
  })
})
