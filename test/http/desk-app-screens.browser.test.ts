import { expect, it } from 'vitest'
import { findBarriers } from '../support/accessibility.ts'
import { describeWith } from '../support/services.ts'
import { isTooWide, looks } from './app-looks.ts'
import { enterApp, openApp } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'

const screens = {
  knowledge: [
    '/knowledge/articles',
    '/knowledge/drafts/new',
    '/knowledge/proposals',
    '/knowledge/exchange',
    '/knowledge/intents',
    '/knowledge/dictionary',
    '/knowledge/persona',
  ],
  admin: [
    '/admin/inboxes',
    '/admin/teams',
    '/admin/canned',
    '/admin/keys',
    '/admin/webhooks',
    '/admin/audit',
    '/admin/calendars',
    '/admin/promises',
    '/admin/surveys',
    '/admin/retention',
    '/admin/system',
  ],
  reports: [
    '/reports/overview',
    '/reports/intents',
    '/reports/channels',
    '/reports/agents',
    '/reports/complaints',
    '/reports/suggestions',
    '/reports/tickets',
  ],
  others: ['/wall', '/search', '/settings/keys', '/settings/notices'],
} as const
const parts = ['knowledge', 'admin', 'reports', 'others'] as const

describeWith('chromium', "the looks of the agents' app beside the inbox", (executablePath) => {
  const stage = useStage(executablePath)

  it.each(looks.flatMap((look) => parts.map((part) => ({ ...look, part }))))(
    'keeps nobody out of $part: $colorScheme, $language, $width px',
    async ({ part, colorScheme, language, width }) => {
      const { page, world } = stage
      const program = await createProgram(world, ['rules:manage'])
      await program.post('/canned-replies', { name: '退款到账', scope: 'team', text: '{{contact.tier}}你好' })
      await enterApp(stage, { who: await world.hire('admin', '关月') })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.evaluate(`localStorage.setItem('tongda.language', '${language}')`)
      await page.setViewportSize({ width, height: 800 })
      for (const path of screens[part]) {
        await openApp(stage, page, path)
        await page.locator('.screen h1, .screen h2').first().waitFor()
        await expect
          .poll(() => page.locator('.ant-spin-spinning, .ant-skeleton, .ant-btn-loading').count())
          .toBe(0)
        expect([path, ...(await findBarriers(page))]).toEqual([path])
        expect([path, await page.evaluate(isTooWide)]).toEqual([path, false])
        await stage.picture(`app${path.replaceAll('/', '-')}-${colorScheme}-${width}`)
      }
    },
    240_000,
  )
})
