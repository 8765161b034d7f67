import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import type { Frame } from 'playwright-core'
import { parseMail } from '../../channels/email/mime/parse.ts'
import type { Part } from '../../src/core/message.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { createConversationStore } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import { drawPicture } from '../support/pictures.ts'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

/** What hostile mail tries, against a listener that must hear nothing. */
const attacks = (listener: string): string => `
<html><head><base href="${listener}/base/"><meta http-equiv="refresh" content="0;url=${listener}/refresh">
<style>@import url("${listener}/import"); p{background:url("${listener}/style")} input[value^="a"]{background:url(${listener}/leak)}</style>
<link rel="stylesheet" href="${listener}/link"><link rel="prefetch" href="${listener}/prefetch">
<script>parent.hacked = 1; fetch("${listener}/script")</script></head>
<body onload="fetch('${listener}/onload')" background="${listener}/background" style="background:url(${listener}/body)">
<p style="background:url(${listener}/attr);position:fixed">第一段原文</p>
<img src="x" onerror="fetch('${listener}/onerror')"><img srcset="${listener}/srcset 1x">
<img src="${listener}/pixel.png" width="1" height="1"><img data-remote="${listener}/forged">
<svg onload="fetch('${listener}/svg')"><image href="${listener}/svgimage"/><use href="${listener}/u#x"/></svg>
<math><mtext><script>fetch('${listener}/math')</script></mtext></math>
<video src="${listener}/video" poster="${listener}/poster"></video><audio src="${listener}/audio" autoplay></audio>
<iframe src="${listener}/frame"></iframe><object data="${listener}/object"></object><embed src="${listener}/embed">
<form action="${listener}/form"><input name="a" autofocus onfocus="fetch('${listener}/focus')"><button>点我</button></form>
<a href="javascript:fetch('${listener}/js')">链接一</a> <a href="https://shop.example/order">链接二</a>
<img src="cid:logo"><img src="cid:../../api/desk/me"><img src="cid:__proto__"><img src="CID:logo&quot; onerror=&quot;x">
<noscript><p title="</noscript><img src=x onerror=fetch('${listener}/mutation')>">x</p></noscript>
<details ontoggle="fetch('${listener}/toggle')" open>x</details>
<table background="${listener}/table"><tr><td>表格</td></tr></table>
<div class="gmail_quote"><blockquote type="cite">旧的往来文字</blockquote></div>
</body></html>`

const mailWith = (html: string): string =>
  [
    'From: contact@qq.example',
    'To: support@shop.example',
    'Subject: hello',
    'Message-ID: <page@qq.example>',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    html,
  ].join('\r\n')

const listen = async () => {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(request.url ?? '')
    response.end('x')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { heard, url: `http://127.0.0.1:${String(port)}`, close: () => server.close() }
}

/** The part a mail leaves in its message. */
const mailPart = async (html: string, inline: Record<string, string> = {}): Promise<Part> => {
  const mail = await parseMail(Buffer.from(mailWith(html), 'utf8'))
  return {
    kind: 'event',
    name: 'mail',
    value: mail.subject,
    data: {
      subject: mail.subject,
      from: 'contact@qq.example',
      class: 'customer',
      sender: 'unverified',
    },
    original: { html: mail.html, inline, remotePictures: mail.remotePictures },
  }
}

