/** What a brand sends us, as a schema: the only description of the format, from which the documentation is made. */
import { z } from 'zod'

const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.trim() !== '', 'must not be blank')

/** An id of the brand's. */
const id = (max: number, meaning: string) =>
  printable(max)
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')
    .describe(meaning)

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).max(2_048)

const media = z
  .union([
    z.strictObject({ url: httpUrl.describe('We fetch it once, over https, and follow no redirect.') }),
    z.strictObject({
      base64: z.base64().min(4).describe('The file itself; it counts to the size of the request.'),
    }),
  ])
  .describe('A file: a link to it, or its bytes.')

const title = z.string().max(500).optional()

const transcript = z.strictObject({
  text: z.string().min(1).max(20_000),
  source: z.string().min(1).max(64).default('api').describe('Who wrote it down. Default `api`.'),
})

const textPart = z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(20_000) })
const imagePart = z.strictObject({ kind: z.literal('image'), media, alt: title })
const audioPart = z.strictObject({
  kind: z.literal('audio'),
  media: media.optional().describe('Left out: the recording stays with you; add a `link` part to it.'),
  durationMs: z.int().min(0).max(86_400_000).optional(),
  transcript: transcript.optional().describe('What was said, read like a text.'),
})
const videoPart = z.strictObject({ kind: z.literal('video'), media })
const filePart = z.strictObject({ kind: z.literal('file'), media, name: printable(255) })
const locationPart = z.strictObject({
  kind: z.literal('location'),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  label: title,
})
const linkPart = z.strictObject({
  kind: z.literal('link'),
  url: httpUrl,
  title,
  description: z.string().max(2_000).optional(),
})
const stickerPart = z.strictObject({
  kind: z.literal('sticker'),
  name: printable(128),
  media: media.optional(),
})
const eventPart = z.strictObject({
  kind: z.literal('event'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and hyphens')
    .describe(
      'What happened: `opened`, `subscribed`, `unsubscribed`, `menu`, `choice`, `callback-requested`, or a word of your own.',
    ),
  value: z.string().max(256).optional().describe('The key of a `menu`, the id of a `choice`.'),
  data: z.record(z.string().max(64), z.unknown()).optional().describe('Facts for the agent’s eyes.'),
})

/** Kinds we know. */
const knownPart = z.discriminatedUnion('kind', [
  textPart,
  imagePart,
  audioPart,
  videoPart,
  filePart,
  locationPart,
  linkPart,
  stickerPart,
  eventPart,
])

const knownKinds: ReadonlySet<string> = new Set(knownPart.options.map(({ shape }) => shape.kind.value))

const otherPart = z
  .looseObject({
    kind: printable(64)
      .refine((kind) => !knownKinds.has(kind), { error: 'is a known kind', abort: true })
      .meta({ not: { enum: [...knownKinds] } }),
  })
  .describe('Any other kind: kept as it came and shown to agents as unsupported.')

const part = z.union([knownPart, otherPart])

/** The body of `POST /channels/<inbox>/messages`. */
export const inboundBody = z
  .strictObject({
    id: id(200, 'Your id of the message. The same id again is a repetition and changes nothing.'),
    contact: z
      .strictObject({
        id: id(128, 'Your id of the person: user id, telephone number. Must not hold `|`.').regex(
          /^[^|]*$/,
          'must not hold |',
        ),
        displayName: z.string().max(100).optional().describe('Shown to agents.'),
        unionKey: id(
          200,
          'Joins this person with identities on other inboxes that carry the same key.',
        ).optional(),
      })
      .describe('Who wrote.'),
    thread: id(
      200,
      'Where it was written: topic, call, order. Each contact has a conversation of their own in each thread. Left out: one conversation a contact.',
    ).optional(),
    sentAt: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('When it was written, ISO 8601 with zone. Default: now. Later than now counts as now.'),
    parts: z.array(part).min(1).max(20).describe('What was said, in order.'),
    complete: z
      .boolean()
      .default(false)
      .describe(
        'true: answered at once. Default false: a short while is waited for further pieces (router.settleMs).',
      ),
    wantsReply: z
      .boolean()
      .default(true)
      .describe(
        'false: kept for agents, the bot says nothing (a call that was answered by a person). Default true.',
      ),
  })
  .meta({ title: 'A message of a contact' })

/** A brand's message, checked. */
export type InboundBody = z.output<typeof inboundBody>
export type InboundPart = InboundBody['parts'][number]
/** A file as a brand sends it. */
export type InboundFile = z.output<typeof media>

/** A part that is one of the kinds we know. */
export const isKnownPart = (given: InboundPart): given is z.output<typeof knownPart> =>
  knownKinds.has(given.kind)
