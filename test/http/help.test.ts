import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Article } from '../../src/core/knowledge.ts'
import { buildHelpArticle, helpContent, openHelpWorld, type HelpWorld } from '../support/help-world.ts'

let world: HelpWorld
beforeEach(async () => {
  world = await openHelpWorld()
})
afterEach(() => world.stop())

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${world.origin}${path}`, { headers, redirect: 'manual' })
const textOf = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
  (await get(path, headers)).text()
const show = (...articles: readonly Partial<Article>[]): void => {
  world.content = helpContent(articles.map(buildHelpArticle))
}

const slipIn = (page: string): string => /name="slip" value="([^"]+)"/.exec(page)?.[1] ?? ''

const vote = (
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  path = '/help/zh-CN/articles/vip-refund-apply/helpful',
): Promise<Response> =>
  fetch(`${world.origin}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: world.origin, ...headers },
    redirect: 'manual',
  })

describe('the help centre', () => {
  it('opens in the reader’s language', async () => {
    const zh = await get('/help')
    expect([zh.status, zh.headers.get('location')]).toEqual([302, '/help/zh-CN'])
    const en = await get('/help', { 'accept-language': 'en-GB' })
    expect(en.headers.get('location')).toBe('/help/en')
    expect(en.headers.get('vary')).toMatch(/accept-language/i)
  })

  it('leads from an address with a slash at its end to the page', async () => {
    const answer = await get('/help/zh-CN/contact//')
    expect([answer.status, answer.headers.get('location')]).toEqual([308, '/help/zh-CN/contact'])
  })

  it('shows an article with its steps, its address for search engines and its other language', async () => {
    const page = await textOf('/help/zh-CN/articles/vip-refund-apply')
    expect(page).toMatch(/<html lang="zh-CN">[\s\S]*<h1>大会员可以退款吗<\/h1>[\s\S]*<ol>/)
    expect(page).toContain(
      '<link rel="canonical" href="https://help.example.com/help/zh-CN/articles/vip-refund-apply"',
    )
    expect(page).toContain('hreflang="en" href="https://help.example.com/help/en/articles/vip-refund-apply"')
    expect(await textOf('/help/en/articles/vip-refund-apply')).toMatch(
      /<html lang="en">[\s\S]*<h1>Can I get a membership refund<\/h1>/,
    )
  })

  it('shows links as links, a film as one, and goes on numbering behind a picture', async () => {
    show({
      answer:
        '# 步骤\n\n1. 打开 [设置](https://example.com/a?b=1&c=2)\n2. 看 [演示](https://example.com/demo.MP4)\n\n写信到 <help@example.com>',
      pictures: {
        ...{ channelAnswers: {}, en: [] },
        answer: [
          {
            ...{ after: 47, alt: '"设置"<页>' },
            media: { mediaId: 'gone', contentType: 'image/png', bytes: 1 },
          },
        ],
      },
    })
    const page = await textOf('/help/zh-CN/articles/vip-refund-apply')
    expect(page).toContain(
      '<a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">设置</a>',
    )
    expect(page).toContain('rel="noopener noreferrer nofollow" class="video">演示</a>')
    expect(page).toContain('<h2>步骤</h2>')
    expect(page).toContain('<a href="mailto:help@example.com"')
    // Its file is gone: what it shows is said in words.
    expect(page).toContain('&quot;设置&quot;&lt;页&gt;')
    expect(page).toContain('<ol start="2">')
  })

  it('counts articles by topic, and says in English what is there in Chinese only', async () => {
    const untranslated = buildHelpArticle({ id: 'app-crash-start', topic: 'app-crash', question: '打不开' })
    delete (untranslated as { en?: unknown }).en
    world.content = helpContent([buildHelpArticle(), untranslated])
    expect(await textOf('/help/zh-CN')).toMatch(/大会员退款[\s\S]*1 篇[\s\S]*闪退[\s\S]*1 篇/)
    const en = await textOf('/help/en')
    expect(en).toContain('Membership refunds')
    expect(en).not.toContain('Crashes')
    expect(en).toContain('1 of 2')
    const missing = await get('/help/en/articles/app-crash-start')
    expect(missing.status).toBe(404)
    expect(await missing.text()).toContain('href="/help/zh-CN/articles/app-crash-start"')
  })

  it('shows nothing that is not valid today, hidden, or for conversations only', async () => {
    const ids = ['vip-refund-soon', 'vip-refund-over', 'vip-refund-inside', 'vip-refund-today'] as const
    show(
      { id: ids[0], question: '以后才有', from: '2026-11-29' },
      { id: ids[1], question: '已经过期', until: '2026-11-27' },
      { id: ids[2], question: '内部专用', help: false },
      { id: ids[3], question: '今天有效', from: '2026-11-28', until: '2026-11-28' },
    )
    const statuses = await Promise.all(
      ids.map(async (id) => (await get(`/help/zh-CN/articles/${id}`)).status),
    )
    expect(statuses).toEqual([404, 404, 404, 200])
    const seen = [
      await textOf('/help/zh-CN/topics/vip-refund'),
      await textOf('/help/zh-CN/search?q=以后才有 已经过期 内部专用 今天有效'),
      await textOf('/help/sitemap.xml'),
    ].join('\n')
    for (const word of ['以后才有</a>', '已经过期</a>', '内部专用</a>', ids[0], ids[1], ids[2]])
      expect(seen).not.toContain(word)
    expect(seen).toContain('今天有效')
    world.today = '2026-11-29'
    expect((await get(`/help/zh-CN/articles/${ids[0]}`)).status).toBe(200)
    expect((await get(`/help/zh-CN/articles/${ids[3]}`)).status).toBe(404)
  })

  it('shows the configured topics alone', async () => {
    await world.stop()
    const articles = [
      buildHelpArticle(),
      buildHelpArticle({ id: 'app-crash-start', topic: 'app-crash', question: '打不开' }),
    ]
    world = await openHelpWorld(helpContent(articles), { hiddenTopics: ['app-crash'] })
    expect((await get('/help/zh-CN/articles/app-crash-start')).status).toBe(404)
    expect((await get('/help/zh-CN/topics/app-crash')).status).toBe(404)
    expect((await get('/help/zh-CN/articles/vip-refund-apply')).status).toBe(200)
  })

  it('answers 304 while nothing changed, and anew once it did', async () => {
    const path = '/help/zh-CN/articles/vip-refund-apply'
    const etag = (await get(path)).headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/"/)
    expect((await get(path, { 'if-none-match': etag })).status).toBe(304)
    show({ answer: '现在不一样了。' })
    const anew = await get(path, { 'if-none-match': etag })
    expect([anew.status, await anew.text()]).toEqual([200, expect.stringContaining('现在不一样了')])
  })

  it('tells readers of incidents: on every page, or on those of their topic', async () => {
    const sinceAt = new Date('2026-11-28T02:00:00Z')
    world.incidents = [
      {
        title: { zh: '登录异常', en: 'Sign-in fails' },
        notice: { zh: '正在处理' },
        topics: ['app-crash'],
        sinceAt,
      },
    ]
    expect(await textOf('/help/zh-CN')).toMatch(/登录异常[\s\S]*2026-11-28 10:00[\s\S]*正在处理/)
    expect(await textOf('/help/en')).toContain('Sign-in fails')
    expect(await textOf('/help/zh-CN/articles/vip-refund-apply')).not.toContain('登录异常')
  })

  it('lists its pages for search engines, each with its languages', async () => {
    const sitemap = await get('/help/sitemap.xml')
    expect(sitemap.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    const text = await sitemap.text()
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<urlset\s/)
    expect(text).toContain('<loc>https://help.example.com/help/en/articles/vip-refund-apply</loc>')
    expect(await textOf('/robots.txt')).toMatch(
      /Allow: \/help\nDisallow: \/\n\nSitemap: https:\/\/help\.example\.com\/help\/sitemap\.xml/,
    )
  })

  it('cannot be used to look up a ticket: it says where the link is', async () => {
    const page = await textOf('/help/zh-CN/ticket?number=T-1001')
    expect(page).toContain('我的工单到哪一步了')
    expect(page).not.toContain('T-1001')
  })

  it('says how people are reached, as configured', async () => {
    await world.stop()
    world = await openHelpWorld(undefined, { phone: '400-178-2233', mail: 'help@example.com' })
    const page = await textOf('/help/zh-CN/contact')
    expect(page).toContain('href="/channels/web-demo/page"')
    expect(page).toContain('href="tel:4001782233"')
    expect(page).toContain('href="mailto:help@example.com"')
    expect(page).toContain('每天 10:00–18:00')
  })
})

