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
        { quote: '你自己去续费管理里关掉。', proposal: '请你自己去续费管理里关掉哦。', why: '不耐烦' },
        {
          ...{ quote: 'It is your own job to turn it off.', proposal: 'Please turn it off.' },
          why: '像责备',
        },
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
  /** One that nobody answered. */
  const asks = async (): Promise<void> => {
    const contact = product.contact()
    await contact.says('冥王星飞船票怎么买')
    await contact.hears(/./)
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
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

  /** A page of the desk, signed in. */
  const signsIn = async (): Promise<Page> => {
    await product.restart()
    const context = await browser.newContext({
      ...{ locale: 'zh-CN', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' },
    })
    const page = await context.newPage()
    await page.goto(product.app.signInUrl ?? '')
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.waitForURL('**/desk/app/**')
    await page.locator('.rail').waitFor()
    return page
  }

  it('finds contradictions, thinks up questions, mends the tone and drafts; a person decides each time', async () => {
    const ticket = await settles()
    await asks()
    const page = await signsIn()

    await opens(page, '/knowledge/articles')
    await page.getByRole('button', { name: '机器找矛盾' }).click()
    await page.getByText('还没有比较过。').waitFor()
    expect(await page.getByText('没有发现矛盾。').count()).toBe(0)
    simulator.misbehave('filtered')
    await page.getByRole('button', { name: '开始比较' }).click()
    await page.getByText('没有比较的（1 对）').click()
    await page.getByText('被供应商的内容过滤挡下').waitFor()
    await looksAt(page)
    simulator.misbehave(undefined)
    await page.getByRole('button', { name: '把没比较的再试一次' }).click()
    await page.getByText('比较完了：1 对，发现 1 处。').waitFor()
    await page.getByText('没有比较的（1 对）').waitFor({ state: 'detached' })
    expect(await page.getByText('通用答案', { exact: true }).count()).toBe(2)
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

    // In the English answer and in one channel's; the others stay as they are.
    await page.locator('summary').filter({ hasText: '专用答案' }).click()
    const weibo = page.getByLabel('微博专用答案')
    const english = page.getByLabel('英文答案')
    await weibo.fill('微博上：你自己去续费管理里关掉。')
    await english.fill('It is your own job to turn it off. You keep what you paid for.')
    // Half an English text would be lost.
    await page.getByRole('button', { name: '保存草稿' }).click()
    await page.getByText('英文标准问和英文答案要一起写').first().waitFor()
    await page.getByLabel('英文标准问').fill('How do I turn off auto-renewal?')
    await page.getByText('英文标准问和英文答案要一起写').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '看语气' }).click()
    const place = (text: string) => page.locator('dl.diff > div').filter({ hasText: text })
    await place('英文答案').getByRole('button', { name: '换上' }).click()
    await place('微博答案').getByRole('button', { name: '换上' }).click()
    await expect.poll(() => english.inputValue()).toBe('Please turn it off. You keep what you paid for.')
    await expect.poll(() => weibo.inputValue()).toBe('微博上：请你自己去续费管理里关掉哦。')
    await expect
      .poll(() => answer.inputValue())
      .toBe('必须由你在续费管理里关闭哦。已付费的天数可以继续用到期满。')

    await opens(page, '/knowledge/drafts')
    await page.getByRole('button', { name: '从已解决的工单起草' }).click()
    const dialog = page.getByRole('dialog')
    const search = dialog.getByRole('textbox', { name: /^按标题/ })
    const solved = dialog.getByRole('checkbox', { name: new RegExp(`^T-${String(ticket)} `) })
    await solved.waitFor()
    await looksAt(page)
    await search.fill('T-999999')
    await dialog.getByText('没有找到可以用的工单').waitFor()
    // What is not settled is found by nothing.
    await search.fill('冥王星')
    await dialog.getByText('没有找到可以用的工单').waitFor()
    // By what was said in it, once that is in the search; by keys alone.
    await expect
      .poll(async () => {
        await search.fill('')
        await search.fill('凭工作证')
        await dialog.locator('ul[aria-busy=false]').waitFor()
        return solved.count()
      })
      .toBe(1)
    await solved.focus()
    await page.keyboard.press('Space')
    await dialog.getByText('已选 1 张').waitFor()
    // What is chosen stays in sight.
    await search.fill('冥王星')
    await dialog.getByText('没有找到可以用的工单').waitFor()
    expect(await solved.isChecked()).toBe(true)
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
    await page.context().close()
  })

  it('looks for settled tickets once the writer rests, and for nothing half composed', async () => {
    const page = await signsIn()
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      if (pathname.endsWith('/api/v1/messages')) asked.push(searchParams.get('q') ?? '')
    })
    await page.clock.install()
    await opens(page, '/knowledge/drafts')
    await page.getByRole('button', { name: '从已解决的工单起草' }).click()
    const search = page.getByRole('dialog').getByRole('textbox', { name: /^按标题/ })
    await page.getByRole('dialog').locator('ul[aria-busy=false]').waitFor()
    const now = await page.evaluate<number>('Date.now()')
    // Far enough: what has gone by meanwhile is refused.
    await page.clock.pauseAt(new Date(now + 60_000))
    const rested = async (): Promise<readonly string[]> => {
      await page.clock.runFor(1_000)
      return asked
    }
    await search.pressSequentially('ticket')
    await expect.poll(rested).toEqual(['ticket'])
    await search.press('ControlOrMeta+a')
    const keys = await page.context().newCDPSession(page)
    for (const text of ['p', 'pi', 'piao'])
      await keys.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      })
    await page.clock.runFor(1_000)
    await keys.send('Input.insertText', { text: '票' })
    await expect.poll(rested).toEqual(['ticket', '票'])
    expect(await search.inputValue()).toBe('票')
    await page.context().close()
  })
})
