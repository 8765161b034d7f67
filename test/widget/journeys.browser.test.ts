import { createHmac } from 'node:crypto'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'
import { openShop, type Shop } from './shop.ts'
import { eventually, flags, visit, type Visit } from './visit.ts'

const secret = 'a secret of the brand that is long enough'

describeWith('chromium', 'the widget on a page of another site', (executablePath) => {
  let shop: Shop
  let product: Product
  let browser: Browser
  let visitor: Visit

  beforeAll(async () => {
    shop = await openShop()
    const web = {
      ...{ channel: 'web', origins: [shop.origin], identity: { secret } },
      widget: {
        name: { zh: '小通客服', en: 'Tongda support' },
        quickReplies: [{ zh: '视频审核要多久', en: 'Review' }],
      },
    }
    product = await startProduct({ furtherInboxes: { web } })
    shop.product = product.app.url
    browser = await chromium.launch({ executablePath, args: flags })
  })
  afterAll(async () => {
    await browser.close()
    await product.dispose()
    await shop.close()
  })
  beforeEach(async () => {
    shop.script = ''
    visitor = await visit(browser, shop)
  })
  afterEach(() => visitor.leave())

  const tokenOf = (sub: string): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const exp = Math.floor(product.clock.now().getTime() / 1_000) + 600
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, exp, name: '阿白' })}`
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  }

  it('greets, answers with its source, and takes whether that helped', async () => {
    const { page } = visitor
    await page.addInitScript(`{
      window.shifts = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifts += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    }`)
    await visitor.come()
    expect(await page.evaluate('window.shifts')).toBe(0)
    await page.locator('.launcher').click()
    await page.getByText('小通', { exact: false }).first().waitFor()
    await page.getByRole('group', { name: '常用' }).getByRole('button', { name: '视频审核要多久' }).click()
    await page.getByText('24 小时内完成').waitFor()
    await page.getByText(/^来源：/).waitFor()
    await page.getByRole('button', { name: '有帮助', exact: true }).click()
    await page.getByText('谢谢，已记下').waitFor()
  })

  it('offers something else after 没帮助', async () => {
    const { page } = visitor
    await visitor.open()
    await visitor.write('视频审核要多久')
    await page.getByRole('button', { name: '没帮助' }).click()
    await page.getByText('已记下：没帮助').waitFor()
    await page.getByRole('button', { name: '找人工' }).first().waitFor()
    expect(await visitor.bubbles()).not.toContain('👎')
  })

  it('reaches a person in two taps, and shows their answer under their name', async () => {
    const { page } = visitor
    await visitor.come()
    await page.locator('.launcher').click()
    await page.getByRole('group', { name: '常用' }).getByRole('button', { name: '找人工' }).click()
    await page.getByText(/T-\d+/).first().waitFor()
    const stop = page.locator('.place').getByRole('button', { name: '取消', exact: true })
    await stop.waitFor()
    const agent = await product.agent()
    const ticket = await agent.finds(/人工/)
    await agent.takes(ticket.id)
    await agent.replies(ticket.id, '您好，请说')
    await page.locator('.message.agent').getByText('您好，请说').waitFor()
    await stop.waitFor({ state: 'detached' })
  })

  it('goes back to the bot when the visitor waits no longer', async () => {
    const { page } = visitor
    await visitor.open()
    await visitor.write('转人工')
    await page.locator('.place').getByRole('button', { name: '取消', exact: true }).click()
    await page.locator('.place').getByRole('button', { name: '不等了' }).click()
    await page.getByText('已取消等待').waitFor()
    await visitor.write('视频审核要多久')
    await page.locator('.message.bot').getByText('24 小时内完成').waitFor()
  })

  it('survives a reload: open, with its history and what is being written', async () => {
    const { page } = visitor
    await visitor.open()
    await visitor.write('第一句')
    await eventually(visitor.states).toEqual(['✓'])
    await page.fill('.composer textarea', '还没发出的话')
    await page.reload()
    await page.locator('.panel').waitFor()
    await eventually(visitor.bubbles).toContain('第一句')
    await expect.poll(() => page.inputValue('.composer textarea')).toBe('还没发出的话')
  })

  it('goes on after a restart of the server', async () => {
    const { page } = visitor
    await visitor.open()
    await visitor.write('之前')
    await eventually(visitor.states).toEqual(['✓'])
    await product.restart()
    await eventually(() => page.getAttribute('.status', 'data-state')).toBe('online')
    await visitor.write('之后')
    await eventually(visitor.states).toEqual(['✓', '✓'])
  })

  it('says that the session is over, and sends what was being written in a new one', async () => {
    const { page } = visitor
    await visitor.open()
    await visitor.write('上个月的话')
    await eventually(visitor.states).toEqual(['✓'])
    await page.fill('.composer textarea', '写到一半')
    product.clock.advance(31 * 86_400_000)
    await page.press('.composer textarea', 'Enter')
    await page.getByText('之前的对话已过期').waitFor()
    await eventually(visitor.states).toEqual(['✓'])
    const bubbles = await visitor.bubbles()
    expect(bubbles).toContain('写到一半')
    expect(bubbles).not.toContain('上个月的话')
  })

  it('sends files and shows them again', async () => {
    const { page } = visitor
    await visitor.open()
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    await page.setInputFiles('.composer input[type=file]', {
      name: '截图.png',
      mimeType: 'image/png',
      buffer: png,
    })
    await eventually(visitor.states).toEqual(['✓'])
    await page.getByRole('img', { name: '截图.png' }).waitFor()
    await page.reload()
    await page.getByRole('img', { name: '截图.png' }).waitFor()
  })

  it('leads a customer to the same conversation on another device, and forgets it when they sign out', async () => {
    shop.script = `Tongda('identify', { token: '${tokenOf('u-1')}' })`
    await visitor.open()
    await visitor.write('我是会员')
    await eventually(visitor.states).toEqual(['✓'])
    const other = await visit(browser, shop)
    await other.open()
    await eventually(other.bubbles).toContain('我是会员')
    await other.page.evaluate("Tongda('identify', null)")
    await eventually(other.bubbles).not.toContain('我是会员')
    await other.leave()
  })

  it('keeps a stranger’s conversation when they sign in', async () => {
    await visitor.open()
    await visitor.write('还没登录')
    await eventually(visitor.states).toEqual(['✓'])
    await visitor.page.evaluate(`Tongda('identify', { token: '${tokenOf('u-2')}' })`)
    await eventually(() => visitor.page.getAttribute('.status', 'data-state')).toBe('online')
    await eventually(visitor.bubbles).toContain('还没登录')
    await visitor.write('登录之后')
    await eventually(visitor.states).toEqual(['✓', '✓'])
  })

  it('does what the page asks, also before it is there', async () => {
    shop.script = `
      window.heard = []
      Tongda('on', 'open', () => window.heard.push('open'))
      Tongda('on', 'close', () => window.heard.push('close'))
      Tongda('locale', 'en')
      Tongda('context', { order: 'A-1' })
      Tongda('open')`
    const { page } = visitor
    await page.goto(shop.origin)
    await page.getByRole('dialog', { name: 'Tongda support' }).waitFor()
    await eventually(() => page.getAttribute('.status', 'data-state')).toBe('online')
    await visitor.write('where is my order')
    await eventually(visitor.states).toEqual(['✓'])
    await page.evaluate("Tongda('close')")
    await page.locator('.panel').waitFor({ state: 'detached' })
    expect(await page.evaluate('window.heard')).toEqual(['open', 'close'])
  })
})
