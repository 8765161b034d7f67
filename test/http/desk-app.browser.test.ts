import { EventEmitter, once } from 'node:events'
import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp, holdTime, openApp, pathOf, rowOf } from './app-stage.ts'
import { useStage } from './stage.ts'

describeWith('chromium', "the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  it('shows who waits the moment it happens, and takes, answers and solves with the keyboard alone', async () => {
    await holdTime(stage.page)
    const page = await enterApp(stage)
    await page.getByText('没有等人接手的工单').waitFor()
    const ticket = await stage.world.arrive({ name: '阿白', title: '大会员多扣 25 元' })
    await rowOf(page, ticket).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '大会员多扣 25 元' }).waitFor()
    await page.keyboard.press('m')
    await page.getByText('已接手').waitFor()
    await page.keyboard.press('r')
    await page.keyboard.type('您好，我来处理。')
    await page.keyboard.press('Control+Enter')
    await page.locator('.message.by-agent').getByText('您好，我来处理。').waitFor()
    await expect.poll(() => page.getByRole('textbox', { name: '回复' }).inputValue()).toBe('')
    await page.keyboard.press('Escape')
    await page.keyboard.press('e')
    await page.locator('.head').getByText('已解决', { exact: true }).first().waitFor()
  })

  it.each([
    ['the list', '**/api/desk/tickets?*', ''],
    ['a conversation', '**/api/desk/tickets/*?last=*', '新说的话'],
  ])('shows what came while the first answer for %s was on its way', async (_what, asked, words) => {
    const { page, world } = stage
    const known = await world.arrive({ title: '早就在了' })
    const other = await enterApp(stage, { page: await stage.context.newPage() })
    await rowOf(other, known).waitFor()
    const held = new EventEmitter()
    const isHeld = once(held, 'held')
    const goesOn = once(held, 'goes on')
    await page.route(asked, async (route) => {
      const answer = await route.fetch()
      if (held.emit('held')) await goesOn
      await route.fulfill({ response: answer })
    })
    const hears = page.waitForResponse('**/api/desk/events')
    await openApp(stage, page, words === '' ? '' : pathOf(known))
    await Promise.all([isHeld, hears])
    if (words === '') {
      const ticket = await world.arrive({ title: '刚刚来的' })
      await rowOf(other, ticket).waitFor()
      held.emit('goes on')
      await rowOf(page, ticket).waitFor()
    } else {
      await rowOf(other, known).click()
      await other.getByRole('heading', { name: `T-${known.number}` }).waitFor()
      await world.writesOn(known, words)
      await other.locator('.message').getByText(words).waitFor()
      held.emit('goes on')
      await page.locator('.message').getByText(words).waitFor()
    }
  })

  it('keeps what was typed over a reload, for each ticket and kind', async () => {
    const ticket = await stage.world.arrive({ title: '写到一半' })
    const page = await enterApp(stage, { path: `/inbox/unassigned/${ticket.id}` })
    await page.getByRole('textbox', { name: '回复' }).fill('半句话')
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: '备注' }).fill('只给同事看')
    await page.reload()
    const field = page.getByRole('textbox', { name: '回复' })
    await field.waitFor()
    await expect.poll(() => field.inputValue()).toBe('半句话')
    await page.getByText('备注', { exact: true }).first().click()
    await expect.poll(() => page.getByRole('textbox', { name: '备注' }).inputValue()).toBe('只给同事看')
  })

  it('sends nothing on Enter, and once on two quick ones with Ctrl', async () => {
    const ticket = await stage.world.arrive({ title: '一次就好' })
    const page = await enterApp(stage, { path: `/inbox/unassigned/${ticket.id}` })
    await page.getByRole('textbox', { name: '回复' }).fill('第一行')
    await page.keyboard.press('Enter')
    await page.keyboard.type('第二行')
    await page.keyboard.press('Control+Enter')
    await page.keyboard.press('Control+Enter')
    await page.locator('.message.by-agent').getByText('第二行').waitFor()
    await expect.poll(() => page.locator('.message.by-agent').count()).toBe(1)
  })

  it('shows what contacts write as text, whatever it looks like', async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202Eevil'
    const ticket = await stage.world.arrive({
      name: evil,
      title: evil,
      parts: [
        { kind: 'text', text: evil },
        { kind: 'link', url: 'javascript:document.title=3', title: evil },
      ],
    })
    const page = await enterApp(stage, { path: `/inbox/unassigned/${ticket.id}` })
    await page.locator('.message.in').getByText('onerror').first().waitFor()
    expect(await page.title()).toContain('通答')
    expect(await page.locator('.thread a').count()).toBe(0)
  })

  it('asks no other host for anything', async () => {
    const asked: string[] = []
    stage.page.on('request', (request) => asked.push(new URL(request.url()).origin))
    const ticket = await stage.world.arrive({ title: '都在自己家' })
    await enterApp(stage, { path: `/inbox/unassigned/${ticket.id}` })
    await stage.page.getByRole('heading', { name: '都在自己家' }).waitFor()
    expect(new Set(asked)).toEqual(new Set([stage.world.origin]))
  })

  it('is pages on a phone: list, ticket, information, and back', async () => {
    const ticket = await stage.world.arrive({ name: '小林', title: '手机上看' })
    await stage.page.setViewportSize({ width: 360, height: 740 })
    const page = await enterApp(stage)
    await rowOf(page, ticket).click()
    await page.getByRole('heading', { name: '手机上看' }).waitFor()
    await expect.poll(() => rowOf(page, ticket).isVisible()).toBe(false)
    await page.getByRole('button', { name: '联系人与工单信息' }).click()
    await page.getByText('收起信息').click()
    await page.getByRole('button', { name: '返回' }).click()
    await rowOf(page, ticket).waitFor()
    const sideways = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
    expect(await page.evaluate(sideways)).toBe(false)
    // The bar scrolls; the way out of it does not.
    const mine = await page.locator('.rail').getByRole('button').last().boundingBox()
    expect((mine?.x ?? 0) + (mine?.width ?? Infinity)).toBeLessThanOrEqual(360)
  })

  it('keeps what is sent without a network, and sends it once when there is one again', async () => {
    const ticket = await stage.world.arrive({ title: '断网' })
    const page = await enterApp(stage, { path: `/inbox/unassigned/${ticket.id}` })
    stage.expectComplaints(/503|ERR_INTERNET_DISCONNECTED|ERR_FAILED/)
    await page.getByRole('textbox', { name: '回复' }).fill('路上写的')
    await stage.context.setOffline(true)
    await page.keyboard.press('Control+Enter')
    await page.getByText('没有网络；恢复后自动发送').waitFor()
    await expect.poll(() => page.getByRole('textbox', { name: '回复' }).inputValue()).toBe('')
    await stage.context.setOffline(false)
    await page.locator('.message.by-agent').getByText('路上写的').waitFor()
    await page.locator('.waiting').waitFor({ state: 'detached' })
    await expect.poll(() => page.locator('.message.by-agent').count()).toBe(1)
  })
})
