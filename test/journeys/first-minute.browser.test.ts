import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDemo, type Demo } from '../support/demo.ts'
import { describeWith } from '../support/services.ts'

/** Set to write the pictures of the README anew. */
const screenshots = process.env.TONGDA_TEST_SCREENSHOTS

describeWith('chromium', 'the first minute in a browser', (executablePath) => {
  let demo: Demo
  let browser: Browser

  beforeAll(async () => {
    demo = await startDemo()
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    })
  })
  afterAll(async () => {
    await browser.close()
    await demo.dispose()
  })

  const watch = (page: Page): { readonly faults: string[]; readonly hosts: Set<string> } => {
    const seen = { faults: [] as string[], hosts: new Set<string>() }
    page.on('pageerror', (error) => seen.faults.push(error.message))
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url())
      if (protocol.startsWith('http')) seen.hosts.add(host)
    })
    return seen
  }

  it('answers on WeChat and on the web, hands over, and brings the person’s reply back', async () => {
    const sandbox = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const seen = watch(sandbox)
    await sandbox.goto(`${demo.app.url}/sandbox`)
    const phone = sandbox.locator('#phone')
    const say = async (text: string): Promise<void> => {
      const field = phone.locator('textarea, input[type=text]').first()
      await field.fill(text)
      await field.press('Enter')
    }
    await say('视频审核要多久')
    await phone.getByText('24 小时内完成').waitFor()
    const chat = sandbox.frameLocator('#web-frame')
    await chat.locator('.composer textarea').fill('弹幕发不出去怎么办')
    await chat.locator('.composer textarea').press('Enter')
    await chat.locator('.log').getByText('弹幕', { exact: false }).nth(1).waitFor()
    await say('转人工')
    const [number = ''] = /T-\d+/.exec(await phone.getByText(/T-\d+/).first().innerText()) ?? []
    await sandbox.locator('#panel').getByText('human-agent').first().waitFor()

    const desk = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const deskSeen = watch(desk)
    await desk.goto(demo.app.signInUrl ?? '')
    await desk.getByRole('button', { name: '进入工作台' }).click()
    await desk.locator('.row').filter({ hasText: number }).click()
    await desk.locator('.actions').getByText('接手').click()
    await desk.getByRole('textbox', { name: '回复' }).fill('您好，我是人工客服，稿件正在加急审核。')
    await desk.getByRole('button', { name: '发送' }).click()
    await phone.getByText('稿件正在加急审核').waitFor()

    expect(seen.faults).toEqual([])
    expect(deskSeen.faults).toEqual([])
    const own = new URL(demo.app.url).host
    expect([...seen.hosts, ...deskSeen.hosts].filter((host) => host !== own)).toEqual([])
    if (screenshots !== undefined) {
      await sandbox.screenshot({ path: join(screenshots, 'sandbox.png') })
      await desk.screenshot({ path: join(screenshots, 'desk.png') })
    }
  })
})
