import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Shop } from './shop.ts'

export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** One visitor's browser on the shop's page. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** What must not happen: errors, dialogs, breaches of the page's policy, requests to others. */
  readonly faults: readonly string[]
  /** Opens the page. */
  readonly come: () => Promise<void>
  /** Opens the page and the chat. */
  readonly open: () => Promise<void>
  readonly write: (text: string) => Promise<void>
  readonly bubbles: () => Promise<string[]>
  /** What became of the visitor's own messages. */
  readonly states: () => Promise<string[]>
  /** Closes the browser; nothing may have gone wrong. */
  readonly leave: () => Promise<void>
}

/** Waits until `read` gives what the matcher wants; generous, for busy machines. */
export const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read)

export const desktop = { width: 1_280, height: 800 }
export const phone = { width: 360, height: 640 }

const watch = (page: Page, allowed: () => readonly string[], faults: string[]): void => {
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (/content security policy|trusted/i.test(message.text())) faults.push(message.text())
  })
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && !allowed().includes(origin)) faults.push(`request: ${request.url()}`)
  })
}

/** A visitor comes with a browser of their own. */
export const visit = async (
  browser: Browser,
  shop: Shop,
  { viewport = desktop, ...options }: Parameters<Browser['newContext']>[0] = {},
): Promise<Visit> => {
  const context = await browser.newContext({ viewport, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  watch(page, () => [shop.origin, shop.product], faults)
  const come = async (): Promise<void> => {
    await page.goto(shop.origin)
    await page.locator('tongda-chat .launcher').waitFor({ state: 'attached' })
  }
  return {
    page,
    context,
    faults,
    come,
    async open() {
      await come()
      await page.locator('tongda-chat .launcher').click()
      await eventually(() => page.getAttribute('.status', 'data-state')).toBe('online')
    },
    async write(text) {
      await page.fill('.composer textarea', text)
      await page.press('.composer textarea', 'Enter')
    },
    bubbles: () => page.locator('.log .bubble').allTextContents(),
    states: () => page.locator('.message.contact .state').allTextContents(),
    async leave() {
      await context.close()
      expect(faults).toEqual([])
    },
  }
}
