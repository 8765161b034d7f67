import type { Page } from 'playwright-core'

/** Opens every trace of the page: under the bot's reasons, and in the info pane where that is shown. */
export const openTraces = async (page: Page): Promise<void> => {
  await page.locator('.decision > summary').first().click()
  for (const trace of await page.locator('.trace > summary:visible').all()) await trace.click()
  await page.locator('.trace table').first().waitFor()
}
