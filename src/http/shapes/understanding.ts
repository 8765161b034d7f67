import { z } from '@hono/zod-openapi'
import { dictionaryKinds, type ConfusionReport } from '../../core/understanding-desk.ts'
import { toIso } from './iso.ts'
import { Moment } from './message.ts'

const texts = z.array(z.string()).readonly()
const facts = {
  intent: z.string(),
  topic: z.string(),
  topicName: z.object({ zh: z.string(), en: z.string() }),
  handling: z.string().openapi({ description: 'What is done when nothing else speaks against it' }),
  urgency: z.string(),
}

export const IntentSchema = z
  .object({ ...facts, examples: z.number().openapi({ description: 'Sentences it is learned from' }) })
  .openapi('Intent')

export const IntentDetailSchema = z
  .object({
    ...facts,
    examples: texts,
    replies: z.object({ standard: texts, acg: texts, en: texts }),
  })
  .openapi('IntentDetail')

export const ConfusionsSchema = z
  .object({
    state: z.enum(['measuring', 'failed', 'done']).openapi({
      description: '`measuring`: ask again in some seconds; the rest is there once it is done',
    }),
    version: z.string().optional().openapi({ description: 'The content that was measured' }),
    at: Moment.optional(),
    rows: z.number().optional().openapi({ description: 'Labelled messages' }),
    accuracy: z.number().optional().openapi({ description: 'Share whose topic is right' }),
    pairs: z
      .array(z.object({ meant: z.string(), said: z.string(), count: z.number(), examples: texts }))
      .readonly()
      .optional(),
  })
  .openapi('Confusions')

export const DictionarySchema = z
  .object({
    of: z.number().openapi({ description: 'How many were found' }),
    data: z
      .array(
        z.object({
          kind: z.enum(dictionaryKinds),
          term: z.string(),
          means: texts,
          pinyin: z.string(),
          file: z.string().openapi({ description: 'Below the folder of intents' }),
        }),
      )
      .readonly(),
  })
  .openapi('Dictionary')

const faces = z.object({ channel: z.string(), hello: texts, answer: texts, ask: texts })
export const PersonaSchema = z
  .object({
    ...{ name: z.string(), nameEn: z.string(), brand: z.string(), brandEn: z.string() },
    tone: z.enum(['standard', 'acg']),
    stickers: z.array(faces).readonly(),
  })
  .openapi('Persona')

export const TonesSchema = z
  .object({
    data: z
      .array(
        z.object({
          tone: z.enum(['standard', 'acg']),
          isInForce: z.boolean(),
          reply: z.string(),
          articleId: z.string().optional(),
        }),
      )
      .readonly(),
  })
  .openapi('Tones')

/** What is confused, as JSON. */
export const confusionsJson = (report: ConfusionReport): z.output<typeof ConfusionsSchema> => toIso(report)
