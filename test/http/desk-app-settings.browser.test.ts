import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

describeWith('chromium', "rules in force in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const section = (name: string) => stage.page.getByRole('region', { name })

  it('shows the promises, and what a ticket would be promised, made up or real', async () => {
    const ticket = await stage.world.arrive({ title: '大会员多扣一个月' })
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/promises', who })
    await page.getByRole('row', { name: /vip-complaint.*投诉.*vip.*1 小时/ }).waitFor()
    await page.getByRole('row', { name: /其他.*所有工单.*日历 office 的营业时间/ }).waitFor()
    const trying = section('试一试')
    await trying.getByLabel('打开时间（北京时间）').fill('2025-09-30T16:00')
    await trying.getByText('适用规则：其他').waitFor()
    await trying.getByText(/首次回复到 2025-10-09 11:00（4 小时/).waitFor()
    await trying.locator('.ant-select').first().click()
    await page.getByTitle('投诉').last().click()
    await trying.getByLabel('用户等级（可不填）').fill('vip')
    await trying.getByText('适用规则：vip-complaint').waitFor()
    await trying.getByText(/首次回复到 2025-09-30 17:00（1 小时，全天）/).waitFor()
    await trying.getByLabel('按工单号填（T-1001）').fill(`T-${String(ticket.number)}`)
    await trying.getByRole('button', { name: '填入' }).click()
    await trying.getByText('适用规则：其他').waitFor()
    await expect.poll(() => trying.getByLabel('用户等级（可不填）').inputValue()).toBe('')
    stage.expectComplaints(/503|404/)
    await trying.getByLabel('按工单号填（T-1001）').fill('T-999999')
    await trying.getByRole('button', { name: '填入' }).click()
    await trying.getByText('没有这张工单，请核对工单号。').waitFor()
  })

  it('makes a campaign, shows whom it reaches, and starts and ends it when sure', async () => {
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/surveys', who })
    await page.getByText('2 分及以下会开一张工单请人回访').waitFor()
    const campaigns = section('主动调查')
    await campaigns.getByRole('button', { name: '新建调查' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名称').fill('新版播放器')
    await dialog.getByLabel('问题', { exact: true }).fill('新版播放器好用吗？')
    await dialog.getByLabel('结束时间（北京时间）').fill('2020-01-01T10:00')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('结束时间要晚于现在').waitFor()
    await dialog.getByLabel('结束时间（北京时间）').fill('2099-01-01T10:00')
    await dialog.getByRole('button', { name: '保存' }).click()
    const row = campaigns.getByRole('row', { name: /新版播放器/ })
    await row.getByText('草稿').waitFor()
    await row.getByRole('button', { name: /Expand|展开/ }).click()
    await campaigns.getByText(/范围内 \d+ 人，同意 0 人，现在能问 0 人/).waitFor()
    await campaigns.getByText('还没有人回答。').waitFor()
    await row.getByRole('button', { name: '开始' }).click()
    await dialog.getByText('开始“新版播放器”？现在能问到 0 人。').last().waitFor()
    await dialog.getByRole('button', { name: '开始' }).click()
    await row.getByText('进行中').waitFor()
    await row.getByRole('button', { name: '结束' }).click()
    await dialog
      .getByText(/结束“新版播放器”？/)
      .last()
      .waitFor()
    await dialog.getByRole('button', { name: '结束' }).click()
    await row.getByText('已结束').waitFor()
    const program = await createProgram(stage.world, ['surveys:read'])
    expect((await program.get('/surveys/campaigns')).json.data).toMatchObject([
      {
        title: '新版播放器',
        state: 'ended',
        question: { type: 'csat', wording: { zh: '新版播放器好用吗？' } },
      },
    ])
  })

  it('shows how long what is kept, to those who answer for it', async () => {
    const who = await stage.world.hire('auditor', '审计')
    const page = await enterApp(stage, { path: '/admin/retention', who })
    await page.getByRole('row', { name: /消息和其中的文件 1095 天 之后连文件一起删除/ }).waitFor()
    await page.getByText(/显示时脱敏：.*手机号/).waitFor()
    await page.getByRole('link', { name: '满意度调查' }).click()
    await section('主动调查').waitFor()
    expect(await page.getByRole('button', { name: '新建调查' }).count()).toBe(0)
  })
})
