import { Hono } from 'hono'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Accepted } from '../../../src/core/channel.ts'
import { silentLog } from '../../../src/core/log.ts'
import type { InboundMessage, Part } from '../../../src/core/message.ts'
import { mountWidget } from '../../../src/http/index.ts'
import { web } from '../../../channels/web/index.ts'
import { findBarriers } from '../../support/accessibility.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import { serveChannel } from '../../support/channel-server.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { describeWith } from '../../support/services.ts'
import { flags, phone } from '../../widget/visit.ts'
import { deliver, eventually } from './visitor.ts'

const text = (words: string): Part => ({ kind: 'text', text: words })
const name = { zh: '小通客服', en: 'Tongda support' }

describeWith('chromium', 'the inbox’s own page in a browser', (executablePath) => {
  let browser: Browser
  let host: TestChannelHost
  let server: ChannelServer
  let page: Page
  let faults: string[]
  const scripts = new Hono()
  mountWidget(scripts, silentLog)
  // A page of our own that frames the chat, as the sandbox does.
  scripts.get('/around', (context) =>
    context.html(`<!doctype html><title>around</title><textarea autofocus></textarea>
      <script>window.heard = []; addEventListener('message', ({ data }) => heard.push(data))</script>
      <iframe src="/channels/web-test/page" width="800" height="600"></iframe>`),
  )

  const serve = (settings: Record<string, unknown> = {}, port = 0): Promise<ChannelServer> => {
    const accept = async (message: InboundMessage): Promise<Accepted> => {
      const accepted = await host.accept(message)
      const [part] = message.parts
      if (accepted.outcome === 'accepted' && part?.kind === 'event' && part.name === 'opened') {
        host.say(message.threadKey, [text('您好，我是小通')])
        await deliver(server, message.threadKey)
      }
      return accepted
    }
    return serveChannel({
      inboxId: host.inboxId,
      port,
      beside: scripts,
      create: (publicUrl) =>
        web.create(web.config.parse({ publicUrl, widget: { name }, ...settings }), { ...host, accept }),
    })
  }
  const isOnline = () => eventually(() => page.getAttribute('.status', 'data-state')).toBe('online')
  const open = async (query = ''): Promise<void> => {
    await page.goto(`${server.url}/page${query}`)
    await isOnline()
  }
  const field = () => page.locator('.composer textarea')
  const bubbles = (): Promise<string[]> => page.locator('.log .bubble').allTextContents()
  const states = (): Promise<string[]> => page.locator('.message.contact .state').allTextContents()
  const write = async (words: string): Promise<void> => {
    await field().fill(words)
    await field().press('Enter')
  }
  const visitor = (): string => host.accepted[0]?.threadKey ?? ''
  /** A page of which nothing wrong goes unnoticed. */
  const newPage = async (options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
    const made = await browser.newPage({ viewport: phone, ...options })
    made.on('pageerror', (error) => faults.push(error.message))
    made.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    made.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) faults.push(message.text())
    })
    made.on('request', (request) => {
      const { protocol, port } = new URL(request.url())
      if (protocol.startsWith('http') && port !== String(server.port)) faults.push(request.url())
    })
    return made
  }

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: flags })
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    host = createTestChannelHost()
    faults = []
    server = await serve()
    page = await newPage()
  })
  afterEach(async () => {
    await page.close()
    await server.close()
    expect(faults).toEqual([])
  })

  it('has the chat open, greets, and marks what was sent', async () => {
    await open()
    await page.getByRole('dialog', { name: '小通客服' }).waitFor()
    await eventually(bubbles).toEqual(['您好，我是小通'])
    await write('退款多久到账')
    await eventually(states).toEqual(['✓'])
    expect(host.accepted.at(-1)?.parts).toEqual([text('退款多久到账')])
    await expect.poll(() => field().inputValue()).toBe('')
  })

  it('survives a reload with its history and its draft', async () => {
    await open()
    await write('第一句')
    await eventually(states).toEqual(['✓'])
    await field().fill('还没发出的话')
    await page.reload()
    await eventually(bubbles).toEqual(['您好，我是小通', '第一句'])
    await expect.poll(() => field().inputValue()).toBe('还没发出的话')
    expect(host.accepted).toHaveLength(2)
  })

  it('keeps what could not be sent and sends it once when the server is back', async () => {
    await open()
    await eventually(bubbles).toHaveLength(1)
    await server.close()
    await eventually(() => page.getAttribute('.status', 'data-state')).toBe('waiting')
    await write('断线时写的')
    await eventually(states).toEqual(['发送中…'])
    await page.goto('about:blank')
    server = await serve({}, server.port)
    await open()
    await eventually(states).toEqual(['✓'])
    await eventually(bubbles).toEqual(['您好，我是小通', '断线时写的'])
    expect(host.accepted).toHaveLength(2)
  })

  it('reconnects by itself after a restart', async () => {
    await open()
    await write('之前')
    await eventually(states).toEqual(['✓'])
    await server.close()
    server = await serve({}, server.port)
    await isOnline()
    await write('之后')
    await eventually(states).toEqual(['✓', '✓'])
    await eventually(bubbles).toEqual(['您好，我是小通', '之前', '之后'])
  })

  it('polls where no socket gets through', async () => {
    await server.close()
    server = await serve({ limits: { sockets: 1 } })
    await open()
    const first = page
    page = await newPage()
    const polled = page.waitForRequest(/\/events\?/)
    await open()
    await polled
    await write('轮询也能发')
    await eventually(states).toEqual(['✓'])
    const threadKey = host.accepted.at(-1)?.threadKey ?? ''
    host.say(threadKey, [text('收到')])
    await deliver(server, threadKey)
    await eventually(bubbles).toEqual(['您好，我是小通', '轮询也能发', '收到'])
    await first.close()
  })

  it('shows hostile text as text, without a dialog or a request', async () => {
    const attacks = [
      '<img src=x onerror=alert(1)>',
      '<script>alert(1)</script>',
      '"><iframe src=//evil.test>',
      '\u202Egnp.exe',
    ]
    await open()
    await eventually(bubbles).toHaveLength(1)
    for (const attack of attacks) host.say(visitor(), [text(attack)], { author: 'agent', agentName: attack })
    await deliver(server, visitor())
    await eventually(bubbles).toEqual(['您好，我是小通', ...attacks])
    await expect.poll(() => page.locator('.log :is(img, script, iframe)').count()).toBe(0)
  })

  it('tells a page of our own around it whose conversation it is, and leaves the focus there', async () => {
    await page.close()
    page = await newPage({ viewport: { width: 1_024, height: 800 } })
    await page.goto(`${server.origin}/around`)
    await page.locator('textarea').focus()
    const chat = page.frameLocator('iframe')
    await chat.locator('.panel').waitFor()
    await eventually(() => page.evaluate('window.heard')).toEqual([
      { type: 'tongda:visitor', contactKey: visitor() },
    ])
    await expect.poll(() => page.evaluate('document.activeElement.localName')).toBe('textarea')
    // Known already: told again to whoever asks anew.
    await page.reload()
    await eventually(() => page.evaluate('window.heard')).toEqual([
      { type: 'tongda:visitor', contactKey: visitor() },
    ])
  })

  it.each(
    ['', '?lang=en'].flatMap((query) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ query, colorScheme })),
    ),
  )('shuts nobody out at 360 px: "$query", $colorScheme', async ({ query, colorScheme }) => {
    await page.close()
    // Axe is a script of its own: the page's policy would not let it in.
    page = await newPage({ colorScheme, bypassCSP: true })
    await open(query)
    const said = query === '' ? name.zh : name.en
    await expect.poll(() => page.title()).toBe(said)
    expect(await findBarriers(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)
    await page.locator('.close').click()
    await page.getByRole('heading', { name: said }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)
  })

  it('says so when its address is not allowed', async () => {
    await page.goto(`${server.url.replace('127.0.0.1', 'localhost')}/page`)
    await eventually(() => page.getAttribute('.status', 'data-state')).toBe('forbidden')
  })
})
