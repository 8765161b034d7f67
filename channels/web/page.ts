/** Our own page: nothing but the widget, opened, by the one script tag that any page has. */
import { readFile } from 'node:fs/promises'
import type { ChannelRoute } from '../../src/core/channel.ts'
import type { WebConfig } from './manifest.ts'

/** What the page itself says; everything else is the widget's. */
const words = {
  'zh-CN': {
    hint: '在线客服在这一页的窗口里；关上了，点角上的按钮再打开。',
    otherLang: 'en',
    other: 'English',
  },
  en: {
    hint: 'Support is in the window on this page; closed, its button in the corner opens it again.',
    otherLang: 'zh-CN',
    other: '中文',
  },
} as const

const read = (name: string): Promise<Buffer> => readFile(new URL(`./browser/${name}`, import.meta.url))

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const asMarkup = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '')

/** The page in the language that its address asks for. */
const writePage = async (request: Request, { widget }: WebConfig, inbox: string): Promise<string> => {
  const isEnglish = /^en\b/i.test(new URL(request.url).searchParams.get('lang') ?? '')
  const lang = isEnglish ? 'en' : 'zh-CN'
  const values = { ...words[lang], lang, inbox, name: isEnglish ? widget.name.en : widget.name.zh }
  const page = await read('page.html')
  return page
    .toString('utf8')
    .replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) =>
      asMarkup(new Map(Object.entries(values)).get(key) ?? ''),
    )
}

/** Everything from our own host, nothing inline, no markup from strings; framed only by listed origins. */
const contentSecurityPolicy = ({ publicUrl, origins = [] }: WebConfig): string => {
  const socketOrigin = new URL(publicUrl).origin.replace(/^http/, 'ws')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Files of the thread are fetched with the visitor's token and shown from memory.
    'img-src data: blob:',
    'media-src blob:',
    // Older browsers do not count WebSockets as 'self'.
    `connect-src 'self' ${socketOrigin}`,
    `frame-ancestors 'self' ${origins.join(' ')}`.trimEnd(),
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

/** The page of an inbox; no routes when it is switched off. */
export const createPageRoutes = (config: WebConfig, inboxId: string): readonly ChannelRoute[] => {
  if (!config.page) return []
  const headers = {
    'content-security-policy': contentSecurityPolicy(config),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  }
  const give = (
    path: string,
    type: string,
    write: (request: Request) => Promise<string | Buffer<ArrayBuffer>>,
  ): ChannelRoute => ({
    method: 'GET',
    path,
    maxBodyBytes: 0,
    handle: async (request) =>
      new Response(await write(request), {
        headers: { ...headers, 'content-type': `${type}; charset=utf-8` },
      }),
  })
  return [
    give('/page', 'text/html', (request) => writePage(request, config, inboxId)),
    give('/page/page.css', 'text/css', async () => Buffer.from(await read('page.css'))),
    give('/page/page.js', 'text/javascript', async () => Buffer.from(await read('page.js'))),
  ]
}
