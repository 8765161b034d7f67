import { expect, it } from 'vitest'
import { topics } from '../../src/core/bus.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { buildTimes } from '../support/builders.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, followRequests, holdTime, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { decision } from './world.ts'

describeWith('chromium', "traces in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  /** The provider takes what the bot said: half a second after the decision, and it needs 300 ms for that. */
  const deliver = async ({ conversationId }: Ticket, decidedAt: Date): Promise<string> => {
    const { outbox, bus } = stage.world
    const after = (ms: number) => new Date(decidedAt.getTime() + ms)
    const claims = await outbox.claim('test', 10, 60_000, after(500))
    const claim = claims.find(({ message }) => message.conversationId === conversationId)
    if (claim === undefined) throw new Error('nothing was to be sent')
    await outbox.settle([{ claim, result: { status: 'sent' } }], after(800))
    bus.publish(topics.delivery, { conversationId })
    return claim.message.id
  }

  it('stand in the info pane and under the bot’s reasons, and grow to their end by themselves', async () => {
    const decidedAt = new Date()
    const times = buildTimes({ decidedAt: decidedAt.toISOString() })
    const ticket = await stage.world.arrive({ decision, times })
    const asked: string[] = []
    const { page } = stage
    const requests = followRequests(page)
    await holdTime(page)
    await enterApp(stage, { path: pathOf(ticket) })
    const pane = page.locator('.info .trace')
    await pane.getByText('轨迹 14 ms').waitFor()
    await pane.getByText('还在发送').waitFor()
    await requests.settled()
    page.on('request', (request) => request.method() === 'GET' && asked.push(request.url()))
    await pane.locator('summary').click()
    const row = (name: string) => pane.getByRole('row', { name })
    await row('等下一条（连发合并）').getByText('30', { exact: true }).waitFor()
    await row('等空闲').getByText('等待', { exact: true }).waitFor()
    expect(await row('理解').getByText('等待', { exact: true }).count()).toBe(0)
    expect(await row('平台接受').count()).toBe(0)
    expect(asked.filter((url) => /\/(tickets|messages)\b/.test(url))).toEqual([])

    const outboxId = await deliver(ticket, decidedAt)
    await pane.getByText('轨迹 314 ms').waitFor()
    await row('平台接受').getByText('300', { exact: true }).waitFor()
    await row('等发送').getByText('500', { exact: true }).waitFor()
    await row('合计').getByText('314', { exact: true }).waitFor()
    expect(await pane.getByText('还在发送').count()).toBe(0)
    // Lists are not looked at again for that.
    expect(asked.filter((url) => /\/api\/desk\/tickets\?/.test(url))).toEqual([])

    await page.locator('.decision > summary').click()
    await page.locator('.decision .trace').getByText('轨迹 314 ms').waitFor()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await pane.getByRole('button', { name: `复制待发 ${outboxId}` }).click()
    await page.getByText('已复制').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(outboxId)
  })

  it('are not there where nobody measured', async () => {
    const ticket = await stage.world.arrive({ decision })
    await enterApp(stage, { path: pathOf(ticket) })
    await stage.page.locator('.decision > summary').click()
    await stage.page.getByText('用时').waitFor()
    expect(await stage.page.locator('.trace').count()).toBe(0)
  })
})
