import type { OpenAPIHono } from '@hono/zod-openapi'
import { mediaHeaders } from '../../core/media.ts'
import { Problem } from '../problem.ts'
import type { DeskEnv } from './environment.ts'
import { maskPage } from './mask-page.ts'
import { originalPage, originalPolicy } from './original-page.ts'
import { getMedia, getOriginal, getSound, putMedia } from './routes.ts'

/** Files that came with messages, for agents who may read them; and files that agents send. */
export const addMediaRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(putMedia, async (context) => {
    const bytes = new Uint8Array(await context.req.arrayBuffer())
    if (bytes.byteLength === 0) throw new Problem('bad_input', 'the file is empty')
    const { mediaId, contentType, bytes: size } = await context.var.desk.media.saveUnsent(bytes)
    return context.json({ mediaId, contentType, bytes: size }, 200)
  })
  app.openapi(getMedia, async (context) => {
    const found = await context.var.desk.media.find(context.req.valid('param').id)
    if (found === undefined) throw new Problem('not_found', 'there is no such file; it may have been erased')
    return context.body(Buffer.from(found.bytes), 200, mediaHeaders(found.media))
  })
  app.openapi(getSound, async (context) => {
    const { media, voices } = context.var.desk
    const found = await media.find(context.req.valid('param').id)
    if (found === undefined) throw new Problem('not_found', 'there is no such file; it may have been erased')
    const wav = await voices.wavOf(found.bytes)
    if (wav === undefined)
      throw new Problem(
        'bad_input',
        'this is no SILK recording, a damaged one, or one of more than ten minutes; save the file instead',
      )
    return context.body(wav, 200, mediaHeaders({ ...found.media, contentType: 'audio/wav' }))
  })
  app.openapi(getOriginal, async (context) => {
    const { originalOf, mediaLink, masker } = context.var.desk
    const original = await originalOf(context.req.valid('param').id)
    if (original === undefined) throw new Problem('not_found', 'the message has no page of its own')
    const pictures = context.req.valid('query').pictures === '1'
    return context.body(
      originalPage({ ...original, html: maskPage(original.html, masker) }, { pictures, link: mediaLink }),
      200,
      {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': originalPolicy(pictures),
        'cross-origin-resource-policy': 'same-origin',
      },
    )
  })
}
