import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { openSuggestionWorld } from '../support/suggestion-world.ts'
import { describeWith } from '../support/services.ts'
import { findBarriers } from '../support/accessibility.ts'
import { isTooWide, looks } from './app-looks.ts'
import { enterApp, openApp, pathOf } from './app-stage.ts'
import { useStage, type Stage } from './stage.ts'
import { createProgram, type Program } from './v1/program.ts'

const files = [{ name: 'chat.txt', content: Buffer.from('聊天记录').toString('base64') }]

/** A case that is decided, and one like it that is looked at. */
const openCase = async ({ world }: Stage, program: Program) => {
  const ticket = await world.arrive({ title: '被人骂'.repeat(8), text: '他天天在评论区骂我' })
  await world.database.query(`update tickets set kind = 'complaint' where id = $1`, [ticket.id])
  const objects = ['UID:42', 'https://www.bilibili.com/video/BV17x411w7KC']
  const { json } = await program.post('/complaints', { ticket: ticket.id, kind: 'harassment', objects })
  const path = `/complaints/${String(json.id)}`
  for (const file of files) await program.post(`${path}/evidence`, file)
  await program.post(`${path}/examine`)
  return ticket
}

const fill = async (stage: Stage) => {
  const program = await createProgram(stage.world, [
    ...([
      'complaints:write',
      'feedback:manage',
      'rules:manage',
      'incidents:manage',
      'tickets:write',
    ] as const),
  ])
  const actions = [{ do: 'set-priority', priority: 'urgent' }]
  const when = [{ fact: 'title', op: 'contains', values: ['退款'] }]
  await program.post('/rules', { name: '退款加急', on: ['opened', 'contact-wrote'], when, actions })
  await program.post('/macros', { name: { zh: '加急', en: 'Urgent' }, actions })
  await program.post('/incidents', { title: { zh: '登录异常', en: 'Sign-in trouble' } })
  const { database } = stage.world
  await database.query('truncate feedback_items, feedback_themes cascade')
  const suggestions = await openSuggestionWorld(database, new Date())
  for (const sentence of ['倍速再细一点', '倍速记住上次', '夜间自动打开']) {
    await program.post('/feedback/items', { sentence })
  }
  await suggestions.place()
  return { ticket: await openCase(stage, program), theme: await suggestions.themeOf('倍速') }
}

describeWith('chromium', 'the looks of cases, suggestions, rules and incidents', (executablePath) => {
  const stage = useStage(executablePath)

  const check = async (page: Page, name: string): Promise<void> => {
    expect([name, ...(await findBarriers(page))]).toEqual([name])
    expect([name, await page.evaluate(isTooWide)]).toEqual([name, false])
  }

  it.each(looks)(
    'keeps nobody out: $colorScheme, $language, $width px',
    async ({ colorScheme, language, width }) => {
      const { page, world } = stage
      const { ticket, theme } = await fill(stage)
      await enterApp(stage, { who: await world.hire('admin', '关月') })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.evaluate(`localStorage.setItem('tongda.language', '${language}')`)
      await page.setViewportSize({ width, height: 800 })
      const visit = async (path: string, sign: string, open?: string): Promise<void> => {
        await openApp(stage, page, path)
        await page.locator(sign).first().waitFor()
        if (open !== undefined) {
          await page.locator(open).first().click()
          await page.locator('.ant-modal, .ant-dropdown').locator('visible=true').first().waitFor()
        }
        const name =
          path
            .split('?')[0]
            ?.replaceAll('/', '-')
            .replace(/[0-9a-f]{8}-.*/, 'one') ?? ''
        await check(page, name)
        await stage.picture(`app${name}${open === undefined ? '' : '-open'}-${colorScheme}-${width}`)
      }
      await visit(`${pathOf(ticket)}?case=true`, '.case-decide form')
      await visit('/suggestions', '.theme')
      for (const link of ['.theme-name', '.theme .ant-btn']) {
        await page.locator(link).first().hover()
        await check(page, `${link} under the pointer`)
      }
      await visit('/suggestions', '.theme', '.theme .ant-btn')
      await visit(`/suggestions/${theme.id}`, '.item-line')
      await visit(`/suggestions/${theme.id}`, '.item-line', '.actions .ant-btn-primary')
      await visit('/admin/rules', '.theme')
      await visit('/admin/rules', '.theme', '.theme .actions .ant-btn:nth-of-type(4)')
      await visit('/admin/macros', '.theme')
      await visit('/admin/incidents', '.theme')
      await page.locator('.theme .actions .ant-btn').first().click()
      await page.locator('.theme .case-decide').waitFor()
      await check(page, 'incident')
    },
    240_000,
  )
})
