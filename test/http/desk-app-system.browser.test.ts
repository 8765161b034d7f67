import { expect, it } from 'vitest'
import { onJob } from '../../src/core/jobs.ts'
import { describeWith } from '../support/services.ts'
import { openTestJobs, testJob } from '../support/system-world.ts'
import { enterApp, holdTime, letTimePass } from './app-stage.ts'
import { useStage, type Stage } from './stage.ts'
import { createProgram } from './v1/program.ts'

/** A background job whose tries are used up. */
const letJobDie = async ({ world }: Stage): Promise<void> => {
  const jobs = await openTestJobs(world.database, world.bus, world.clock)
  // What an earlier test left is none of this one's business.
  await world.database.query('delete from pgboss.job')
  await jobs.enqueue(testJob, {})
  const fails = onJob(testJob, () => Promise.reject(new Error('the bucket does not answer')))
  const stop = await jobs.start({ handlers: [fails], concurrency: 1, stopMs: 1_000 }, [])
  await expect.poll(async () => (await jobs.dead(10)).length).toBe(1)
  await stop()
}

describeWith('chromium', "the product itself in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const section = (name: string) => stage.page.getByRole('region', { name })

  it('says what needs somebody and what to do, and replays a job only when sure', async () => {
    await letJobDie(stage)
    const who = await stage.world.hire('admin', '关月')
    await holdTime(stage.page)
    const page = await enterApp(stage, { path: '/admin/system', who })
    await page.getByText('1 个后台任务用完了重试次数：先排除错误里说的原因，再重试。').waitFor()
    await page.getByText(/语义模型没有启用，只按词回答：.*tongda models pull/).waitFor()
    const queues = section('队列')
    await queues.getByText('the bucket does not answer').waitFor()
    await queues.getByRole('button', { name: '重试' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/重试任务“tidy-up”/)
      .last()
      .waitFor()
    await dialog.getByRole('button', { name: '取消' }).click()
    await dialog.waitFor({ state: 'detached' })
    await queues.getByRole('button', { name: '重试' }).click()
    await dialog.getByRole('button', { name: '重试' }).click()
    await page.getByText('已重新排队').waitFor()
    await expect.poll(() => queues.getByText('the bucket does not answer').count()).toBe(0)
    await section('数据库').getByText('可用').waitFor()
    const languageModel = section('大语言模型')
    await languageModel.getByText(/停用到 2126/).waitFor()
    await languageModel.getByText(/最近一次出错 .*：超时没有回答/).waitFor()
    await languageModel.getByText('使用中').waitFor()
    await languageModel.getByText('48,210，上限 2,000,000').waitFor()
    await languageModel.getByText('0.31，未设上限').waitFor()
    await section('磁盘')
      .getByText(/剩 [\d.]+ [MG]B/)
      .waitFor()
  })

  it('shows an auditor the same, and nothing to press', async () => {
    await letJobDie(stage)
    const who = await stage.world.hire('auditor', '审计')
    const page = await enterApp(stage, { path: '/admin/system', who })
    await section('队列').getByText('the bucket does not answer').first().waitFor()
    expect(await page.getByRole('button', { name: '重试' }).count()).toBe(0)
    await page.getByRole('link', { name: '日历' }).click()
    await section('office').waitFor()
    expect(await page.getByRole('button', { name: '导入节假日' }).count()).toBe(0)
  })

  it('tries a moment on a calendar', async () => {
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/calendars', who })
    await section('hotline').getByText('10:00-18:00').first().waitFor()
    const trying = section('试一试')
    await trying.locator('.ant-select').first().click()
    await page.getByTitle('office').last().click()
    await trying.getByLabel('时间（北京时间）').fill('2025-10-01T10:00')
    await trying.getByText('2025-10-01 10:00：休息，下次开始 2025-10-09 09:00').waitFor()
    await trying.getByText('那时承诺 4 个营业小时，到期 2025-10-09 13:00').waitFor()
    // A make-up Saturday is worked.
    await trying.getByLabel('时间（北京时间）').fill('2025-10-11T10:00')
    await trying.getByText('2025-10-11 10:00：营业中').waitFor()
  })

  it('imports holidays after they were looked at, and keeps what was typed when somebody was faster', async () => {
    const who = await stage.world.hire('admin', '关月')
    await letTimePass(stage.page)
    const page = await enterApp(stage, { path: '/admin/calendars', who })
    stage.expectComplaints(/503|409/)
    await page.getByRole('button', { name: '导入节假日' }).click()
    const importing = section('导入节假日')
    const text = importing.getByLabel('内容')
    await text.fill('2032-01-01 休 元旦\n2032-02-30 休')
    await importing.getByRole('button', { name: '看会改变什么' }).click()
    await importing.getByText(/第 2 行: /).waitFor()
    await expect.poll(() => importing.getByRole('button', { name: /导入 \d+ 天/ }).isDisabled()).toBe(true)
    await text.fill('2032-01-01 休 元旦\n2032-02-28 班')
    await importing.getByRole('button', { name: '看会改变什么' }).click()
    await importing.getByText('新增 2 天，改变 0 天，不变 0 天，有误 0 行').waitFor()
    const program = await createProgram(stage.world, ['system:manage'])
    const body = { set: 'cn', text: '2032-02-28 休', version: 0 }
    expect((await program.post('/holidays/imports', body)).status).toBe(200)
    await importing.getByRole('button', { name: '导入 2 天到 cn' }).click()
    await importing.getByText(/别人刚导入过/).waitFor()
    await importing.getByText('新增 1 天，改变 1 天，不变 0 天，有误 0 行').waitFor()
    await expect.poll(() => text.inputValue()).toContain('2032-02-28 班')
    await holdTime(page)
    await importing.getByRole('button', { name: '导入 2 天到 cn' }).click()
    await page.getByText('已导入，所有节点一分钟内生效').waitFor()
    const days = (await program.get('/calendars/office/days?month=2032-02')).json.data
    expect(days).toContainEqual(expect.objectContaining({ date: '2032-02-28', rule: 'workday' }))
  })
})
