import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'
import { decision } from './world.ts'

describeWith('chromium', "the agents' app in trouble, on phones, in the dark", (executablePath) => {
  const stage = useStage(executablePath)

  it('shows why a message failed, and sends it again', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    const claims = await stage.world.outbox.claim('test', 100, 30_000, new Date())
    await stage.world.outbox.settle(
      claims
        .filter(({ message }) => message.conversationId === ticket.conversationId)
        .map((claim) => ({
          claim,
          result: {
            status: 'failed',
            error: { code: 'window_closed', message: 'over', providerCode: '45015' },
          },
        })),
      new Date(),
    )
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.getByText('用户太久没有来消息，平台不再允许回复 · 平台返回 45015').waitFor()
    await stage.picture('failed')
    await page.getByRole('button', { name: '重试' }).click()
    await page.getByText('等待发送').waitFor()
  })

  it('falls back to looking every five seconds, and says so', async () => {
    stage.expectComplaints(/ERR_FAILED/)
    const { page } = stage
    await page.route('**/api/desk/events', (route) => route.abort())
    const { path } = await stage.world.signIn.createLink(stage.agent.id, 15)
    await page.goto(stage.world.origin + path)
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.locator('.live[data-status=polling]').getByText('每 5 秒刷新').waitFor()
    const ticket = await stage.world.arrive()
    await stage.item(ticket).waitFor()
  })

  it('lets an auditor read and nothing else', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(await stage.world.hire('auditor', '审计'))
    await stage.item(ticket).click()
    await page.getByText('你的角色只能查看。').waitFor()
    expect(await page.getByRole('textbox', { name: '回复' }).count()).toBe(0)
    for (const name of ['接手', '解决', '转交', '交还机器人'])
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0)
    await page.keyboard.press('m')
    await page.keyboard.press('e')
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ version: 1 })
  })

  it('fits a phone of 360 px, light and dark', async () => {
    const ticket = await stage.world.arrive({
      name: '一个名字特别特别长的用户',
      title: '标题也很长'.repeat(8),
      decision,
    })
    await stage.world.arrive({ dueInMs: -720_000 })
    for (const colorScheme of ['light', 'dark'] as const) {
      const phone = await stage.browser.newContext({
        locale: 'zh-CN',
        viewport: { width: 360, height: 720 },
        hasTouch: true,
        colorScheme,
      })
      const small = await phone.newPage()
      stage.listen(small)
      await stage.enter(stage.agent, small)
      await stage.item(ticket, small).waitFor()
      const isTooWide = () => small.evaluate('document.documentElement.scrollWidth > innerWidth')
      await expect.poll(() => isTooWide()).toBe(false)
      await stage.picture(`phone-list-${colorScheme}`, small)
      await stage.open(ticket, small)
      await expect.poll(() => isTooWide()).toBe(false)
      await expect.poll(() => stage.item(ticket, small).isVisible()).toBe(false)
      await small.locator('.decision summary').click()
      await small.locator('.decision dl').waitFor()
      await expect.poll(() => isTooWide()).toBe(false)
      await stage.picture(`phone-thread-${colorScheme}`, small)
      await small.getByRole('button', { name: '返回列表' }).click()
      await stage.item(ticket, small).waitFor()
      await stage.open(ticket, small)
      await small.goBack()
      await stage.item(ticket, small).waitFor()
      await phone.close()
    }
  })

  it('has a dark side', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive({ decision })
    await page.emulateMedia({ colorScheme: 'dark' })
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.locator('.decision summary').click()
    await stage.picture('dark')
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark')
    const brightness =
      'Math.max(...getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3))'
    expect(await page.evaluate(brightness)).toBeLessThan(64)
  })
})
