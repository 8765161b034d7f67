import { expect, it } from 'vitest'
import { silentVoice } from '../../sandbox/page/voice-sample.ts'
import { findBarriers } from '../support/accessibility.ts'
import { describeWith } from '../support/services.ts'
import { buildTimes } from '../support/builders.ts'
import { isTooWide, looks } from './app-looks.ts'
import { enterApp, openApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { openTraces } from './trace-stage.ts'
import { createProgram } from './v1/program.ts'
import { decision } from './world.ts'

describeWith('chromium', "the looks of the inbox in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  it.each(looks)(
    'keeps nobody out: $colorScheme, $language, $width px',
    async ({ colorScheme, language, width }) => {
      const { page, world } = stage
      const admin = await world.hire('admin', '关月')
      const ticket = await world.arrive({
        title: '标题也很长'.repeat(8),
        name: '一个名字很长的用户',
        times: buildTimes(),
        decision: { ...decision, kind: 'answer', articleId: 'vip-refund' },
        parts: [
          { kind: 'text', text: '我要找人工' },
          { kind: 'audio', media: await world.media.save(silentVoice(7_000, 'narrow')), durationMs: 7_000 },
        ],
      })
      const program = await createProgram(world, ['rules:manage'])
      await program.post('/canned-replies', { name: '退款到账', scope: 'team', text: '{{contact.tier}}你好' })
      await world.arrive({ dueInMs: -720_000 })
      await enterApp(stage, { who: admin })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.evaluate(`localStorage.setItem('tongda.language', '${language}')`)
      await page.setViewportSize({ width, height: 800 })
      await openApp(stage, page, pathOf(ticket))
      await page.locator('.message').first().waitFor()
      await page.locator('.voice').waitFor()
      await openTraces(page)
      expect(await page.locator('html').getAttribute('lang')).toBe(language === 'zh' ? 'zh-CN' : 'en')
      expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme)
      expect(await findBarriers(page)).toEqual([])
      expect(await page.evaluate(isTooWide)).toBe(false)
      await page.locator('.composer-field').fill(';')
      await page.locator('.choices').getByRole('option').first().waitFor()
      expect(await findBarriers(page)).toEqual([])
      await page.keyboard.press('Enter')
      await page.locator('.composer .ant-alert').waitFor()
      expect(await findBarriers(page)).toEqual([])
      await page.locator('.composer-field').fill('')
      await page.keyboard.press('Escape')
      await page.keyboard.press('t')
      await page.getByRole('dialog').waitFor()
      expect(await findBarriers(page)).toEqual([])
      for (const key of ['?', 'Control+k']) {
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await page.keyboard.press(key)
        await page.getByRole('dialog').waitFor()
        expect([key, ...(await findBarriers(page))]).toEqual([key])
        await stage.picture(`app-${key === '?' ? 'help' : 'palette'}-${colorScheme}-${width}`)
      }
      await openApp(stage, page, '/inbox/open')
      await page.getByRole('checkbox').first().check()
      await page.getByRole('toolbar').waitFor()
      expect(await findBarriers(page)).toEqual([])
      expect(await page.evaluate(isTooWide)).toBe(false)
      await stage.picture(`app-several-${colorScheme}-${width}`)
      await page.locator('.view-new').click()
      await page.getByRole('dialog').getByRole('status').getByText(/2/).waitFor()
      expect(await findBarriers(page)).toEqual([])
      await page
        .getByRole('dialog')
        .getByRole('textbox')
        .first()
        .fill('很长很长很长很长很长很长很长很长的名字')
      await page.getByRole('dialog').locator('.ant-btn-primary').click()
      await page.locator('.view-head h2').waitFor()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(await findBarriers(page)).toEqual([])
      expect(await page.evaluate(isTooWide)).toBe(false)
      await stage.picture(`app-view-${colorScheme}-${width}`)
    },
    60_000,
  )
})
