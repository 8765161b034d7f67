import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  createSandbox,
  createTelegramAccount,
  createTelegramSimulator,
  createWechatSimulator,
  type TelegramSimulator,
} from '../../../sandbox/index.ts'
import { createMovableClock } from '../../../src/core/clock.ts'
import { describeWith } from '../../support/services.ts'
import { testAccount } from '../wechat/stage.ts'

const userKey = '5000000001'

describeWith('chromium', 'the page of a simulated client', (executablePath) => {
  let browser: Browser
  let page: Page
  let simulator: TelegramSimulator
  let origin = ''
  let complaints: string[]
  let close: () => Promise<void>

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    const clock = createMovableClock()
    const account = createTelegramAccount()
    const users = [
      { key: userKey, name: '阿白' },
      { key: '5000000002', name: '鹿目' },
    ]
    simulator = createTelegramSimulator({ account, clock, users })
    const wechat = createWechatSimulator({
      ...{ account: { ...testAccount, name: '通答演示' }, clock },
      callbackUrl: () => 'http://127.0.0.1:9/nowhere',
      apiUrl: () => `${origin}/wechat-api`,
    })
    const sandbox = createSandbox({
      simulators: { wechat },
      clients: [simulator],
      missing: [{ channel: 'wechaty', command: 'npm ci --prefix <b>bridge</b>' }],
      inboxes: { wechat: 'wechat-demo', web: 'web-demo', telegram: 'telegram-demo' },
      clock,
      trace: () => Promise.resolve([]),
      webChatUrl: '/web-chat',
      deskUrl: '/desk',
      demoData: {
        count: () =>
          Promise.resolve({
            conversations: 0,
            messages: 0,
            tickets: 0,
            files: 0,
            cannedReplies: 0,
            macros: 0,
          }),
        clear: () => Promise.resolve(),
      },
    })
    const app = new Hono()
    app.route('/sandbox/providers/telegram', simulator.api)
    app.route('/sandbox', sandbox.app)
    app.get('/web-chat', (c) => c.html('<!doctype html><title>chat</title>'))
    const listen = getRequestListener(app.fetch)
    const server = createServer((request, response) => void listen(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? String(address.port) : ''}`
    complaints = []
    page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    close = async () => {
      await page.close()
      sandbox.close()
      wechat.close()
      await simulator.close()
      server.closeAllConnections()
      server.close()
    }
  })
  afterEach(async () => {
    await close()
    expect(complaints).toEqual([])
  })

  it('lets a user write, switch faults, and be another user', async () => {
    await page.goto(`${origin}/sandbox/clients/telegram`)
    const field = page.locator('textarea')
    await field.fill('<img src=x onerror=alert(1)>在吗')
    await field.press('Enter')
    await expect.poll(() => page.locator('.client-line.user p').first().textContent()).toContain('<img src=x')
    await expect.poll(() => page.locator('.client-lines img').count()).toBe(0)
    await expect.poll(() => field.inputValue()).toBe('')
    await page.locator('#faults-title').click()
    await page.getByRole('switch', { name: '签名错误' }).click()
    await expect.poll(() => simulator.client.faults().find(({ on }) => on)?.name).toBe('bad-signature')
    await page.getByRole('button', { name: '鹿目' }).click()
    await page.locator('.client-welcome').waitFor()
  })

  it('is framed beside the web chat, one channel at a time', async () => {
    await page.goto(`${origin}/sandbox`)
    await page.getByRole('button', { name: 'Telegram', exact: true }).click()
    const frame = page.frameLocator('#web-frame')
    await frame.locator('textarea').waitFor()
    await page.getByRole('button', { name: 'Telegram 用户' }).waitFor()
    await page.getByRole('button', { name: '网页挂件', exact: true }).click()
    await expect.poll(() => page.locator('#web-frame').getAttribute('src')).toContain('/web-chat')
  })

  it('gives its name to the view that shows it on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(`${origin}/sandbox`)
    const views = page.getByRole('navigation')
    await views.getByRole('button', { name: '网页挂件', exact: true }).click()
    await page.locator('#clients').getByRole('button', { name: 'Telegram', exact: true }).click()
    await views.getByRole('button', { name: 'Telegram', exact: true }).waitFor()
    await page.locator('#language').click()
    await views.getByRole('button', { name: 'Telegram', exact: true }).waitFor()
  })

  it('has its requests and faults in the panel, which follows who is at work', async () => {
    await page.goto(`${origin}/sandbox`)
    // By keyboard: the pressed button keeps the focus though it is drawn anew.
    const choice = page.getByRole('button', { name: 'Telegram', exact: true })
    await choice.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => choice.getAttribute('aria-pressed')).toBe('true')
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Telegram')
    const field = page.frameLocator('#web-frame').locator('textarea')
    await field.fill('在吗')
    await field.press('Enter')
    await expect
      .poll(() => page.getByRole('button', { name: 'Telegram 用户' }).getAttribute('aria-pressed'))
      .toBe('true')
    await fetch(`${origin}/sandbox/providers/telegram/bot${simulator.account.token}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: Number(userKey), text: '<b>您好</b>' }),
    })
    await page.getByRole('tab', { name: '请求' }).click()
    await page.locator('summary.request-row').filter({ hasText: 'sendMessage' }).click()
    const detail = page.locator('.wire[open] .detail')
    await expect.poll(() => detail.locator('pre').first().textContent()).toContain('<b>您好</b>')
    await detail.getByRole('button', { name: '复制 curl' }).waitFor()
    expect(simulator.exchanges()[0]?.curl).not.toContain(simulator.account.token)
    await page.getByRole('tab', { name: /故障/ }).click()
    await page.getByRole('switch', { name: /签名错误/ }).click()
    await page.locator('.notice.warn').getByText('Telegram').waitFor()
    await page.getByRole('button', { name: '全部关闭' }).click()
    await expect.poll(() => simulator.client.faults().some(({ on }) => on)).toBe(false)
  })

  it('that is not installed says how to get it, in both languages', async () => {
    await page.goto(`${origin}/sandbox`)
    await page.getByRole('button', { name: '个人微信（未安装）' }).click()
    await page.getByRole('dialog').getByText('npm ci --prefix <b>bridge</b>').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('#language').click()
    await page.getByRole('button', { name: 'Personal WeChat (not installed)' }).click()
    await page.getByRole('dialog').getByText('Run this in Tongda’s folder').waitFor()
  })

  it('is cleared by the reset as all clients are', async () => {
    await page.goto(`${origin}/sandbox`)
    await page.getByRole('button', { name: 'Telegram', exact: true }).click()
    const frame = page.frameLocator('#web-frame')
    await frame.locator('textarea').fill('在吗')
    await frame.locator('textarea').press('Enter')
    await frame.locator('.client-line.user').waitFor()
    simulator.client.setFault('out-of-order', true)
    simulator.client.act(userKey, { kind: 'text', text: '压住的' })
    await page.getByRole('button', { name: '重置' }).click()
    await page.getByRole('dialog').getByText('1 位用户的 2 条聊天记录').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '清除' }).click()
    await frame.locator('.client-welcome').waitFor()
    expect(simulator.client.faults().some(({ on }) => on)).toBe(false)
    expect(simulator.pendingUpdates()).toBe(0)
    // Nothing held comes back with the next one.
    simulator.client.act(userKey, { kind: 'text', text: '重新开始' })
    expect(simulator.client.lines(userKey).map(({ text }) => text)).toEqual(['重新开始'])
  })

  it('refuses acts from other pages, of unknown users and of no known form', async () => {
    const act = (body: unknown, from = origin) =>
      fetch(`${origin}/sandbox/api/clients/telegram/acts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: from },
        body: JSON.stringify(body),
      }).then(({ status }) => status)
    const text = { kind: 'text', text: '在吗' }
    expect(await act({ user: userKey, act: text })).toBe(202)
    expect(await act({ user: userKey, act: text }, 'http://evil.example')).toBe(403)
    expect(await act({ user: 'nobody', act: text })).toBe(404)
    expect(await act({ user: userKey, act: { kind: 'fly' } })).toBe(400)
    expect((await fetch(`${origin}/sandbox/clients/nowhere`)).status).toBe(404)
  })
})
