import { afterEach, expect, it } from 'vitest'
import { drawPicture } from '../support/pictures.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, openApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

const facts = { scope: 'team', variants: [], pictures: [] }

describeWith('chromium', "canned replies in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const program = () => createProgram(stage.world, ['rules:manage'])
  afterEach(async () => {
    const writer = await program()
    const { json } = await writer.get('/canned-replies')
    for (const { id } of json.data as readonly { readonly id: string }[])
      await writer.call('DELETE', `/canned-replies/${id}`)
  })
  const field = () => stage.page.getByRole('textbox', { name: '回复' })
  const options = () => stage.page.getByRole('option')

  it('are found by initials and filled in at the moment of choosing', async () => {
    const writer = await program()
    await writer.post('/canned-replies', {
      ...facts,
      name: '退款到账',
      text: '{{contact.name}}你好，{{ticket.number}} 的退款三天内到账。{{agent.name}}',
    })
    await writer.post('/canned-replies', { ...facts, name: '催发货', text: '已经催了' })
    const ticket = await stage.world.arrive({ name: '阿白' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    await field().fill(';')
    await expect.poll(() => options().count()).toBe(2)
    await field().pressSequentially('tkdz')
    await expect.poll(() => options().count()).toBe(1)
    await page.keyboard.press('Enter')
    const said = `阿白你好，T-${ticket.number} 的退款三天内到账。${stage.agent.name}`
    await expect.poll(() => field().inputValue()).toBe(said)
    await expect.poll(() => options().count()).toBe(0)
    await page
      .locator('.composer .count')
      .getByText(/字节|字/)
      .waitFor()
  })

  it('open by the Chinese mark too, are walked by arrows and left by Esc; Enter while composing is the input method’s', async () => {
    const writer = await program()
    await writer.post('/canned-replies', { ...facts, name: '甲', text: '第一' })
    await writer.post('/canned-replies', { ...facts, name: '乙', text: '第二' })
    const page = await enterApp(stage, { path: pathOf(await stage.world.arrive({})) })
    await field().fill('你好\n；')
    await expect.poll(() => options().count()).toBe(2)
    const chosen = () => page.locator('[role="option"][aria-selected="true"] .choice-name').innerText()
    const first = await chosen()
    await page.keyboard.press('ArrowDown')
    await expect.poll(chosen).not.toBe(first)
    await field().dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true })
    await expect.poll(() => field().inputValue()).toBe('你好\n；')
    await page.keyboard.press('Escape')
    await expect.poll(() => options().count()).toBe(0)
    // The field is still being written in.
    await page.keyboard.type('再见')
    await expect.poll(() => field().inputValue()).toBe('你好\n；再见')
    await field().fill('前半句；')
    await expect.poll(() => options().count()).toBe(0)
  })

  it('name what has no value, and bring their pictures along', async () => {
    const agent = await stage.world.enter(stage.agent)
    const { json } = await agent.post('/api/desk/media', await drawPicture('png'), {
      'content-type': 'application/octet-stream',
    })
    const pictures = [{ mediaId: String(json.mediaId), name: '步骤.png' }]
    const made = await agent.post('/api/v1/canned-replies', {
      ...{ name: '步骤图', scope: 'personal', text: '{{contact.tier}}用户请看图', pictures },
      variants: [{ channel: 'wechat', text: '{{contact.tier}}用户请看微信图' }],
    })
    expect(made.status, made.text).toBe(201)
    const ticket = await stage.world.arrive({})
    const page = await enterApp(stage, { path: pathOf(ticket) })
    await field().fill(';微信')
    await options().first().click()
    await page.locator('.composer').getByText('步骤.png').waitFor()
    await expect.poll(() => field().inputValue()).toMatch(/^\{\{contact\.tier\}\}用户请看/)
    await page.getByText('还缺：联系人等级 {{contact.tier}}。补上或删掉再发送。').waitFor()
    await field().fill('你好')
    await expect.poll(() => page.getByText('还缺：').count()).toBe(0)
  })

  it('are made and changed by those who may; nothing that was typed is lost', async () => {
    const who = await stage.world.hire('senior', '资深')
    const page = await enterApp(stage, { path: '/admin/canned', who })
    stage.expectComplaints(/409|503/)
    await page.getByText('还没有快捷回复。').waitFor()
    await page.getByRole('button', { name: '新建快捷回复' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('名称', { exact: true }).fill('发票')
    await drawer.getByText('整个团队').click()
    await drawer.getByLabel('正文', { exact: true }).fill('{{wrong}}')
    await drawer.getByRole('button', { name: '保存' }).click()
    await drawer.getByText('{{wrong}} 没有对应的值').waitFor()
    await drawer.getByLabel('正文', { exact: true }).fill('发票在订单页')
    await drawer.getByRole('button', { name: '保存' }).click()
    const row = page.getByRole('row', { name: /发票/ })
    await row.getByText('整个团队').waitFor()

    await row.getByRole('button', { name: '修改' }).click()
    await drawer.getByLabel('正文', { exact: true }).fill('我写的')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '继续编辑' }).click()
    await page.getByRole('button', { name: '继续编辑' }).waitFor({ state: 'detached' })
    await expect.poll(() => drawer.getByLabel('正文', { exact: true }).inputValue()).toBe('我写的')
    const writer = await program()
    const { json } = await writer.get('/canned-replies')
    const [first] = json.data as readonly { readonly id: string }[]
    await writer.call('PATCH', `/canned-replies/${first?.id ?? ''}`, { body: { text: '别人写的' } })
    await drawer.getByRole('button', { name: '保存' }).click()
    await drawer.getByText('别人写的').waitFor()
    await expect.poll(() => drawer.getByLabel('正文', { exact: true }).inputValue()).toBe('我写的')
    await drawer.getByRole('button', { name: '用我写的覆盖' }).click()
    await row.getByText('我写的').waitFor()

    await row.getByRole('button', { name: '删除' }).click()
    await page.locator('.ant-modal-confirm-title').getByText('删除快捷回复“发票”？').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await page.getByText('还没有快捷回复。').waitFor()
  })

  it('of the team are not for everybody to change', async () => {
    const writer = await program()
    await writer.post('/canned-replies', { ...facts, name: '团队的', text: '大家用' })
    const page = await enterApp(stage)
    await openApp(stage, page, '/admin/canned')
    const row = page.getByRole('row', { name: /团队的/ })
    await row.waitFor()
    expect(await row.getByRole('button').count()).toBe(0)
  })
})

