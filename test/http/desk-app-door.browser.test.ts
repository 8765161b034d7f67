import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

describeWith('chromium', "the way into the agents' app and out of it", (executablePath) => {
  const stage = useStage(executablePath)
  const choose = async (name: string): Promise<void> => {
    await stage.page.getByRole('button', { name: '李然的设置' }).click()
    await stage.page.getByRole('menuitem', { name }).click()
  }

  it('signs in by link only when the button is pressed, and hides the token at once', async () => {
    const { page } = stage
    const { path } = await stage.world.signIn.createLink(stage.agent.id, 15)
    await page.goto(stage.world.origin + path)
    const button = page.getByRole('button', { name: '进入工作台' })
    await button.waitFor()
    expect(page.url()).toBe(`${stage.world.origin}/desk/sign-in`)
    await stage.picture('sign-in-link')
    const other = await stage.context.newPage()
    await other.goto(stage.world.origin + path)
    await other.close()
    await button.click()
    await page.waitForURL('**/desk/app/inbox/unassigned')
    await page.getByRole('button', { name: '李然的设置' }).waitFor()
  })

  it('opens the ticket of a link, at once for who is signed in, after the sign-in for who is not', async () => {
    const { page, world } = stage
    // The browser says so of the question who is signed in.
    stage.expectComplaints(/401/)
    const ticket = await world.arrive({ title: '链接里的工单' })
    const link = `${world.origin}/desk#/t/${ticket.id}`
    await page.goto(link)
    await page.waitForURL('**/desk/sign-in**')
    await page.getByLabel('邮箱').waitFor()
    const { path } = await world.signIn.createLink(stage.agent.id, 15)
    await page.goto(world.origin + path)
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.waitForURL(`**/desk/app/inbox/open/${ticket.id}`)
    await page.getByRole('heading', { name: '链接里的工单' }).waitFor()
    const other = await stage.context.newPage()
    await other.goto(link)
    await other.waitForURL(`**/desk/app/inbox/open/${ticket.id}`)
    await other.getByRole('heading', { name: '链接里的工单' }).waitFor()
  })

  it('opens the page of the app that was asked for before the sign-in', async () => {
    const { page, world } = stage
    stage.expectComplaints(/401/)
    await page.goto(`${world.origin}/desk/app/search`)
    await page.waitForURL('**/desk/sign-in')
    const { path } = await world.signIn.createLink(stage.agent.id, 15)
    await page.goto(world.origin + path)
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.waitForURL('**/desk/app/search')
  })

  it.each([
    ['knowledge', 'knowledge/articles'],
    ['admin', 'admin/inboxes'],
    ['reports', 'reports/overview'],
    ['settings', 'settings/keys'],
  ])("shows the first page at an area's own address: %s", async (area, first) => {
    const { page, world } = stage
    await stage.enter(await world.hire('admin', '关月'))
    await page.goto(`${world.origin}/desk/app/${area}`)
    await page.waitForURL(`**/desk/app/${first}**`)
  })

  it('leads to sign-in and security, where a password is set; signs out, and lets in by it', async () => {
    stage.expectComplaints(/40[013]/)
    const { page } = stage
    await stage.enter(stage.agent)
    await choose('登录与安全')
    await page.waitForURL('**/desk/sign-in')
    const save = page.getByRole('button', { name: '保存密码' })
    const fill = async (next: string, repeat = next): Promise<void> => {
      await page.getByLabel('新密码').fill(next)
      await page.getByLabel('再输一次').fill(repeat)
      await save.click()
    }
    await fill('correct horse 白马', 'something else')
    await page.getByRole('alert').getByText('两次输入不一样').waitFor()
    await fill('short')
    await page.getByRole('alert').getByText('新密码不符合要求').waitFor()
    await stage.picture('password')
    await fill('correct horse 白马')
    await page.getByRole('status').getByText('密码已设置').waitFor()
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.waitForURL('**/desk/app/**')
    await choose('退出')
    await page.waitForURL(/\/desk\/sign-in(#|$)/)
    await page.getByLabel('邮箱').fill(stage.agent.email)
    await page.getByLabel('密码').fill('wrong')
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByText('邮箱或密码不对。').waitFor()
    await stage.picture('sign-in')
    await page.getByLabel('密码').fill('correct horse 白马')
    await page.getByRole('button', { name: '登录' }).click()
    await page.waitForURL('**/desk/app/**')
    await page.getByRole('button', { name: '李然的设置' }).waitFor()
  })

  it('refuses to change a password without the current one', async () => {
    stage.expectComplaints(/403/)
    const { page, world } = stage
    await stage.enter(stage.agent)
    await page.goto(`${world.origin}/desk/sign-in#security`)
    const set = async (next: string): Promise<void> => {
      await page.getByLabel('新密码').fill(next)
      await page.getByLabel('再输一次').fill(next)
      await page.getByRole('button', { name: '保存密码' }).click()
    }
    await set('correct horse 白马')
    await page.getByRole('status').getByText('密码已设置').waitFor()
    // A link of some time ago proves nothing any more.
    world.clock.advance(3_600_000)
    await page.getByLabel('当前密码').fill('wrong wrong wrong')
    await set('another horse 黑马')
    await page.getByRole('alert').getByText('当前密码不对').waitFor()
    await expect.poll(() => page.getByLabel('新密码').inputValue()).toBe('another horse 黑马')
  })

  it('says that the session has ended, leads to the door when asked, and has ticket and draft afterwards', async () => {
    stage.expectComplaints(/401/)
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.getByRole('textbox', { name: '回复' }).fill('还没写完')
    await stage.world.agents.setRole(stage.agent.id, 'senior')
    await stage.world.arrive()
    await page.getByRole('button', { name: '重新登录' }).click()
    await page.waitForURL(/\/desk\/sign-in(#|$)/)
    await stage.enter(stage.agent)
    await page.getByRole('heading', { name: `T-${ticket.number}` }).waitFor()
    await expect.poll(() => page.getByRole('textbox', { name: '回复' }).inputValue()).toBe('还没写完')
  })
})
