import { expect, it } from 'vitest'
import { createProgram } from './v1/program.ts'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

describeWith('chromium', "incidents in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  it('are declared, changed and closed by a supervisor who sees who will be told, and seen by agents', async () => {
    const { page, world, context } = stage
    const program = await createProgram(world, ['incidents:manage'])
    const ticket = await world.arrive({ title: '登录不了' })
    await stage.enter(await world.hire('supervisor', '周岚'))
    const dialog = page.getByRole('dialog')
    const banner = page.getByRole('region', { name: '故障与突增' })
    const confirm = (name: string) => dialog.getByRole('button', { name, exact: true }).click()

    await banner.getByRole('button', { name: '宣布故障…' }).click()
    await dialog.getByLabel('公告（先于回答告诉联系人）').fill('登录可能失败，正在修复')
    await dialog.getByLabel('话题（逗号分隔，空为全部）').fill('account-login-problem')
    await stage.picture('incident-declare')
    await confirm('宣布故障')
    await banner.getByText('服务异常').waitFor()

    await banner.getByRole('button', { name: '修改' }).click()
    expect(await dialog.getByLabel('公告（先于回答告诉联系人）').inputValue()).toBe('登录可能失败，正在修复')
    await dialog.getByLabel('名称', { exact: true }).fill('登录异常')
    await dialog.getByLabel('英文名称（可不填）').fill('Sign-in trouble')
    await stage.picture('incident-change')
    await confirm('修改')
    await banner.getByText('登录异常').waitFor()
    const { data } = (await program.get('/incidents?state=open')).json as {
      readonly data: readonly { readonly id: string }[]
    }
    const id = data[0]?.id ?? ''
    expect((await program.get(`/incidents/${id}`)).json).toMatchObject({
      ...{ title: { zh: '登录异常', en: 'Sign-in trouble' }, noticeVersion: 1, version: 2 },
      topics: ['account-login-problem'],
    })
    await program.post(`/incidents/${id}/tickets`, { ticketId: ticket.id })

    const colleague = await context.browser()?.newPage({ locale: 'zh-CN' })
    if (colleague === undefined) throw new Error('there is no browser')
    await stage.enter(stage.agent, colleague)
    await colleague.getByRole('region', { name: '故障与突增' }).getByText('登录异常').waitFor()
    expect(await colleague.getByRole('region', { name: '故障与突增' }).getByRole('button').count()).toBe(0)
    await colleague.close()

    await banner.getByRole('button', { name: '结束' }).click()
    await dialog.getByText(/关注的 1 人：马上告诉 1/).waitFor()
    await stage.picture('incident-close')
    await confirm('结束')
    await banner.getByText('登录异常').waitFor({ state: 'detached' })
    expect((await program.get(`/incidents/${id}`)).json).toMatchObject({ state: 'closed' })
  })

  it('are not changed on a version that somebody was faster with', async () => {
    const { page, world } = stage
    stage.expectComplaints(/409/)
    const program = await createProgram(world, ['incidents:manage'])
    const { id } = (await program.post('/incidents', { title: { zh: '弹幕异常' } })).json
    await stage.enter(await world.hire('supervisor', '周岚'))
    const row = page.locator('.incidents li', { hasText: '弹幕异常' })
    await row.getByRole('button', { name: '修改' }).click()
    await program.call('PATCH', `/incidents/${String(id)}`, { body: { topics: ['danmaku-send'] } })
    await page.getByRole('dialog').getByRole('button', { name: '修改', exact: true }).click()
    await page.getByText('有人先改过了').waitFor()
    expect((await program.get(`/incidents/${String(id)}`)).json).toMatchObject({ topics: ['danmaku-send'] })
  })
})
