import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Article } from '../../src/core/knowledge.ts'
import { buildHelpArticle, helpContent, openHelpWorld, type HelpWorld } from '../support/help-world.ts'

let world: HelpWorld
beforeEach(async () => {
  world = await openHelpWorld()
})
afterEach(() => world.stop())

const get = (path: string): Promise<Response> => fetch(`${world.origin}${path}`, { redirect: 'manual' })
const textOf = async (path: string): Promise<string> => (await get(path)).text()
const show = (...articles: readonly Partial<Article>[]): void => {
  world.content = helpContent(articles.map(buildHelpArticle))
}

describe('hostile requests to the help centre', () => {
  it.each([
    '/help/zh-CN/articles/..%2f..%2fetc%2fpasswd',
    '/help/zh-CN/articles/%00',
    '/help/zh-CN/articles/__proto__',
    '/help/zh-CN/articles/constructor',
    `/help/zh-CN/articles/${'a'.repeat(3_000)}`,
    '/help/zh-CN/articles/%E0%A4%A',
    '/help/zh-CN/topics/..%2f',
    '/help/zh-CN/topics/toString',
    '/help/pictures/..%2f..%2fpackage.json',
    '/help/pictures/0b0f6f6c-3c7e-4a55-9a37-6c1f0e0c2a11',
    '/help/browser/help.css',
    '/help/fr',
    '/help/zh-cn',
    '/help/ZH-CN/search?q=a',
    '/help/__proto__/articles/x',
    '/help/%0d%0aset-cookie:%20x=1/',
    '/help/%E4%B8%AD%E6%96%87/',
  ])('finds nothing at %s', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain('root:')
  })

  it.each([
    ['script', '"><script>alert(1)</script>'],
    ['attribute', '" autofocus onfocus="alert(1)'],
    ['image', '<img src=x onerror=alert(1)>'],
  ])('writes a query with %s as words', async (_name, query) => {
    const page = await textOf(`/help/zh-CN/search?q=${encodeURIComponent(query)}`)
    expect(page).not.toContain(query)
    expect(page).not.toMatch(/<script>|<img|" autofocus/)
  })

  it('reads a query without end, control characters and halves of letters as what is left of them', async () => {
    for (const query of [
      'a'.repeat(8_000),
      '%00%01%1b[31m',
      '%ED%A0%80',
      '%E2%80%AE',
      '%',
      '退'.repeat(500),
      `a${'😀'.repeat(150)}`,
      'ﷺ'.repeat(300),
    ]) {
      const answer = await get(`/help/zh-CN/search?q=${query}`)
      expect(answer.status, query.slice(0, 20)).toBe(200)
      const page = await answer.text()
      expect(page.length).toBeLessThan(30_000)
      for (const hidden of ['\0', '\u0001', '\u001b', '\u202e']) expect(page).not.toContain(hidden)
    }
  })

  it('has no place for scripts in articles', async () => {
    const payload = '<script>alert(1)</script><img src=x onerror=alert(1)>'
    show({
      question: payload,
      answer: `${payload}\n\n[a](javascript:alert(1)) [b](data:text/html,x) ![c](https://evil.example/x.png)\n\n<b onclick=alert(1)>x</b>\n\n\`${payload}\`\n\n# ${payload}`,
    })
    for (const path of ['articles/vip-refund-apply', 'topics/vip-refund', 'search?q=script', '']) {
      const page = await textOf(`/help/zh-CN${path === '' ? '' : `/${path}`}`)
      expect(page).not.toMatch(/<script>|<img|<b onclick|href="(?:javascript|data):/)
    }
  })

  it('is shut in by its policy', async () => {
    const { headers } = await get('/help/zh-CN')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})
