import { z } from 'zod'

const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const line = (max: number) => z.string().trim().min(1).max(max)
const reply = z.array(line(1000)).max(30).default([])

/** `intents/topics.yaml`: the scope, with names for people. */
export const topicsFile = z
  .array(
    z.strictObject({
      topic: z
        .string()
        .regex(slug, '只能用小写字母、数字和连字符 use lower-case letters, digits and hyphens only'),
      /** Name as contacts read it. */
      zh: line(30),
      en: line(60),
    }),
  )
  .min(1)
export type Topic = z.infer<typeof topicsFile>[number]

/** One file of `intents/taxonomy`. */
export const intentsFile = z
  .array(
    z.strictObject({
      /** Dotted, topic first: `thanks.closing`. */
      intent: z
        .string()
        .regex(
          /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
          '写成 主题.名称，只用小写字母、数字和连字符 write topic.name in lower-case letters, digits and hyphens',
        ),
      topic: z
        .string()
        .regex(slug, '只能用小写字母、数字和连字符 use lower-case letters, digits and hyphens only'),
      /** What the product does when nothing else speaks against it. */
      handling: z.enum(['faq', 'chat', 'escalate', 'urgent', 'clarify', 'out-of-scope', 'ignore']),
      urgency: z.enum(['normal', 'high', 'urgent']).default('normal'),
      /** Sentences that people write; what the classifier learns from. */
      examples: z.array(line(400)).min(1).max(2000),
      /** Reply texts by tone; one is picked. */
      replies: z.strictObject({ standard: reply, acg: reply, en: reply }).optional(),
    }),
  )
  .min(1)
export type Intent = z.infer<typeof intentsFile>[number]

/** `intents/lexicon/slang.yaml`. */
export const slangFile = z.array(
  z.strictObject({
    term: line(40),
    /** Empty: the term only colours the mood. */
    means: z.string().trim().max(80),
    kind: z.enum(['typo', 'abbreviation', 'slang', 'mood']),
  }),
)

/** How a message is meant; what is left out is `neutral`, `normal`, `none`, `false`. */
export const attitude = z.strictObject({
  emotion: z.enum(['neutral', 'angry', 'sad', 'anxious', 'happy']).default('neutral'),
  urgency: z.enum(['normal', 'high', 'urgent']).default('normal'),
  /** Whom it insults. Quoted and reported insults are `none`. */
  abuse: z.enum(['none', 'us', 'others']).default('none'),
  /** Whether it asks for a person instead of the bot. */
  wantsPerson: z.boolean().default(false),
})
export type Attitude = z.infer<typeof attitude>

/** One file of `intents/attitude`: messages as they really come, grouped by how they are meant. */
export const attitudeFile = z.array(attitude.extend({ examples: z.array(line(400)).min(1).max(2000) })).min(1)

const feelings = z
  .array(z.strictObject({ term: line(40), strength: z.number().int().min(1).max(3) }))
  .default([])
/** `intents/lexicon/emotion.yaml`: words, phrases, faces and emoji; strength 1 (faint) to 3 (strong). */
export const emotionFile = z.strictObject({
  angry: feelings,
  sad: feelings,
  anxious: feelings,
  happy: feelings,
})
export type EmotionLexicon = z.infer<typeof emotionFile>

/** `intents/lexicon/urgency.yaml`: phrases that raise urgency, and phrases in which they mean nothing. */
export const urgencyFile = z.strictObject({
  phrases: z.array(
    z.strictObject({
      phrase: line(60),
      level: z.enum(['high', 'urgent']),
      reason: z
        .string()
        .regex(slug, '只能用小写字母、数字和连字符 use lower-case letters, digits and hyphens only'),
    }),
  ),
  exceptions: z.array(line(60)).default([]),
})
export type UrgencyLexicon = z.infer<typeof urgencyFile>

/** `intents/lexicon/person.yaml`: how people ask for a person. */
export const personFile = z.strictObject({
  /** Enough wherever they stand: 转人工. */
  phrases: z.array(line(60)),
  /** Enough only when the whole message is one of them, politeness aside: 客服, agent. */
  alone: z.array(line(60)).default([]),
  /** Words that contain a phrase and mean something else: 人工智能. */
  exceptions: z.array(line(60)).default([]),
})
export type PersonLexicon = z.infer<typeof personFile>

/** Words that mean the same thing, in any register or language. */
export interface Concept {
  readonly concept: string
  readonly terms: readonly string[]
}

/** `intents/lexicon/concepts.yaml`: concept → its terms, separated by commas. */
export const conceptsFile = z
  .record(
    z.string().regex(slug, '只能用小写字母、数字和连字符 use lower-case letters, digits and hyphens only'),
    line(4000),
  )
  .transform((concepts): readonly Concept[] =>
    Object.entries(concepts).map(([concept, terms]) => ({
      concept,
      terms: terms
        .split(/[,，]/)
        .map((term) => term.trim())
        .filter((term) => term !== ''),
    })),
  )
