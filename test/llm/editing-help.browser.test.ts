// What a language model does for editors, on the screens of the whole product.
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { isTooWide } from '../http/app-looks.ts'
import { articleText, createFolder, type ContentFolder } from '../knowledge/folder.ts'
import { findBarriers } from '../support/accessibility.ts'
import { type Product, startProduct } from '../support/product.ts'
import { describeWith } from '../support/services.ts'

const stop = {
  ...{ id: 'vip-auto-renew-stop', topic: 'vip-auto-renew', question: '怎么关闭大会员自动续费' },
  similar: '[关闭自动续费, 取消连续包月]',
}
const when = {
  ...{ id: 'vip-auto-renew-when', topic: 'vip-auto-renew', question: '关闭自动续费后会员什么时候失效' },
  similar: '[关了续费会员还能用吗]',
}

/** What a model answers to each of its questions. */
const answerOf = (system: string): unknown => {
  if (system.includes('further wordings'))
    return { questions: ['不想再每个月被扣钱了', '关了续费会员还能用吗'] }
  if (system.includes('how an answer of a help desk sounds'))
    return {
      findings: [
        { quote: '你必须自己在续费管理里关闭。', proposal: '必须由你在续费管理里关闭哦。', why: '像命令' },
      ],
    }
  if (system.includes('compare two articles'))
    return { contradicts: true, first: '可以继续用到期满', second: '会员立即失效', why: '关闭后能不能用' }
  return {
    ...{ found: true, question: '飞船票怎么买', similar: ['在哪买飞船票'] },
    answer: [{ text: '飞船票在票务窗口凭工作证购买', sources: ['case:1'] }],
  }
}

describeWith('chromium', "a language model's help on editors' screens", (executablePath) => {
  let simulator: LlmSimulator
  let folder: ContentFolder
  let product: Product
  let browser: Browser
  beforeAll(async () => {
    simulator = await startLlmSimulator()
    simulator.answerWith(({ system }) => answerOf(system))
    folder = await createFolder({
      'vip-auto-renew/stop.md': articleText(
        stop,
        '你必须自己在续费管理里关闭。已付费的天数可以继续用到期满。',
      ),
      'vip-auto-renew/when.md': articleText(when, '关闭自动续费后，会员立即失效。'),
    })
    const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl }
    product = await startProduct({
      llm: { model, editing: 'on' },
      content: { articles: folder.path },
    })
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  })
  afterAll(async () => {
    await browser.close()
    await product.dispose()
    await simulator.stop()
    await folder.drop()
  })

  /** A question that a person answered; gives the ticket's number. */
  const settles = async (): Promise<number> => {
    const agent = await product.agent()
    const contact = product.contact()
    await contact.says('火星飞船票怎么买')
    await contact.hears(/./)
    await contact.says('转人工')
    const { id, number } = await agent.finds(/火星飞船票/)
    await agent.takes(id)
    await agent.replies(id, '飞船票在票务窗口凭工作证购买。')
    await contact.hears(/票务窗口/)
    await agent.solves(id)
    return number
  }
  const opens = async (page: Page, path: string): Promise<void> => {
    await page.goto(`${product.app.url}/desk/app${path}`)
    await page.locator('.rail').waitFor()
  }
  /** Nobody is kept out, wide and narrow. */
  const looksAt = async (page: Page): Promise<void> => {
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 })
      expect([width, ...(await findBarriers(page))]).toEqual([width])
      expect([width, await page.evaluate(isTooWide)]).toEqual([width, false])
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  }

  it('finds contradictions, thinks up questions, mends the tone and drafts; a person decides each time', async () => {
    const ticket = await settles()
    await product.restart()
    const context = await browser.newContext({
      ...{ locale: 'zh-CN', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' },
    })
    const page = await context.newPage()
    await page.goto(product.app.signInUrl ?? '')
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.waitForURL('**/desk/app/**')
    await page.locator('.rail').waitFor()

    await opens(page, '/knowledge/articles')
    await page.getByRole('button', { name: '机器找矛盾' }).click()
    await page.getByText('还没有比较过。').waitFor()
    await page.getByRole('button', { name: '开始比较' }).click()
    await page.getByText('比较完了：1 对，发现 1 处。').waitFor()
    await page.getByText('会员立即失效', { exact: true }).waitFor()
    await page.getByText('可以继续用到期满', { exact: true }).waitFor()
    await looksAt(page)
    await page.getByRole('button', { name: '忽略', exact: true }).click()
    await page.getByText('没有发现矛盾。').waitFor()

    await opens(page, `/knowledge/articles/${stop.id}`)
    await page.getByRole('button', { name: '修改' }).click()
    await page.getByLabel('为什么改（审核的人看得到）').fill('换个说法')
    await page.getByRole('button', { name: '保存草稿' }).click()
    await page.waitForURL('**/knowledge/drafts/**')
    await page.getByRole('button', { name: '想相似问' }).click()
    await page.getByText('会答成').waitFor()
    expect(await page.getByRole('checkbox', { name: '不想再每个月被扣钱了' }).isChecked()).toBe(true)
    expect(await page.getByRole('checkbox', { name: '关了续费会员还能用吗' }).isChecked()).toBe(false)
    await page.getByRole('button', { name: '看语气' }).click()
    await page.getByText('必须由你在续费管理里关闭哦。', { exact: true }).waitFor()
    await looksAt(page)
    await page.getByRole('button', { name: '换上' }).click()
    await page.getByRole('button', { name: '把选中的 1 条加到相似问' }).click()
    const similar = page.getByLabel('相似问（一行一个，可以整批粘贴）')
    await expect.poll(() => similar.inputValue()).toBe('关闭自动续费\n取消连续包月\n不想再每个月被扣钱了')
    const answer = page.getByLabel('答案（Markdown）')
    await expect
      .poll(() => answer.inputValue())
      .toBe('必须由你在续费管理里关闭哦。已付费的天数可以继续用到期满。')

    await opens(page, '/knowledge/drafts')
    await page.getByRole('button', { name: '从已解决的工单起草' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('T-999999')
    await dialog.getByRole('button', { name: '起草' }).click()
    await dialog.getByText('没有这样的工单').waitFor()
    await looksAt(page)
    await dialog.getByRole('textbox').fill(String(ticket))
    await dialog.getByRole('button', { name: '起草' }).click()
    await page.getByRole('heading', { name: '飞船票怎么买' }).waitFor()
    await page.getByText('机器生成', { exact: true }).first().waitFor()
    await page
      .getByText(`T-${String(ticket)}`)
      .first()
      .waitFor()
    await expect.poll(() => answer.inputValue()).toBe('飞船票在票务窗口凭工作证购买。')

    await page.evaluate(`localStorage.setItem('tongda.language', 'en')`)
    await page.reload()
    await page.getByRole('button', { name: 'Think up similar questions' }).waitFor()
    simulator.misbehave('broken')
    await page.getByRole('button', { name: 'Look at the tone' }).click()
    await page.getByText('The language model did not answer.').waitFor()
    await looksAt(page)
    await context.close()
  })
})
