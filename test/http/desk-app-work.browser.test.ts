import { expect, it } from 'vitest'
import { drawPicture } from '../support/pictures.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

const recorded = `
select object_kind, object_id, reason from audit_log where act = 'personal.revealed' and actor_id = $1 order by seq`

describeWith('chromium', "work in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const dialog = () => stage.page.getByRole('dialog')
  /** Chooses from the menu of what is done now and then. */
  const choose = async (name: string): Promise<void> => {
    await stage.page.getByRole('button', { name: '更多' }).click()
    await stage.page.getByRole('menuitem', { name, exact: true }).click()
  }

  it('hands a ticket to a team with a note', async () => {
    const program = await createProgram(stage.world, ['teams:manage', 'tickets:read'])
    const team = String((await program.post('/teams', { name: { zh: '会员组', en: 'Memberships' } })).json.id)
    const ticket = await stage.world.arrive({ title: '年度大会员退款' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    await page.getByRole('heading', { name: '年度大会员退款' }).waitFor()
    await page.keyboard.press('Shift+T')
    await dialog().getByRole('button', { name: '转交' }).click()
    await dialog().getByText('请选择转给谁，并写一句备注').first().waitFor()
    await dialog().getByRole('combobox').click()
    await page.getByTitle('会员组').click()
    await dialog().getByLabel('备注（同事可见，用户看不到）').fill('请会员组看')
    await dialog().getByRole('button', { name: '转交' }).click()
    await page.locator('.message.note').getByText('请会员组看').waitFor()
    expect((await program.get(`/teams/${team}/queue`)).json).toMatchObject({
      data: [{ ticketId: ticket.id }],
    })
  })

  it("shows a colleague's reply that was faster, and sends ours only when asked", async () => {
    const colleague = await stage.world.enter(await stage.world.hire('agent', '王敏'))
    const ticket = await stage.world.arrive({ title: '两个人' })
    const who = await stage.world.hire('supervisor', '陈静')
    const page = await enterApp(stage, { path: pathOf(ticket), who })
    stage.expectComplaints(/503|409/)
    await page.getByRole('textbox', { name: '回复' }).fill('我的回复')
    let go = (): void => undefined
    const until = new Promise<void>((resolve) => {
      go = resolve
    })
    await page.route('**/api/desk/tickets**', async (route) => {
      if (route.request().method() === 'GET') await until
      await route.continue()
    })
    const reply = `/api/desk/tickets/${ticket.id}/reply`
    await colleague.post(reply, { text: '王敏的回复' }, { 'idempotency-key': 'a-key-of-hers' })
    await page.keyboard.press('Control+Enter')
    go()
    await dialog().getByText('王敏 刚刚回复了：').waitFor()
    await dialog().getByText('王敏的回复').waitFor()
    await dialog().getByRole('button', { name: '取消' }).click()
    await dialog().waitFor({ state: 'detached' })
    await expect.poll(() => page.getByRole('textbox', { name: '回复' }).inputValue()).toBe('我的回复')
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ assigneeName: '王敏' })

    await page.getByRole('textbox', { name: '回复' }).press('Control+Enter')
    await dialog().getByText('王敏 已经接手了这张工单。').waitFor()
    await dialog().getByRole('button', { name: '由我接过' }).click()
    await page.locator('.message.by-agent').getByText('我的回复').waitFor()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ assigneeName: '陈静' })
  })

  it('sends files beside a reply, and keeps them over a reload until then', async () => {
    const ticket = await stage.world.arrive({ title: '看截图' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    const picture = await drawPicture('png', { width: 30, height: 20 })
    await page.locator('input[type=file]').setInputFiles([
      { name: '截图.png', mimeType: 'image/png', buffer: picture },
      { name: '空.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ])
    await page.getByText('空.txt 是空文件。').waitFor()
    await page.locator('.attachments').getByRole('link', { name: '截图.png' }).waitFor()
    await page.reload()
    await page.locator('.attachments').getByRole('link', { name: '截图.png' }).waitFor()
    await page.getByRole('textbox', { name: '回复' }).fill('请看')
    await page.keyboard.press('Control+Enter')
    const sent = page.locator('.message.by-agent')
    await sent.getByText('请看').waitFor()
    await expect.poll(() => page.evaluate("document.querySelector('.by-agent img')?.naturalWidth")).toBe(30)
    await expect.poll(() => page.locator('.attachments').count()).toBe(0)
  })

  it('shows what is masked for a reason that is written down', async () => {
    const ticket = await stage.world.arrive({ title: '回电', text: '我的手机13800138000，请回电' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    const message = page.locator('.message.in').first()
    await message.getByText('我的手机138****8000，请回电').waitFor()
    expect(await page.content()).not.toContain('13800138000')
    await message.getByRole('button', { name: '显示', exact: true }).click()
    await dialog().getByRole('textbox', { name: '用途' }).fill('回电核实')
    await dialog().getByRole('button', { name: '显示', exact: true }).click()
    await message.getByText('我的手机13800138000，请回电').waitFor()
    const messageId = await message.getAttribute('data-message')
    expect(await stage.world.database.query(recorded, [stage.agent.id])).toEqual([
      { object_kind: 'message', object_id: messageId, reason: '回电核实' },
    ])
  })

  it('changes what a ticket says of itself, lets it wait, and links it', async () => {
    const other = await stage.world.arrive({ title: '另一件事' })
    const ticket = await stage.world.arrive({ title: '这件事' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    await page.getByLabel('优先级').click()
    await page.getByTitle('紧急').click()
    await expect.poll(async () => (await stage.world.tickets.get(ticket.id)).priority).toBe('urgent')

    await choose('搁置')
    await dialog().getByLabel('在等谁或等什么').fill('等财务确认')
    await dialog().getByRole('button', { name: '搁置' }).click()
    await page.locator('.info').getByText('等财务确认').waitFor()
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({
      state: 'on_hold',
      holdReason: '等财务确认',
    })
    await choose('结束搁置')
    await expect.poll(async () => (await stage.world.tickets.get(ticket.id)).state).not.toBe('on_hold')

    await choose('关联')
    await dialog().getByLabel('另一张工单的编号').fill('随便写的')
    await dialog().getByRole('button', { name: '关联' }).click()
    await dialog().getByText('请写工单编号，例如 T-1001').waitFor()
    await dialog().getByLabel('另一张工单的编号').fill(`t-${other.number}`)
    await dialog().getByRole('button', { name: '关联' }).click()
    await page.locator('.info').getByRole('link', { name: '另一件事' }).click()
    await page.getByRole('heading', { name: '另一件事' }).waitFor()
  })

  it('shows incidents to everybody, and what to do about them to those who judge', async () => {
    const program = await createProgram(stage.world, ['incidents:manage'])
    await program.post('/incidents', {
      title: { zh: '登录异常' },
      notice: { zh: '登录可能失败，正在修复' },
      topics: ['account-login-problem'],
      channels: [],
    })
    const page = await enterApp(stage)
    const banner = page.getByRole('region', { name: '故障与突增' })
    await banner.getByText('登录异常').waitFor()
    expect(await banner.getByRole('button').count()).toBe(0)
    const context = await stage.browser.newContext({ locale: 'zh-CN' })
    const hers = await context.newPage()
    await enterApp(stage, { page: hers, who: await stage.world.hire('supervisor', '周岚') })
    await hers.getByRole('region', { name: '故障与突增' }).getByRole('button', { name: '结束' }).click()
    await hers.getByRole('dialog').getByRole('button', { name: '结束', exact: true }).click()
    await banner.waitFor({ state: 'detached' })
    await context.close()
  })

  it('shows two agents to each other, and who of them writes', async () => {
    const ticket = await stage.world.arrive({ title: '同一张' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    await page.getByRole('heading', { name: '同一张' }).waitFor()
    const context = await stage.browser.newContext({ locale: 'zh-CN' })
    const other = await stage.world.hire('agent', '王敏')
    const hers = await enterApp(stage, { path: pathOf(ticket), who: other, page: await context.newPage() })
    await hers.getByText('李然也在看').waitFor()
    await page.getByText('王敏也在看').waitFor()
    await hers.getByRole('textbox', { name: '回复' }).fill('我来')
    await page.getByText('王敏正在写回复').waitFor()
    await hers.getByRole('button', { name: '关闭', exact: true }).click()
    await page.getByText('王敏正在写回复').waitFor({ state: 'detached' })
    await context.close()
  })

  it('asks before it closes a dialog in which something was written; Escape closes what is open in it first', async () => {
    const ticket = await stage.world.arrive({ title: '没写完' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    await page.getByRole('heading', { name: '没写完' }).waitFor()
    const goOn = page.getByRole('button', { name: '继续编辑' })
    await choose('搁置')
    const reason = dialog().getByLabel('在等谁或等什么')
    await reason.fill('等财务')
    await dialog().getByLabel('到什么时候').click()
    const calendar = page.locator('.ant-picker-dropdown')
    await calendar.waitFor()
    await page.keyboard.press('Escape')
    await calendar.waitFor({ state: 'hidden' })
    expect(await goOn.count()).toBe(0)
    await page.keyboard.press('Escape')
    await goOn.click()
    await goOn.waitFor({ state: 'detached' })
    await expect.poll(() => reason.inputValue()).toBe('等财务')
    await dialog().getByRole('button', { name: '取消' }).click()
    await page.getByRole('button', { name: '不保存' }).click()
    await dialog().waitFor({ state: 'detached' })

    await choose('关联')
    const to = dialog().getByRole('combobox')
    await to.click()
    await expect.poll(() => to.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Escape')
    await expect.poll(() => to.getAttribute('aria-expanded')).toBe('false')
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(await goOn.count()).toBe(0)
  })
})
