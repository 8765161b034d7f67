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
      await expect
        .poll(() => page.locator('html').getAttribute('lang'))
        .toBe(language === 'zh' ? 'zh-CN' : 'en')
      await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe(colorScheme)
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
    240_000,
  )

  it.each(looks)(
    'keeps nobody out of what opens: $colorScheme, $language, $width px',
    async ({ colorScheme, language, width }) => {
      const { page, world } = stage
      const admin = await world.hire('admin', '关月')
      const past = await world.arrive({ title: '鬼灭之刃第三集黑屏' })
      const browser = await world.enter(admin)
      await browser.post(
        `/api/desk/tickets/${past.id}/reply`,
        { text: '刷新播放器后就好', solve: true },
        { 'idempotency-key': `looks-${past.id}` },
      )
      const ticket = await world.arrive({ title: '鬼灭之刃第三集播放黑屏', text: '大会员怎么退款' })
      await enterApp(stage, { who: admin })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.evaluate(`localStorage.setItem('tongda.language', '${language}')`)
      await page.evaluate(`localStorage.setItem('tongda.hints', 'open')`)
      await page.setViewportSize({ width, height: 800 })
      const nothingInTheWay = async (what: string) => {
        expect([what, ...(await findBarriers(page))]).toEqual([what])
        expect([what, await page.evaluate(isTooWide)]).toEqual([what, false])
        await stage.picture(`app-${what}-${colorScheme}-${width}`)
      }
      await openApp(stage, page, `${pathOf(ticket)}?info=true`)
      await page.locator('.hints').getByRole('listitem').first().waitFor()
      await nothingInTheWay('hints')
      await openApp(stage, page, pathOf(ticket))
      await page.locator('.emoji-place > button').click()
      await page.locator('.emoji-panel').getByRole('button').first().waitFor()
      await nothingInTheWay('emoji')
      await page.keyboard.press('Escape')
      await page.locator('.emoji-panel').waitFor({ state: 'detached' })
      await page.locator('h1').first().click()
      await page.keyboard.press('p')
      await page.getByRole('dialog').getByRole('radio').last().check()
      await page.keyboard.press('Escape')
      await page.locator('.ant-modal-confirm').waitFor()
      await nothingInTheWay('question')
      const saved = await browser.post('/api/desk/views', { name: '看', filter: {}, order: 'due' })
      const { id } = saved.json as { readonly id: string }
      await openApp(stage, page, `/inbox/custom-${id}`)
      await page.locator('.view-head button').click()
      await page.getByRole('dialog').getByRole('textbox').first().fill('我写的')
      const theirs = { version: 1, name: '别处改的', order: 'newest', shared: true }
      await browser.call('PATCH', `/api/desk/views/${id}`, { body: theirs })
      stage.expectComplaints(/409/)
      await page.getByRole('dialog').locator('.ant-btn-primary').click()
      await page.locator('.versions').waitFor()
      await page.locator('.ant-btn-loading').waitFor({ state: 'detached' })
      await nothingInTheWay('versions')
      await openApp(stage, page, '/settings/notices')
      await page.locator('section[aria-labelledby=push-head]').waitFor()
      await nothingInTheWay('push')
    },
    240_000,
  )
})
