/* global self, fetch, Response, URL */
/**
 * Shows what is pushed and says when there is no connection. It keeps nothing: no page, no answer and no file is
 * stored, so nothing personal stays in the browser when somebody signs out.
 */

const offline = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>通答工作台</title></head>
<body><h1>连不上服务器</h1><p>请检查网络，再重新载入这一页。没有发送的草稿还在这个浏览器里。</p>
<h1 lang="en">The server cannot be reached</h1><p lang="en">Check the network, then load this page again. Unsent drafts are still in this browser.</p>
<p><a href="">重新载入 <span lang="en">Load again</span></a></p></body></html>`

const offlinePage = () =>
  new Response(offline, {
    status: 503,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
      'cache-control': 'no-store',
    },
  })

self.addEventListener('install', () => {
  void self.skipWaiting()
})
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})
self.addEventListener('fetch', (event) => {
  // Everything but whole pages goes its way as if nothing were here.
  if (event.request.mode !== 'navigate') return
  event.respondWith(fetch(event.request).catch(offlinePage))
})

const app = '/desk/app/'

/** What is pushed comes from our server, sealed for this browser; anything else is told of without its words. */
const noteOf = (data) => {
  try {
    const { title, body, lang, tag, path } = data.json()
    if ([title, body, lang, tag].every((part) => typeof part === 'string'))
      return { title, body, lang, tag, path: typeof path === 'string' && path.startsWith(app) ? path : app }
  } catch {
    // Told below.
  }
  return { title: '通答', body: '打开工作台看看 · Open the desk', lang: 'zh-CN', tag: 'tongda', path: app }
}

self.addEventListener('push', (event) => {
  const { title, body, lang, tag, path } = noteOf(event.data)
  event.waitUntil(
    self.registration.showNotification(title, {
      ...{ body, lang, tag, renotify: true, data: { path } },
      ...{ icon: '/desk/icon-192.png', badge: '/desk/badge-96.png' },
    }),
  )
})

/** Leads an open window there, or opens one. */
const follow = async (path) => {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const open = windows.find(({ url }) => new URL(url).pathname.startsWith('/desk/app'))
  if (open === undefined) return self.clients.openWindow(path)
  const focused = await open.focus().catch(() => open)
  focused.postMessage({ follow: path })
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(follow(event.notification.data?.path ?? app))
})
