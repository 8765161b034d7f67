import { expect, it } from 'vitest'
import { buildArticle } from '../support/editing-world.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, openApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'
import { createProgram } from './v1/program.ts'
import { decision } from './world.ts'

describeWith('chromium', "verdicts in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  it('are given under the answer, name another article, are taken back, and are counted at the article', async () => {
    const program = await createProgram(stage.world, ['knowledge:manage'])
    for (const id of ['vip-refund', 'vip-auto-renew'])
      await program.post('/knowledge/drafts', {
        content: buildArticle({ id, question: `关于 ${id}` }),
        reason: '新文章',
      })
    const answer = { ...decision, kind: 'answer', articleId: 'vip-refund' } as const
    const ticket = await stage.world.arrive({ decision: answer })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    const verdict = page.getByRole('group', { name: '这个回答对不对' })
    const right = verdict.getByRole('button', { name: '对', exact: true })
    await right.click()
    await verdict.getByText(`${stage.agent.name} 说对`).waitFor()
    await expect.poll(() => right.getAttribute('aria-pressed')).toBe('true')
    await right.click()
    await expect.poll(() => right.getAttribute('aria-pressed')).toBe('false')

    await verdict.getByRole('button', { name: '改为' }).click()
    await page.getByRole('dialog').getByText('怎么关闭自动续费？').click()
    await verdict.getByText(`${stage.agent.name} 说应为 vip-auto-renew`).waitFor()
    const counted = await program.get('/knowledge/verdicts')
    expect(counted.json.data).toMatchObject([{ articleId: 'vip-refund', right: 0, wrong: 1 }])

    const reader = await stage.world.hire('supervisor', '周岚')
    const context = await stage.browser.newContext({ locale: 'zh-CN' })
    const theirs = await enterApp(stage, { who: reader, page: await context.newPage() })
    await openApp(stage, theirs, '/knowledge/articles/vip-refund')
    await theirs.getByText('评过的 1 次里 0 次对（0%）').waitFor()
    await theirs.getByRole('link', { name: 'vip-auto-renew' }).waitFor()
    await context.close()
  })
})
