import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Hono } from 'hono'
import { deskPolicy, type Framers } from './security-headers.ts'

const folder = new URL('../../desk/browser/', import.meta.url)
const html = 'text/html; charset=utf-8'
const style = 'text/css; charset=utf-8'
const script = 'text/javascript; charset=utf-8'

/** Every address of the desk's pages and the file behind it: a list, so that no address can reach another file. */
const files: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/desk', 'index.html', html],
  ['/desk/sign-in', 'sign-in.html', html],
  ...['base', 'desk', 'thread'].map((name) => [`/desk/${name}.css`, `${name}.css`, style] as const),
  ['/desk/icon.svg', 'icon.svg', 'image/svg+xml'],
  ...[
    'api',
    'alerts',
    'attachments',
    'composer',
    'contact',
    'conflicts',
    'conversation',
    'counter',
    'desk',
    'dialogs',
    'dom',
    'drafts',
    'format',
    'icons',
    'incident-dialogs',
    'incidents',
    'inboxes',
    'keys',
    'list',
    'live',
    'mail',
    'messages',
    'presence',
    'present',
    'reasons',
    'reveal',
    'sign-in',
    'sign-in-enrol',
    'sign-in-invitation',
    'sign-in-security',
    'split',
    'state',
    'transfer',
    'undo',
    'words',
    'words-en',
    'words-incident',
    'words-owed',
    'words-privacy',
    'words-sign-in',
    'words-survey',
    'words-queue',
    'words-widget',
    'words-zh',
  ].map((name) => [`/desk/${name}.js`, `${name}.js`, script] as const),
]

/** Serves the desk's pages. They hold nothing worth hiding: who may see tickets is decided by the API. */
export const mountDeskPage = (app: Hono, framers: Framers): void => {
  for (const [path, file, type] of files) {
    const bytes = readFileSync(new URL(file, folder))
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    const headers = {
      'content-type': type,
      'cache-control': 'no-cache',
      'content-security-policy': deskPolicy(framers),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      etag,
    }
    app.get(path, (context) =>
      context.req.header('if-none-match') === etag
        ? context.body(null, 304, headers)
        : context.body(bytes, 200, headers),
    )
  }
  app.get('/desk/', (context) => context.redirect('/desk', 308))
}
