import { expect, it } from 'vitest'
import { buildArticle } from '../support/editing-world.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, openApp } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

const sheet = `\uFEFFID,标准问,相似问,答案,分类
vip-refund,大会员怎么退款,"大会员能退吗
会员退钱",在订单里申请退款。,vip
vip-price,,多少钱,看会员页。,vip
`

describeWith('chromium', "knowledge in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  it('goes from a first draft to an approved one, by two people', async () => {
    const editor = await stage.world.hire('editor', '苏青')
    const page = await enterApp(stage, { who: editor })
    await page.waitForURL('**/knowledge/articles')
    expect(await page.getByRole('link', { name: '工单列表' }).count()).toBe(0)
    await openApp(stage, page, '/knowledge/drafts/new')
    await page.getByRole('button', { name: '预览' }).waitFor()
    // No language model helps here: nothing of it is shown.
    expect(await page.getByText('机器').count()).toBe(0)
    await page.getByLabel('为什么改（审核的人看得到）').fill('用户常问')
    await page.getByLabel('ID（小写字母、数字、连字符）').fill('VIP 退款')
    await page.getByLabel('标准问', { exact: true }).fill('大会员怎么退款')
    await page.getByLabel('分类').fill('vip')
    await page.getByLabel('答案（Markdown）').fill('在订单里申请退款，三天内到账。')
    await page.getByLabel('相似问（一行一个，可以整批粘贴）').fill('会员能退吗')
    await page.getByRole('button', { name: '保存草稿' }).click()
    await page.getByText('只能用小写字母、数字和连字符，例如 vip-refund').waitFor()
    await page.getByLabel('ID（小写字母、数字、连字符）').fill('vip-refund')
    await page.getByRole('button', { name: '保存草稿' }).click()
    await page.getByRole('heading', { name: '大会员怎么退款' }).waitFor()
    const address = new URL(page.url()).pathname.replace('/desk/app', '')
    await page.getByLabel('相似问（一行一个，可以整批粘贴）').fill('会员能退吗\n会员退钱')
    await page.getByRole('button', { name: '提交审核' }).click()
    await page.getByText('待审核').first().waitFor()
    expect(await page.getByRole('button', { name: '通过' }).count()).toBe(0)

    const context = await stage.browser.newContext({ locale: 'zh-CN' })
    const other = await stage.world.hire('editor', '何欢')
    const hers = await enterApp(stage, { path: address, who: other, page: await context.newPage() })
    await hers.getByText('会员退钱').first().waitFor()
    await hers.getByRole('button', { name: '通过' }).click()
    await hers.getByText('已通过').first().waitFor()
    await context.close()
    const program = await createProgram(stage.world, ['knowledge:read'])
    expect((await program.get('/knowledge/drafts?state=approved')).json).toMatchObject({
      data: [{ articleId: 'vip-refund', content: { similar: ['会员能退吗', '会员退钱'] } }],
    })
  })

  it('publishes what was evaluated, and what changed since only with a reason', async () => {
    stage.expectComplaints(/409/)
    const program = await createProgram(stage.world, ['knowledge:manage'])
    const reviewer = await stage.world.enter(await stage.world.hire('editor'))
    const approve = async (id: string, question: string): Promise<string> => {
      const content = buildArticle({ id, question, similar: [`${question}呢`] })
      const { json } = await program.post('/knowledge/drafts', { content, reason: '新文章' })
      await program.post(`/knowledge/drafts/${String(json.id)}/submit`)
      expect((await reviewer.post(`/api/v1/knowledge/drafts/${String(json.id)}/approve`, {})).status).toBe(
        200,
      )
      return String(json.id)
    }
    await approve('refund-one', '第一篇怎么发布')
    const admin = await stage.world.hire('admin', '苏青')
    const page = await enterApp(stage, { path: '/knowledge/drafts', who: admin })
    const isLive = async (id: string) =>
      (await program.get(`/knowledge/articles/${id}`)).json.live !== undefined
    const choose = async (question: string): Promise<void> => {
      await page.getByText('已通过', { exact: true }).click()
      await page.getByRole('row', { name: question }).getByRole('checkbox').check()
      await page.getByRole('button', { name: '评测' }).click()
      await page.getByLabel('这次发布说明').fill('上线')
    }
    await choose('第一篇怎么发布')
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await expect.poll(() => isLive('refund-one')).toBe(true)

    await approve('refund-two', '第二篇怎么发布')
    await page.reload()
    await choose('第二篇怎么发布')
    // Somebody else publishes meanwhile: what was evaluated is not what would be live.
    const other = await approve('refund-three', '第三篇怎么发布')
    const body = { draftIds: [other], reason: '插队', override: '急' }
    expect((await program.post('/knowledge/versions', body)).status).toBe(201)
    await page.getByRole('button', { name: '发布', exact: true }).click()
    const override = page.getByLabel('不再评测就发布的理由')
    await override.waitFor()
    await page.getByRole('button', { name: '评测' }).click()
    await expect.poll(() => override.count()).toBe(0)
    await page.getByLabel('这次发布说明').fill('上线')
    const third = await approve('refund-four', '第四篇怎么发布')
    const again = { draftIds: [third], reason: '又插队', override: '急' }
    expect((await program.post('/knowledge/versions', again)).status).toBe(201)
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await override.fill('两篇互不相干')
    expect(await isLive('refund-two')).toBe(false)
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await expect.poll(() => isLive('refund-two')).toBe(true)
  })

  it('says at the field what is at fault, and brings it into sight, before anything is saved or submitted', async () => {
    const editor = await stage.world.hire('editor', '苏青')
    const page = await enterApp(stage, { path: '/knowledge/drafts/new', who: editor })
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.getByLabel('为什么改（审核的人看得到）').fill('用户常问')
    await page.getByLabel('ID（小写字母、数字、连字符）').fill('vip-refund')
    await page.getByLabel('标准问', { exact: true }).fill('大会员怎么退款')
    await page.getByLabel('分类').fill('vip')
    await page.getByLabel('答案（Markdown）').fill('在订单里申请退款，三天内到账。')
    await page.getByLabel('相似问（一行一个，可以整批粘贴）').fill('会员能退吗')
    await page.getByRole('button', { name: '保存草稿' }).click()
    await page.getByRole('heading', { name: '大会员怎么退款' }).waitFor()
    for (const name of ['保存草稿', '提交审核']) {
      const until = page.getByLabel('失效日期')
      await until.fill('明天')
      await page.getByRole('button', { name }).click()
      await page.locator('input:focus').and(until).waitFor()
      await page.getByText('请写成 2026-01-31 这样').waitFor()
      expect(await page.locator('.ant-message-error').count()).toBe(0)
      await until.fill('')
      await expect.poll(() => page.getByText('请写成 2026-01-31 这样').count()).toBe(0)
    }
    await page.getByRole('button', { name: '提交审核' }).click()
    await page.getByText('待审核').first().waitFor()
    expect(faults).toEqual([])
  })

  it('shows what an import would do, cell by cell, before anything is changed', async () => {
    const editor = await stage.world.hire('editor', '苏青')
    const page = await enterApp(stage, { path: '/knowledge/exchange', who: editor })
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '会员.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) })
    await page.getByText(/新增 1，.*有错 1/).waitFor()
    await page.getByText('vip-price').waitFor()
    await expect.poll(() => page.getByRole('button', { name: '应用，生成草稿' }).isDisabled()).toBe(true)
  })
})
