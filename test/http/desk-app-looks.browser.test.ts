import { expect, it } from 'vitest'
import { findBarriers } from '../support/accessibility.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, openApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { decision } from './world.ts'

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
      expect(await findBarriers(page)).toEqual([])
      expect(await page.evaluate(isTooWide)).toBe(false)
      await page.keyboard.press('t')
      await page.getByRole('dialog').waitFor()
      expect(await findBarriers(page)).toEqual([])
      for (const path of screens) {
        await openApp(stage, page, path)
        await page.locator('.screen h1, .screen h2').first().waitFor()
        expect([path, ...(await findBarriers(page))]).toEqual([path])
        expect([path, await page.evaluate(isTooWide)]).toEqual([path, false])
        await stage.picture(`app${path.replaceAll('/', '-')}-${colorScheme}-${width}`)
      }
    },
  )
})
