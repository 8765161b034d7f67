import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Page } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { freePort } from '../../src/app/free-port.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, openApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { openWorld } from './world.ts'

/** A door in front of a server that can be shut, as when its process is killed: at the same address nothing answers. */
const createDoor = async () => {
  const open = new Set<Socket>()
  let target = 0
  const listener = createServer((socket) => {
    const behind = connect(target, '127.0.0.1')
    for (const one of [socket, behind]) {
      open.add(one)
      one.on('error', () => one.destroy())
      one.on('close', () => {
        open.delete(one)
        socket.destroy()
        behind.destroy()
      })
    }
    socket.pipe(behind).pipe(socket)
  })
  // While it is shut, no outgoing connection may get its port.
  const port = await freePort()
  listener.listen(port, '127.0.0.1')
  await once(listener, 'listening')
  return {
    origin: `http://127.0.0.1:${port}`,
    lead: (to: string) => {
      target = Number(new URL(to).port)
    },
    shut: async () => {
      const closed = once(listener, 'close')
      listener.close()
      for (const socket of open) socket.destroy()
      await closed
    },
    open: async () => {
      listener.listen(port, '127.0.0.1')
      await once(listener, 'listening')
    },
  }
}
const door = await createDoor()
afterAll(() => door.shut())

describeWith('chromium', "drafts in the agents' app", (executablePath) => {
  const stage = useStage(executablePath, async () => {
    const world = await openWorld({ heartbeatMs: 500 }, [door.origin])
    door.lead(world.address)
    return { ...world, origin: door.origin }
  })
  const field = (page: Page = stage.page) => page.getByRole('textbox', { name: '回复' })
  const keptFor = async ({ id }: Ticket): Promise<readonly string[]> =>
    (
      await stage.world.database.query<{ text: string }>(
        'select text from agent_drafts where ticket_id = $1 and agent_id = $2',
        [id, stage.agent.id],
      )
    ).map(({ text }) => text)
  const elsewhere = async (ticket: Ticket): Promise<Page> => {
    const context = await stage.browser.newContext({ locale: 'zh-CN' })
    return enterApp(stage, { path: pathOf(ticket), page: await context.newPage() })
  }

  it('are found in another browser of the same agent, and by nobody else', async () => {
    const ticket = await stage.world.arrive({ title: '写到一半' })
    await enterApp(stage, { path: pathOf(ticket) })
    await field().fill('请打 13800138000，我们')
    await expect.poll(() => keptFor(ticket)).toEqual(['请打 13800138000，我们'])
    const other = await elsewhere(ticket)
    await expect.poll(() => field(other).inputValue()).toBe('请打 13800138000，我们')
    const colleague = await stage.world.hire('agent', '王敏')
    const context = await stage.browser.newContext({ locale: 'zh-CN' })
    const hers = await enterApp(stage, {
      path: pathOf(ticket),
      who: colleague,
      page: await context.newPage(),
    })
    await expect.poll(() => field(hers).inputValue()).toBe('')
    // Sent there, it is gone here.
    await field(other).press('Control+Enter')
    await other.locator('.message.by-agent').waitFor()
    await expect.poll(() => keptFor(ticket)).toEqual([''])
    await stage.page.reload()
    await stage.page.locator('.message.by-agent').waitFor()
    await expect.poll(() => field().inputValue()).toBe('')
    for (const page of [other, hers]) await page.context().close()
  })

  it('show both where two browsers wrote something else', async () => {
    stage.expectComplaints(/503|409/)
    const ticket = await stage.world.arrive({ title: '两处都写' })
    await enterApp(stage, { path: pathOf(ticket) })
    const other = await elsewhere(ticket)
    await field(other).fill('在办公室写的')
    await expect.poll(() => keptFor(ticket)).toEqual(['在办公室写的'])
    stage.expectComplaints(/503|409/)
    await field().fill('在家写的')
    const warning = stage.page.getByRole('alert').filter({ hasText: '另一个浏览器' })
    await warning.getByText('在办公室写的').waitFor()
    await expect.poll(() => field().inputValue()).toBe('在家写的')
    await warning.getByRole('button', { name: '合在一起' }).click()
    await expect.poll(() => field().inputValue()).toBe('在办公室写的\n在家写的')
    await expect.poll(() => keptFor(ticket)).toEqual(['在办公室写的\n在家写的'])
    await other.context().close()
  })

  it('outlive a killed server, and go there when it is back', async () => {
    const ticket = await stage.world.arrive({ title: '服务器没了' })
    await enterApp(stage, { path: pathOf(ticket) })
    stage.expectComplaints(/ERR_|503|Failed to load/)
    await field().waitFor()
    await door.shut()
    await field().fill('还在写')
    await stage.page.locator('.live[data-status="off"]').waitFor()
    await expect.poll(() => field().inputValue()).toBe('还在写')
    await door.open()
    await expect.poll(() => keptFor(ticket), { timeout: 90_000 }).toEqual(['还在写'])
    await stage.page.reload()
    await expect.poll(() => field().inputValue()).toBe('还在写')
  })

  it('outlive a session that ends in the middle of writing', async () => {
    const ticket = await stage.world.arrive({ title: '登录过期' })
    await enterApp(stage, { path: pathOf(ticket) })
    await field().fill('写到')
    stage.expectComplaints(/401|403|503/)
    await stage.world.database.query('delete from sessions where agent_id = $1', [stage.agent.id])
    await field().fill('写到一半登录过期')
    await stage.page.keyboard.press('Control+Enter')
    await stage.page.getByRole('link', { name: '重新登录' }).waitFor()
    await expect.poll(() => field().inputValue()).toBe('写到一半登录过期')
    // In another tab; this one goes on where it stood.
    await enterApp(stage, { page: await stage.context.newPage() })
    stage.expectComplaints(/401|403|503/)
    await field().press('Control+Enter')
    await stage.page.locator('.message.by-agent').getByText('写到一半登录过期').waitFor()
  })

  it('are shown to whoever may not send them any more', async () => {
    const ticket = await stage.world.arrive({ title: '权限没了' })
    await enterApp(stage, { path: pathOf(ticket) })
    await field().fill('写好了还没发')
    await expect.poll(() => keptFor(ticket)).toEqual(['写好了还没发'])
    await stage.world.agents.setRole(stage.agent.id, 'auditor')
    const other = await elsewhere(ticket)
    stage.expectComplaints(/401|403|503/)
    const kept = other.getByRole('textbox', { name: /没有发出的回复/ })
    await expect.poll(() => kept.inputValue()).toBe('写好了还没发')
    expect(await kept.isEditable()).toBe(false)
    expect(await other.getByRole('textbox', { name: '回复', exact: true }).count()).toBe(0)
    await other.context().close()
  })

  it('outlive a closed tab', async () => {
    const ticket = await stage.world.arrive({ title: '关掉标签页' })
    await enterApp(stage, { path: pathOf(ticket) })
    await field().fill('还没写完就')
    await stage.page.close({ runBeforeUnload: true })
    const again = await stage.context.newPage()
    await openApp(stage, again, pathOf(ticket))
    await expect.poll(() => field(again).inputValue()).toBe('还没写完就')
    await expect.poll(() => keptFor(ticket)).toEqual(['还没写完就'])
  })
})
