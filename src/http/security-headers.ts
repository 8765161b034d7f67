import type { MiddlewareHandler } from 'hono'
import type { Origins } from './origins.ts'

/** For pages that say nothing of their own: everything from our host, nothing inline, framed by us alone. */
const pagePolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

/** For data: if a browser shows it as a page all the same, nothing in it runs. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

/** Who may show the desk in a frame: nobody, or pages of our own. */
export type Framers = "'none'" | "'self'"

/** For the desk: scripts, styles, pictures and frames from addresses of ours; no markup from strings. */
export const deskPolicy = (framers: Framers): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framers}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

/**
 * For the desk's app. Its components write styles while they run: those that know the page's `nonce` count. Its policy for
 * markup from strings lets no tag through (see desk/app/trusted.ts).
 */
export const deskAppPolicy = (nonce: string, framers: Framers): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framers}`,
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')

const setMissing = (headers: Headers, facts: readonly (readonly [string, string])[]): void => {
  for (const [name, value] of facts) if (!headers.has(name)) headers.set(name, value)
}

const defaultsFor = (headers: Headers, secure: boolean): readonly (readonly [string, string])[] => [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  [
    'content-security-policy',
    headers.get('content-type')?.startsWith('text/html') === true ? pagePolicy : dataPolicy,
  ],
  ...(secure ? [['strict-transport-security', 'max-age=31536000'] as const] : []),
]

/** Gives every answer its protective headers; what a route set itself stays. */
export const securityHeaders =
  (origins: () => Origins): MiddlewareHandler =>
  async (context, next) => {
    await next()
    const facts = defaultsFor(context.res.headers, origins().isSecure(context.req.header('host')))
    try {
      setMissing(context.res.headers, facts)
    } catch {
      // An answer passed on from `fetch` has headers that cannot be changed.
      context.res = new Response(context.res.body, context.res)
      setMissing(context.res.headers, facts)
    }
  }
