import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp, holdTime, letTimePass } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

describeWith('chromium', "incidents in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const dialog = () => stage.page.getByRole('dialog')
  const list = () => stage.page.locator('.page')

  it('are declared, told of and closed, and show what was said and what happened', async () => {
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/incidents', who })
    await page.getByText('没有故障', { exact: false }).waitFor()
    await list().getByRole('button', { name: '宣布故障…' }).click()
    await dialog().getByLabel('名称', { exact: true }).fill('登录异常')
    await dialog().getByLabel('公告（先于回答告诉联系人）').fill('登录可能失败，正在修复')
    await dialog().getByRole('button', { name: '宣布故障' }).click()
    const row = list().getByRole('listitem').filter({ hasText: '登录异常' }).first()
    await row.getByText('进行中').waitFor()

    await row.getByRole('button', { name: /^通报进展/ }).click()
    await dialog()
      .getByText(/关注的 0 人/)
      .waitFor()
    await dialog().getByLabel('告诉关注的人').fill('已定位，半小时内恢复')
    await dialog().getByRole('button', { name: '通报进展' }).click()
    await dialog().waitFor({ state: 'hidden' })
    await row.getByRole('button', { name: /^结束/ }).click()
    await dialog().getByRole('button', { name: '结束', exact: true }).click()
    await row.getByText('已结束').waitFor()

    await row.getByRole('button', { name: /的详情$/ }).click()
    await row.getByText('登录可能失败，正在修复').waitFor()
    await row.getByText('已定位，半小时内恢复').waitFor()
    await row.getByText('还没有要告诉谁的').waitFor()
    const history = row.getByRole('region', { name: '经过' })
    for (const change of ['宣布故障', '通报进展', '结束'])
      await history.getByText(`周岚 ${change}`, { exact: false }).waitFor()
    await list().getByText('进行中', { exact: true }).click()
    await page.getByText('没有故障', { exact: false }).waitFor()
  })

  it('are changed on the version that is there: what was typed stays, and goes out the second time', async () => {
    const program = await createProgram(stage.world, ['incidents:manage'])
    const { id } = (await program.post('/incidents', { title: { zh: '弹幕异常' } })).json
    await letTimePass(stage.page)
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/incidents', who })
    stage.expectComplaints(/409|503/)
    const row = list().getByRole('listitem').filter({ hasText: '弹幕异常' })
    await row.getByRole('button', { name: /^修改/ }).click()
    await dialog().getByLabel('名称', { exact: true }).fill('弹幕发不出去')
    await program.call('PATCH', `/incidents/${String(id)}`, { body: { topics: ['danmaku-send'] } })
    await holdTime(page)
    await dialog().getByRole('button', { name: '修改' }).click()
    await page.getByText('有人先改过了', { exact: false }).first().waitFor()
    await letTimePass(page)
    await expect.poll(() => dialog().getByLabel('名称', { exact: true }).inputValue()).toBe('弹幕发不出去')
    await dialog().getByRole('button', { name: '修改' }).click()
    await list().getByText('弹幕发不出去').waitFor()
    expect((await program.get(`/incidents/${String(id)}`)).json).toMatchObject({
      title: { zh: '弹幕发不出去' },
      // What a colleague changed, and what was left as it was here, is not taken back.
      topics: ['danmaku-send'],
    })
    await program.post(`/incidents/${String(id)}/close`)
  })

  it('let agents look', async () => {
    const page = await enterApp(stage, { path: '/admin/incidents' })
    await page.getByText('宣布、通报和结束由主管或管理员来做', { exact: false }).waitFor()
    expect(await list().getByRole('button', { name: '宣布故障…' }).count()).toBe(0)
  })
})
