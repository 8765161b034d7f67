import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Hono } from 'hono'
import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { mediaHeaders, type MediaStore, type StoredMedia } from '../core/media.ts'

/** Addresses of stored files for whoever holds one, for a while. */
export interface MediaLinks {
  /** The address under which the file can be had until the link expires. */
  readonly publicUrl: (mediaId: string) => string
  /** Whether the address was made here and has not expired. */
  readonly isValid: (mediaId: string, until: string, sig: string) => boolean
}

export interface MediaLinksOptions {
  /** Signs the links; every node has the same. */
  readonly key: string
  /** Origin under which contacts reach the server. */
  readonly origin: string
  readonly lifeMs: number
  readonly clock: Clock
}

/** Signed, expiring addresses. Links of one file made within an hour are the same. */
export const createMediaLinks = ({ key, origin, lifeMs, clock }: MediaLinksOptions): MediaLinks => {
  const sign = (mediaId: string, until: string): Buffer =>
    createHmac('sha256', key).update(`media\n${mediaId}\n${until}`).digest()
  return {
    publicUrl: (mediaId) => {
      const hourMs = 3_600_000
      const until = String(Math.ceil((clock.now().getTime() + lifeMs) / hourMs) * (hourMs / 1_000))
      return `${origin}/media/${mediaId}?until=${until}&sig=${sign(mediaId, until).toString('base64url')}`
    },
    isValid: (mediaId, until, sig) => {
      const given = Buffer.from(sig, 'base64url')
      const right = sign(mediaId, until)
      const isOurs = given.length === right.length && timingSafeEqual(given, right)
      return isOurs && Number(until) * 1_000 > clock.now().getTime()
    },
  }
}

const Address = z.strictObject({
  id: z.uuid(),
  until: z.string().regex(/^\d{1,12}$/),
  sig: z.string().regex(/^[\w-]{43}$/),
})

export interface MediaLinkRoute {
  readonly links: MediaLinks
  readonly media: Pick<MediaStore, 'find'>
  readonly log: Logger
}

/** A link is given away: chats on other addresses show the picture in their own pages. */
const linkedHeaders = (media: StoredMedia): Record<string, string> => ({
  ...mediaHeaders(media),
  'cross-origin-resource-policy': 'cross-origin',
})

/** Serves `GET /media/<id>?until=&sig=`. Whatever is wrong with an address, the answer is the same 404. */
export const mountMediaLinks = (app: Hono, { links, media, log }: MediaLinkRoute): void => {
  app.get('/media/:id', async (context) => {
    const { id } = context.req.param()
    const address = Address.safeParse({ id, ...context.req.query() })
    if (!address.success) return context.notFound()
    const { until, sig } = address.data
    if (!links.isValid(id, until, sig)) return context.notFound()
    try {
      const found = await media.find(id)
      if (found === undefined) return await context.notFound()
      return context.body(Buffer.from(found.bytes), 200, linkedHeaders(found.media))
    } catch (error) {
      if (!(error instanceof TongdaError)) throw error
      log.error({ code: error.code, mediaId: id, error }, 'a linked file could not be read')
      return context.text('503 try again later', 503, { 'retry-after': '30' })
    }
  })
}
