/** What the bridge says, one JSON object a line: proven by the key it was started with, then checked by a schema. */
import { z } from 'zod'
import { readBoundedJson, Refusal, sameSecret } from '../kit/index.ts'

const id = z.string().min(1).max(256)
const words = z.string().max(20_000)

const received = z.strictObject({
  id,
  type: z.string().min(1).max(64),
  text: words,
  contactId: id,
  contactName: z.string().max(512),
  contactType: z.enum(['unknown', 'individual', 'official', 'corporation']),
  roomId: id.optional(),
  self: z.boolean(),
  mentionsSelf: z.boolean(),
  /** Milliseconds since 1970. */
  sentAt: z.number().min(0).max(8.64e15),
  file: z
    .strictObject({
      name: z.string().max(512),
      base64: z.string().optional(),
      failure: z.enum(['failed', 'too_large']).optional(),
    })
    .optional(),
  link: z.strictObject({ url: words, title: words, description: words }).optional(),
  miniProgram: z.strictObject({ title: words, description: words, appId: words, pagePath: words }).optional(),
  location: z
    .strictObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      label: words,
    })
    .optional(),
})

/** A message as the bridge hands it over. */
export type Received = z.output<typeof received>

const event = z.discriminatedUnion('t', [
  z.object({ t: z.literal('started') }),
  z.object({ t: z.literal('scan'), qrcode: z.string().min(1).max(4_096), file: z.string().max(256) }),
  z.object({ t: z.literal('login'), userId: id }),
  z.object({ t: z.literal('logout') }),
  z.object({ t: z.literal('message'), message: received }),
  z.object({
    t: z.literal('done'),
    id,
    ok: z.boolean(),
    code: z.enum(['not_signed_in', 'unreachable', 'failed']).optional(),
    providerId: id.optional(),
  }),
  z.object({ t: z.literal('fault'), name: z.string().max(256) }),
])

/** What the bridge says. */
export type BridgeEvent = z.output<typeof event>

const Keyed = z.looseObject({ key: z.string() })

const maxJsonDepth = 8

/** Reads a line. Throws `Refusal`: `unauthorized` without the key, `malformed` for what is no event. */
export const readEvent = (line: string, key: string): BridgeEvent => {
  const value = readBoundedJson(line, maxJsonDepth)
  const keyed = Keyed.safeParse(value)
  if (!keyed.success || !sameSecret(keyed.data.key, key))
    throw new Refusal('unauthorized', 'not_the_bridge', 'something in the bridge writes to standard output')
  const parsed = event.safeParse(value)
  if (!parsed.success) throw new Refusal('malformed', 'not_an_event')
  return parsed.data
}
