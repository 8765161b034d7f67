import { z } from 'zod'

/** The `learning` section: what is learned from conversations that went wrong. */
export const learningConfig = z
  .strictObject({
    collect: z
      .boolean()
      .default(true)
      .describe(
        'false: questions that the bot did not settle are not collected. Default true; they are kept masked.',
      ),
    least: z.coerce
      .number()
      .int()
      .min(2)
      .max(1_000)
      .default(3)
      .describe('Questions that mean the same from which on something is proposed. Default 3.'),
    refineMost: z.coerce
      .number()
      .int()
      .min(100)
      .max(200_000)
      .default(20_000)
      .describe(
        'Most questions that the nightly refinement looks at, the newest. Default 20000; older ones stay where they are.',
      ),
  })
  .prefault({})
