import { Hono } from 'hono'
import type { Context } from 'hono'
import { createActs } from './acts.ts'
import { createEndpoints } from './endpoints.ts'
import { knownHost } from './guard.ts'
import { createLive } from './live.ts'
import type { SandboxOptions } from './options.ts'
import { readAsset, readPage } from './static-files.ts'
import { createSwitches } from './switches.ts'

/** The try-it page. Mount `app` outside production only. */
export interface Sandbox {
  readonly app: Hono
  /** Ends the live streams; the simulators are the caller's. */
  close(): void
}

/** Builds the try-it page around running simulators. */
export const createSandbox = (options: SandboxOptions): Sandbox => {
  const { wechat } = options.simulators
  const live = createLive()
  const switches = createSwitches(wechat)
  const stopHearing = wechat.onEvent(() => live.changed())
  const app = new Hono()
  app.use(protect(contentSecurityPolicy(options.webChatUrl)))
  app.use(knownHost(options.hosts ?? []))
  const page = async (c: Context) => c.html(await readPage(c.req.path.replace(/\/$/, '')))
  app.get('/', page)
  // The same with a slash at the end, which the router takes for another path.
  app.get('/:nothing{$}', page)
  app.get('/assets/:name', async (c) => {
    const asset = await readAsset(c.req.param('name'))
    return asset === undefined
      ? c.notFound()
      : c.body(asset.body, 200, { 'Content-Type': asset.type, 'Cache-Control': 'no-cache' })
  })
  app.route('/api', createEndpoints({ ...options, live, switches, acts: createActs(wechat, switches) }))
  return {
    app,
    close: () => {
      stopHearing()
      live.close()
    },
  }
}

/** Everything from our own host, nothing inline; only the web chat may be framed. */
const contentSecurityPolicy = (webChatUrl: string): string => {
  const frame = URL.canParse(webChatUrl) ? ` ${new URL(webChatUrl).origin}` : ''
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `frame-src 'self'${frame}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

const protect =
  (policy: string) =>
  async (c: Context, next: () => Promise<void>): Promise<void> => {
    await next()
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', policy)
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Referrer-Policy', 'no-referrer')
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
  }
