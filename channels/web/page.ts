import { readFile } from 'node:fs/promises'
import type { ChannelRoute } from '../../src/core/channel.ts'
import type { WebConfig } from './manifest.ts'

const scripts = [
  'chat',
  'words',
  'connection',
  'api',
  'socket',
  'poll',
  'messages',
  'parts',
  'files',
  'picker',
]
const files = [
  { path: '/page', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/page/chat.css', file: 'chat.css', type: 'text/css; charset=utf-8' },
  ...scripts.map((name) => ({
    path: `/page/${name}.js`,
    file: `${name}.js`,
    type: 'text/javascript; charset=utf-8',
  })),
]

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

/** The plain test page; no routes when it is switched off. */
export const createPageRoutes = (config: WebConfig): readonly ChannelRoute[] => {
  if (!config.page) return []
  const headers = {
    'content-security-policy': contentSecurityPolicy(config),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  }
  return files.map(({ path, file, type }) => ({
    method: 'GET',
    path,
    maxBodyBytes: 0,
    handle: async () =>
      new Response(await readFile(new URL(`./browser/${file}`, import.meta.url)), {
        headers: { ...headers, 'content-type': type },
      }),
  }))
}
