import type { OpenAPIHono } from '@hono/zod-openapi'
import type { StoredMedia } from '../../core/media.ts'
import { Problem } from '../problem.ts'
import { mediaPolicy } from '../security-headers.ts'
import type { DeskEnv } from './environment.ts'
import { getMedia } from './routes.ts'

/** Kinds of content that browsers show without running anything, with the name each is saved under. */
const shown: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['audio/amr', 'amr'],
  ['audio/mpeg', 'mp3'],
])

const headersOf = ({ mediaId, contentType }: StoredMedia): Record<string, string> => {
  const extension = shown.get(contentType)
  const inline = extension !== undefined
  return {
    // The name is ours: what the sender called the file is only data.
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${mediaId}${inline ? `.${extension}` : ''}"`,
    'content-type': inline ? contentType : 'application/octet-stream',
    'content-security-policy': mediaPolicy,
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    // Never changes under its id; kept by the browser only, and not for long after a sign-out.
    'cache-control': 'private, max-age=300',
  }
}

/** Files that came with messages, for agents who may read them. */
export const addMediaRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(getMedia, async (context) => {
    const found = await context.var.desk.media.find(context.req.valid('param').id)
    if (found === undefined) throw new Problem('not_found', 'there is no such file; it may have been erased')
    return context.body(Buffer.from(found.bytes), 200, headersOf(found.media))
  })
}
