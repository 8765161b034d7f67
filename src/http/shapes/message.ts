import { z } from '@hono/zod-openapi'
import type { Message } from '../../core/conversation.ts'
import { withoutOriginal } from '../../core/original.ts'
import { traceSteps } from '../../core/trace.ts'

/** Whether databases and programs take the moment for the same one: other years are written otherwise. */
export const isPlainMoment = (text: string): boolean => {
  const year = new Date(text).getUTCFullYear()
  return year >= 1 && year <= 9_999
}

/** A moment as ISO 8601 in UTC. */
export const Moment = z.iso.datetime().refine(isPlainMoment, 'must lie in the years 1 to 9999')

const Media = z.object({
  mediaId: z.string().optional(),
  contentType: z.string().optional(),
  bytes: z.number().optional(),
  failure: z.string().optional(),
})

const Choice = z.object({ id: z.string(), label: z.string() })
const Data = z.record(z.string(), z.unknown())

const Part = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), format: z.enum(['plain', 'markdown']).optional() }),
  z.object({
    kind: z.literal('image'),
    media: Media,
    alt: z.string().optional(),
    url: z.string().optional(),
  }),
  z.object({
    kind: z.literal('audio'),
    media: Media,
    highQuality: Media.optional(),
    durationMs: z.number().optional(),
    transcript: z.object({ text: z.string(), source: z.string() }).optional(),
  }),
  z.object({
    kind: z.literal('video'),
    media: Media,
    thumbnail: Media.optional(),
    short: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('file'), media: Media, name: z.string() }),
  z.object({
    kind: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string().optional(),
  }),
  z.object({
    kind: z.literal('link'),
    url: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
  }),
  z.object({ kind: z.literal('sticker'), name: z.string(), media: Media.optional() }),
  z.object({
    kind: z.literal('choices'),
    prompt: z.string(),
    choices: z.array(Choice).readonly(),
    footer: z.string().optional(),
  }),
  z.object({
    kind: z.literal('event'),
    name: z.string(),
    value: z.string().optional(),
    data: Data.optional(),
    /** Present: the message has a page of its own, at `/messages/{id}/original`. */
    original: z.object({ remotePictures: z.int().min(0) }).optional(),
  }),
  z.object({ kind: z.literal('unsupported'), type: z.string(), raw: Data }),
])

/** Words are from before reasons were data. */
const Reason = z.union([
  z.object({ code: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) }),
  z.string(),
])

/** What came in and was neither answered nor made a ticket. */
export const QuietSchema = z
  .object({
    id: z.string(),
    conversationId: z.string(),
    contactKey: z.string(),
    at: Moment,
    parts: z.array(Part).readonly(),
  })
  .openapi('QuietMessage')

const Classification = z.object({
  text: z.string(),
  language: z.enum(['zh', 'en', 'other']),
  intent: z.string(),
  topic: z.string(),
  handling: z.string(),
  confidence: z.number().openapi({ description: 'Probability that the topic is right' }),
  candidates: z
    .array(z.object({ articleId: z.string(), topic: z.string(), question: z.string(), score: z.number() }))
    .readonly(),
  outOfScope: z.number(),
  urgency: z.enum(['normal', 'high', 'urgent']),
  emotion: z.string(),
  emotionStrength: z.number(),
  asksForPerson: z.boolean(),
  abuse: z.enum(['us', 'others']).optional().openapi({ description: 'Whom it insults. Absent: nobody' }),
  reasons: z.array(Reason).readonly(),
  knowledgeVersion: z.string(),
})

const Decision = z
  .object({
    kind: z.enum(['answer', 'clarify', 'collect', 'escalate', 'chat', 'silent']),
    rule: z.string(),
    reasons: z.array(Reason).readonly(),
    articleId: z.string().optional(),
    thresholds: z.record(z.string(), z.number()),
    classification: Classification.optional(),
    thinkingMs: z.number(),
  })
  .openapi('Decision')

const Trace = z
  .object({
    turn: z.int().openapi({ description: 'Which look of a worker at the conversation it was' }),
    pieces: z.int().openapi({ description: 'Messages that were understood together' }),
    totalMs: z.number().openapi({ description: 'Work so far, without waits, in milliseconds' }),
    steps: z
      .array(
        z.object({
          step: z.enum(traceSteps),
          ms: z.number(),
          isWait: z.boolean().openapi({ description: 'Nothing was done meanwhile; not in `totalMs`' }),
        }),
      )
      .readonly()
      .openapi({
        description:
          'In their order: `stored`, `pieces` (wait for further pieces), `queued` (wait for a worker), `understood`, `decided`, `outbox` (commit, and wait for the sender and between its tries), `sent` (with the provider). A step that is not known is left out',
      }),
    end: z
      .enum(['none', 'sending', 'sent', 'unsent'])
      .openapi({ description: 'What became of the answer; `none`: nothing was said' }),
    attempts: z.int().openapi({ description: 'Attempts to send, over all parts of the answer' }),
    outboxIds: z.array(z.string()).readonly(),
  })
  .openapi('Trace', {
    description:
      'The way of a contact’s message from its arrival to the sent answer. Absent: not decided, or before this was measured',
  })

const Delivery = z
  .object({
    status: z.enum(['queued', 'waiting', 'sending', 'sent', 'failed', 'expired', 'withdrawn']),
    attempts: z.number(),
    via: z.enum(['passive', 'api']).optional(),
    repeated: z.boolean(),
    error: z
      .object({ code: z.string(), message: z.string(), providerCode: z.string().optional() })
      .optional(),
  })
  .openapi('Delivery')

/** What was said or noted, with the bot's decision about it or the state of its delivery. */
export const MessageSchema = z
  .object({
    id: z.string(),
    conversationId: z.string(),
    seq: z.number(),
    direction: z.enum(['in', 'out', 'note', 'activity']),
    author: z.enum(['contact', 'bot', 'agent', 'survey', 'system']),
    agentId: z.string().optional(),
    agentName: z.string().optional(),
    parts: z.array(Part).readonly(),
    createdAt: Moment,
    decision: Decision.optional(),
    trace: Trace.optional(),
    verdict: z
      .object({
        verdict: z.enum(['right', 'wrong']),
        rightArticleId: z.string().optional(),
        byName: z.string(),
      })
      .optional()
      .openapi({ description: 'What a person found of the answer' }),
    delivery: Delivery.optional(),
  })
  .openapi('Message')

/** A message as JSON. */
export const messageJson = (message: Message): z.infer<typeof MessageSchema> => ({
  ...message,
  parts: message.parts.map(withoutOriginal),
  createdAt: message.createdAt.toISOString(),
})
