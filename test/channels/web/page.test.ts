import { readFile, readdir } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { serveWeb, siteOrigin } from './visitor.ts'

const folder = new URL('../../../channels/web/browser/', import.meta.url)
let server: ChannelServer | undefined
afterEach(() => server?.close())

describe('the inbox’s own page', () => {
  it('allows nothing but our own host', async () => {
    server = await serveWeb()
    const response = await fetch(`${server.url}/page`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain(`connect-src 'self' ${server.origin.replace('http', 'ws')}`)
    expect(policy).toContain(`frame-ancestors 'self' ${siteOrigin}`)
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe|\*/)
  })

  it('has the widget’s tag for its inbox, in the language that is asked for', async () => {
    server = await serveWeb()
    const tagOf = async (query: string): Promise<string | undefined> => {
      const page = await (await fetch(`${server?.url ?? ''}/page${query}`)).text()
      return /<script async[^>]*>/.exec(page)?.[0]
    }
    const src = 'src="../../widget.js" data-inbox="web-test"'
    expect(await tagOf('')).toBe(`<script async ${src} data-locale="zh-CN">`)
    expect(await tagOf('?lang=en')).toBe(`<script async ${src} data-locale="en">`)
    expect(await tagOf('?lang="><script>')).toBe(`<script async ${src} data-locale="zh-CN">`)
  })

  it('says the brand’s name as words, whatever is in it', async () => {
    const name = { zh: '<b>&"小通\'', en: 'Tongda' }
    server = await serveWeb(createTestChannelHost(), { widget: { name } })
    const page = await (await fetch(`${server.url}/page`)).text()
    expect(page).toContain('<h1>&lt;b&gt;&amp;&quot;小通&#39;</h1>')
    expect(page).not.toContain('<b>')
    expect(await (await fetch(`${server.url}/page?lang=en`)).text()).toContain('<title>Tongda</title>')
  })

  it('serves every file of its folder, each with its type', async () => {
    server = await serveWeb()
    for (const file of await readdir(folder)) {
      const response = await fetch(`${server.url}/${file === 'page.html' ? 'page' : `page/${file}`}`)
      expect(response.status, file).toBe(200)
      const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' }
      const type = Object.entries(types).find(([ending]) => file.endsWith(ending))?.[1] ?? 'none'
      expect(response.headers.get('content-type'), file).toBe(`${type}; charset=utf-8`)
    }
  })

  it('has no inline script or style and no third-party host', async () => {
    for (const file of await readdir(folder)) {
      const source = await readFile(new URL(file, folder), 'utf8')
      expect(source.replaceAll('http://www.w3.org/2000/svg', ''), file).not.toMatch(/https?:\/\/[a-z]/i)
      if (file.endsWith('.html')) expect(source).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*src=)/i)
    }
  })

  it('is gone when it is switched off, and the chat is not', async () => {
    server = await serveWeb(createTestChannelHost(), { page: false })
    expect((await fetch(`${server.url}/page`)).status).toBe(404)
    expect((await fetch(`${server.url}/page/page.js`)).status).toBe(404)
    expect(
      (await fetch(`${server.url}/session`, { method: 'POST', headers: { origin: siteOrigin } })).status,
    ).toBe(200)
  })
})
