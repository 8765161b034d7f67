import { createHmac, randomUUID } from 'node:crypto'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { signedHeaders } from '../../sandbox/api/signing.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import { secret as forumSecret, startBrand, type Brand } from '../channels/api/stage.ts'
import { newDataFolder } from '../support/data-folder.ts'
import { startMailWorld, type MailWorld } from '../support/mail-world.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'
import { eventually, flags } from '../widget/visit.ts'
import { enterApp, openApp, pathOf, rowOf } from './app-stage.ts'
import { useStage } from './stage.ts'

/** Each would set `pwned`, if it ran, or ask another host. */
const attacks = [
  '<img src=x onerror="window.pwned=1">',
  '<script>window.pwned=1</script>',
  '"><svg/onload=window.pwned=1>',
  "'-(window.pwned=1)-'",
  'javascript:window.pwned=1',
  '<iframe src="https://evil.test/"></iframe>',
  '<style>@import "https://evil.test/x.css"</style>',
  '{{constructor.constructor("window.pwned=1")()}}',
  '\u202Egnp.exe\u2066',
]
/** All in a few characters, for names. */
const evil = '<img src=x onerror=pwned=1>"><script>pwned=1</script>\u202Egnp.exe'
const everything = attacks.join(' ')
const identitySecret = 'a secret of the brand that is long enough'
const Token = z.looseObject({ token: z.string() })

/** Runs before any page of ours: notes what the page's policy had to stop. */
const watching = `window.breaches = []
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.breaches.push(violatedDirective + ' ' + blockedURI))`

/** Texts that turn the direction around, and are not kept from doing so to what stands beside them. */
const unboundBidi = `(() => {
  const found = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(node.data)) continue
    let place = node.parentElement
    while (place && getComputedStyle(place).unicodeBidi === 'normal' && getComputedStyle(place).display === 'inline')
      place = place.parentElement
    const { unicodeBidi } = getComputedStyle(place)
    const isBound = /isolate|plaintext/.test(unicodeBidi) && place.localName !== 'body'
    if (!isBound && place.textContent !== node.data) found.push(place.outerHTML.slice(0, 200))
  }
  return found
})()`

const isHarmlessAddress = /^(https?:\/\/|\/api\/desk\/media\/)/

