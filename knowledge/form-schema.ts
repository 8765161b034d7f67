import { z } from 'zod'
import { complaintKinds } from '../src/core/complaint.ts'
import { slotKinds } from '../src/core/form.ts'

const slug = z
  .string()
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    '只能用小写字母、数字和连字符 use lower-case letters, digits and hyphens only',
  )
/** Short enough for the ids that buttons send back. */
const name = slug.max(24)
const both = (max: number) =>
  z.strictObject({
    zh: z.string().trim().min(1).max(max),
    en: z
      .string()
      .trim()
      .min(1)
      .max(max * 3),
  })

const slot = z.strictObject({
  /** Unique in the form; stands in the API and in `when`. */
  name,
  kind: z.enum(slotKinds),
  /** What the answer is called: 侵权链接. */
  label: both(12),
  ask: both(200),
  /** Said when an answer does not fit. */
  hint: both(200).optional(),
  required: z.boolean().default(true),
  options: z
    .array(z.strictObject({ id: name, label: both(20) }))
    .max(7)
    .default([]),
  when: z.strictObject({ slot: name, is: z.array(name).min(1).max(7) }).optional(),
  near: z.array(z.string().trim().min(1).max(20)).max(20).default([]),
  aliases: z.array(z.string().trim().min(1).max(20)).max(20).default([]),
  fromStart: z.number().int().min(2).max(100).optional(),
  minLength: z.number().int().min(1).max(100).default(2),
  maxLength: z.number().int().min(10).max(500).default(500),
})

/** A file of `knowledge/forms`. Lengths in characters; English may be three times as long. */
export const formFile = z.strictObject({
  id: name,
  title: both(12),
  why: both(200),
  done: both(200),
  offer: both(20),
  kind: z.enum(['question', 'complaint', 'feedback', 'appeal', 'incident-report']),
  topic: slug,
  urgency: z.enum(['normal', 'high', 'urgent']).default('normal'),
  handover: z.enum(['first', 'last']).default('last'),
  startedBy: z
    .strictObject({
      articles: z.array(slug).max(30).default([]),
      topics: z.array(slug).max(10).default([]),
      intents: z.array(z.string().max(80)).max(30).default([]),
    })
    .prefault({}),
  offeredBy: z.array(slug).max(30).default([]),
  titled: name.optional(),
  /** A complaint case opens with the ticket, of what these questions gather. */
  complaint: z
    .strictObject({
      kind: z.enum(complaintKinds),
      objects: z.array(name).min(1).max(5),
      rights: z.strictObject({ capacity: name, owner: name, work: name.optional() }).optional(),
      identity: name.optional(),
    })
    .optional(),
  slots: z.array(slot).min(1).max(12),
})
export type FormFileValue = z.infer<typeof formFile>
