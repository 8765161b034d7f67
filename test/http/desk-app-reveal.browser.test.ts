import type { Locator } from 'playwright-core'
import { expect, it } from 'vitest'
import type { TicketBrief } from '../../src/core/conversation.ts'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

const text = '我的手机13800138000，请回电'
const title = '找回账号 zhang@qq.com'

const both = (words: string) => ({ zh: words, en: words })
const brief: TicketBrief = {
  ...{ reason: { code: 'asked-for-person', values: {} }, urgency: 'normal', attachments: [] },
  ...{ said: { earlier: 0, lines: [] }, answered: { earlier: 0, lines: [] } },
  forms: [
    {
      ...{ id: 'recovery', title: both('账号找回'), complete: true },
      fields: [{ name: 'phone', label: both('绑定手机'), value: both('13800138000') }],
    },
  ],
}

const recorded = `
select actor_id, object_kind, object_id, reason, address from audit_log
where act = 'personal.revealed' and actor_id = $1 order by seq`

describeWith('chromium', "personal data in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const lines = () => stage.world.database.query(recorded, [stage.agent.id])

  it('is masked, and shown in full for a reason that is written down', async () => {
    const { page, world, agent } = stage
    const ticket = await world.arrive({ text, title, name: '张三13800138000' })
    await stage.enter(agent)
    await stage.open(ticket)
    const message = page.locator('.message.in').first()
    await message.getByText('我的手机138****8000，请回电').waitFor()
    expect(await page.content()).not.toMatch(/13800138000|zhang@qq/)
    const dialog = page.getByRole('dialog', { name: '显示完整的个人信息' })
    const ask = async (reason: string, press: '显示' | '取消'): Promise<void> => {
      await message.getByRole('button', { name: '显示', exact: true }).click()
      await dialog.getByRole('textbox', { name: '用途' }).fill(reason)
      await stage.picture('reveal')
      await dialog.getByRole('button', { name: press, exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
    }

    await ask('回电核实', '取消')
    await message.getByRole('button', { name: '显示', exact: true }).click()
    await dialog.getByRole('button', { name: '显示', exact: true }).click()
    await dialog.getByText('没有填写用途，未显示').first().waitFor()
    await dialog.getByRole('button', { name: '取消' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await lines()).toEqual([])
    expect(await page.content()).not.toContain('13800138000')

    await ask('回电核实', '显示')
    await message.getByText(text).waitFor()
    await expect.poll(() => message.getByRole('button', { name: '显示', exact: true }).count()).toBe(0)
    const [messageId, address] = [await message.getAttribute('data-message'), '127.0.0.1']
    const seen = { actor_id: agent.id, reason: '回电核实', address }
    expect(await lines()).toEqual([{ ...seen, object_kind: 'message', object_id: messageId }])
  })

  it('of a ticket and of its contact is shown beside what stays masked, and is gone when the ticket is left', async () => {
    const { page, world, agent } = stage
    const ticket = await world.arrive({ text: '你好', title, name: '张三13800138000' })
    await stage.enter(agent)
    await stage.open(ticket)
    const dialog = page.getByRole('dialog', { name: '显示完整的个人信息' })
    const info = page.locator('.info')
    const reveal = async (place: 0 | 1, full: string): Promise<void> => {
      await info.getByRole('button', { name: '显示', exact: true }).nth(place).click()
      await dialog.getByRole('textbox', { name: '用途' }).fill('核实身份')
      await dialog.getByRole('button', { name: '显示', exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
      await info.getByText(full, { exact: true }).waitFor()
    }
    await reveal(1, title)
    await page
      .locator('.head')
      .getByText(/\*{3}@qq\.com/)
      .waitFor()
    await reveal(0, '张三13800138000')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '关闭', exact: true }).click()
    await stage.open(ticket)
    expect(await page.content()).not.toMatch(/13800138000|zhang@qq/)
    expect((await lines()).map(({ object_kind }) => object_kind)).toEqual(['ticket', 'contact'])
  })

  it('of a form’s answers stands beside their questions', async () => {
    const { page, world, agent } = stage
    const ticket = await world.arrive({ text: '你好', title: '账号找回', brief })
    await stage.enter(agent)
    await stage.open(ticket)
    const form = page.getByRole('region', { name: '账号找回' })
    const answers = (place: Locator) => place.locator('dt, dd').allTextContents()
    await form.waitFor()
    expect(await answers(form)).toEqual(['绑定手机', '138****8000'])
    const info = page.locator('.info')
    await info.getByRole('button', { name: '显示', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: '显示完整的个人信息' })
    await dialog.getByRole('textbox', { name: '用途' }).fill('核实身份')
    await dialog.getByRole('button', { name: '显示', exact: true }).click()
    const full = info.getByLabel('显示完整的个人信息')
    await full.getByText('13800138000', { exact: true }).waitFor()
    expect((await answers(full)).slice(-2)).toEqual(['绑定手机', '13800138000'])
    expect(await answers(form)).toEqual(['绑定手机', '138****8000'])
  })

  it('is not offered in full to who may only read', async () => {
    const { page, world } = stage
    const ticket = await world.arrive({ text, title })
    await stage.enter(await world.hire('auditor', '审计'))
    await stage.item(ticket).click()
    await page.locator('.message.in').getByText('138****8000').waitFor()
    expect(await page.getByRole('button', { name: '显示', exact: true }).count()).toBe(0)
  })
})
