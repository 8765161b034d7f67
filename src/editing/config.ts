import { z } from 'zod'

/** The `knowledge` section: who may make articles live, and what is measured before. */
export const editingConfig = z
  .strictObject({
    review: z
      .enum(['required', 'optional'])
      .default('required')
      .describe(
        'required: a draft is published only after another person than its author approved it. optional: drafts may be published as they are. Default required.',
      ),
    labelled: z
      .string()
      .min(1)
      .optional()
      .meta({ examples: ['knowledge/labelled.jsonl'] })
      .describe(
        'File of labelled messages, a line {"text": "…", "topic": "…", "article"?: "…"} each, on which drafts are measured before they are published. Default none: only what contacts wrote lately is looked at.',
      ),
    gate: z
      .strictObject({
        wrongRise: z.coerce
          .number()
          .min(0)
          .max(1)
          .default(0.005)
          .describe(
            'By how much the share of wrong answers may rise on the labelled messages. Default 0.005; beyond it publishing needs a reason.',
          ),
        coverageDrop: z.coerce
          .number()
          .min(0)
          .max(1)
          .default(0.01)
          .describe(
            'By how much the share of questions answered may fall on the labelled messages. Default 0.01; beyond it publishing needs a reason.',
          ),
        replayLoss: z.coerce
          .number()
          .min(0)
          .max(1)
          .default(0.02)
          .describe(
            'Which share of the answers that contacts got in the last days, and that nobody found fault with, may be given no more. Default 0.02; beyond it publishing needs a reason.',
          ),
      })
      .prefault({})
      .describe('What may get worse without anybody giving a reason.'),
    recentDays: z.coerce
      .number()
      .int()
      .min(1)
      .max(90)
      .default(7)
      .describe('Days of conversations on which drafts are tried before they are published. Default 7.'),
    recentMessages: z.coerce
      .number()
      .int()
      .min(0)
      .max(5_000)
      .default(500)
      .describe('Most messages of those days that are tried, drawn at random. Default 500; 0: none.'),
  })
  .prefault({})

/** A checked `knowledge` section. */
export type EditingConfig = z.output<typeof editingConfig>
