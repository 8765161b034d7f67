import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startProduct, type Product } from '../../support/product.ts'
import { describeWith } from '../../support/services.ts'
import { eventually } from './visitor.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** The chat's own tree, for scripts. */
const panel = "document.querySelector('tongda-chat').shadowRoot"

describeWith('chromium', 'files on the inbox’s own page', (executablePath) => {
  let product: Product
  let browser: Browser
  let page: Page
  let faults: string[]
  beforeAll(async () => {
    product = await startProduct({ media: { maxBytes: 50_000 } })
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    })
  })
  afterAll(async () => {
    await browser.close()
    await product.dispose()
  })
  beforeEach(async () => {
    page = await (await browser.newContext({ viewport: { width: 360, height: 640 } })).newPage()
    faults = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) faults.push(message.text())
    })
  })
  afterEach(async () => {
    await page.context().close()
    expect(faults).toEqual([])
  })

  const open = async (query = ''): Promise<void> => {
    await page.goto(`${product.app.url}/channels/web/page${query}`)
    await eventually(() => page.getAttribute('.status', 'data-state')).toBe('online')
  }
  const choose = (name: string, buffer: Buffer): Promise<void> =>
    page.setInputFiles('.composer input[type=file]', { name, mimeType: 'application/octet-stream', buffer })
  const states = (): Promise<string[]> => page.locator('.message.contact .state').allTextContents()
  const isShown = (): Promise<boolean> =>
    page.evaluate<boolean>(
      `[...${panel}.querySelectorAll('.log img')].some((one) => one.complete && one.naturalWidth > 0)`,
    )

  it('shows a picture once it is sent, and again after a reload', async () => {
    await open()
    await choose('截图.png', png)
    await eventually(states).toEqual(['✓'])
    await eventually(isShown).toBe(true)
    await eventually(() => page.getAttribute('.message.contact img', 'alt')).toBe('截图.png')
    await page.reload()
    await eventually(isShown).toBe(true)
  })

  it('takes pasted and dropped files, and gives other kinds back as downloads only', async () => {
    await open()
    const hand = (event: string, target: string): Promise<unknown> =>
      page.evaluate(`{
        const carried = new DataTransfer()
        carried.items.add(new File(['<script>alert(1)</script>'], 'page.html', { type: 'text/html' }))
        const what = { bubbles: true, cancelable: true, clipboardData: carried, dataTransfer: carried }
        const event = '${event}' === 'paste' ? new ClipboardEvent('paste', what) : new DragEvent('${event}', what)
        ${panel}.querySelector('${target}').dispatchEvent(event)
      }`)
    await hand('paste', '.composer textarea')
    await hand('drop', '.panel')
    await eventually(states).toEqual(['✓', '✓'])
    const saver = page.getByRole('button', { name: 'page.html' }).first()
    const [download] = await Promise.all([page.waitForEvent('download'), saver.click()])
    expect(download.suggestedFilename()).toBe('page.html')
    expect(page.context().pages()).toHaveLength(1)
  })

  it('says in both languages what is too large, and sends what the network dropped', async () => {
    await open()
    await choose('large.bin', Buffer.alloc(50_001))
    await eventually(states).toEqual(['未发送 · 文件太大，最多 49 KB；请压缩后再发'])
    await open('?lang=en')
    await choose('large.bin', Buffer.alloc(50_001))
    await eventually(states).toEqual(['Not sent · Too large; at most 49 KB. Please make it smaller'])
    let isDropped = false
    await page.route('**/uploads?*', (route) => {
      if (isDropped) return route.continue()
      isDropped = true
      return route.abort()
    })
    await choose('lost.txt', Buffer.from('once more'))
    // A file may cost the visitor money: it is sent again when they say so.
    await page.getByRole('button', { name: 'Retry' }).click()
    await eventually(states).toContain('✓')
    expect(isDropped).toBe(true)
  })
})
