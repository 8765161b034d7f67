import { Hono } from 'hono'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { freePort } from '../../src/app/free-port.ts'
import type { Accepted } from '../../src/core/channel.ts'
import { silentLog } from '../../src/core/log.ts'
import type { InboundMessage, Part } from '../../src/core/message.ts'
import { mountWidget } from '../../src/http/index.ts'
import { web } from '../../channels/web/index.ts'
import { createTestChannelHost } from '../support/channel-host.ts'
import type { TestChannelHost } from '../support/channel-host.ts'
import { serveChannel } from '../support/channel-server.ts'
import type { ChannelServer } from '../support/channel-server.ts'
import { describeWith } from '../support/services.ts'
import { deliver } from '../channels/web/visitor.ts'
import { openShop, type Shop } from './shop.ts'
import { eventually, flags, phone, visit, type Visit } from './visit.ts'

const text = (words: string): Part => ({ kind: 'text', text: words })
const attacks = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '<svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '"><iframe src=//evil.test>',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202Egnp.exe',
]

describeWith('chromium', 'the widget and a server that says strange things', (executablePath) => {
  let browser: Browser
  let shop: Shop
  let host: TestChannelHost
  let server: ChannelServer
  let visitor: Visit
  let greeting: readonly Part[]
  const scripts = new Hono()
  mountWidget(scripts, silentLog)

  const serve = (settings: Record<string, unknown>, port: number): Promise<ChannelServer> => {
    const accept = async (message: InboundMessage): Promise<Accepted> => {
      const accepted = await host.accept(message)
      const [part] = message.parts
      if (accepted.outcome === 'accepted' && part?.kind === 'event' && part.name === 'opened')
        await says(message.threadKey, greeting)
      return accepted
    }
    return serveChannel({
      inboxId: host.inboxId,
      port,
      create: (publicUrl) =>
        web.create(web.config.parse({ publicUrl, origins: [shop.origin], ...settings }), { ...host, accept }),
    })
  }
  const says = async (threadKey: string, parts: readonly Part[], from = {}): Promise<void> => {
    host.say(threadKey, parts, from)
    await deliver(server, threadKey)
  }
  const visitorId = (): string => host.accepted[0]?.threadKey ?? ''
  const giveScripts = (page: Page): Promise<unknown> =>
    page.route(/\/widget(\.js|\/[^?]*)/, async (route) => {
      const response = await scripts.request(new URL(route.request().url()).pathname)
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      })
    })

  beforeAll(async () => {
    shop = await openShop()
    shop.tag = 'data-inbox="web-test"'
    browser = await chromium.launch({ executablePath, args: flags })
  })
  afterAll(async () => {
    await browser.close()
    await shop.close()
  })
  beforeEach(async () => {
    greeting = [text('您好，我是小通')]
    host = createTestChannelHost()
    // While it is away, no outgoing connection may get its port.
    server = await serve({}, await freePort())
    shop.product = server.origin
    visitor = await visit(browser, shop, { viewport: phone })
    await giveScripts(visitor.page)
  })
  afterEach(async () => {
    await server.close()
    await visitor.leave()
  })

  it('shows hostile text as text, without a dialog or a request', async () => {
    await visitor.open()
    await eventually(visitor.bubbles).toHaveLength(1)
    for (const attack of attacks)
      await says(visitorId(), [text(attack)], { author: 'agent', agentName: attack })
    await says(visitorId(), [
      {
        kind: 'choices',
        prompt: attacks[0] ?? '',
        choices: [{ id: '"><b>', label: attacks[1] ?? '' }],
        footer: attacks[2] ?? '',
      },
      { kind: 'link', url: 'javascript:alert(1)', title: attacks[3] ?? '' },
      { kind: 'link', url: 'https://example.com/"onmouseover="alert(1)', title: attacks[4] ?? '' },
      { kind: 'file', media: {}, name: attacks[0] ?? '' },
      { kind: 'text', text: '答', format: 'markdown', source: attacks[0] ?? '' },
    ])
    await visitor.write(attacks[0] ?? '')
    await eventually(visitor.bubbles).toHaveLength(1 + attacks.length + 5 + 1)
    expect((await visitor.bubbles()).slice(1, 1 + attacks.length)).toEqual(attacks)
    await expect
      .poll(() => visitor.page.locator('.log :is(img, script, iframe, b, [onerror])').count())
      .toBe(0)
    await expect
      .poll(() => visitor.page.locator('.log a').getAttribute('href'))
      .toBe('https://example.com/"onmouseover="alert(1)')
  })

  it('shows files that visitors name strangely as files to be saved', async () => {
    await visitor.open()
    await visitor.page.setInputFiles('.composer input[type=file]', {
      name: `${attacks[0] ?? ''}.html`,
      mimeType: 'text/html',
      buffer: Buffer.from(attacks[1] ?? ''),
    })
    await visitor.page.getByText(attacks[0] ?? '', { exact: false }).waitFor()
    await expect.poll(() => visitor.page.locator('.log img').count()).toBe(0)
  })

  it('takes a huge paste, says that it is too long, and loses nothing of it', async () => {
    await visitor.open()
    const huge = '长'.repeat(200_000)
    await visitor.page.evaluate(`{
      const field = document.querySelector('tongda-chat').shadowRoot.querySelector('.composer textarea')
      field.focus()
      document.execCommand('insertText', false, '${huge}')
    }`)
    await visitor.page.getByText('200000/4000').waitFor()
    await visitor.page.press('.composer textarea', 'Enter')
    expect(host.accepted.filter(({ parts }) => parts[0]?.kind === 'text')).toEqual([])
    await visitor.page.reload()
    await visitor.page.locator('.composer textarea').waitFor()
    await expect.poll(async () => (await visitor.page.inputValue('.composer textarea')).length).toBe(200_000)
  })

  it('never sends while an input method composes', async () => {
    await visitor.open()
    const field = visitor.page.locator('.composer textarea')
    const session = await visitor.context.newCDPSession(visitor.page)
    await field.focus()
    await session.send('Input.imeSetComposition', { text: 'tuikuan', selectionStart: 7, selectionEnd: 7 })
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true })
    await session.send('Input.insertText', { text: '退款' })
    await visitor.page.keyboard.press('Shift+Enter')
    await visitor.page.keyboard.type('谢谢')
    await expect.poll(() => field.inputValue()).toBe('退款\n谢谢')
    await visitor.page.keyboard.press('Enter')
    await eventually(visitor.states).toEqual(['✓'])
    expect(host.accepted.at(-1)?.parts).toEqual([text('退款\n谢谢')])
  })

  it('closes by Esc, gives the focus back, and keeps keys from the page', async () => {
    const { page } = visitor
    await page.addInitScript("document.addEventListener('keydown', () => (window.leaked = true))")
    await visitor.open()
    await page.focus('.composer textarea')
    await page.keyboard.type('/')
    await page.keyboard.press('Escape')
    await page.locator('.panel').waitFor({ state: 'detached' })
    await expect
      .poll(() => page.evaluate('document.activeElement?.shadowRoot?.activeElement?.className'))
      .toBe('launcher')
    expect(await page.evaluate('window.leaked')).toBeUndefined()
  })

  it('counts what came while it was closed', async () => {
    const { page } = visitor
    await visitor.open()
    await eventually(visitor.bubbles).toHaveLength(1)
    await page.locator('.close').click()
    await says(visitorId(), [text('好了')], { author: 'agent', agentName: '李然' })
    await page.getByRole('button', { name: '打开在线客服, 1 条新消息' }).click()
    await page.getByText('好了').waitFor()
    await page.locator('.close').click()
    await page.getByRole('button', { name: '打开在线客服', exact: true }).waitFor()
  })

  it('shows the place in line, when people are back, and sends a message that is left', async () => {
    host.stand({ mode: 'human', waits: { mayStop: true, place: { position: 4, waitMs: 200_000 } } })
    const { page } = visitor
    await visitor.open()
    await page.getByText('前面 3 人 约 4 分').waitFor()
    host.stand({ mode: 'bot', peopleBackAt: new Date(Date.now() + 3 * 86_400_000) })
    await says(visitorId(), [text('请稍候')])
    await page.getByText(/^人工客服现在不在，\d{4}-\d{2}-\d{2} \d{2}:\d{2} 回来$/).waitFor()
    await page.fill('.composer textarea', '发票抬头错了')
    await page.getByRole('button', { name: '留言' }).click()
    const form = page.locator('.leave')
    await expect.poll(() => form.locator('textarea').inputValue()).toBe('发票抬头错了')
    await form.getByLabel('手机号或邮箱').fill('a@example.com')
    await form.getByRole('button', { name: '提交留言' }).click()
    await eventually(visitor.states).toEqual(['✓'])
    expect(host.accepted.at(-1)?.parts).toEqual([
      text('发票抬头错了\na@example.com'),
      { kind: 'event', name: 'left-message' },
    ])
  })

  it('takes out of line who confirms not to wait any more', async () => {
    host.stand({ mode: 'human', waits: { mayStop: true, place: { position: 1 } } })
    const { page } = visitor
    await visitor.open()
    await page.getByText('前面没有人了').waitFor()
    await page.locator('.place').getByRole('button', { name: '取消', exact: true }).click()
    await page.locator('.place').getByRole('button', { name: '不等了' }).click()
    await page.getByText('已取消等待').waitFor()
    await page.locator('.place').waitFor({ state: 'detached' })
  })

  it('asks for a rating once, with a reason where it is low, and can be skipped', async () => {
    const labels = ['很不满意', '不满意', '一般', '满意', '很满意']
    const asks = (id: string): Part => ({
      kind: 'choices',
      prompt: '这次服务怎么样？',
      choices: labels.map((label, at) => ({ id: `survey:${id}:${String(at + 1)}`, label })),
    })
    const { page } = visitor
    await visitor.open()
    await says(visitorId(), [asks('one')], { author: 'survey' })
    await page.getByRole('button', { name: '跳过' }).click()
    await page.getByText('没有评价').waitFor()
    await says(visitorId(), [asks('two')], { author: 'survey' })
    await page.getByRole('button', { name: '2 不满意' }).click()
    await eventually(visitor.states).toEqual(['✓'])
    expect(host.accepted.at(-1)?.parts).toEqual([{ kind: 'event', name: 'choice', value: 'survey:two:2' }])
    await page.getByRole('button', { name: '等太久了' }).click()
    await eventually(visitor.states).toEqual(['✓', '✓'])
    expect(host.accepted.at(-1)?.parts).toEqual([text('等太久了')])
    await expect.poll(() => page.getByRole('group', { name: '原因' }).count()).toBe(0)
  })

  it('keeps what could not be sent over a reload, and sends it once when the server is back', async () => {
    const { page } = visitor
    await visitor.open()
    await eventually(visitor.bubbles).toHaveLength(1)
    await server.close()
    await eventually(() => page.getAttribute('.status', 'data-state')).toBe('waiting')
    await visitor.write('断线时写的')
    await eventually(visitor.states).toEqual(['发送中…'])
    await page.reload()
    await eventually(visitor.bubbles).toEqual(['断线时写的'])
    server = await serve({}, server.port)
    // By then the pause between two tries may have grown to half a minute.
    await expect.poll(visitor.states, { timeout: 60_000 }).toEqual(['✓'])
    await eventually(visitor.bubbles).toEqual(['您好，我是小通', '断线时写的'])
    expect(host.accepted).toHaveLength(2)
  })

  it('does not take a server that was away for a moment for one that refuses the page', async () => {
    let isAway = true
    await visitor.page.route('**/session', async (route) => {
      await (isAway ? route.abort('connectionrefused') : route.continue())
      isAway = false
    })
    await visitor.open()
    await eventually(visitor.bubbles).toHaveLength(1)
  })

  it('polls where no socket gets through', async () => {
    await server.close()
    server = await serve({ limits: { sockets: 1 } }, server.port)
    const first = await visit(browser, shop)
    await giveScripts(first.page)
    await first.open()
    const polled = visitor.page.waitForRequest(/\/events\?/)
    await visitor.open()
    await polled
    await visitor.write('轮询也能发')
    await eventually(visitor.states).toEqual(['✓'])
    await first.leave()
  })

  it('says what was refused, and lets the visitor take it back or try again', async () => {
    const { page } = visitor
    await visitor.open()
    await eventually(visitor.bubbles).toHaveLength(1)
    await page.clock.install()
    for (let failed = 0; failed < 4; failed += 1) {
      host.failNextAccept(new Error('database away'))
      if (failed === 0) await visitor.write('请重试')
      else await page.clock.runFor(3_100)
      await expect
        .poll(() => host.logged.filter(({ event }) => event === 'web message was not stored').length)
        .toBe(failed + 1)
    }
    await eventually(visitor.states).toEqual(['未发送 · 出了点问题，请稍后重试'])
    await page.getByRole('button', { name: '重试' }).click()
    await eventually(visitor.states).toEqual(['✓'])
  })

  it('says so when the page is not allowed', async () => {
    await server.close()
    server = await serve({ origins: ['https://www.example.com'] }, server.port)
    await visitor.come()
    await visitor.page.locator('.launcher').click()
    await eventually(() => visitor.page.getAttribute('.status', 'data-state')).toBe('forbidden')
  })
})
