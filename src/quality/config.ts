import { z } from 'zod'

/** How work is reviewed. */
export const qualityConfig = z
  .strictObject({
    disputeDays: z.coerce
      .number()
      .positive()
      .max(90)
      .default(7)
      .describe('Days after its completion in which a review can be disputed. Default 7.'),
    dueDays: z.coerce
      .number()
      .positive()
      .max(90)
      .default(7)
      .describe('Days in which a review added by hand is due. Default 7; sampling rules name their own.'),
  })
  .prefault({})
export type QualityConfig = z.infer<typeof qualityConfig>
