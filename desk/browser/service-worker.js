/* global self, fetch, Response */
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
