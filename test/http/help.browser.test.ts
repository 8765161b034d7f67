import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { findBarriers } from '../support/accessibility.ts'
import {
  buildHelpArticle,
  demoContent,
  helpContent,
  openHelpWorld,
  type HelpWorld,
} from '../support/help-world.ts'
import { describeWith } from '../support/services.ts'

const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']

describeWith('chromium', 'the help centre in a browser', (executablePath) => {
  let browser: Browser
  let world: HelpWorld
  const complaints: string[] = []
  const foreign: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: flags })
    world = await openHelpWorld(await demoContent(), { phone: '400-178-2233', mail: 'help@example.com' })
    world.incidents = [
      {
        ...{ title: { zh: '登录异常', en: 'Sign-in fails' }, topics: [] },
        ...{ notice: { zh: '正在处理，请稍后再试。', en: 'Colleagues are on it.' } },
        sinceAt: new Date('2026-11-28T02:00:00Z'),
      },
    ]
  })
  afterAll(async () => {
    await browser.close()
    await world.stop()
  })
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([])
    expect(foreign.splice(0)).toEqual([])
  })

  const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ locale: 'zh-CN', ...options })
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(world.origin)) foreign.push(request.url())
    })
    await page.goto(`${world.origin}${path}`)
    return page
  }

  const everyPage = [
    '',
    '/topics/vip-refund',
    '/articles/vip-auto-renew-stop',
    '/articles/account-stolen-protect?outcome=not-helpful',
    '/search?q=refund%20退款',
    '/search?q=qqqqzzzz',
    '/search?q=',
    '/contact',
    '/ticket',
  ]

  it.each([
    ['zh-CN', 'light', 1_280],
    ['zh-CN', 'dark', 360],
    ['en', 'dark', 1_280],
    ['en', 'light', 360],
    ['zh-CN', 'dark', 1_280],
    ['zh-CN', 'light', 360],
    ['en', 'light', 1_280],
    ['en', 'dark', 360],
  ] as const)('can be read by everybody: %s, %s, %i px', async (language, colorScheme, width) => {
    const page = await open(`/help/${language}`, { colorScheme, viewport: { width, height: 800 } })
    for (const path of everyPage) {
      await page.goto(`${world.origin}/help/${language}${path}`)
      expect(await findBarriers(page), path).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), path).toBe(false)
    }
    await page.context().close()
  })

  it('works without script: search, read, vote', async () => {
    const page = await open('/help/zh-CN', { javaScriptEnabled: false })
    await page.getByRole('searchbox').fill('怎么关闭自动续费')
    await page.getByRole('button', { name: '搜索' }).click()
    await page.locator('.articles a').first().click()
    await page.getByRole('button', { name: '有帮助', exact: true }).click()
    await page.getByText('谢谢，已经记下了。').waitFor()
    expect(world.votes.at(-1)).toMatchObject({ language: 'zh-CN', answer: 'helpful' })
    await page.context().close()
  })

  it('suggests articles below the field, by keys and by pointer, and sends the form where none is chosen', async () => {
    const page = await open('/help/zh-CN')
    const field = page.getByRole('combobox')
    await field.pressSequentially('退款')
    const option = page.getByRole('option').first()
    await option.waitFor()
    expect(await findBarriers(page)).toEqual([])
    await field.press('ArrowDown')
    await expect.poll(() => option.getAttribute('aria-selected')).toBe('true')
    const title = await option.textContent()
    await field.press('Enter')
    await page.getByRole('heading', { level: 1, name: title ?? '', exact: true }).waitFor()
    await field.pressSequentially('退款')
    await option.waitFor()
    await field.press('Escape')
    await option.waitFor({ state: 'hidden' })
    await field.press('Enter')
    await page.waitForURL(/\/search\?q=/)
    await page.context().close()
  })

  it('shows pictures at their size from the first moment, from our host', async () => {
    const page = await open('/help/zh-CN/articles/vip-auto-renew-stop')
    const image = page.locator('article img').first()
    await image.scrollIntoViewIfNeeded()
    await expect
      .poll(() => image.evaluate((one) => Reflect.get(one, 'naturalWidth') as number))
      .toBeGreaterThan(0)
    const [width, height] = await Promise.all(['width', 'height'].map((name) => image.getAttribute(name)))
    const shape = await image.evaluate(
      (one) => (Reflect.get(one, 'naturalWidth') as number) / (Reflect.get(one, 'naturalHeight') as number),
    )
    expect(Number(width) / Number(height)).toBeCloseTo(shape, 2)
    await page.context().close()
  })

  it('runs nothing that stands in an article or a question', async () => {
    const payloads = [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '"><svg onload=alert(1)>',
      '[x](javascript:alert(1))',
      '![x](https://evil.example/x.png)',
      '<iframe src="https://evil.example"></iframe>',
    ]
    const all = payloads.join('\n\n')
    const known = world.content
    world.content = helpContent(
      [
        buildHelpArticle({ question: all, answer: all, en: { question: all, answer: all } }),
        buildHelpArticle({ id: 'vip-refund-other', question: '退款到账', followups: ['vip-refund-apply'] }),
      ],
      [{ topic: 'vip-refund', zh: all, en: all }],
    )
    world.incidents = [{ title: { zh: all, en: all }, notice: { zh: all }, topics: [], sinceAt: new Date(0) }]
    const page = await open('/help/zh-CN')
    const paths = ['', '/articles/vip-refund-apply', '/articles/vip-refund-other', '/topics/vip-refund']
    for (const path of [...paths, `/search?q=${encodeURIComponent(all)}`]) {
      for (const language of ['zh-CN', 'en']) await page.goto(`${world.origin}/help/${language}${path}`)
      await page.goto(`${world.origin}/help/zh-CN${path}`)
    }
    await page.getByRole('combobox').fill('svg onload')
    await page.getByRole('option').first().waitFor()
    world.content = known
    await page.context().close()
  })
})
