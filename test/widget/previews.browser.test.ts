// A visitor sees what a language model writes while it is written.
import { chromium, type Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { createHold, quoted } from '../llm/written.ts'
import { findBarriers } from '../support/accessibility.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'
import { openShop, type Shop } from './shop.ts'
import { eventually, flags, phone, visit, type Visit } from './visit.ts'

/** Keeps every text that stands in the preview, with what readers of screens are told of it: it may vanish between two looks. */
const remember = `{
  const root = document.querySelector('tongda-chat').shadowRoot
  window.previews = []
  const look = () => {
    const place = root.querySelector('.preview')
    if (place === null) return
    const bubble = place.querySelector('.bubble')
    const now = {
      text: bubble?.textContent ?? '',
      isHidden: bubble === null || bubble.getAttribute('aria-hidden') === 'true',
      status: place.querySelector('[role=status]').textContent,
      isInLog: bubble?.closest('[role=log]') != null,
    }
    const last = window.previews.at(-1)
    if (last === undefined ? now.text !== '' : JSON.stringify(last) !== JSON.stringify(now)) window.previews.push(now)
  }
  new MutationObserver(look).observe(root, { childList: true, subtree: true, characterData: true, attributes: true })
}`

/** What the server says to the widget. */
const Frame = z.looseObject({ t: z.string(), author: z.string().optional() })

interface Seen {
  readonly text: string
  readonly isHidden: boolean
  readonly status: string
  readonly isInLog: boolean
}

describeWith('chromium', 'a preview in the widget', (executablePath) => {
  let provider: LlmSimulator
  let shop: Shop
  let product: Product
  let browser: Browser
  let visitor: Visit
  let sentences: readonly string[]

  beforeAll(async () => {
    provider = await startLlmSimulator()
    shop = await openShop()
    const model = { provider: 'openai', name: 'small', apiKey: 'sk-1', baseUrl: provider.baseUrl }
    product = await startProduct({
      furtherInboxes: { web: { channel: 'web', origins: [shop.origin] } },
      llm: { model, answers: 'on', streaming: 'on' },
      // Nothing is sure enough to be given by itself.
      dialogue: { thresholds: { answer: 1, clarify: 0.05 } },
    })
    shop.product = product.app.url
    browser = await chromium.launch({ executablePath, args: flags })
  })
  afterAll(async () => {
    await browser.close()
    await product.dispose()
    await shop.close()
    await provider.stop()
  })
  beforeEach(() => {
    provider.answerWith((request) => {
      const [first, next = first] = quoted(request)
      const both = [first, next].flatMap((one) => (one === undefined ? [] : [one]))
      sentences = both.map(({ text }) => text)
      return { answered: true, sentences: both.map(({ id, text }) => ({ text, sources: [id] })) }
    })
  })
  afterEach(() => visitor.leave())

  const seen = async (): Promise<readonly Seen[]> => visitor.page.evaluate<Seen[]>('window.previews')
  const asks = async (text: string, locale: string) => {
    const hold = createHold()
    provider.pauseWith(hold.pause)
    shop.tag = `data-inbox="web" data-locale="${locale}"`
    visitor = await visit(browser, shop, { viewport: phone })
    await visitor.open()
    await visitor.page.evaluate(remember)
    await visitor.write(text)
    await eventually(seen).not.toEqual([])
    return hold
  }

  it.each([
    { locale: 'zh-CN', says: 'AI 正在写，尚未核对完' },
    { locale: 'en', says: 'AI is writing, not fully checked yet' },
  ])('grows outside the log, is told of once, and gives way to the answer: $locale', async (one) => {
    const hold = await asks('我投的视频审核一般得等多久呀', one.locale)
    expect(await seen()).toEqual([
      { text: `${sentences[0] ?? ''}。`, isHidden: true, status: one.says, isInLog: false },
    ])
    hold.release()
    await visitor.page.locator('.log .bubble', { hasText: 'AI' }).last().waitFor()
    await eventually(async () => (await seen()).at(-1)).toMatchObject({ text: '', status: '' })
    const said = (await visitor.bubbles()).filter((text) => text.includes(sentences[0] ?? '?'))
    expect(said).toHaveLength(1)
  })

  it('stays when a message came right before it', async () => {
    shop.tag = 'data-inbox="web"'
    visitor = await visit(browser, shop)
    await visitor.page.routeWebSocket(/\/ws$/, (page) => {
      const server = page.connectToServer()
      server.onMessage((frame) => {
        page.send(frame)
        const { t, author } = Frame.parse(JSON.parse(String(frame)))
        if (t !== 'ev' || author === 'contact') return
        page.send(JSON.stringify({ t: 'typing', on: true }))
        page.send(JSON.stringify({ t: 'preview', text: '审核一般' }))
      })
    })
    await visitor.come()
    await visitor.page.evaluate(remember)
    await visitor.page.locator('tongda-chat .launcher').click()
    await visitor.page.locator('.log .bubble').first().waitFor()
    await visitor.page.locator('.preview .bubble', { hasText: '审核一般' }).waitFor()
    expect((await seen()).map(({ text }) => text)).toEqual(['审核一般'])
  })

  it('keeps nobody out while it stands', async () => {
    const hold = await asks('我投的视频审核一般得等多久呀', 'zh-CN')
    expect(await findBarriers(visitor.page)).toEqual([])
    hold.release()
  })

  it('vanishes when a person takes over, and is never said', async () => {
    const hold = createHold()
    shop.tag = 'data-inbox="web"'
    visitor = await visit(browser, shop)
    await visitor.open()
    await visitor.write('转人工')
    await visitor.page.locator('.log .bubble', { hasText: 'T-' }).waitFor()
    const agent = await product.agent()
    const { id } = await agent.finds(/转人工/)
    await agent.takes(id)
    await agent.solves(id)
    await visitor.page.evaluate(remember)
    provider.pauseWith(hold.pause)
    await visitor.write('我投的视频审核一般得等多久呀')
    await eventually(seen).not.toEqual([])
    await agent.takes(id)
    await eventually(async () => (await seen()).at(-1)).toMatchObject({ text: '', status: '' })
    hold.release()
    await agent.replies(id, '我来回答你')
    product.clock.advance(60_000)
    await visitor.page.locator('.log .bubble', { hasText: '我来回答你' }).waitFor()
    expect((await visitor.bubbles()).filter((text) => text.includes(sentences[0] ?? '?'))).toEqual([])
  })
})
