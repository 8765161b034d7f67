import { readFileSync } from 'node:fs'
import type { Context, Hono } from 'hono'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { mediaHeaders, type MediaStore } from '../core/media.ts'
import { addresses, base } from './addresses.ts'
import type { Catalogue } from './catalogue.ts'
import type { HelpConfig } from './config.ts'
import { isKnown, tagOf } from './respond.ts'

const read = (name: string): string => readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8')

/** The style with the brand's colours. */
const styleWith = ({ light, dark }: HelpConfig['accent']): string => `${read('help.css')}
:root { --accent: ${light}; }
@media (prefers-color-scheme: dark) { :root { --accent: ${dark}; } }
@media print { :root { --accent: #17202b; } }
`

/** Serves style, script and icon: a list, so that no address can reach another file. */
export const mountFiles = (app: Hono, accent: HelpConfig['accent']): void => {
  const files = [
    [addresses.style, styleWith(accent), 'text/css; charset=utf-8'],
    [addresses.script, read('search.js'), 'text/javascript; charset=utf-8'],
    [addresses.icon, read('icon.svg'), 'image/svg+xml'],
  ] as const
  for (const [path, content, type] of files) {
    const tag = tagOf(content)
    const headers = {
      'content-type': type,
      'cache-control': 'public, max-age=300',
      'cross-origin-resource-policy': 'same-origin',
      etag: `"${tag}"`,
    }
    app.get(path, (context) =>
      isKnown(context, tag) ? context.body(null, 304, headers) : context.body(content, 200, headers),
    )
  }
}

export interface PictureRoute {
  readonly catalogue: () => Catalogue
  readonly media: Pick<MediaStore, 'find'>
  readonly log: Logger
}

const answerPicture = async (
  context: Context,
  { catalogue, media, log }: PictureRoute,
): Promise<Response> => {
  const id = context.req.param('id') ?? ''
  // Only what an article shows to everybody: files of messages have addresses of the same kind.
  if (catalogue().picture(id) === undefined) return context.text('404 not found', 404)
  try {
    const found = await media.find(id)
    if (found === undefined) return context.text('404 not found', 404)
    // The id is made of the bytes: under it they never change.
    return context.body(Buffer.from(found.bytes), 200, {
      ...mediaHeaders(found.media),
      'cache-control': 'public, max-age=31536000, immutable',
    })
  } catch (error) {
    if (!(error instanceof TongdaError)) throw error
    log.error({ code: error.code, mediaId: id, error }, 'a picture of the help centre could not be read')
    return context.text('503 try again later', 503, { 'retry-after': '30' })
  }
}

/** Serves the pictures of public articles. */
export const mountPictures = (app: Hono, route: PictureRoute): void => {
  app.get(`${base}/pictures/:id`, (context) => answerPicture(context, route))
}