describe('searching', () => {
  it('finds by words, by other wordings, in traditional script and by pinyin', async () => {
    const find = async (typed: string): Promise<string> =>
      textOf(`/help/zh-CN/search?q=${encodeURIComponent(typed)}`)
    for (const typed of ['退款', '会员退钱', '會員退款', 'dhykytk', 'DHYKYTK', 'dahuiyuan'])
      expect(await find(typed), typed).toContain('href="/help/zh-CN/articles/vip-refund-apply?q=')
  })

  it('says what to do when nothing is found, and is not kept by search engines', async () => {
    const page = await textOf('/help/zh-CN/search?q=qqqqzzzz')
    expect(page).toMatch(/没有找到[\s\S]*qqqqzzzz[\s\S]*找人工/)
    expect(page).toContain('<meta name="robots" content="noindex"')
    expect(page).not.toContain('rel="canonical"')
  })

  it('suggests articles while somebody types', async () => {
    const answer = await get('/help/en/suggest?q=refund')
    expect(await answer.json()).toEqual({
      suggestions: [
        { title: 'Can I get a membership refund', url: '/help/en/articles/vip-refund-apply?q=refund' },
      ],
    })
  })

  it('is slowed down for who asks without end', async () => {
    const from = { 'x-forwarded-for': '203.0.113.7' }
    let status = 200
    for (let asked = 0; asked < 300 && status === 200; asked += 1)
      ({ status } = await get('/help/zh-CN/suggest?q=a', from))
    const refused = await get('/help/zh-CN/search?q=a', from)
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect((await get('/help/zh-CN/search?q=a')).status).toBe(200)
  })
})

