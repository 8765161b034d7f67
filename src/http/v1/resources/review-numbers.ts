import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import { reviewGroupings } from '../../../core/review-numbers.ts'
import { coachingJson, CoachingSchema, reviewJson, ReviewSchema, SubjectSchema } from '../../shapes/review.ts'
import {
  calibrationJson,
  CalibrationSchema,
  reviewNumbersJson,
  ReviewNumbersSchema,
} from '../../shapes/review-numbers.ts'
import type { Caller } from '../caller.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { personOf } from './review-caller.ts'
import {
  calibrationExample,
  coachingExample,
  reviewExample,
  reviewNumbersExample,
} from './review-examples.ts'

const month = z
  .string()
  .regex(/^20\d\d-(?:0[1-9]|1[0-2])$/, 'must be a month, e.g. 2026-11')
  .openapi({ example: '2026-11' })
const months = {
  from: month.openapi({ description: 'The first month in which reviews were completed' }),
  to: month.optional().openapi({ description: 'The last one; absent: the first' }),
}

/** Throws `bad_input` for a key: only people have work of their own. */
const agentOf = ({ kind, id }: Caller): string => {
  if (kind === 'agent') return id
  throw new TongdaError(
    'bad_input',
    'these are numbers of a person who is signed in; programs read /quality/numbers?by=agent',
  )
}

/** The month so many before another. */
const monthsBefore = (to: string, back: number): string => {
  const [year = 0, number = 1] = to.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 - back, 1)).toISOString().slice(0, 'YYYY-MM'.length)
}
const trendMonths = 6
const shown = 20

const OwnSchema = z
  .object({
    numbers: ReviewNumbersSchema.openapi({ description: 'Of the month' }),
    trend: ReviewNumbersSchema.openapi({ description: 'Of six months, by month' }),
    reviews: z.array(ReviewSchema).readonly().openapi({ description: 'The latest 20 that are completed' }),
    coaching: z.array(CoachingSchema).readonly().openapi({ description: 'The latest 20 notes you got' }),
    surveys: z.string().openapi({ description: 'Where your survey results are' }),
  })
  .openapi('OwnQuality')
const common = { tag: 'quality', method: 'get', params: nothing, body: nothing } as const

/** Numbers of reviews. */
export const reviewNumberRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'getReviewNumbers',
    path: '/quality/numbers',
    permission: 'quality.read',
    summary: 'Read numbers of completed reviews',
    description:
      'By their final scores, with 95 % intervals (Student’s t for means, Wilson for shares). `band` is how sure the bot was, in percent.',
    query: z.strictObject({
      ...months,
      by: z.enum(reviewGroupings).default('all'),
      subject: SubjectSchema.optional(),
      form: z.uuid().optional(),
      agent: z.string().min(1).max(80).optional(),
      team: z.uuid().optional(),
      format: z
        .enum(['json', 'csv'])
        .default('json')
        .openapi({ description: 'CSV comes in the language of Accept-Language' }),
    }),
    answer: ReviewNumbersSchema,
    example: reviewNumbersExample,
    handle: async ({ api, context, language, query }) => {
      const { from, to = from, by, subject, form, agent, team, format } = query
      const numbers = await api.quality.numbers.numbers({
        ...{ from, to, by },
        ...(subject === undefined ? {} : { subject }),
        ...(form === undefined ? {} : { formId: form }),
        ...(agent === undefined ? {} : { agentId: agent }),
        ...(team === undefined ? {} : { teamId: team }),
      })
      if (format === 'json') return { body: reviewNumbersJson(numbers) }
      return context.body(api.quality.numbers.csv(numbers, language), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="reviews-${from}-${by}.csv"`,
        'cache-control': 'no-store',
      })
    },
  }),
  defineRoute({
    ...common,
    id: 'getReviewCalibration',
    path: '/quality/calibration',
    permission: 'quality.read',
    summary: 'Read how far reviewers agree',
    description: 'Of works that two people reviewed by the same form; answers as they were before disputes.',
    query: z.strictObject(months),
    answer: CalibrationSchema,
    example: calibrationExample,
    handle: async ({ api, query: { from, to = from } }) => ({
      body: calibrationJson(await api.quality.numbers.calibration(from, to)),
    }),
  }),
  defineRoute({
    ...common,
    id: 'getOwnQuality',
    path: '/quality/me',
    permission: 'ticket.read',
    summary: 'Read your own reviews, numbers and coaching notes',
    description: 'People only. The trend goes back six months.',
    query: z.strictObject({ month }),
    answer: OwnSchema,
    example: {
      numbers: { ...reviewNumbersExample, by: 'all' },
      trend: { ...reviewNumbersExample, by: 'month' },
      reviews: [reviewExample],
      coaching: [coachingExample],
      surveys: '/surveys/results/me?month=2026-11',
    },
    handle: async ({ api, caller, query }) => {
      const agentId = agentOf(caller)
      const { numbers, reviews, coaching } = api.quality
      const own = { to: query.month, agentId }
      const [numbersOf, trend, latest, notes] = await Promise.all([
        numbers.numbers({ ...own, from: query.month, by: 'all' }),
        numbers.numbers({ ...own, from: monthsBefore(query.month, trendMonths - 1), by: 'month' }),
        reviews.list({ revieweeId: agentId, states: ['completed'] }, { limit: shown }),
        coaching.list(personOf(caller), { agentId, dueOnly: false, limit: shown }),
      ])
      return {
        body: {
          numbers: reviewNumbersJson(numbersOf),
          trend: reviewNumbersJson(trend),
          reviews: latest.map(reviewJson),
          coaching: notes.map(coachingJson),
          surveys: `/surveys/results/me?month=${query.month}`,
        },
      }
    },
  }),
]
