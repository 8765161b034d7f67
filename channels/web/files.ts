/** Files: `POST /uploads` takes one from a visitor, `GET /files` gives one back to the visitor whose thread holds it. */
import { z } from 'zod'
import type { ChannelRoute, Exchange } from '../../src/core/channel.ts'
import { isPicture, type StoredMedia } from '../../src/core/media.ts'
import type { MediaRef, Part } from '../../src/core/message.ts'
import { decodeUpload } from './decode.ts'
import { storedFileOf } from './encode.ts'
import { bearerOf, createEndpoint, failure, signedIn } from './http.ts'
import type { Call, Reply } from './http.ts'
import type { WebParts } from './parts.ts'
import type { VisitorSession } from './verify.ts'

/** How long a repeated upload finds its first file. */
const rememberMs = 3_600_000

const toPart = (media: StoredMedia & MediaRef, name: string): Part => {
  if (isPicture(media)) return { kind: 'image', media, alt: name }
  return media.contentType.startsWith('audio/') ? { kind: 'audio', media } : { kind: 'file', media, name }
}

const stored = z.strictObject({ mediaId: z.string(), contentType: z.string(), bytes: z.int() })

/** Saves the bytes once: an upload whose answer was lost comes again under the same id. */
const save = async ({ host }: WebParts, key: string, bytes: Uint8Array): Promise<StoredMedia> => {
  const cacheKey = `web:upload:${host.inboxId}:${key}`
  const known = await host.cache.get(cacheKey)
  if (known !== undefined) return stored.parse(JSON.parse(known))
  const { mediaId, contentType, bytes: size } = await host.media.save(bytes)
  const media = { mediaId, contentType, bytes: size }
  await host.cache.set(cacheKey, JSON.stringify(media), rememberMs)
  return media
}

const takeFile = async (parts: WebParts, { request }: Call, session: VisitorSession): Promise<Reply> => {
  const asked = decodeUpload(new URL(request.url).searchParams)
  if (asked === undefined) return failure({ code: 'bad_frame', retryable: false })
  const { id, name } = asked
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.byteLength === 0) return failure({ code: 'empty', retryable: false, clientMsgId: id })
  const result = await parts.intake.give(session, id, async () =>
    toPart(await save(parts, `${session.visitor}:${id}`, bytes), name),
  )
  if (result.kind === 'refused') return failure(result.error)
  return { status: 200, body: { clientMsgId: result.clientMsgId, seq: result.seq } }
}

/** Who may send how much, settled before a byte of it is read; a place is held until the exchange is over. */
const createAdmission = ({ config, host, tokens, limits }: WebParts) => {
  const { uploadsAtOnce, uploadBytesPerHour } = config.limits
  let underWay = 0
  return async ({ request, remoteAddress }: Call, exchange: Exchange): Promise<Reply | undefined> => {
    const check = await tokens.verify(bearerOf(request) ?? '')
    if (check.kind === 'refused') return failure({ code: 'bad_token', retryable: false })
    const declared = Number(request.headers.get('content-length') ?? host.media.maxBytes)
    if (!(declared <= host.media.maxBytes)) return failure({ code: 'too_large', retryable: false })
    if (underWay >= uploadsAtOnce) return failure({ code: 'busy', retryable: true, retryAfterMs: 3_000 })
    const bytes = Math.min(declared, uploadBytesPerHour)
    const retryAfterMs = await limits.upload(check.session.visitor, remoteAddress, bytes)
    if (retryAfterMs !== undefined) return failure({ code: 'rate_limited', retryable: true, retryAfterMs })
    underWay += 1
    exchange.onFinished(() => (underWay -= 1))
    return undefined
  }
}

const whole = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
const query = z.strictObject({ seq: whole, part: whole })
const notFound = failure({ code: 'not_found', retryable: false })

/** A file is named by its place in the visitor's own thread, so there is no address under which another's could be. */
const giveFile = async (parts: WebParts, { request }: Call, { visitor }: VisitorSession): Promise<Reply> => {
  const asked = query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!asked.success) return failure({ code: 'bad_frame', retryable: false })
  const { seq, part: at } = asked.data
  const part = (await parts.history.at(visitor, seq))?.parts[at]
  const mediaId = part === undefined ? undefined : storedFileOf(part)?.mediaId
  const file = mediaId === undefined ? undefined : await parts.host.media.find(mediaId)
  return file === undefined ? notFound : { status: 200, file }
}

/** Routes for visitors' files. */
export const createFileRoutes = (parts: WebParts): readonly ChannelRoute[] => [
  ...createEndpoint(
    parts,
    {
      method: 'POST',
      path: '/uploads',
      access: 'bearer',
      bytes: { max: parts.host.media.maxBytes, admit: createAdmission(parts) },
    },
    signedIn(parts, (call, session) => takeFile(parts, call, session)),
  ),
  ...createEndpoint(
    parts,
    { method: 'GET', path: '/files', access: 'bearer' },
    signedIn(parts, (call, session) => giveFile(parts, call, session)),
  ),
]
