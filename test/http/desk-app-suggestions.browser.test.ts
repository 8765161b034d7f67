import { expect, it } from 'vitest'
import { openSuggestionWorld } from '../support/suggestion-world.ts'
import { describeWith } from '../support/services.ts'
import { enterApp } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

describeWith('chromium', "the board of suggestions in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const dialog = () => stage.page.getByRole('dialog')
  const column = (name: string) => stage.page.getByRole('region', { name, exact: true })
  /** Suggestions in groups of their own: one a subject that the placing knows. */
  const suggest = async (...sentences: readonly string[]) => {
    const { database } = stage.world
    await database.query('truncate feedback_items, feedback_themes cascade')
    const suggestions = await openSuggestionWorld(database, new Date())
    const program = await createProgram(stage.world, ['feedback:manage'])
    for (const sentence of sentences) await program.post('/feedback/items', { sentence })
    await suggestions.place()
    return { program, suggestions }
  }

  it('moves a group by hand and by button, and tells before whom a status tells', async () => {
    const { suggestions, program } = await suggest('倍速再细一点', '夜间自动打开')
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/suggestions', who })
    const speed = column('已收集').getByRole('listitem').filter({ hasText: '倍速' })
    await speed.waitFor()
    await speed.dragTo(column('已计划'))
    await dialog().getByText('这个状态不会告诉任何人。').waitFor()
    await dialog().getByRole('button', { name: '改为“已计划”' }).click()
    await column('已计划').getByText('倍速再细一点').waitFor()

    await page.getByRole('button', { name: '移动“夜间自动打开”' }).click()
    await page.getByRole('menuitem', { name: '已上线' }).click()
    await dialog()
      .getByText(/提过的 \d+ 人：马上告诉/)
      .waitFor()
    const set = dialog().getByRole('button', { name: /^改为“已上线”/ })
    await expect.poll(() => set.isDisabled()).toBe(true)
    await dialog().getByLabel('告诉提过的人（公开的话）').fill('夜间模式上线了')
    await set.click()
    await column('已上线').getByText('夜间自动打开').waitFor()
    const night = await suggestions.themeOf('夜间')
    expect((await program.get(`/feedback/themes/${night.id}`)).json).toMatchObject({
      ...{ status: 'shipped', wording: { zh: '夜间模式上线了' } },
    })
  })

  it('splits and merges groups, naming what moves', async () => {
    const { suggestions } = await suggest('倍速再细一点', '倍速记住上次', '收藏可以搜索')
    const who = await stage.world.hire('supervisor', '周岚')
    const { id } = await suggestions.themeOf('倍速记住')
    const page = await enterApp(stage, { path: `/suggestions/${id}`, who })
    await page.getByRole('checkbox', { name: '倍速记住上次' }).check()
    await page.getByRole('button', { name: '拆出选中的 1 条' }).click()
    await dialog().getByLabel('新组的名字（可不填）').fill('记住倍速')
    await dialog().getByRole('button', { name: '拆出选中的 1 条' }).click()
    await page.getByRole('checkbox', { name: '倍速记住上次' }).waitFor({ state: 'detached' })
    expect((await suggestions.themeOf('记住上次')).label).toBe('记住倍速')

    await page.getByRole('button', { name: '并入另一组' }).click()
    await dialog().getByLabel('哪一组').fill('收藏')
    await page.getByTitle(/^收藏可以搜索/).click()
    await dialog()
      .getByText(/“收藏可以搜索”的 1 条建议会归到/)
      .waitFor()
    await dialog().getByRole('button', { name: '并入 1 条' }).click()
    await page.getByRole('checkbox', { name: '收藏可以搜索' }).waitFor()
  })

  it('keeps the words when somebody was faster, and shows theirs', async () => {
    const { suggestions, program } = await suggest('投屏支持老电视')
    const { id } = await suggestions.themeOf('投屏')
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: `/suggestions/${id}`, who })
    stage.expectComplaints(/409|503/)
    await page.getByRole('button', { name: '改状态' }).click()
    await dialog().getByLabel('状态').click()
    await page.getByTitle('不做').click()
    await dialog().getByLabel('告诉提过的人（公开的话）').fill('老电视做不了')
    const theirs = { status: 'shipped', wording: { zh: '已经支持了' }, tell: false }
    await program.post(`/feedback/themes/${id}/status`, theirs)
    await dialog()
      .getByRole('button', { name: /^改为“不做”/ })
      .click()
    await dialog().getByText('已经支持了').waitFor()
    await expect.poll(() => dialog().getByLabel('告诉提过的人（公开的话）').inputValue()).toBe('老电视做不了')
    await dialog()
      .getByRole('button', { name: /^改为“不做”/ })
      .click()
    await dialog().waitFor({ state: 'hidden' })
    expect((await program.get(`/feedback/themes/${id}`)).json).toMatchObject({ status: 'declined' })
  })

  it('explains itself to agents, who only look', async () => {
    await suggest('弹幕更小')
    const page = await enterApp(stage, { path: '/suggestions' })
    await page.getByText('合并、拆分和改状态由主管或管理员来做', { exact: false }).waitFor()
    await column('已收集').getByText('弹幕更小').waitFor()
    expect(await page.getByRole('button', { name: /^移动/ }).count()).toBe(0)
  })

  it('asks before it closes a dialog in which a name was written', async () => {
    const { suggestions } = await suggest('缓存到存储卡')
    const { id } = await suggestions.themeOf('存储卡')
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: `/suggestions/${id}`, who })
    await page.getByRole('button', { name: '改名' }).click()
    await dialog().getByLabel('名字').fill('存到卡上')
    await page.keyboard.press('Escape')
    const goOn = page.getByRole('button', { name: '继续编辑' })
    await goOn.click()
    await goOn.waitFor({ state: 'detached' })
    await expect.poll(() => dialog().getByLabel('名字').inputValue()).toBe('存到卡上')
    await dialog().getByRole('button', { name: '取消' }).click()
    await page.getByRole('button', { name: '不保存' }).click()
    await dialog().waitFor({ state: 'detached' })
  })
})