describe('“was this helpful”', () => {
  const path = '/help/zh-CN/articles/vip-refund-apply'

  it('counts a vote once, and says thanks', async () => {
    const slip = slipIn(await textOf(path))
    const answer = await vote({ slip, answer: 'helpful' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${path}?outcome=helpful`])
    expect(world.votes).toEqual([
      { articleId: 'vip-refund-apply', language: 'zh-CN', answer: 'helpful', day: '2026-11-28' },
    ])
    expect(await textOf(`${path}?outcome=helpful`)).toContain('谢谢，已经记下了')
    const again = await vote({ slip, answer: 'not-helpful' })
    expect(again.headers.get('location')).toBe(`${path}?outcome=spent`)
    expect(world.votes).toHaveLength(1)
  })

  it('leads whom it did not help to a person', async () => {
    const slip = slipIn(await textOf(path))
    const answer = await vote({ slip, answer: 'not-helpful' })
    const page = await textOf(answer.headers.get('location') ?? '')
    // Beside the link at the foot of every page.
    expect(page).toMatch(/抱歉没帮上忙[^<]*<\/p>\s*<p><a class="button" href="\/help\/zh-CN\/contact"/)
    expect(world.votes).toMatchObject([{ answer: 'not-helpful' }])
  })

  it('tells the learning what was searched for, where the article was no answer to it', async () => {
    const results = await textOf('/help/zh-CN/search?q=退款要多久')
    const address = /href="(\/help\/zh-CN\/articles\/[^"]+)"/.exec(results)?.[1] ?? ''
    const read = async (): Promise<Record<string, string>> => {
      const page = await textOf(address)
      return { slip: slipIn(page), q: /name="q" value="([^"]+)" \/>\s*<p/.exec(page)?.[1] ?? '' }
    }
    await vote({ ...(await read()), answer: 'helpful' })
    await vote({ slip: slipIn(await textOf(path)), answer: 'not-helpful' })
    expect(world.learned).toEqual([])
    await vote({ ...(await read()), answer: 'not-helpful' })
    expect(world.learned).toEqual([{ typed: '退款要多久', articleId: 'vip-refund-apply' }])
    await vote({ slip: 'forged', q: '退款要多久', answer: 'not-helpful' })
    expect(world.learned).toHaveLength(1)
    expect(world.votes).toHaveLength(3)
  })

  it('takes nothing from other sites', async () => {
    const slip = slipIn(await textOf(path))
    const fields = { slip, answer: 'helpful' }
    const headers = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const one of headers) expect((await vote(fields, one)).status).toBe(403)
    expect(world.votes).toEqual([])
    expect((await vote(fields)).status).toBe(303)
  })

  it('takes no slip that is forged, for another page, or a day old', async () => {
    show({}, { id: 'vip-refund-other', question: '别的问题' })
    const slip = slipIn(await textOf(path))
    const other = slipIn(await textOf('/help/zh-CN/articles/vip-refund-other'))
    const english = slipIn(await textOf('/help/en/articles/vip-refund-apply'))
    const forged = `${slip.slice(0, -2)}${slip.endsWith('A') ? 'BB' : 'AA'}`
    for (const wrong of ['', 'x', forged, other, english, `${slip}x`, 'a'.repeat(5_000)]) {
      const answer = await vote({ slip: wrong, answer: 'helpful' })
      expect(answer.headers.get('location'), wrong).toBe(`${path}?outcome=stale`)
    }
    world.clock.advance(86_400_000)
    expect((await vote({ slip, answer: 'helpful' })).headers.get('location')).toBe(`${path}?outcome=stale`)
    expect(world.votes).toEqual([])
    expect(await textOf(`${path}?outcome=stale`)).toMatch(/请再点一次[\s\S]*name="slip" value="\w/)
  })

  it('takes forms alone, with its own fields and answers', async () => {
    const slip = slipIn(await textOf(path))
    const wrong: readonly Record<string, string>[] = [
      { slip, answer: 'perhaps' },
      { slip },
      { slip, answer: 'helpful', articleId: 'x' },
    ]
    for (const fields of wrong)
      expect((await vote(fields)).headers.get('location')).toBe(`${path}?outcome=stale`)
    const json = await fetch(`${world.origin}${path}/helpful`, {
      method: 'POST',
      body: JSON.stringify({ slip, answer: 'helpful' }),
      headers: { origin: world.origin, 'content-type': 'application/json' },
      redirect: 'manual',
    })
    expect(json.headers.get('location')).toBe(`${path}?outcome=stale`)
    expect(world.votes).toEqual([])
  })

  it('is limited by network, and unknown articles have no votes', async () => {
    let status = 303
    for (let cast = 0; cast < 100 && status === 303; cast += 1)
      ({ status } = await vote({ slip: 'x', answer: 'helpful' }, { 'x-forwarded-for': '203.0.113.8' }))
    expect(status).toBe(429)
    const nowhere = '/help/zh-CN/articles/vip-refund-nothing/helpful'
    expect((await vote({ slip: 'x', answer: 'helpful' }, {}, nowhere)).status).toBe(404)
  })

  it('says so when it cannot be written down', async () => {
    world.broken = new Error('at /srv/secret.ts:1')
    const answer = await vote({ slip: slipIn(await textOf(path)), answer: 'helpful' })
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('secret')
    expect(world.log).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'a page of the help centre failed' }),
    )
  })
})

describe('hostile requests', () => {
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
