import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Context, Hono } from 'hono'
import { LRUCache } from 'lru-cache'
import type { BrowserBundle, BundledFile } from '../core/browser-bundle.ts'
import { deskAppPolicy, type Framers } from './security-headers.ts'

const assets = '/desk/assets'

/** `style-src` takes the page's own word: the components write their styles while they run. */
const page = ({ scripts, styles }: BrowserBundle, nonce: string): string =>
  `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="style-nonce" content="${nonce}">
<title>通答工作台</title>
<link rel="icon" href="/desk/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/desk/icon-180.png">
<link rel="manifest" href="/desk/app.webmanifest">
<meta name="theme-color" content="#0b6bcb">
${styles.map((name) => `<link rel="stylesheet" href="${assets}/${name}">`).join('\n')}
${scripts.map((name) => `<link rel="modulepreload" href="${assets}/${name}">`).join('\n')}
<script type="module" src="${assets}/${scripts[0] ?? ''}"></script>
</head>
<body>
<div id="app"></div>
<noscript>工作台需要 JavaScript。The desk needs JavaScript.</noscript>
</body>
</html>
`

/** Loads itself again after some seconds. */
const waiting = (seconds: number, zh: string, en: string): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="${String(seconds)}"><link rel="icon" href="/desk/icon.svg" type="image/svg+xml"><title>通答工作台</title></head>
<body><p>${zh}</p><p lang="en">${en}</p></body></html>
`
const preparing = waiting(2, '正在准备工作台，几秒钟就好……', 'The desk is being prepared; a few seconds…')
const broken = waiting(
  10,
  '工作台暂时打不开，服务器的日志里有原因。',
  'The desk cannot be opened; the log of the server says why.',
)

/** Longer than one that is kept takes to be read, short enough for people to see at once that something happens. */
const patienceMs = 500

const squeeze = {
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 9 }),
}
type Encoding = keyof typeof squeeze

const encodingFor = (context: Context): Encoding | undefined => {
  const accepted = context.req.header('accept-encoding') ?? ''
  return /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined
}

/** Squeezes each file once. */
const createSqueezer = () => {
  const squeezed = new LRUCache<string, Promise<Uint8Array>>({ max: 200 })
  return (name: string, { bytes }: BundledFile, encoding: Encoding): Promise<Uint8Array> => {
    const key = `${encoding} ${name}`
    const known = squeezed.get(key) ?? squeeze[encoding](bytes)
    squeezed.set(key, known)
    return known
  }
}

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Serves the agents' app. The page holds nothing worth hiding: who may see tickets is decided by the API. */
export const mountDeskApp = (app: Hono, bundle: () => Promise<BrowserBundle>, framers: Framers): void => {
  const squeezeOnce = createSqueezer()
  const open = () => bundle().catch(() => 'broken' as const)
  const show = async (context: Context) => {
    const built = await Promise.race([open(), delay(patienceMs, 'preparing' as const, { ref: false })])
    // No 503: a proxy would take the whole node for gone, which serves everything else.
    if (built === 'preparing') return context.html(preparing, 200, { 'cache-control': 'no-store' })
    if (built === 'broken') return context.html(broken, 500, { 'cache-control': 'no-store' })
    const nonce = randomBytes(16).toString('base64')
    return context.html(page(built, nonce), 200, {
      ...isolation,
      'content-security-policy': deskAppPolicy(nonce, framers),
      'cache-control': 'no-store',
    })
  }
  app.get('/desk/app', show)
  app.get('/desk/app/*', show)
  app.get(`${assets}/:name`, async (context) => {
    const name = context.req.param('name')
    // The page may come from another node, which has it already.
    const built = await open()
    const file = built === 'broken' ? undefined : built.files.get(name)
    if (file === undefined) return context.notFound()
    const encoding = encodingFor(context)
    const headers = {
      ...isolation,
      'content-type': file.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    }
    return encoding === undefined
      ? context.body(Uint8Array.from(file.bytes), 200, headers)
      : context.body(Uint8Array.from(await squeezeOnce(name, file, encoding)), 200, {
          ...headers,
          'content-encoding': encoding,
        })
  })
}
