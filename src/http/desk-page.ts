import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Hono } from 'hono'
import { deskPolicy, type Framers } from './security-headers.ts'

const folder = new URL('../../desk/browser/', import.meta.url)
const html = 'text/html; charset=utf-8'
const script = 'text/javascript; charset=utf-8'

/** Every address of the sign-in pages and of what makes the app installable, and the file behind it: a list, so that no address can reach another file. */
const files: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/desk/sign-in', 'sign-in.html', html],
  ['/desk/base.css', 'base.css', 'text/css; charset=utf-8'],
  ['/desk/icon.svg', 'icon.svg', 'image/svg+xml'],
  ...['icon-180', 'icon-192', 'icon-512', 'icon-maskable-512', 'badge-96'].map(
    (name) => [`/desk/${name}.png`, `${name}.png`, 'image/png'] as const,
  ),
  ['/desk/app.webmanifest', 'app.webmanifest', 'application/manifest+json'],
  // Lies where it is, as it may look after nothing outside its folder.
  ['/desk/service-worker.js', 'service-worker.js', script],
  ...[
    'api',
    'dom',
    'format',
    'present',
    'sign-in',
    'sign-in-enrol',
    'sign-in-invitation',
    'sign-in-password',
    'sign-in-security',
    'words',
    'words-sign-in',
  ].map((name) => [`/desk/${name}.js`, `${name}.js`, script] as const),
]

const protectionFor = (framers: Framers) => ({
  'content-security-policy': deskPolicy(framers),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
})

/**
 * Serves the sign-in pages and what makes the app installable, and leads from `/desk` to the agents' app; what stands behind `#` goes along. They hold
 * nothing worth hiding: who may see tickets is decided by the API.
 */
export const mountDeskPage = (app: Hono, framers: Framers): void => {
  const protection = protectionFor(framers)
  for (const [path, file, type] of files) {
    const bytes = readFileSync(new URL(file, folder))
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    const headers = {
      'content-type': type,
      'cache-control': 'no-cache',
      ...protection,
      etag,
    }
    app.get(path, (context) =>
      context.req.header('if-none-match') === etag
        ? context.body(null, 304, headers)
        : context.body(bytes, 200, headers),
    )
  }
  app.get('/desk', (context) => {
    for (const [name, value] of Object.entries({ ...protection, 'cache-control': 'no-store' }))
      context.header(name, value)
    return context.redirect('/desk/app', 302)
  })
  app.get('/desk/', (context) => context.redirect('/desk', 308))
}
