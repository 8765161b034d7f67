import { Hono } from 'hono'
import type { Context } from 'hono'
import { createActs } from './acts.ts'
import { createCast } from './cast.ts'
import { createEndpoints } from './endpoints.ts'
import { knownHost } from './guard.ts'
import { createLive } from './live.ts'
import type { SandboxOptions } from './options.ts'
import { createStage } from './stage.ts'
import { readAsset, readClientPage, readPage } from './static-files.ts'
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
  const clients = options.clients ?? []
  const acts = createActs(wechat, switches)
  const stage = createStage({
    cast: createCast({ wechat, clients, acts }),
    clock: options.clock,
    changed: () => live.changed(),
    ...(options.readingMs === undefined ? {} : { readingMs: options.readingMs }),
  })
  const stopHearing = [
    wechat.onEvent(() => live.changed()),
    ...clients.map(({ client }) => client.onChange(() => live.changed())),
  ]
  const app = new Hono()
  app.use(protect(contentSecurityPolicy(options.webChatUrl)))
  app.use(knownHost(options.hosts ?? []))
  const page = async (c: Context) => c.html(await readPage(c.req.path.replace(/\/$/, '')))
  app.get('/', page)
  // The same with a slash at the end, which the router takes for another path.
  app.get('/:nothing{$}', page)
  app.get('/clients/:channel', async (c) => {
    const channel = c.req.param('channel')
    if (!clients.some((simulator) => simulator.channel === channel)) return c.notFound()
    c.header('Content-Security-Policy', clientSecurityPolicy)
    return c.html(await readClientPage(c.req.path.replace(/\/clients\/.*$/, ''), channel))
  })
  app.get('/assets/:name', async (c) => {
    const asset = await readAsset(c.req.param('name'))
    return asset === undefined
      ? c.notFound()
      : c.body(asset.body, 200, { 'Content-Type': asset.type, 'Cache-Control': 'no-cache' })
  })
  app.route('/api', createEndpoints({ ...options, live, switches, acts, stage }))
  return {
    app,
    close: () => {
      stage.stop()
      stopHearing.forEach((stop) => stop())
      live.close()
    },
  }
}

/** Everything from our own host, nothing inline. */
const policyOf = (frameSources: string, frameAncestors: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `frame-src ${frameSources}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

/** Only the clients may be framed, and nobody frames the page. */
const contentSecurityPolicy = (webChatUrl: string): string =>
  policyOf(URL.canParse(webChatUrl) ? `'self' ${new URL(webChatUrl).origin}` : "'self'", "'none'")

const clientSecurityPolicy = policyOf("'none'", "'self'")

const protect =
  (policy: string) =>
  async (c: Context, next: () => Promise<void>): Promise<void> => {
    await next()
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', policy)
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Referrer-Policy', 'no-referrer')
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
  }
