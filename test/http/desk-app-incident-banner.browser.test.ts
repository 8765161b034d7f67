import { expect, it } from 'vitest'
import { createProgram } from './v1/program.ts'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

describeWith('chromium', 'the banner of incidents', (executablePath) => {
  const stage = useStage(executablePath)

  it('lets a supervisor change and close them, who sees who will be told, and agents look', async () => {
    const { page, world, context } = stage
    const program = await createProgram(world, ['incidents:manage'])
    const ticket = await world.arrive({ title: '登录不了' })
    await stage.enter(await world.hire('supervisor', '周岚'))
    const dialog = page.getByRole('dialog')
    const banner = page.getByRole('region', { name: '故障与突增' })
    const confirm = (name: string) => dialog.getByRole('button', { name, exact: true }).click()

    await program.post('/incidents', {
      notice: { zh: '登录可能失败，正在修复' },
      topics: ['account-login-problem'],
      channels: [],
    })
    await banner.getByText('服务异常').waitFor()

    await banner.getByRole('button', { name: '修改' }).click()
    await expect
      .poll(() => dialog.getByLabel('公告（先于回答告诉联系人）').inputValue())
      .toBe('登录可能失败，正在修复')
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
})
