import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBarriers } from '../support/accessibility.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'
import { openShop, type Shop } from './shop.ts'
import { desktop, eventually, flags, phone, visit } from './visit.ts'

describeWith('chromium', 'how the widget looks', (executablePath) => {
  let shop: Shop
  let product: Product
  let browser: Browser
  beforeAll(async () => {
    shop = await openShop()
    product = await startProduct({ furtherInboxes: { web: { channel: 'web', origins: [shop.origin] } } })
    shop.product = product.app.url
    browser = await chromium.launch({ executablePath, args: flags })
  })
  afterAll(async () => {
    await browser.close()
    await product.dispose()
    await shop.close()
  })

  const looks = ['zh-CN', 'en'].flatMap((locale) =>
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      [desktop, phone].map((viewport) => ({ locale, colorScheme, viewport, width: viewport.width })),
    ),
  )
  it.each(looks)(
    'shuts nobody out: $locale, $colorScheme, $width px',
    async ({ locale, colorScheme, viewport }) => {
      shop.tag = `data-inbox="web" data-locale="${locale}"`
      // Axe is a script of its own: the page's policy would not let it in.
      const visitor = await visit(browser, shop, { viewport, colorScheme, bypassCSP: true })
      const { page } = visitor
      await visitor.come()
      expect(await findBarriers(page, 'tongda-chat')).toEqual([])
      await page.locator('.launcher').click()
      await eventually(() => page.getAttribute('.status', 'data-state')).toBe('online')
      await visitor.write(locale === 'en' ? 'how long does the review take' : '视频审核要多久')
      await eventually(visitor.states).toEqual(['✓'])
      await page.locator('.message.bot').nth(1).waitFor()
      expect(await findBarriers(page, 'tongda-chat')).toEqual([])
      const box = await page.locator('.panel').boundingBox()
      if (viewport === phone) expect(box).toMatchObject({ x: 0, y: 0, ...phone })
      else expect(box?.width).toBe(380)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width)
      await visitor.leave()
    },
  )

  it('takes the page’s colours by variables', async () => {
    shop.tag = 'data-inbox="web"'
    const visitor = await visit(browser, shop)
    await visitor.come()
    const colour = (): Promise<string> =>
      visitor.page.evaluate<string>(
        "getComputedStyle(document.querySelector('tongda-chat').shadowRoot.querySelector('.launcher')).backgroundColor",
      )
    expect(await colour()).toBe('rgb(11, 107, 203)')
    await visitor.page.evaluate(
      "document.documentElement.style.setProperty('--tongda-accent', 'rgb(120, 0, 60)')",
    )
    expect(await colour()).toBe('rgb(120, 0, 60)')
    await visitor.leave()
  })
})
