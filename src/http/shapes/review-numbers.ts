import { z } from '@hono/zod-openapi'
import { reviewGroupings, type Calibration, type ReviewNumbers } from '../../core/review-numbers.ts'
import { toIso, type Iso } from './iso.ts'
import { Moment } from './message.ts'
import { EstimateSchema } from './survey.ts'

/** Numbers of completed reviews. */
export const ReviewNumbersSchema = z
  .object({
    from: Moment,
    to: Moment,
    timeZone: z.string(),
    by: z.enum(reviewGroupings),
    groups: z
      .array(
        z.object({
          key: z.string().optional(),
          name: z.string().optional(),
          reviews: z.number(),
          mean: EstimateSchema.optional().openapi({
            description: 'Percent; of criteria the share reached. Absent for one agent with fewer than 5',
          }),
          failed: EstimateSchema.optional().openapi({
            description: 'Share that a critical criterion failed',
          }),
          wrong: EstimateSchema.optional().openapi({ description: 'Share of bot answers that were wrong' }),
        }),
      )
      .readonly(),
  })
  .openapi('ReviewNumbers')
export const reviewNumbersJson = (numbers: ReviewNumbers): Iso<ReviewNumbers> => toIso(numbers)

/** How far two reviewers agree. */
export const CalibrationSchema = z
  .object({
    from: Moment,
    to: Moment,
    timeZone: z.string(),
    reviews: z.number(),
    doubled: z.number().openapi({ description: 'Works of these that a second person reviewed too' }),
    criteria: z
      .array(
        z.object({
          formId: z.string(),
          criterionId: z.string(),
          pairs: z.number(),
          same: z.number().openapi({ description: 'Share of equal answers' }),
          kappa: z
            .number()
            .optional()
            .openapi({ description: 'Cohen’s, weighted by squares; absent below 5 pairs' }),
        }),
      )
      .readonly(),
  })
  .openapi('ReviewCalibration')
export const calibrationJson = (calibration: Calibration): Iso<Calibration> => toIso(calibration)