describeWith('chromium', "the original of a mail in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)

  let ticket: Ticket
  const showOriginal = async (html: string, inline: Record<string, string> = {}): Promise<Frame> => {
    ticket = await stage.world.arrive({
      parts: [await mailPart(html, inline), { kind: 'text', text: '我要找人工' }],
    })
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await stage.page.getByText('查看原邮件').click()
    const element = await stage.page.locator('iframe.original').elementHandle()
    const frame = await element.contentFrame()
    if (frame === null) throw new Error('there is no frame')
    return frame
  }

  it('is shown on demand, with its inline picture, and does nothing a sender wants', async () => {
    const listener = await listen()
    const { page } = stage
    // The browser says so of the test's own hand, too, which clicks by script.
    stage.expectComplaints(/Blocked script execution/)
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const picture = await drawPicture('png', { width: 31, height: 17 })
    const { mediaId } = await stage.world.media.save(new Uint8Array(picture))
    const frame = await showOriginal(attacks(listener.url), { logo: mediaId })
    await frame.getByText('第一段原文').waitFor()
    const picture31 = frame.locator('img[src*="/media/"]').first()
    await expect.poll(async () => (await picture31.boundingBox())?.width).toBe(31)
    await stage.picture('mail-original')
    // Quoted history is folded, and one click away.
    await expect.poll(() => frame.getByText('旧的往来文字').isVisible()).toBe(false)
    await frame.getByText('引用的往来邮件').click()
    await expect.poll(() => frame.getByText('旧的往来文字').isVisible()).toBe(true)
    expect(await page.evaluate('window.hacked')).toBeUndefined()
    expect(dialogs).toEqual([])
    expect(listener.heard).toEqual([])
    const own = new URL(stage.world.origin).origin
    expect(asked.filter((url) => !url.startsWith(own))).toEqual([])
    expect(asked.filter((url) => url.includes('/media/')).every((url) => url.includes(mediaId))).toBe(true)
    listener.close()
  })

  /** Stands in for the server of a sender's pictures; gives what it is asked for. */
  const servePictures = async (): Promise<readonly string[]> => {
    const asked: string[] = []
    await stage.context.route('https://pictures.example/**', async (route) => {
      asked.push(`${route.request().url()} ${route.request().headers().referer ?? 'no referer'}`)
      const body = await drawPicture('png', { width: 9, height: 9 })
      await route.fulfill({ contentType: 'image/png', body })
    })
    return asked
  }

  it('loads pictures of other servers only when an agent asks', async () => {
    const { page } = stage
    const asked = await servePictures()
    const frame = await showOriginal(
      '<p>看图</p><img src="http://pictures.example/a.png?id=1&amp;x=2" width="20">',
    )
    await frame.getByText('看图').waitFor()
    expect(asked).toEqual([])
    await page.getByRole('button', { name: '显示 1 张外部图片' }).click()
    // Pictures are loaded once they are in sight; until then they have no size of their own to be scrolled to.
    await page.locator('iframe.original[src*="pictures=1"]').scrollIntoViewIfNeeded()
    await expect.poll(() => asked).toEqual(['https://pictures.example/a.png?id=1&x=2 no referer'])
    await expect.poll(() => page.getByRole('button', { name: /外部图片/ }).count()).toBe(0)
  })

  it('stays open while the conversation goes on below it', async () => {
    const { page, world } = stage
    const asked = await servePictures()
    await showOriginal('<p>看图</p><img src="http://pictures.example/a.png" width="20">')
    await page.getByRole('button', { name: '显示 1 张外部图片' }).click()
    const shown = page.locator('iframe.original[src*="pictures=1"]')
    await shown.waitFor()
    const frame = await (await shown.elementHandle()).contentFrame()
    await expect.poll(() => asked).toHaveLength(1)
    for (let n = 1; n <= 12; n += 1) await world.writesOn(ticket, `又说了第 ${String(n)} 句`)
    await page.locator('.message').getByText('又说了第 12 句').waitFor()
    await page.locator('.thread-rows').hover()
    await page.mouse.wheel(0, -20_000)
    await shown.scrollIntoViewIfNeeded()
    expect(frame?.isDetached()).toBe(false)
    expect(asked).toHaveLength(1)
    await expect.poll(() => page.getByRole('button', { name: /外部图片/ }).count()).toBe(0)
  })

  it('lies in a frame without scripts and without our origin', async () => {
    const frame = await showOriginal('<p>正文</p>')
    await frame.getByText('正文').waitFor()
    const sandbox = await stage.page.locator('iframe.original').getAttribute('sandbox')
    expect(sandbox?.split(' ')).not.toContain('allow-scripts')
    expect(sandbox?.split(' ')).not.toContain('allow-same-origin')
    expect(await stage.page.evaluate("document.querySelector('iframe.original').contentDocument")).toBeNull()
  })

  it('is cleaned again when it is shown, and stays what it was', async () => {
    const part = await mailPart(
      '<p id="a">看图</p><img src="cid:x"><img src="https://pictures.example/a?b=1&amp;c=2">',
    )
    const kept = part.kind === 'event' ? part.original : undefined
    const unclean = `${kept?.html ?? ''}<script>1</script><p onclick="x()" style="position:fixed">旧</p><iframe src="/"></iframe><details open ontoggle="x()"><summary>引用</summary>史</details>`
    const ticket = await stage.world.arrive({
      parts: [{ kind: 'event', name: 'mail', original: { html: unclean, inline: {}, remotePictures: 1 } }],
    })
    const [message] = await stage.world.tickets.transcript(ticket.conversationId, 10)
    const browser = await stage.world.enter(stage.agent)
    const page = (await browser.get(`/api/desk/messages/${message?.id ?? ''}/original?pictures=1`)).text
    expect(page).toContain('<p id="a">看图</p>')
    expect(page).toContain('src="https://pictures.example/a?b=1&amp;c=2"')
    expect(page).toContain('<p>旧</p><details><summary>引用</summary>史</details></body>')
  })

  it('is a page that stays harmless outside its frame, for agents alone', async () => {
    const listener = await listen()
    const ticket = await stage.world.arrive({ parts: [await mailPart(attacks(listener.url))] })
    const messages = await stage.world.tickets.transcript(ticket.conversationId, 10)
    const message = messages.find(({ direction }) => direction === 'in')
    const path = `/api/desk/messages/${message?.id ?? ''}/original`
    expect((await fetch(stage.world.origin + path)).status).toBe(401)
    const browser = await stage.world.enter(stage.agent)
    const response = await browser.get(path)
    expect(response.status).toBe(200)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'none'.*sandbox allow-popups/)
    expect(policy).not.toMatch(/unsafe|https:|allow-scripts|allow-same-origin/)
    expect(response.text).not.toMatch(
      /<script|onerror|onload|<form|<base|<meta http|<svg|javascript:|forged/i,
    )
    expect((await browser.get(`${path}?pictures=2`)).status).toBe(400)
    expect((await browser.get(`/api/desk/messages/${ticket.id}/original`)).status).toBe(404)
    // The transcript itself carries no page.
    const shown = (await browser.get(`/api/desk/tickets/${ticket.id}`)).text
    expect(shown).toContain('"original":{"remotePictures":1}')
    expect(shown).not.toContain('第一段原文</p>')
    listener.close()
  })

  it('stands in the list of what nobody answered, when it is a machine’s', async () => {
    const { page, world } = stage
    const conversations = createConversationStore(world.database)
    const part = await mailPart('<p>本周特惠</p>')
    const message = buildInbound({
      contactKey: 'news@bulk.example',
      wantsReply: false,
      parts: [part, { kind: 'text', text: '本周特惠' }],
    })
    await conversations.accept([buildItem(message)], world.clock.now())
    await page.route('**/api/desk/inboxes', (route) =>
      route.fulfill({
        json: {
          inboxes: [
            {
              inboxId: message.inboxId,
              channel: 'email',
              state: 'failing',
              since: '2026-11-26T00:00:00.000Z',
              lastError: { at: '2026-11-26T00:00:00.000Z', message: 'imap 登录被拒：检查 imap.password' },
              nextTryAt: '2026-11-26T00:01:00.000Z',
            },
          ],
        },
      }),
    )
    await stage.enter(stage.agent)
    await page.getByRole('link', { name: '管理 · 渠道：1 个异常' }).click()
    await page.getByText('imap 登录被拒').waitFor()
    await page.getByText('近 7 天未答复也未建工单的来信').click()
    await page.getByText('n***@bulk.example').click()
    await page.getByText('本周特惠').waitFor()
    await stage.picture('mail-quiet')
  })
})
