import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Accepted } from '../../../src/core/channel.ts'
import type { InboundMessage, Part } from '../../../src/core/message.ts'
import { web } from '../../../channels/web/index.ts'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import { serveChannel } from '../../support/channel-server.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { describeWith } from '../../support/services.ts'
import { deliver, eventually } from './visitor.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
]
const text = (words: string): Part => ({ kind: 'text', text: words })

describeWith('chromium', 'the chat page in a browser', (executablePath) => {
  let browser: Browser
  let host: TestChannelHost
  let server: ChannelServer
  let page: Page
  /** What the bot says to a message; undefined: nothing. */
  let answer: (message: InboundMessage) => readonly Part[] | undefined
  let faults: string[]

  const serve = (settings: Record<string, unknown> = {}, port = 0): Promise<ChannelServer> => {
    const accept = async (message: InboundMessage): Promise<Accepted> => {
      const accepted = await host.accept(message)
      const parts = accepted.outcome === 'accepted' ? answer(message) : undefined
      if (parts) {
        host.say(message.threadKey, parts)
        await deliver(server, message.threadKey)
      }
      return accepted
    }
    return serveChannel({
      inboxId: host.inboxId,
      port,
      create: (publicUrl) => web.create(web.config.parse({ publicUrl, ...settings }), { ...host, accept }),
    })
  }
  const open = async (query = ''): Promise<void> => {
    await page.goto(`${server.url}/page${query}`)
    await eventually(() => page.getAttribute('#status', 'data-state')).toBe('online')
  }
  const bubbles = (): Promise<string[]> => page.locator('.bubble').allTextContents()
  const write = async (words: string): Promise<void> => {
    await page.fill('#text', words)
    await page.press('#text', 'Enter')
  }
  const states = (): Promise<string[]> => page.locator('.contact .state').allTextContents()
  const visitor = (): string => host.accepted[0]?.threadKey ?? ''

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [...flags, '--disable-sync', '--no-first-run'],
    })
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    host = createTestChannelHost()
    answer = (message) => {
      const [part] = message.parts
      if (part?.kind === 'event' && part.name === 'opened') return [text('您好，我是小通')]
      return undefined
    }
    server = await serve()
    page = await browser.newPage({ viewport: { width: 360, height: 640 } })
    faults = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) faults.push(message.text())
    })
  })
  afterEach(async () => {
    await page.close()
    await server.close()
    expect(faults).toEqual([])
  })

  it('greets, answers, and marks what was sent', async () => {
    answer = (message) => [text(message.parts[0]?.kind === 'text' ? '七个工作日内到账' : '您好，我是小通')]
    await open()
    await eventually(bubbles).toEqual(['您好，我是小通'])
    await write('退款多久到账')
    await eventually(bubbles).toEqual(['您好，我是小通', '退款多久到账', '七个工作日内到账'])
    await expect.poll(() => states()).toEqual(['✓'])
    await expect.poll(() => page.inputValue('#text')).toBe('')
  })

  it('survives a reload with its history and its draft', async () => {
    await open()
    await write('第一句')
    await eventually(states).toEqual(['✓'])
    await page.fill('#text', '还没发出的话')
    await page.reload()
    await eventually(bubbles).toEqual(['您好，我是小通', '第一句'])
    await expect.poll(() => page.inputValue('#text')).toBe('还没发出的话')
    expect(host.accepted).toHaveLength(2)
  })

  it('never sends while an input method composes', async () => {
    await open()
    const session = await page.context().newCDPSession(page)
    await page.focus('#text')
    await session.send('Input.imeSetComposition', { text: 'tuikuan', selectionStart: 7, selectionEnd: 7 })
    await page.locator('#text').dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
    await page.locator('#text').dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true })
    await session.send('Input.insertText', { text: '退款' })
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('谢谢')
    await expect.poll(() => page.inputValue('#text')).toBe('退款\n谢谢')
    await page.keyboard.press('Enter')
    await eventually(states).toEqual(['✓'])
    expect(host.accepted.at(-1)?.parts).toEqual([text('退款\n谢谢')])
  })

  it('offers options as buttons, once, and shows the choice by its label after a reload', async () => {
    const question: Part = {
      kind: 'choices',
      prompt: '您想了解哪一项？',
      choices: [
        { id: 'vip-refund', label: '大会员退款' },
        { id: 'human', label: '找人工' },
      ],
    }
    answer = (message) =>
      message.parts[0]?.kind === 'event' && message.parts[0].name === 'opened' ? [question] : undefined
    await open()
    await page
      .getByRole('group', { name: '您想了解哪一项？' })
      .getByRole('button', { name: '大会员退款' })
      .click()
    await eventually(states).toEqual(['✓'])
    expect(host.accepted.at(-1)?.parts).toEqual([{ kind: 'event', name: 'choice', value: 'vip-refund' }])
    await expect.poll(() => page.locator('.choices button:disabled').count()).toBe(2)
    await expect.poll(() => page.locator('[aria-pressed=true]').textContent()).toBe('大会员退款')
    await page.reload()
    await eventually(bubbles).toEqual(['您想了解哪一项？', '大会员退款'])
    await expect.poll(() => page.locator('.choices button:disabled').count()).toBe(2)
  })

  it('always has a way to a person', async () => {
    await open()
    await page.getByRole('button', { name: '找人工' }).dblclick()
    await eventually(states).toEqual(['✓'])
    expect(host.accepted.at(-1)?.parts).toEqual([text('转人工')])
    expect(host.accepted).toHaveLength(2)
  })

  it('shows typing until the answer comes', async () => {
    await open()
    await eventually(bubbles).toHaveLength(1)
    await server.channel.showTyping(visitor(), true)
    await page.locator('#typing').waitFor({ state: 'visible' })
    host.say(visitor(), [text('好了')], { author: 'agent', agentName: '李然' })
    await deliver(server, visitor())
    await page.locator('#typing').waitFor({ state: 'hidden' })
    await expect.poll(() => page.locator('.agent .who').textContent()).toBe('李然')
  })

  it('keeps what could not be sent and sends it once the server is back', async () => {
    await open()
    await eventually(bubbles).toHaveLength(1)
    await server.close()
    await eventually(() => page.getAttribute('#status', 'data-state')).toBe('waiting')
    await write('断线时写的')
    await expect.poll(() => states()).toEqual(['发送中…'])
    await page.goto('about:blank')
    server = await serve({}, server.port)
    await open()
    await eventually(states).toEqual(['✓'])
    await expect.poll(() => bubbles()).toEqual(['您好，我是小通', '断线时写的'])
  })

  it('reconnects by itself after a restart', async () => {
    await open()
    await write('之前')
    await eventually(states).toEqual(['✓'])
    await server.close()
    server = await serve({}, server.port)
    await eventually(() => page.getAttribute('#status', 'data-state')).toBe('online')
    await write('之后')
    await eventually(states).toEqual(['✓', '✓'])
    await expect.poll(() => bubbles()).toEqual(['您好，我是小通', '之前', '之后'])
  })

  it('says what was refused, and lets the visitor try again', async () => {
    await open()
    await eventually(bubbles).toHaveLength(1)
    await page.clock.install()
    for (let failed = 0; failed < 4; failed += 1) {
      host.failNextAccept(new Error('database away'))
      if (failed === 0) await write('请重试')
      else await page.clock.runFor(3_100)
      await expect
        .poll(() => host.logged.filter(({ event }) => event === 'web message was not stored').length)
        .toBe(failed + 1)
    }
    await eventually(states).toEqual(['未发送'])
    await page.getByRole('button', { name: '重试' }).click()
    await eventually(states).toEqual(['✓'])
    await expect.poll(() => bubbles()).toEqual(['您好，我是小通', '请重试'])
  })

  it('polls where no socket gets through', async () => {
    await server.close()
    server = await serve({ limits: { sockets: 1 } })
    const first = await browser.newPage()
    await first.goto(`${server.url}/page`)
    await eventually(() => first.getAttribute('#status', 'data-state')).toBe('online')
    const second = await browser.newContext()
    await page.close()
    page = await second.newPage()
    const polled = page.waitForRequest(/\/events\?/)
    await open()
    await polled
    await write('轮询也能发')
    await eventually(states).toEqual(['✓'])
    host.say(host.accepted.at(-1)?.threadKey ?? '', [text('收到')])
    await deliver(server, host.accepted.at(-1)?.threadKey ?? '')
    await eventually(bubbles).toEqual(['您好，我是小通', '轮询也能发', '收到'])
    await first.close()
  })

  it('shows hostile text as text, without a dialog or a request', async () => {
    const requests: string[] = []
    await open()
    await eventually(bubbles).toHaveLength(1)
    page.on('request', (request) => requests.push(request.url()))
    const attacks = [
      '<img src=x onerror=alert(1)>',
      '<script>alert(1)</script>',
      '<svg/onload=alert(1)>',
      '<a href="javascript:alert(1)">x</a>',
      '"><iframe src=//evil.test>',
      '{{constructor.constructor("alert(1)")()}}',
      '\u202Egnp.exe',
    ]
    for (const attack of attacks) host.say(visitor(), [text(attack)], { author: 'agent', agentName: attack })
    host.say(visitor(), [
      {
        kind: 'choices',
        prompt: attacks[0] ?? '',
        choices: [{ id: '"><b>', label: attacks[1] ?? '' }],
        footer: attacks[2] ?? '',
      },
      { kind: 'link', url: 'javascript:alert(1)', title: attacks[3] ?? '' },
      { kind: 'file', media: {}, name: attacks[0] ?? '' },
    ])
    await deliver(server, visitor())
    await write(attacks[0] ?? '')
    await eventually(bubbles).toHaveLength(1 + attacks.length + 3 + 1)
    expect((await bubbles()).slice(1, 1 + attacks.length)).toEqual(attacks)
    await expect.poll(() => page.locator('#log :is(img, script, svg, iframe, b, a)').count()).toBe(0)
    expect(requests).toEqual([])
  })

  it('links web addresses safely', async () => {
    await open()
    await eventually(bubbles).toHaveLength(1)
    host.say(visitor(), [text('见 https://example.com/a?b=1。谢谢')])
    await deliver(server, visitor())
    const link = page.locator('.bubble a')
    await link.waitFor()
    await expect.poll(() => link.getAttribute('href')).toBe('https://example.com/a?b=1')
    await expect.poll(() => link.getAttribute('rel')).toContain('noopener')
  })

  it('fits 360 px, in both languages and both colour schemes', async () => {
    for (const query of ['', '?lang=en']) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await open(query)
        const width = await page.evaluate<number>('document.documentElement.scrollWidth')
        expect(width).toBe(360)
      }
    }
    await expect.poll(() => page.getAttribute('html', 'lang')).toBe('en')
    await expect.poll(() => page.title()).toBe('Tongda support')
    await expect.poll(() => page.getByRole('button', { name: 'Talk to a person' }).isVisible()).toBe(true)
    await expect
      .poll(() => page.getByRole('log', { name: 'Conversation' }).getAttribute('aria-live'))
      .toBe('polite')
  })

  it('says so when its address is not allowed', async () => {
    await page.goto(`${server.url.replace('127.0.0.1', 'localhost')}/page`)
    await eventually(() => page.getAttribute('#status', 'data-state')).toBe('forbidden')
  })
})
