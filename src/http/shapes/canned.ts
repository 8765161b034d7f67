import { z } from '@hono/zod-openapi'
import { cannedNames, type CannedReply } from '../../core/canned.ts'
import { maxAgentText } from '../../tickets/index.ts'
import { ChannelSchema } from './incident.ts'
import { Moment } from './message.ts'

const text = z
  .string()
  .max(maxAgentText)
  .openapi({ description: `May name ${cannedNames.map((name) => `{{${name}}}`).join(', ')}` })

/** Its own facts, as they are read and written. */
export const cannedFacts = {
  name: z.string().trim().min(1).max(60),
  scope: z
    .enum(['team', 'personal'])
    .openapi({ description: '`personal`: seen by its owner alone; `team`: by everybody' }),
  text: text.openapi({ description: 'May be empty beside pictures' }),
  variants: z
    .array(z.strictObject({ channel: ChannelSchema, text: text.min(1) }))
    .max(9)
    .readonly()
    .openapi({ description: 'What single channels get instead of `text`' }),
  pictures: z
    .array(z.strictObject({ mediaId: z.uuid(), name: z.string().trim().min(1).max(200) }))
    .max(9)
    .readonly()
    .openapi({ description: 'Go along as attachments; uploaded at the desk (`POST /api/desk/media`)' }),
}

export const CannedReplySchema = z
  .object({
    id: z.string(),
    ...cannedFacts,
    sounds: z.array(z.string()).readonly().openapi({
      description: 'How the name sounds: initials of the syllables, and whole syllables',
    }),
    createdAt: Moment,
    updatedAt: Moment,
    version: z.number(),
  })
  .openapi('CannedReply')

/** A canned reply as JSON. */
export const cannedJson = (reply: CannedReply): z.output<typeof CannedReplySchema> => ({
  id: reply.id,
  name: reply.name,
  scope: reply.scope,
  text: reply.text,
  variants: reply.variants,
  pictures: reply.pictures,
  sounds: reply.sounds,
  version: reply.version,
  createdAt: reply.createdAt.toISOString(),
  updatedAt: reply.updatedAt.toISOString(),
})
