import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp } from './app-stage.ts'
import { useStage } from './stage.ts'
import { decision } from './world.ts'

describeWith('chromium', "reports in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const drawer = () => stage.page.getByRole('dialog')

  it('tells numbers with their definitions, and opens what they count down to the ticket', async () => {
    const ticket = await stage.world.arrive({ title: '一张工单', decision })
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/reports/overview', who })
    const card = page.locator('.card').filter({ has: page.getByText('转人工', { exact: true }) })
    await card.getByText('100.0 %').waitFor()
    await card.getByText('口径').click()
    await card.getByText('要了人工、由人接待或开了工单的占比').waitFor()
    // Of one session a share says little, and says so.
    await expect.poll(() => card.innerText()).toContain('少于 30')
    await card.getByRole('button', { name: '看这些：转人工' }).click()
    await drawer().getByRole('button', { name: '看对话' }).first().click()
    await drawer().getByText('我要找人工').waitFor()
    await drawer().getByRole('button', { name: '返回' }).click()
    await drawer()
      .getByRole('link', { name: `T-${ticket.number}` })
      .click()
    await page.waitForURL(new RegExp(`/inbox/open/${ticket.id}`))
  })

  it('draws charts beside their tables and saves them as pictures', async () => {
    await stage.world.arrive({ decision })
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/reports/overview', who })
    await page.locator('.drawing svg').first().waitFor()
    await expect.poll(() => page.locator('.drawing svg').count()).toBe(2)
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: '把“从会话到解决”存成 PNG' }).click()
    expect((await saving).suggestedFilename()).toBe('funnel.png')
    const sheet = page.waitForEvent('download')
    await page.getByRole('button', { name: 'XLSX' }).click()
    expect((await sheet).suggestedFilename()).toMatch(/^overview-.*\.xlsx$/)
  })

  it('keeps the span in the address, from one report to the next', async () => {
    const who = await stage.world.hire('auditor', '审计')
    const page = await enterApp(stage, { path: '/reports/overview', who })
    await page.getByRole('button', { name: '近 30 天' }).click()
    await page.getByText('营业时间', { exact: true }).click()
    await page.waitForURL(/time=business/)
    const address = new URL(page.url())
    await page.getByRole('link', { name: '意图', exact: true }).click()
    await page.getByRole('heading', { name: '意图', exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe(address.search)
    await page.getByText('营业时间），对比').waitFor()
  })

  it('shows on the wall how things stand, and looks again by itself', async () => {
    const who = await stage.world.hire('supervisor', '周岚')
    const page = await enterApp(stage, { path: '/wall', who })
    const waiting = page.locator('.card', { hasText: '现在没有人负责' }).locator('dd').first()
    const before = Number(await waiting.innerText())
    await stage.world.arrive({ decision })
    await expect.poll(async () => Number(await waiting.innerText())).toBe(before + 1)
  })
})
