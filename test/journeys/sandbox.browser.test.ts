import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { plays } from '../../sandbox/page/plays.ts'
import { findBarriers } from '../support/accessibility.ts'
import { startDemo, type Demo } from '../support/demo.ts'
import { describeWith } from '../support/services.ts'
import { flags } from '../widget/visit.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
const wide = { width: 1_920, height: 1_000 }
const narrow = { width: 360, height: 740 }

const Words = z.record(z.string(), z.string())
const WechatState = z.looseObject({
  now: z.string(),
  aheadMs: z.number(),
  lines: z.array(
    z.looseObject({ source: z.string(), content: z.looseObject({ text: z.string().optional() }) }),
  ),
  users: z.array(z.looseObject({ openid: z.string() })),
  windows: z.array(z.looseObject({ until: z.string() })),
})
const ClientState = z.looseObject({
  users: z.array(z.looseObject({ key: z.string() })),
  lines: z.array(z.looseObject({ from: z.string(), text: z.string().optional() })),
})

describeWith('chromium', 'the sandbox in a browser', (executablePath) => {
  let demo: Demo
  let browser: Browser
  let words: Record<string, string>

  beforeAll(async () => {
    demo = await startDemo()
    browser = await chromium.launch({ executablePath, args: flags })
    words = Words.parse(await (await fetch(`${demo.app.url}/sandbox/assets/zh-CN.json`)).json())
  })
  afterAll(async () => {
    await browser.close()
    await demo.dispose()
  })

  const faults: string[] = []
  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: wide, ...options })
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) faults.push(message.text())
    })
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol.startsWith('http') && origin !== demo.app.url) faults.push(request.url())
    })
    await page.goto(`${demo.app.url}/sandbox`)
    await page.locator('#phone textarea').waitFor()
    return page
  }
  const leave = async (page: Page): Promise<void> => {
    await page.context().close()
    expect(faults.splice(0)).toEqual([])
  }
  const wechat = async (openid = '') => WechatState.parse(await demo.get(`state?openid=${openid}`))
  /** What a person of a channel said, as their own screen shows it. */
  const saidBy = async (channel: string, user: number): Promise<readonly string[]> => {
    if (channel === 'wechat') {
      const { openid = '' } = (await wechat()).users[user] ?? {}
      const own = (await wechat(openid)).lines.filter(({ source }) => source === 'user')
      return own.map(({ content }) => content.text ?? '')
    }
    const all = ClientState.parse(await demo.get(`clients/${channel}/state`))
    const { key = '' } = all.users[user] ?? {}
    const { lines } = ClientState.parse(
      await demo.get(`clients/${channel}/state?user=${encodeURIComponent(key)}`),
    )
    return lines.filter(({ from }) => from === 'user').map(({ text = '' }) => text)
  }

  it('shows the widget as the web client, with what visitors ask and a way to a person', async () => {
    const page = await open()
    const chat = page.frameLocator('#web-frame')
    await page.getByRole('button', { name: '网页挂件', exact: true }).waitFor()
    const quick = chat.getByRole('group', { name: '常用' })
    await expect
      .poll(() => quick.getByRole('button').allTextContents())
      .toEqual(['大会员怎么退款', '视频审核要多久', '账号被盗怎么办', '找人工'])
    await quick.getByRole('button', { name: '视频审核要多久' }).click()
    await chat.locator('.message.bot').getByText('24 小时内完成').waitFor()
    // What came of it stands in the panel: the page knows whose conversation the widget holds.
    await page.getByRole('button', { name: '网页访客' }).click()
    await page.locator('.step').getByText('视频审核要多久').first().waitFor()
    await leave(page)
  })

  it('leads to the help centre', async () => {
    const page = await open()
    const [help] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: '帮助中心' }).click(),
    ])
    await help.waitForURL(/\/help\//)
    await leave(page)
  })

  it('shows the desk beside the clients, signed in by the one-time link, and remembers it', async () => {
    const page = await open()
    const switched = page.getByRole('button', { name: '并排工作台' })
    await expect.poll(() => switched.getAttribute('aria-pressed')).toBe('false')
    await page.getByText('一次性链接').waitFor()
    await switched.click()
    const desk = page.frameLocator('#beside-frame')
    await desk.locator('.rail').waitFor()
    await expect.poll(() => switched.getAttribute('aria-pressed')).toBe('true')
    // The link was used, and is offered no more.
    await page.getByText('一次性链接').waitFor({ state: 'detached' })
    // A conversation that a person has to take is opened where the desk stands already.
    const field = page.locator('.write textarea')
    await field.fill('转人工')
    await field.press('Enter')
    await page.locator('.step .tag.ticket').first().waitFor()
    await page.locator('.step').first().getByRole('link', { name: '在工作台打开' }).click()
    await desk.locator('.message').getByText('转人工', { exact: true }).first().waitFor()
    expect(page.context().pages()).toHaveLength(1)

    await page.reload()
    await desk.locator('.rail').waitFor()
    await page.setViewportSize(narrow)
    const views = page.getByRole('navigation', { name: '切换视图' })
    await views.getByRole('button', { name: '工作台' }).click()
    await desk.locator('.rail').waitFor()
    await expect.poll(() => page.locator('#phone').isVisible()).toBe(false)
    await page.reload()
    await expect.poll(() => page.locator('#beside-frame').isVisible()).toBe(true)
    await page.setViewportSize(wide)
    await switched.click()
    await expect.poll(() => page.locator('#beside-frame').isVisible()).toBe(false)
    await page.reload()
    await page.locator('#phone textarea').waitFor()
    expect(await page.locator('#beside-frame').getAttribute('src')).toBeNull()
    await leave(page)
  })

  it.each(plays)(
    'plays the story $name to its end',
    async ({ name, steps }) => {
      const page = await open()
      await page.locator('#plays').click()
      const titles = page.locator('.ask-choice strong')
      await titles.getByText(words[`play.${name}`] ?? '', { exact: true }).click()
      const notice = page.locator('.notice', {
        has: page.getByRole('button', { name: words['playing.stop'] ?? '' }),
      })
      await notice.waitFor()
      await notice.waitFor({ state: 'detached', timeout: 200_000 })
      for (const step of steps)
        if (step.kind === 'says') expect(await saidBy(step.channel, step.user)).toContain(step.text)
      expect(await page.locator('.notice.bad').count()).toBe(0)
      await leave(page)
    },
    240_000,
  )

  it('puts the clock forward by an hour and by a day, and reply windows with it', async () => {
    const page = await open()
    const field = page.locator('.write textarea')
    await field.fill('会员怎么取消')
    await field.press('Enter')
    const left = async (): Promise<number> => {
      const { now, windows } = await wechat()
      return Math.max(0, ...windows.map(({ until }) => Date.parse(until) - Date.parse(now)))
    }
    const shown = (): Promise<string> => page.locator('#phone .windows').innerText()
    const jump = async (button: string, ms: number): Promise<void> => {
      const before = { now: Date.parse((await wechat()).now), left: await left(), shown: await shown() }
      await page.locator('#clock').click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: words[button] ?? '', exact: true })
        .click()
      await expect.poll(async () => Date.parse((await wechat()).now) - before.now).toBeGreaterThanOrEqual(ms)
      expect(Math.abs(before.left - (await left()) - ms)).toBeLessThan(minuteMs)
      await expect.poll(shown).not.toBe(before.shown)
    }
    await expect.poll(left).toBeGreaterThan(47 * hourMs)
    await jump('clock.hour', hourMs)
    await jump('clock.day', 24 * hourMs)
    await leave(page)
  })

  it('is as new after a reset', async () => {
    const page = await open()
    await page.locator('#reset').click()
    await page.getByRole('dialog').getByRole('button', { name: '清除' }).click()
    await page
      .locator('#toast')
      .getByText(/^已清除 \d+ 个会话/)
      // It is in sight for four seconds only.
      .waitFor({ state: 'attached' })
    await expect.poll(() => page.locator('#phone .line').count()).toBe(0)
    const { aheadMs, windows } = await wechat()
    expect([aheadMs, windows]).toEqual([0, []])
    // The widget begins a conversation anew at once.
    expect(await demo.get('reset')).toMatchObject({ tickets: 0, files: 0, users: 0, lines: 0 })
    await page.locator('.write textarea').fill('大会员怎么退款')
    await page.locator('.write textarea').press('Enter')
    await page.locator('.line.theirs .bubble').first().waitFor()
    await leave(page)
  })

  const looks = ['zh-CN', 'en'].flatMap((language) =>
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      [wide, narrow].map((viewport) => ({ language, colorScheme, viewport, width: viewport.width })),
    ),
  )
  it.each(looks)(
    'shuts nobody out: $language, $colorScheme, $width px',
    async ({ language, colorScheme, viewport }) => {
      const page = await open({ colorScheme, viewport })
      await page.evaluate(`localStorage.setItem('tongda.sandbox.language', '${language}')`)
      await page.evaluate("localStorage.setItem('tongda.sandbox.beside', 'on')")
      await page.reload()
      await page.locator('#phone textarea').waitFor()
      await expect.poll(() => page.locator('html').getAttribute('lang')).toBe(language)
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      const look = async (): Promise<void> => {
        expect(await findBarriers(page)).toEqual([])
        expect(await page.evaluate(overflow)).toBe(0)
      }
      await look()
      const tabs = page.locator('.views button')
      if (viewport === narrow)
        for (let at = 0; at < 4; at += 1) {
          await tabs.nth(at).click()
          await look()
        }
      await page.locator('#plays').click()
      await page.getByRole('dialog').waitFor()
      await look()
      await page.goto(`${demo.app.url}/sandbox/clients/weibo`)
      await page.locator('.client-lines').waitFor()
      await look()
      await leave(page)
    },
  )
})
