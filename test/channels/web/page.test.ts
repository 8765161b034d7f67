import { readFile, readdir } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { serveWeb, siteOrigin } from './visitor.ts'

const folder = new URL('../../../channels/web/browser/', import.meta.url)
let server: ChannelServer | undefined
afterEach(() => server?.close())

describe('the test page', () => {
  it('allows nothing but its own files', async () => {
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

  it('serves every file of its folder, each with its type', async () => {
    server = await serveWeb()
    for (const file of await readdir(folder)) {
      const response = await fetch(`${server.url}/${file === 'index.html' ? 'page' : `page/${file}`}`)
      expect(response.status, file).toBe(200)
      const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' }
      const type = Object.entries(types).find(([ending]) => file.endsWith(ending))?.[1] ?? 'none'
      expect(response.headers.get('content-type'), file).toBe(`${type}; charset=utf-8`)
    }
  })

  it('has no inline script or style, no third-party host and no way from text to markup', async () => {
    for (const file of await readdir(folder)) {
      const source = await readFile(new URL(file, folder), 'utf8')
      expect(source, file).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|new Function/,
      )
      expect(source.replaceAll('http://www.w3.org/2000/svg', ''), file).not.toMatch(/https?:\/\/[a-z]/i)
      if (file.endsWith('.html')) expect(source).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*src=)/i)
    }
  })

  it('is gone when it is switched off, and the chat is not', async () => {
    server = await serveWeb(createTestChannelHost(), { page: false })
    expect((await fetch(`${server.url}/page`)).status).toBe(404)
    expect((await fetch(`${server.url}/page/chat.js`)).status).toBe(404)
    expect(
      (await fetch(`${server.url}/session`, { method: 'POST', headers: { origin: siteOrigin } })).status,
    ).toBe(200)
  })
})
