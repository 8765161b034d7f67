import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

const urgent = { do: 'set-priority', priority: 'urgent' }

describeWith('chromium', "rules and macros in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const dialog = () => stage.page.getByRole('dialog').first()
  const choose = async (label: string, option: string): Promise<void> => {
    await dialog().getByLabel(label, { exact: true }).click()
    await stage.page.getByTitle(option, { exact: true }).locator('visible=true').last().click()
  }
  /** Without the rules of the test before. */
  const empty = async (): Promise<void> => {
    const program = await createProgram(stage.world, ['rules:manage'])
    const rules = (await program.get('/rules')).json.data as { readonly id: string }[]
    for (const { id } of rules) await program.call('DELETE', `/rules/${id}`)
  }

  it('makes a rule, tries it on the past and on one ticket, and switches it on', async () => {
    await empty()
    const ticket = await stage.world.arrive({ title: '要退款' })
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/rules', who })
    await page.getByText('还没有规则', { exact: false }).waitFor()
    await page.getByRole('button', { name: '新建规则' }).click()
    await dialog().getByLabel('规则名称').fill('退款加急')
    await choose('当', '建单')
    await dialog().getByLabel('规则名称').click()
    await dialog().getByRole('button', { name: '添加条件' }).click()
    await choose('看什么', '标题')
    await choose('怎么比', '包含')
    await dialog().getByLabel('值（任何一个）').fill('退款')
    await page.keyboard.press('Enter')
    await dialog().getByRole('button', { name: '添加动作' }).click()
    await choose('做什么', '优先级设为')
    await choose('优先级', '紧急')

    await dialog().getByLabel('工单号').fill(String(ticket.number))
    await dialog().getByRole('button', { name: '试一试这张工单' }).click()
    await dialog().getByText('看了 1 张工单，会触发 1 次', { exact: false }).waitFor()
    await dialog().getByRole('button', { name: '试过去 7 天的工单' }).click()
    const match = dialog()
      .getByRole('listitem')
      .filter({ hasText: `T-${ticket.number}` })
    await match.getByText('普通 → 紧急').waitFor()
    await stage.picture('app-rule-form')
    await dialog().getByRole('button', { name: '保存' }).click()

    const rule = page.getByRole('listitem').filter({ hasText: '退款加急' })
    await rule.getByText('已停用').waitFor()
    await rule.getByText('标题 包含 退款', { exact: false }).waitFor()
    await rule.getByRole('switch').click()
    await rule.getByText('已停用').waitFor({ state: 'detached' })
    const program = await createProgram(stage.world, ['rules:manage'])
    expect((await program.get('/rules')).json.data).toMatchObject([
      {
        ...{ name: '退款加急', on: ['opened'], enabled: true, actions: [urgent] },
        when: [{ fact: 'title', op: 'contains', values: ['退款'] }],
      },
    ])
  })

  it('changes the order by button, and shows both versions when somebody was faster', async () => {
    await empty()
    const program = await createProgram(stage.world, ['rules:manage'])
    const base = { on: ['opened'], actions: [urgent] }
    const first = await program.post('/rules', { ...base, name: '甲' })
    await program.post('/rules', { ...base, name: '乙' })
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/rules', who })
    stage.expectComplaints(/409|503/)
    await page.getByRole('button', { name: '上移“乙”' }).click()
    const names = async () =>
      ((await program.get('/rules')).json.data as { readonly name: string }[]).map(({ name }) => name)
    await expect.poll(names).toEqual(['乙', '甲'])
    await page.getByText('1. 乙').waitFor()

    await page.getByRole('button', { name: '修改“甲”' }).click()
    await dialog().getByLabel('规则名称').fill('甲（我的）')
    await program.call('PATCH', `/rules/${String(first.json.id)}`, { body: { name: '甲（别人的）' } })
    await dialog().getByRole('button', { name: '保存' }).click()
    await dialog().getByRole('alert').getByText('甲（别人的）').waitFor()
    await dialog().getByRole('alert').getByText('甲（我的）').waitFor()
    await expect.poll(() => dialog().getByLabel('规则名称').inputValue()).toBe('甲（我的）')
    await dialog().getByRole('button', { name: '保存' }).click()
    await page.getByText('2. 甲（我的）').waitFor()
  })

  it('makes a macro and shows what it would do before anybody applies it', async () => {
    const ticket = await stage.world.arrive({ title: '补截图', name: '阿白' })
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/macros', who })
    await page.getByRole('button', { name: '新建宏' }).click()
    await dialog().getByLabel('名称', { exact: true }).fill('等截图')
    await dialog().getByLabel('英文名称').fill('Ask for a screenshot')
    await dialog().getByRole('button', { name: '添加动作' }).click()
    await choose('做什么', '回复联系人')
    await dialog().getByLabel('文字').fill('{{contact}}你好，请补截图')
    await dialog().getByRole('button', { name: '取消' }).click()
    await page.getByRole('button', { name: '继续编辑' }).click()
    await dialog().getByRole('button', { name: '保存' }).click()
    await page.getByLabel('试“等截图”的工单号').fill(`T-${ticket.number}`)
    await page.getByRole('button', { name: '试一试“等截图”' }).click()
    await page.getByText('阿白你好，请补截图').waitFor()
    await page.getByRole('button', { name: '删除“等截图”' }).click()
    await page.getByRole('button', { name: '删除', exact: true }).click()
    await page.getByText('等截图', { exact: true }).waitFor({ state: 'detached' })
  })

  it('closes an open list by Escape, and asks before it closes a form with changes', async () => {
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/admin/rules', who })
    await page.getByRole('button', { name: '新建规则' }).click()
    await dialog().getByLabel('规则名称').waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel('规则名称').waitFor({ state: 'detached' })

    await page.getByRole('button', { name: '新建规则' }).click()
    await choose('当', '建单')
    await page.keyboard.press('Escape')
    await expect
      .poll(() => dialog().getByLabel('当', { exact: true }).getAttribute('aria-expanded'))
      .toBe('false')
    expect(await page.getByRole('button', { name: '继续编辑' }).count()).toBe(0)
    await dialog().getByLabel('规则名称').fill('退款加急')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '继续编辑' }).click()
    await expect.poll(() => dialog().getByLabel('规则名称').inputValue()).toBe('退款加急')
    await page.getByRole('button', { name: '继续编辑' }).waitFor({ state: 'detached' })

    // A list of which one is chosen is closed by that; the next key is about the form.
    await dialog().getByRole('button', { name: '添加动作' }).click()
    await choose('做什么', '优先级设为')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '继续编辑' }).click()
    await expect.poll(() => dialog().getByLabel('规则名称').inputValue()).toBe('退款加急')
  })

  it('lets agents look and says who changes rules', async () => {
    const page = await enterApp(stage, { path: '/admin/rules' })
    await page.getByText('改规则和宏由主管或管理员来做', { exact: false }).waitFor()
    expect(await page.getByRole('button', { name: '新建规则' }).count()).toBe(0)
  })
})
