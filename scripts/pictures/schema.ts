import { z } from 'zod'

const words = z.string().min(1).max(120)
const step = z.number().int().min(1).max(9).optional()
const marks = z.record(z.string(), z.number().int().min(1).max(9)).default({})
const tone = z.enum(['plain', 'good', 'bad', 'accent']).default('plain')

/** What stands on a screen, from top to bottom; `step` puts a number on it. */
const part = z.union([
  z.strictObject({ row: words, value: words.optional(), note: words.optional(), tone, step }),
  z.strictObject({ switch: words, on: z.boolean(), note: words.optional(), step }),
  z.strictObject({ button: words, look: z.enum(['full', 'plain', 'bad', 'off']).default('full'), step }),
  z.strictObject({ link: words, step }),
  z.strictObject({ input: words, before: words.optional(), step }),
  z.strictObject({ profile: words, note: words, step }),
  z.strictObject({ section: words }),
  z.strictObject({ says: words }),
  z.strictObject({
    player: words,
    top: z.array(words).max(3).default([]),
    bottom: z.array(words).max(5).default([]),
    danmaku: z.array(words).max(3).default([]),
    marks,
  }),
  z.strictObject({ tabs: z.array(words).min(2).max(4), active: words, step }),
  z.strictObject({ code: words, step }),
  z.strictObject({ dialog: words, buttons: z.array(words).min(1).max(2), step }),
  z.strictObject({ icons: z.array(words).min(2).max(5), marks }),
])
export type ScreenPart = z.output<typeof part>

const screen = z.strictObject({
  device: z.enum(['phone', 'computer', 'television']).default('phone'),
  title: words.optional(),
  /** What stands on the right of the title. */
  right: words.optional(),
  rightStep: step,
  parts: z.array(part).default([]),
  /** The chosen one of the four tabs at the bottom. */
  nav: words.optional(),
  navStep: step,
})
export type Screen = z.output<typeof screen>

const table = z.strictObject({
  head: z.array(words).min(2).max(4),
  rows: z.array(z.array(z.string()).min(2).max(4)).min(1).max(9),
  /** Shares of the columns; absent: equal. */
  shares: z.array(z.number().positive()).optional(),
  /** Row that stands out, the first is 1. */
  mark: z.number().int().optional(),
})
export type Table = z.output<typeof table>

const flow = z
  .array(z.strictObject({ title: words, note: words.optional(), tone }))
  .min(2)
  .max(7)
export type Flow = z.output<typeof flow>

const choose = z
  .array(z.strictObject({ when: words, then: words, tone }))
  .min(2)
  .max(4)
export type Choose = z.output<typeof choose>

const block = z.union([
  z.strictObject({ path: z.array(words).min(2).max(6) }),
  z.strictObject({ screen }),
  z.strictObject({ flow }),
  z.strictObject({ table }),
  z.strictObject({ choose }),
  z.strictObject({ note: words }),
  z.strictObject({ caption: words }),
  z.strictObject({ arrow: words.optional() }),
])
export type Block = z.output<typeof block>

/** A picture as its file describes it. */
export const pictureSchema = z.strictObject({
  title: words,
  blocks: z.array(block).min(1).max(8),
})
export type Picture = z.output<typeof pictureSchema>
