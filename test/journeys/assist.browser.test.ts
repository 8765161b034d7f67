// An agent has a language model help, from the summary to a reply that a person sends.
import { chromium, type Browser, type Page, type Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { isTooWide, looks } from '../http/app-looks.ts'
import { followRequests } from '../http/app-stage.ts'
import { findBarriers } from '../support/accessibility.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'

const sentence = '稿件审核一般在 24 小时内完成'
const proposed = '您的订单 A12345 会在 3 天内退款'

describeWith('chromium', 'help by a language model at the desk', (executablePath) => {
  let simulator: LlmSimulator
  let product: Product
  let browser: Browser

  const llm = (assist: 'on' | 'off') => {
    const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl }
    return { model, assist, breaker: { failures: 100 } }
  }
  /** What a well-behaved model writes, whatever it is asked. */
  const behave = (): void =>
    simulator.answerWith(({ system, user }) => {
      if (system.includes('You summarise'))
        return {
          facts: ['手机 138****8000 的投稿还在审核', '等了 99 天'],
          ...{ tried: [], wants: ['知道还要多久'], mood: 'anxious' },
        }
      if (system.includes('You propose'))
        return {
          ...{ kind: null, priority: 'high', topic: null, tags: ['审核'] },
          fields: [{ name: 'orderNumber', value: 'A12345' }],
        }
      if (system.includes('You translate')) return { text: 'How long does the review take?' }
      if (system.includes('another tone')) return { text: proposed }
      const found = [...user.matchAll(/article:(\S+)\n([\s\S]*?)\n<<</gu)].flatMap(
        ([, id = '', words = '']) =>
          words
            .split(/[\n。；]/u)
            .slice(1)
            .filter((one) => /^[\p{Script=Han}\d，、 ]{8,80}$/u.test(one))
            .map((text) => ({ text, sources: [id] })),
      )
      return { answered: true, sentences: found.slice(0, 1) }
    })

  beforeAll(async () => {
    simulator = await startLlmSimulator()
    const label = { zh: '订单号', en: 'Order number' }
    product = await startProduct({
      llm: llm('on'),
      tickets: { undoSeconds: 0, fields: [{ name: 'orderNumber', label }] },
    })
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  })
  afterAll(async () => {
    await browser.close()
    await product.dispose()
    await simulator.stop()
  })

  /** Signs in and opens the only ticket. */
  const openTicket = async (page: Page, { app }: Product): Promise<void> => {
    await page.goto(app.signInUrl ?? '')
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.waitForURL('**/desk/app/**')
    await page.locator('.row').first().click()
    await page.getByRole('textbox', { name: '回复' }).waitFor()
  }

  it('summarises, suggests, rewrites and proposes; a person sends and accepts', async () => {
    behave()
    const contact = product.contact()
    await contact.says('投稿一直在审核中要等多久，我的手机 13800138000，单号 A12345')
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const page = await browser.newPage({
      ...{ locale: 'zh-CN', viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' },
    })
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    await openTicket(page, product)
    const field = page.getByRole('textbox', { name: '回复' })
    const words = (): Promise<string> => field.inputValue()
    const composer = page.locator('.composer')
    const info = page.locator('.info')
    const heard = contact.heard().length

    // By keys alone: what is not reached so is not there for everybody.
    const summarise = info.getByRole('button', { name: '交接摘要' })
    await summarise.focus()
    await page.keyboard.press('Enter')
    const summary = info.getByRole('region', { name: '交接摘要' })
    await summary.getByText('机器生成（openai/small），请核对').waitFor()
    await summary.getByText('手机 138****8000 的投稿还在审核').waitFor()
    expect(await summary.getByText('对话里没有，请核对').count()).toBe(1)
    await summary.getByRole('button', { name: '放进备注' }).click()
    const note = page.getByRole('textbox', { name: '备注' })
    await expect.poll(() => note.inputValue()).toContain('[机器生成]')
    await note.fill('')
    await page.locator('.composer-mode').getByText('回复').click()

    await info.getByRole('button', { name: /^译成中文：投稿一直在审核中/ }).click()
    await info.getByText('写出来的内容不能用').waitFor()

    await composer.getByRole('button', { name: '建议回复' }).click()
    const made = composer.getByRole('region', { name: '机器生成' })
    const text = made.getByRole('textbox', { name: '机器生成的文字，可以修改' })
    await made.getByText('来源').waitFor()
    expect(await words()).toBe('')
    await text.fill(sentence)
    await made.getByRole('button', { name: '放进回复框' }).click()
    await expect.poll(words).toBe(sentence)
    await composer.getByText('已放进回复框，还没有发送。').waitFor()

    await field.fill('订单 A12345 三天内退款')
    // What was typed since is no longer what was put.
    await composer.getByText('已放进回复框，还没有发送。').waitFor({ state: 'detached' })
    const retone = async (): Promise<void> => {
      await composer.getByRole('button', { name: '改语气' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: '更亲切' }).click()
    }
    simulator.misbehave('broken')
    await retone()
    await composer.getByText('语言模型现在没有回应。草稿没有变化').waitFor()
    expect(await words()).toBe('订单 A12345 三天内退款')
    simulator.misbehave(undefined)
    await retone()
    await made.getByRole('button', { name: '替换草稿' }).click()
    await expect.poll(words).toBe(proposed)
    const restore = composer.getByRole('button', { name: '恢复原来的草稿' })
    await restore.waitFor()
    await field.fill(`${proposed}，请放心`)
    await restore.waitFor({ state: 'detached' })
    await field.fill(proposed)
    await restore.click()
    await expect.poll(words).toBe('订单 A12345 三天内退款')

    await info.getByRole('button', { name: '建议字段' }).click()
    await info.getByRole('button', { name: /^忽略：优先级: / }).click()
    await info.getByRole('button', { name: '采纳：加标签: 审核' }).click()
    await info.getByText('已采纳：加标签: 审核').waitFor()
    await info.locator('.tags').getByText('审核').waitFor()
    await info.getByRole('button', { name: '采纳：订单号: A12345' }).click()
    await info.getByText('已采纳：订单号: A12345').waitFor()
    await info.locator('.facts').getByText('orderNumber').waitFor()
    await expect.poll(() => info.getByRole('button', { name: /^采纳/ }).count()).toBe(0)

    // Nothing has gone out by itself.
    expect(contact.heard()).toHaveLength(heard)
    await composer.getByRole('button', { name: '建议回复' }).click()
    await made.getByText('来源').waitFor()
    await field.fill(sentence)
    const held: Route[] = []
    const replies = /\/api\/desk\/tickets\/[\w-]+\/reply$/
    await page.route(replies, (route) => void held.push(route))
    await page.getByRole('button', { name: '发送' }).first().click()
    await expect.poll(() => held.length).toBe(1)
    // What is put into a draft under way would be emptied with it.
    await expect.poll(() => made.getByRole('button', { name: '替换草稿' }).isDisabled()).toBe(true)
    await held[0]?.continue()
    await page.unroute(replies)
    await contact.hears(sentence)
    expect(faults).toEqual([])

    for (const { colorScheme, language, width } of looks) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.evaluate(`localStorage.setItem('tongda.language', '${language}')`)
      await page.setViewportSize({ width, height: 800 })
      const here = new URL(page.url())
      await page.goto(`${here.origin}${here.pathname}`)
      const reply = composer.getByRole('button', { name: language === 'zh' ? '建议回复' : 'Suggest a reply' })
      await reply.click()
      await composer.getByRole('region').getByRole('textbox').waitFor()
      const look = `${colorScheme} ${language} ${String(width)}`
      await expect.poll(async () => [look, ...(await findBarriers(page))]).toEqual([look])
      await expect.poll(async () => [look, await page.evaluate(isTooWide)]).toEqual([look, false])
      await page.goto(`${here.origin}${here.pathname}?info=true`)
      await info.getByRole('button', { name: language === 'zh' ? '交接摘要' : 'Handoff summary' }).click()
      await info.locator('.chip').filter({ hasText: 'openai/small' }).waitFor()
      await expect.poll(async () => [look, ...(await findBarriers(page))]).toEqual([look])
      await expect.poll(async () => [look, await page.evaluate(isTooWide)]).toEqual([look, false])
    }
  })

  it('has the summary of a handover at the ticket, and says what was said since', async () => {
    behave()
    simulator.misbehave(undefined)
    const other = await startProduct({ llm: { ...llm('on'), summaries: 'on-handover' } })
    try {
      const contact = other.contact()
      await contact.says('投稿一直在审核中要等多久，我的手机 13800138000')
      await contact.says('转人工')
      await contact.hears(/T-\d+/)
      const page = await browser.newPage({
        ...{ locale: 'zh-CN', viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' },
      })
      await openTicket(page, other)
      const summary = page.locator('.info').getByRole('region', { name: '交接摘要' })
      // Nobody pressed anything.
      await summary.getByText('交接时自动生成。').waitFor()
      await summary.getByText('机器生成（openai/small），请核对').waitFor()
      await summary.getByText('手机 138****8000 的投稿还在审核').waitFor()
      await summary.getByText(/^写到 .+ 的消息为止。$/).waitFor()
      expect(await summary.getByText(/之后又有/).count()).toBe(0)
      await contact.says('已经等了三天了')
      await summary.getByText('之后又有 1 条，不在摘要里。').waitFor()
      for (const { colorScheme, language, width } of looks) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.evaluate(`localStorage.setItem('tongda.language', '${language}')`)
        await page.setViewportSize({ width, height: 800 })
        const here = new URL(page.url())
        await page.goto(`${here.origin}${here.pathname}?info=true`)
        await page.getByText(language === 'zh' ? /之后又有 1 条/ : /1 since then/).waitFor()
        const look = `${colorScheme} ${language} ${String(width)}`
        await expect.poll(async () => [look, ...(await findBarriers(page))]).toEqual([look])
        await expect.poll(async () => [look, await page.evaluate(isTooWide)]).toEqual([look, false])
      }
      const here = new URL(page.url())
      await page.evaluate(`localStorage.setItem('tongda.language', 'zh')`)
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.goto(`${here.origin}${here.pathname}`)
      await summary.getByRole('button', { name: '重新生成摘要' }).click()
      await summary.getByText('交接时自动生成。').waitFor({ state: 'detached' })
      await summary.getByText('手机 138****8000 的投稿还在审核').waitFor()
      expect(await summary.getByText(/之后又有/).count()).toBe(0)
      await page.close()
    } finally {
      await other.dispose()
    }
  })

  it('shows nothing of it where it is switched off', async () => {
    const plain = await startProduct({ llm: llm('off') })
    try {
      const other = plain.contact()
      await other.says('转人工')
      await other.hears(/T-\d+/)
      const page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1280, height: 900 } })
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      const requests = followRequests(page)
      await openTicket(page, plain)
      await page.locator('.info .hints').waitFor()
      // Whatever is fetched later has come.
      await requests.settled()
      expect(await page.getByText(/AI 帮手|建议回复|交接摘要|机器生成/).count()).toBe(0)
      expect(asked.filter((url) => url.includes('/assist'))).toEqual([])
    } finally {
      await plain.dispose()
    }
  })
})
