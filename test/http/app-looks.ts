import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe-core finds that keeps somebody from working. */
export const faultsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary ?? ''}`),
    )
}

/** Whether the page is wider than the screen. */
export const isTooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

/** Light and dark, both languages, wide and narrow. */
export const looks = [
  { colorScheme: 'light', language: 'zh', width: 1280 },
  { colorScheme: 'dark', language: 'en', width: 1280 },
  { colorScheme: 'dark', language: 'zh', width: 360 },
  { colorScheme: 'light', language: 'en', width: 360 },
] as const
