import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp, openApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { decision } from './world.ts'

/** What axe-core finds that keeps somebody from working. */
const faultsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary ?? ''}`),
    )
}

const isTooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

const screens = [
  '/knowledge/articles',
  '/knowledge/drafts/new',
  '/knowledge/proposals',
  '/knowledge/exchange',
  '/admin/inboxes',
  '/admin/teams',
  '/admin/keys',
  '/admin/webhooks',
  '/admin/audit',
  '/reports/tickets',
  '/search',
  '/settings/keys',
  '/settings/notices',
] as const

describeWith('chromium', "the looks of the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  const looks = [
    { colorScheme: 'light', language: 'zh', width: 1280 },
    { colorScheme: 'dark', language: 'en', width: 1280 },
    { colorScheme: 'dark', language: 'zh', width: 360 },
    { colorScheme: 'light', language: 'en', width: 360 },
  ] as const
  it.each(looks)(
    'keeps nobody out: $colorScheme, $language, $width px',
    async ({ colorScheme, language, width }) => {
      const { page, world } = stage
      const admin = await world.hire('admin', '关月')
      const ticket = await world.arrive({
        title: '标题也很长'.repeat(8),
        name: '一个名字很长的用户',
        decision,
      })
      await world.arrive({ dueInMs: -720_000 })
      await enterApp(stage, { who: admin })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.evaluate(`localStorage.setItem('tongda.language', '${language}')`)
      await page.setViewportSize({ width, height: 800 })
      await openApp(stage, page, pathOf(ticket))
      await page.locator('.message').first().waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe(language === 'zh' ? 'zh-CN' : 'en')
      expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme)
      expect(await faultsOf(page)).toEqual([])
      expect(await page.evaluate(isTooWide)).toBe(false)
      await page.keyboard.press('t')
      await page.getByRole('dialog').waitFor()
      expect(await faultsOf(page)).toEqual([])
      for (const key of ['?', 'Control+k']) {
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await page.keyboard.press(key)
        await page.getByRole('dialog').waitFor()
        expect([key, ...(await faultsOf(page))]).toEqual([key])
        await stage.picture(`app-${key === '?' ? 'help' : 'palette'}-${colorScheme}-${width}`)
      }
      await openApp(stage, page, '/inbox/open')
      await page.getByRole('checkbox').first().check()
      await page.getByRole('toolbar').waitFor()
      expect(await faultsOf(page)).toEqual([])
      expect(await page.evaluate(isTooWide)).toBe(false)
      await stage.picture(`app-several-${colorScheme}-${width}`)
      for (const path of screens) {
        await openApp(stage, page, path)
        await page.locator('.screen h1, .screen h2').first().waitFor()
        expect([path, ...(await faultsOf(page))]).toEqual([path])
        expect([path, await page.evaluate(isTooWide)]).toEqual([path, false])
        await stage.picture(`app${path.replaceAll('/', '-')}-${colorScheme}-${width}`)
      }
    },
  )
})