describeWith('chromium', "mentions in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  it('are written with @ in a note, and stand in “@我” until they are read', async () => {
    const colleague = await stage.world.hire('agent', '李晓')
    const ticket = await stage.world.arrive({})
    const page = await enterApp(stage, { path: pathOf(ticket) })
    await page.locator('.composer').getByText('备注', { exact: true }).click()
    const field = page.locator('.composer-field')
    await field.pressSequentially('请@lx')
    await page.getByRole('option', { name: '李晓' }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => field.inputValue()).toBe('请@李晓 ')
    await field.pressSequentially('看一下')
    await page.getByRole('button', { name: '添加备注' }).click()
    await page.locator('.message.note').getByText('请@李晓 看一下').waitFor()
    await page.getByRole('link', { name: /@我/ }).getByText('0').waitFor()

    const theirs = await stage.browser.newContext()
    const other = await enterApp(stage, {
      who: colleague,
      page: await theirs.newPage(),
      path: '/inbox/mentioned',
    })
    await other.getByRole('link', { name: /@我/ }).getByText('1').waitFor()
    await other.locator(`.row[data-ticket="${ticket.id}"]`).click()
    await other.locator('.message.note').getByText('请@李晓 看一下').waitFor()
    await other.getByRole('link', { name: /@我/ }).getByText('0').waitFor()
    await theirs.close()
  })
})
