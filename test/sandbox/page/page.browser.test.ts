import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWith } from '../../support/services.ts'
import { setPageStage } from './page-stage.ts'
import type { PageStage } from './page-stage.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** In the page: visible parts of fixed bars that reach beyond the right edge, and the page's own overflow. */
const stickingOut = `[...document.querySelectorAll(
  '.top *, .client-head *, .chat-head *, .starters *, .write *, .account-menu *, .tabs, .views *'
)].filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
  .concat(document.documentElement.scrollWidth > window.innerWidth ? [document.body] : [])
  .map((element) => element.outerHTML.slice(0, 120))`

describeWith('chromium', 'sandbox page in a browser', (executablePath) => {
  let browser: Browser
  let stage: PageStage
  let page: Page
  let complaints: string[]
  let requested: string[]

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: flags })
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    stage = await setPageStage()
    complaints = []
    requested = []
  })
  afterEach(async () => {
    await page.context().close()
    await stage.close()
    // Policy violations and exceptions both end here.
    expect(complaints).toEqual([])
    expect(requested.filter((url) => !url.startsWith(stage.origin) && !url.startsWith('data:'))).toEqual([])
  })

  const open = async (width = 1440, height = 900, colorScheme: 'light' | 'dark' = 'light'): Promise<void> => {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme })
    page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => requested.push(request.url()))
    await page.goto(`${stage.origin}/sandbox`)
    await page.locator('.starters button').first().waitFor()
  }
  const bubbles = () => page.locator('.line.theirs .bubble')
  const field = () => page.locator('.write textarea')

  it('a suggestion is asked, answered and explained', async () => {
    await open()
    await page.getByRole('button', { name: '大会员怎么退款' }).click()
    await bubbles().first().waitFor()
    await expect.poll(() => bubbles().first().textContent()).toContain('大会员退款看这三点')
    await expect.poll(() => page.locator('.line.theirs .meta').textContent()).toBe('被动回复')
    const step = page.locator('.step').first()
    await step.waitFor()
    await expect.poll(() => step.textContent()).toMatch(/vip-refund.*0\.81.*回答.*confident-answer/)
    await expect.poll(() => step.locator('.candidates li').count()).toBe(5)
    await expect
      .poll(() => step.getByRole('link', { name: '在工作台打开' }).getAttribute('href'))
      .toBe('/desk')
    await expect.poll(() => page.locator('#connection').textContent()).toBe('实时')
  })

  it('Enter sends, Shift+Enter does not, and neither does Enter that ends a composition', async () => {
    await open()
    await field().fill('转人工')
    await field().press('Shift+Enter')
    await field().dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true })
    await field().dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
    expect(stage.bot.received).toEqual([])
    await field().press('Enter')
    await bubbles().first().waitFor()
    await expect.poll(() => field().inputValue()).toBe('')
    await expect.poll(() => page.locator('.tag.ticket').textContent()).toBe('T-1042')
  })

  it('links are safe, menu links and numbers answer for the user', async () => {
    await open()
    await page.getByRole('button', { name: '大会员怎么退款' }).click()
    const outside = bubbles().first().getByRole('link', { name: '完整说明' })
    await expect.poll(() => outside.getAttribute('rel')).toBe('noopener noreferrer')
    await bubbles().first().getByRole('button', { name: '没帮助' }).click()
    await expect.poll(() => stage.bot.received.at(-1)?.field('bizmsgmenuid')).toBe('102')
    await page.getByRole('button', { name: '回复 2' }).click()
    await expect.poll(() => stage.bot.received.at(-1)?.field('Content')).toBe('2')
    await field().fill('青少年模式的步骤')
    await field().press('Enter')
    await page.getByText('打开青少年模式').first().waitFor()
    await expect.poll(() => page.locator('.numbers').count()).toBe(0)
  })

  it('hostile text stays text', async () => {
    await open()
    const hostile =
      '<img src=x onerror=alert(1)><a href="javascript:alert(1)">点我</a><script>alert(1)</script>'
    await field().fill(hostile)
    await field().press('Enter')
    await page.locator('.line.own .bubble').waitFor()
    await expect.poll(() => page.locator('.line.own .bubble').textContent()).toBe(hostile)
    await expect
      .poll(() => page.locator('.lines img, .lines script, .lines a[href^="javascript"]').count())
      .toBe(0)
  })

  it('picture, voice, place and the account’s menu can be sent', async () => {
    await open()
    for (const name of ['付款截图', '位置', '链接', '文件']) {
      await page.getByRole('button', { name: /^更多/ }).click()
      await page.getByRole('button', { name, exact: true }).click()
    }
    await page.getByRole('button', { name: /^更多/ }).click()
    await page.getByRole('button', { name: '语音', exact: true }).click()
    await page.getByRole('button', { name: /我要找人工/ }).click()
    await page.getByRole('button', { name: '常见问题', exact: true }).click()
    await expect.poll(() => stage.bot.received.length).toBe(6)
    const types = stage.bot.received.map((message) => message.field('Event') ?? message.field('MsgType'))
    expect(types.sort()).toEqual(['CLICK', 'file', 'image', 'link', 'location', 'voice'])
    const pictureWidth = "document.querySelector('.bubble.image img')?.naturalWidth"
    await expect.poll(() => page.evaluate(pictureWidth)).toBe(540)
    const belowTheFold = `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(
      document.querySelector('.lines'))`
    await expect.poll(() => page.evaluate(belowTheFold)).toBeLessThan(2)
  })

  it('unfollowing closes the composer, following opens it', async () => {
    await open()
    await page.getByRole('button', { name: '取消关注' }).click()
    await field().waitFor({ state: 'hidden' })
    await page.locator('.join').click()
    await field().waitFor()
    await expect
      .poll(() => page.locator('.happening').allTextContents())
      .toEqual(expect.arrayContaining(['取消了关注', '关注了公众号']))
  })

  it('a fault is switched on, seen by the user, explained and switched off', async () => {
    await open()
    await page.getByRole('tab', { name: /故障/ }).click()
    await page.getByRole('switch', { name: /签名错误/ }).click()
    await page.locator('.notice.warn').waitFor()
    await field().fill('在吗')
    await field().press('Enter')
    await page.getByText('该公众号提供的服务出现故障').waitFor()
    await page.getByRole('button', { name: '为什么？' }).click()
    const opened = page.locator('.request-row[aria-expanded="true"] + .request-body')
    await opened.getByText('签名故意写错').waitFor()
    await expect.poll(() => page.locator('.request').count()).toBe(3)
    await page.getByRole('button', { name: '全部关闭' }).click()
    await page.locator('.notice.warn').waitFor({ state: 'detached' })
  })

  it('a request is shown before and after encryption, copied and replayed', async () => {
    await open()
    await page.getByRole('button', { name: '大会员怎么退款' }).click()
    await bubbles().first().waitFor()
    await page.getByRole('tab', { name: /请求/ }).click()
    await page.locator('.request-row').first().click()
    const detail = page.locator('.detail').first()
    await detail.getByText('AES-256-CBC 加密').waitFor()
    await expect
      .poll(() => detail.locator('pre').first().textContent())
      .toContain('<Content><![CDATA[大会员怎么退款]]></Content>')
    await detail.getByText('实际发送（加密后）').click()
    await expect
      .poll(() => detail.locator('details[open] pre').allTextContents())
      .toEqual(expect.arrayContaining([expect.stringContaining('<Encrypt>')]))
    await detail.getByRole('button', { name: '原样重放' }).click()
    await expect.poll(() => stage.bot.received.length).toBe(2)
    await page.locator('.request').nth(1).waitFor()
  })

  it('users have conversations of their own', async () => {
    await open()
    await page.getByRole('button', { name: '大会员怎么退款' }).click()
    await bubbles().first().waitFor()
    await page.getByRole('button', { name: '鹿目' }).click()
    await page.locator('.welcome').waitFor()
    await page.getByRole('button', { name: '阿白' }).click()
    await bubbles().first().waitFor()
  })

  it('the language changes and stays, nothing typed is lost', async () => {
    await open()
    await field().fill('还没写完')
    await page.locator('#language').click()
    await page.getByRole('tab', { name: 'What happened' }).waitFor()
    await expect.poll(() => field().inputValue()).toBe('还没写完')
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en')
    await page.reload()
    await page.getByRole('tab', { name: 'What happened' }).waitFor()
  })

  it('the web chat is framed, and its visitor can be looked at', async () => {
    await open()
    await expect
      .poll(() => page.frameLocator('#web-frame').locator('body').textContent())
      .toContain('网页聊天测试页')
    await page.getByRole('button', { name: '网页访客' }).click()
    await page.getByText('网页访客还没有说话').waitFor()
  })

  it('keeps going by polling when live events fail, and says when the server is gone', async () => {
    await open()
    await page.context().route('**/api/live', (route) => route.abort())
    await page.reload()
    await page.locator('#connection[data-mode="polling"]').waitFor()
    await stage.simulator.push(stage.simulator.users()[0]?.openid ?? '', { kind: 'text', text: '轮询可见' })
    await page.getByText('轮询可见').first().waitFor()
    await page.context().route('**/api/state*', (route) => route.abort())
    await page.locator('.notice.bad').waitFor()
    // The two broken routes were our doing.
    complaints = complaints.filter((complaint) => !complaint.includes('ERR_FAILED'))
  })

  it.each([
    [360, 640],
    [768, 1024],
    [1024, 768],
    [1440, 900],
    [1920, 1080],
  ])('nothing sticks out at %d × %d, in both themes', async (width, height) => {
    for (const scheme of ['light', 'dark'] as const) {
      await open(width, height, scheme)
      await expect.poll(() => page.evaluate(stickingOut)).toEqual([])
      const composer = await field().boundingBox()
      expect(composer?.width).toBeGreaterThan(120)
      if (scheme === 'light') await page.context().close()
    }
  })

  it('on a phone one view stands in front, all three are a tap away', async () => {
    await open(360, 740)
    await page.getByRole('button', { name: '幕后' }).click()
    await page.getByRole('tab', { name: /发生了什么/ }).waitFor()
    await expect.poll(() => page.locator('#phone').isVisible()).toBe(false)
    const views = page.getByRole('navigation')
    await views.getByRole('button', { name: '网页挂件', exact: true }).click()
    await expect.poll(() => page.locator('#web-frame').isVisible()).toBe(true)
    await page.getByRole('button', { name: '微信', exact: true }).click()
    await field().waitFor()
  })

  it('clears the demo after a confirmation that names what goes', async () => {
    await open()
    await field().fill('大会员怎么退款')
    await page.keyboard.press('Enter')
    await bubbles().first().waitFor()
    await page.getByRole('button', { name: '重置' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 位用户的 2 条聊天记录').waitFor()
    await dialog.getByText('1 个会话、2 条消息').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => bubbles().count()).toBe(1)
    await page.getByRole('button', { name: '重置' }).click()
    await dialog.getByRole('button', { name: '清除' }).click()
    await expect.poll(() => page.locator('.line').count()).toBe(0)
    await page.locator('#toast').getByText('已清除 1 个会话').waitFor()
  })
})
