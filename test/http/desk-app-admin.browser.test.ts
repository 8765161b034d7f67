import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

describeWith('chromium', "administration in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const dialog = () => stage.page.getByRole('dialog')

  it('makes a key that is shown once, and revokes it only when sure', async () => {
    const admin = await stage.world.hire('admin', '关月')
    const page = await enterApp(stage, { path: '/admin/keys', who: admin })
    await page.getByRole('button', { name: '新建密钥' }).click()
    await dialog().getByLabel('用在哪里').fill('工单看板')
    await dialog().getByLabel('权限范围').click()
    await page.getByTitle('tickets:read').click()
    // The list of scopes stands over the button until something else is looked at.
    await dialog().getByLabel('用在哪里').click()
    await dialog().getByRole('button', { name: '保存' }).click()
    await dialog().getByText('只显示这一次，请现在复制保存：').waitFor()
    const token = await dialog().locator('code').first().innerText()
    expect(token).toMatch(/^tk_/)
    await dialog().getByRole('button', { name: '关闭' }).last().click()
    const row = page.getByRole('row', { name: /工单看板/ })
    await row.getByRole('button', { name: '吊销' }).click()
    await page.getByRole('button', { name: '取消' }).click()
    const asked = await fetch(`${stage.world.origin}/api/v1/tickets`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(asked.status).toBe(200)
    await row.getByRole('button', { name: '吊销' }).click()
    await page.getByRole('button', { name: '删除' }).click()
    await row.getByText('已吊销').waitFor()
  })

  it('makes a team, changes it, and puts somebody into it', async () => {
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/teams', who })
    await page.getByRole('button', { name: '新建小组' }).click()
    await dialog().getByLabel('名称', { exact: true }).fill('会员组')
    await dialog().getByLabel('英文名称').fill('Memberships')
    await dialog().getByRole('button', { name: '保存' }).click()
    const row = page.getByRole('row', { name: /会员组/ })
    await row.getByRole('button', { name: '修改' }).click()
    await dialog().getByLabel('名称', { exact: true }).fill('会员与订单组')
    await dialog().getByRole('button', { name: '保存' }).click()
    await page.getByText('会员与订单组').waitFor()
    const program = await createProgram(stage.world, ['teams:read'])
    expect((await program.get('/teams')).json).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({ name: { zh: '会员与订单组', en: 'Memberships' } }),
      ]) as unknown,
    })
  })

  it('shows each only what they may see', async () => {
    const page = await enterApp(stage, { path: '/admin/inboxes' })
    await page.getByRole('heading', { name: '收件箱' }).waitFor()
    const pages = page.getByRole('navigation', { name: '管理' }).getByRole('link')
    await expect
      .poll(() => pages.allInnerTexts())
      .toEqual(['收件箱', '小组', '快捷回复', '规则', '宏', '故障'])
  })

  it('reports a month, with what each number means', async () => {
    await stage.world.arrive({ title: '一张工单' })
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/reports/tickets', who })
    await page.locator('.card').first().getByText('新建', { exact: true }).waitFor()
    await page.getByText('这个月建立的工单数；并入别的工单的也算').waitFor()
    await page.getByRole('link', { name: '满意度' }).click()
    await page.getByRole('heading', { name: '满意度' }).waitFor()
    await page.getByRole('link', { name: '建议月报' }).click()
    await page.getByRole('heading', { name: '建议月报' }).waitFor()
  })
})
