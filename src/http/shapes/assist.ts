import { z } from '@hono/zod-openapi'
import { Moment } from './message.ts'
import { TicketSchema } from './ticket.ts'

const Refusal = z.object({
  refused: z
    .discriminatedUnion('why', [
      z.object({
        why: z.enum([
          'nothing-said',
          'no-articles',
          'no-answer',
          'unfounded',
          'promise',
          'too-long',
          'useless',
        ]),
      }),
      z.object({
        why: z.literal('changed'),
        lost: z.array(z.string()).readonly(),
        added: z.array(z.string()).readonly(),
      }),
    ])
    .openapi({
      description:
        'Why nothing is given. `changed`: facts of the draft are not what they were; `too-long`: the model was not asked',
    }),
  machineMade: z.literal(true),
})

/** What a model made, with its name, or why nothing is given. */
const assisted = <Schema extends z.ZodType>(made: Schema) =>
  z.union([
    z.object({
      made,
      model: z.string().openapi({ description: 'The model that wrote it, as configured' }),
      machineMade: z.literal(true),
    }),
    Refusal,
  ])

const Line = z.object({
  text: z.string(),
  isUnsure: z.boolean().openapi({ description: 'It has a number, an address or a code that nobody said' }),
})
const lines = z.array(Line).readonly()
const LabelSchema = z.object({ zh: z.string(), en: z.string() })

/** What whoever takes over has to know. */
const SummaryMade = z.object({
  facts: lines,
  tried: lines,
  mood: z.enum(['neutral', 'happy', 'sad', 'anxious', 'angry']),
  wants: lines,
})
export const AssistedSummary = assisted(SummaryMade).openapi('AssistedSummary')

/** What was written when the bot handed the conversation over. */
export const KeptHandoff = z
  .object({
    state: z.enum(['planned', 'made', 'none']).openapi({
      description: '`none`: nothing was written at the last handover, or nothing came of it',
    }),
    kept: z
      .object({
        made: SummaryMade,
        model: z.string().openapi({ description: 'The model that wrote it, as configured' }),
        language: z.enum(['zh', 'en']),
        madeAt: Moment,
        reachesSeq: z.int().openapi({ description: '`seq` of the newest message that it knows' }),
      })
      .optional(),
    machineMade: z.literal(true),
  })
  .openapi('KeptHandoff')

/** A reply from articles alone. */
export const AssistedReply = assisted(
  z.object({
    text: z.string(),
    sources: z.array(z.object({ articleId: z.string(), question: z.string() })).readonly(),
  }),
).openapi('AssistedReply')

/** A draft written anew; its facts are the same. */
export const AssistedText = assisted(z.object({ text: z.string() })).openapi('AssistedText')

/** A message in another language. */
export const AssistedTranslation = assisted(
  z.object({
    text: z.string(),
    unsure: z
      .array(z.string())
      .readonly()
      .openapi({ description: 'Numbers, addresses and codes that are not the same on both sides' }),
  }),
).openapi('AssistedTranslation')

const Proposed = z.discriminatedUnion('field', [
  z.object({ field: z.literal('kind'), value: TicketSchema.shape.kind }),
  z.object({ field: z.literal('priority'), value: TicketSchema.shape.priority }),
  z.object({ field: z.literal('topic'), value: z.string(), label: LabelSchema }),
  z.object({ field: z.literal('tag'), value: z.string() }),
  z.object({
    field: z.literal('custom'),
    name: z.string(),
    label: LabelSchema,
    value: z.union([z.string(), z.number(), z.boolean()]),
  }),
])

/** Facts that may be changed, one by one. */
export const AssistedFields = assisted(z.array(Proposed).readonly()).openapi('AssistedFields')
