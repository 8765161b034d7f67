import { z } from 'zod'

const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const slugRule = '只能用小写字母、数字和连字符 use lower-case letters, digits and hyphens only'
const line = (max: number) => z.string().trim().min(1).max(max)
const day = z.iso.date({ error: '日期写成 write the date as YYYY-MM-DD' })

/** Longest answer, in characters: several channels cut or refuse more. */
export const maxAnswerLength = 2000

/** An article's own fields, as its file and its editors write them. Lengths in characters. */
export const articleFields = {
  /** Unique over all articles, kebab-case, starts with the topic. */
  id: z.string().regex(slug, slugRule).max(80),
  topic: z.string().regex(slug, slugRule),
  /** The standard question. */
  question: line(100),
  /** Similar questions (相似问): how people really ask. */
  similar: z.array(line(200)).min(1).max(300),
  /** Words whose presence means that something else is asked (否定词). */
  negative: z.array(line(40)).max(50).default([]),
  /** True: a person always handles it. */
  handoff: z.boolean().default(false),
  urgency: z.enum(['normal', 'urgent']).default('normal'),
  /** Ids of articles that people often need next. */
  followups: z.array(z.string()).max(8).default([]),
  en: z.strictObject({ question: line(200), answer: line(4000) }).optional(),
  /** Answers for one channel by its name, e.g. `weibo`, where the general one does not fit. */
  channels: z.record(z.string().regex(slug), line(4000)).default({}),
  /** False: it is given in conversations only; the public help centre does not show it. */
  help: z.boolean().optional(),
  /** Words by which editors find it. */
  tags: z.array(line(40)).max(20).default([]),
  /** First day on which it is given, YYYY-MM-DD; absent: since ever. */
  from: day.optional(),
  /** Last day on which it is given, YYYY-MM-DD; absent: for good. */
  until: day.optional(),
  /** Day of the last review, YYYY-MM-DD. */
  updated: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, '日期写成 write the date as YYYY-MM-DD')
    .optional(),
}

/** A whole article as editors write it; `answer` is Markdown with its pictures. */
export const articleContent = z.strictObject({
  ...articleFields,
  answer: z.string().trim().min(1).max(10_000),
})
export type ArticleContent = z.output<typeof articleContent>

/** One of the texts that an article tells: `answer`, the general one; `en`; else the name of its channel. */
export interface ArticleText {
  readonly name: string
  readonly text: string
}

/** What an article tells, the general answer first. */
export const textsOf = ({
  answer,
  en,
  channels,
}: Pick<ArticleContent, 'answer' | 'en' | 'channels'>): readonly ArticleText[] => [
  { name: 'answer', text: answer },
  ...(en === undefined ? [] : [{ name: 'en', text: en.answer }]),
  ...Object.entries(channels)
    .map(([name, text]) => ({ name, text }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
]