describeWith('chromium', "the agents' app and hostile contacts", (executablePath) => {
  let product: Product
  let mails: MailWorld
  let brand: Brand
  let browser: Browser
  let page: Page
  const faults: string[] = []

  const post = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
  ) => {
    const response = await fetch(`${product.app.url}/channels/${path}`, { method: 'POST', headers, body })
    expect(response.ok, `${path} ${String(response.status)}`).toBe(true)
    return response
  }
  const byForum = async (): Promise<void> => {
    const posts = [
      [
        { kind: 'text', text: everything },
        { kind: 'link', url: 'https://shop.example/"onmouseover="pwned=1', title: evil },
        { kind: 'location', latitude: 31.2, longitude: 121.5, label: evil },
      ],
      [{ kind: 'text', text: '转人工' }],
    ]
    for (const parts of posts) {
      const contact = { id: 'member-1', displayName: evil }
      const body = JSON.stringify({ id: randomUUID(), contact, thread: evil.slice(0, 60), parts })
      const headers = signedHeaders(forumSecret, randomUUID(), product.clock.now(), body)
      await post('forum/messages', body, { 'content-type': 'application/json', ...headers })
    }
  }
  const byWeb = async (): Promise<void> => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const exp = Math.floor(product.clock.now().getTime() / 1_000) + 600
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'evil', exp, name: evil })}`
    const proof = createHmac('sha256', identitySecret).update(signed).digest('base64url')
    const json = { 'content-type': 'application/json', origin: product.app.url }
    const identity = JSON.stringify({ token: `${signed}.${proof}` })
    const { token } = Token.parse(await (await post('web/identify', identity, json)).json())
    const headers = { ...json, authorization: `Bearer ${token}` }
    const file = String(new URLSearchParams({ id: randomUUID(), name: `${evil}.html` }))
    await post(`web/uploads?${file}`, new TextEncoder().encode(everything), {
      ...headers,
      'content-type': 'application/octet-stream',
    })
    const context = { [evil.slice(0, 40)]: everything.slice(0, 200) }
    for (const text of [everything, '转人工'])
      await post(
        'web/messages',
        JSON.stringify({ clientMsgId: randomUUID(), content: { text }, context }),
        headers,
      )
  }
  const byWechat = async (): Promise<void> => {
    const contact = product.contact()
    await contact.does({
      kind: 'link',
      title: evil,
      description: everything,
      url: 'javascript:window.pwned=1',
    })
    await contact.does({ kind: 'location', latitude: 1, longitude: 2, label: evil })
    await contact.does({ kind: 'file', name: evil, md5: '0'.repeat(32), bytes: 10 })
    await contact.says(everything)
    await contact.says('转人工')
  }
  const byMail = async (): Promise<void> => {
    const key = 'evil@qq.example'
    const { simulator } = mails
    const { client } = simulator
    const answers = () => client.lines(key).filter(({ from }) => from === 'account').length
    simulator.addUser({ key, name: evil })
    client.act(key, { kind: 'text', text: everything, subject: evil })
    // The next ones answer in the same thread.
    await eventually(answers).toBeGreaterThan(0)
    client.act(key, { kind: 'file', name: `${evil}.svg`, bytes: Buffer.from(everything) })
    client.act(key, { kind: 'text', text: '转人工' })
  }

  beforeAll(async () => {
    mails = await startMailWorld(createMovableClock())
    brand = await startBrand()
    product = await startProduct({
      media: { maxBytes: 20_000_000 },
      furtherInboxes: {
        web: { channel: 'web', identity: { secret: identitySecret } },
        mail: { channel: 'email', ...mails.section },
        forum: {
          channel: 'api',
          secret: forumSecret,
          webhookUrl: `${brand.url}/in`,
          allowLoopbackHttp: true,
        },
      },
    })
    browser = await chromium.launch({ executablePath, args: flags })
    const context = await browser.newContext({ viewport: { width: 1_360, height: 900 } })
    await context.addInitScript(watching)
    page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol.startsWith('http') && origin !== product.app.url) faults.push(`request: ${request.url()}`)
    })
    await page.goto(product.app.signInUrl ?? '')
    await page.getByRole('button', { name: '进入工作台' }).click()
    await page.waitForURL('**/desk/app/**')
  })
  afterAll(async () => {
    await browser.close()
    await product.dispose()
    await mails.simulator.close()
    await brand.close()
  })
  beforeEach(() => faults.splice(0))
  afterEach(() => expect(faults).toEqual([]))

  const rows = () => page.locator('.row[data-ticket]')
  const open = async (path = '/inbox/open'): Promise<void> => {
    await page.goto(`${product.app.url}/desk/app${path}`)
    await page.locator('.rail').waitFor()
  }
  /** Nothing ran, nothing was tried, nothing is turned around. */
  const isHarmless = async (): Promise<void> => {
    expect(await page.evaluate('window.pwned')).toBeUndefined()
    expect(await page.evaluate('window.breaches')).toEqual([])
    expect(await page.evaluate(unboundBidi)).toEqual([])
    expect(await page.locator('.screen :is([onerror], [onload], script, style, iframe)').count()).toBe(0)
    expect(await page.title()).toMatch(/^(\(\d+\) )?通答/)
  }
  /** Where links lead, read at once: the thread draws what is in sight alone, and a link may go while it is looked at. */
  const addresses = (links: string) =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('${links}')].map((link) => String(link.getAttribute('href')))`,
    )
  const field = () => page.getByRole('textbox', { name: '回复' })
  /** Goes up in the thread, which draws what is in sight alone and opens at its end, until these words are there. */
  const seeFirst = (words: string): Promise<void> =>
    expect
      .poll(async () => {
        await page.evaluate("document.querySelector('.thread-rows')?.scrollTo(0, 0)")
        return page.locator('.message.in p.words').getByText(words).first().isVisible()
      })
      .toBe(true)

  it('shows what they send on every channel as text: list, conversation, information, search, title', async () => {
    await Promise.all([byForum(), byWeb(), byWechat(), byMail()])
    await open()
    await eventually(() => rows().count()).toBe(4)
    await isHarmless()
    for (let at = 0; at < 4; at += 1) {
      await rows().nth(at).click()
      await seeFirst('constructor.constructor')
      // Line by line, so that what turns the direction ends with its line.
      await expect.poll(() => page.locator('.info p.words').first().innerText()).toMatch(/：\n1\. /)
      await page.evaluate("for (const one of document.querySelectorAll('.ticket details')) one.open = true")
      await isHarmless()
      // Links lead to the web alone.
      await expect
        .poll(async () => (await addresses('.thread a')).filter((one) => !isHarmlessAddress.test(one)))
        .toEqual([])
    }
    await open('/search')
    await page.getByRole('searchbox').fill('constructor')
    await page.keyboard.press('Enter')
    await page.locator('.hit').first().waitFor()
    await isHarmless()
  })

  it('gives files of theirs as downloads that nothing runs in', async () => {
    await open()
    await eventually(() => rows().count()).toBe(4)
    let seen = 0
    for (let at = 0; at < 4; at += 1) {
      await rows().nth(at).click()
      await page.locator('.message.in').first().waitFor()
      for (const address of await addresses('.thread a.file')) {
        const answer = await page.context().request.get(new URL(address, product.app.url).href)
        expect(answer.headers()['content-security-policy']).toContain('sandbox')
        expect(answer.headers()['x-content-type-options']).toBe('nosniff')
        expect(answer.headers()['content-disposition']).toMatch(/^attachment/)
        seen += 1
      }
    }
    expect(seen).toBeGreaterThan(0)
  })

  it('takes a huge paste, says that it is too long, and keeps it over a reload', async () => {
    await open()
    await rows().first().click()
    await field().waitFor()
    await field().fill('长'.repeat(100_000))
    await page.getByText('100000 / 4000').waitFor()
    await expect.poll(() => page.getByRole('button', { name: '发送', exact: true }).isDisabled()).toBe(true)
    await page.reload()
    await eventually(async () => (await field().inputValue()).length).toBe(100_000)
    await field().fill('')
  })

  it('refuses a file of 200 MB with a word of how much it may be, before a byte leaves', async () => {
    const path = join(newDataFolder('huge'), `${evil.replaceAll('/', '')}.bin`)
    writeFileSync(path, '')
    truncateSync(path, 200_000_000)
    await open()
    await rows().first().click()
    await field().fill('说明在附件里')
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/media')) sent.push(request.url())
    })
    await page.locator('.composer input[type=file]').setInputFiles(path)
    await page.getByText(/太大，最多/).waitFor()
    expect(sent).toEqual([])
    await expect.poll(() => field().inputValue()).toBe('说明在附件里')
    await isHarmless()
    await field().fill('')
  })

  it('sends what is written over a restart of the server once', async () => {
    const contact = product.contact()
    await contact.says('转人工，服务器重启')
    await open()
    await page.getByText('服务器重启').first().click()
    await field().fill('停机时写的')
    const health = (): Promise<string> =>
      fetch(`${product.app.url}/healthz`).then(
        () => 'up',
        () => 'down',
      )
    const url = product.app.url
    const restarted = product.restart()
    await expect.poll(() => health(), { interval: 20 }).toBe('down')
    await page.keyboard.press('Control+Enter')
    await restarted
    expect(product.app.url).toBe(url)
    await page.locator('.message.by-agent').getByText('停机时写的').waitFor()
    await contact.hears('停机时写的')
    await page.locator('.waiting').waitFor({ state: 'detached' })
    expect(contact.heard().filter((text) => text.includes('停机时写的'))).toHaveLength(1)
  })

  it('keeps what is written on a dead network over a reload of the page, and sends it once', async () => {
    const contact = product.contact()
    await contact.says('转人工，网线断了')
    await open()
    await page.getByText('网线断了').first().click()
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.enable')
    const cut = (offline: boolean) =>
      cdp.send('Network.emulateNetworkConditions', {
        ...{ offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 },
      })
    await field().fill('断网时写的')
    await cut(true)
    await page.keyboard.press('Control+Enter')
    await page.getByText('没有网络；恢复后自动发送').waitFor()
    await cut(false)
    await page.reload()
    await page.locator('.message.by-agent').getByText('断网时写的').waitFor()
    await contact.hears('断网时写的')
    await page.locator('.waiting').waitFor({ state: 'detached' })
    expect(contact.heard().filter((text) => text.includes('断网时写的'))).toHaveLength(1)
  })
})

