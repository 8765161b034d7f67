import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'
import { decision } from './world.ts'

describeWith('chromium', 'the desk in trouble, on phones, in the dark', (executablePath) => {
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
    await page.getByText('◐ 每 5 秒刷新').waitFor()
    const ticket = await stage.world.arrive()
    await stage.item(ticket).waitFor({ timeout: 10_000 })
  })

  it('shows hostile text as text', async () => {
    const { page } = stage
    const evil =
      '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202egnp.exe'
    const ticket = await stage.world.arrive({ name: evil, title: evil, text: evil, say: evil })
    const requests: string[] = []
    page.on('request', (request) => requests.push(new URL(request.url()).host))
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.locator('.message.in').getByText(evil).first().waitFor()
    await expect.poll(() => page.title()).not.toContain('owned')
    expect(new Set(requests)).toEqual(new Set([new URL(stage.world.origin).host]))
  })

  it('lets an auditor read and nothing else', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(await stage.world.hire('auditor', '审计'))
    await stage.item(ticket).click()
    await page.getByText('你的角色只能查看。').waitFor()
    await expect.poll(() => page.locator('#text').isVisible()).toBe(false)
    await expect.poll(() => page.locator('#actions button').count()).toBe(0)
    await page.keyboard.press('m')
    await page.keyboard.press('e')
    expect(await stage.world.tickets.get(ticket.id)).toMatchObject({ version: 1 })
  })

  it('sets a password, signs out, and lets in by it', async () => {
    stage.expectComplaints(/40[01]/)
    const { page } = stage
    await stage.enter(stage.agent)
    await page.getByRole('button', { name: '设置密码' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('新密码').fill('short')
    await dialog.getByLabel('再输一次').fill('short')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('新密码不符合要求').waitFor()
    await dialog.getByLabel('新密码').fill('correct horse 白马')
    await dialog.getByLabel('再输一次').fill('correct horse 白马')
    await stage.picture('password')
    await dialog.getByRole('button', { name: '保存' }).click()
    await page.locator('#notice').getByText('密码已设置').waitFor()
    await page.getByRole('button', { name: '退出' }).click()
    await page.waitForURL(/\/desk\/sign-in(#|$)/)
    await page.getByLabel('邮箱').fill(stage.agent.email)
    await page.getByLabel('密码').fill('wrong')
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByText('邮箱或密码不对。').waitFor()
    await stage.picture('sign-in')
    await page.getByLabel('密码').fill('correct horse 白马')
    await page.getByRole('button', { name: '登录' }).click()
    await page.waitForURL('**/desk')
    await page.getByText('李然').waitFor()
    // The browser reports refused requests; both refusals above were meant.
  })

  it('goes to the door when the session ends, and has the draft afterwards', async () => {
    stage.expectComplaints(/401/)
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.locator('#text').fill('还没写完')
    await stage.world.agents.setRole(stage.agent.id, 'senior')
    await page.locator('#language').focus()
    await stage.world.arrive()
    await page.waitForURL(/\/desk\/sign-in(#|$)/)
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await expect.poll(() => page.locator('#text').inputValue()).toBe('还没写完')
  })

  it('speaks English', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await page.getByRole('button', { name: 'English' }).click()
    await stage.open(ticket)
    await page.getByRole('button', { name: 'Hand back to bot' }).waitFor()
    await stage.picture('english')
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en')
    await page.reload()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
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
      await expect.poll(() => small.locator('#tickets').isVisible()).toBe(false)
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
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(ground).toBe('rgb(16, 21, 27)')
  })
})