describeWith('chromium', "the agents' app and rights that end", (executablePath) => {
  const stage = useStage(executablePath)
  const field = () => stage.page.getByRole('textbox', { name: '回复' })

  it('keeps what is written when the session ends, says what to do, and has it after signing in again', async () => {
    const { world, agent } = stage
    const ticket = await world.arrive({ title: '写到一半就过期' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    stage.expectComplaints(/401|503/)
    await field().fill('写到一半')
    for (const { value } of (await stage.context.cookies()).filter(({ name }) =>
      name.endsWith('tongda_session'),
    ))
      await world.signIn.sessions.end(value)
    await page.keyboard.press('Control+Enter')
    const over = page.getByRole('alert').filter({ hasText: '登录已结束' }).first()
    await over.waitFor()
    await expect.poll(() => field().inputValue()).toBe('写到一半')
    expect(await page.locator('.message.by-agent').count()).toBe(0)
    await page.getByRole('button', { name: '重新登录' }).click()
    await page.waitForURL(/\/desk\/sign-in/)
    const { path } = await world.signIn.createLink(agent.id, 15)
    await page.goto(world.origin + path)
    await page.getByRole('button', { name: '进入工作台' }).click()
    // Back where it was.
    await page.waitForURL(new RegExp(ticket.id))
    await expect.poll(() => field().inputValue()).toBe('写到一半')
    await field().focus()
    await page.keyboard.press('Control+Enter')
    await page.locator('.message.by-agent').getByText('写到一半').waitFor()
    await expect.poll(() => page.locator('.message.by-agent').count()).toBe(1)
  })

  it('goes on by itself when somebody signs in by another window', async () => {
    const { world } = stage
    const ticket = await world.arrive({ title: '另一个窗口' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    stage.expectComplaints(/401|503/)
    await field().fill('还在写')
    for (const { value } of (await stage.context.cookies()).filter(({ name }) =>
      name.endsWith('tongda_session'),
    ))
      await world.signIn.sessions.end(value)
    await page.keyboard.press('Control+Enter')
    const again = page.getByRole('button', { name: '重新登录' })
    await again.waitFor()
    const other = await stage.context.newPage()
    await enterApp(stage, { page: other })
    // What this window tells before it has learned of the new session still bears the old one's proof: 403.
    stage.expectComplaints(/401|403|503/)
    await page.bringToFront()
    await again.waitFor({ state: 'detached' })
    await expect.poll(() => field().inputValue()).toBe('还在写')
    await field().focus()
    await page.keyboard.press('Control+Enter')
    await page.locator('.message.by-agent').getByText('还在写').waitFor()
    await other.close()
  })

  it('keeps in sight what was written when the right to send it is taken away', async () => {
    const { world, agent } = stage
    const ticket = await world.arrive({ title: '权限被收回' })
    const page = await enterApp(stage, { path: pathOf(ticket) })
    stage.expectComplaints(/401|403|503/)
    await field().fill('没来得及发')
    await world.agents.setRole(agent.id, 'auditor')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: '重新登录' }).waitFor()
    await expect.poll(() => field().inputValue()).toBe('没来得及发')
    await enterApp(stage, { path: pathOf(ticket) })
    stage.expectComplaints(/401|403|503/)
    await page.getByText('你的角色只能查看').waitFor()
    const kept = page.getByRole('textbox', { name: /没有发出的回复/ })
    await expect.poll(() => kept.inputValue()).toBe('没来得及发')
    expect(await page.locator('.message.by-agent').count()).toBe(0)
    await world.agents.setRole(agent.id, 'agent')
    await enterApp(stage, { path: pathOf(ticket) })
    stage.expectComplaints(/401|403|503/)
    await expect.poll(() => field().inputValue()).toBe('没来得及发')
  })

  it('shows a ticket that is not there any more as such, and leads back', async () => {
    const page = await enterApp(stage, { path: '/inbox/open/0190b2a0-0000-7000-8000-000000000000' })
    stage.expectComplaints(/404|503/)
    await page.getByText('没有这张工单').waitFor()
    await openApp(stage, page)
    const ticket = await stage.world.arrive({ title: '列表还在' })
    await rowOf(page, ticket).waitFor()
  })
})
