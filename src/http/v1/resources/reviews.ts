import { z } from '@hono/zod-openapi'
import { disputeStates, reviewStates, type ReviewFilter, type WorkReview } from '../../../core/review.ts'
import { messageJson, MessageSchema } from '../../shapes/message.ts'
import {
  formJson,
  FormSchema,
  reviewEntryJson,
  ReviewEntrySchema,
  reviewJson,
  ReviewSchema,
  SubjectSchema,
} from '../../shapes/review.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { messageExample } from './examples.ts'
import { personOf } from './review-caller.ts'
import { formExample, reviewEntryExample, reviewExample } from './review-examples.ts'

const cursors = createCursors('reviews', z.object({ id: z.uuid() }))
const queueCursors = createCursors('review-queue', z.object({ dueAt: z.iso.datetime(), id: z.uuid() }))

const ListQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(reviewStates).optional(),
  dispute: z.enum(disputeStates).optional(),
  subject: SubjectSchema.optional(),
  form: z.uuid().optional(),
  agent: z.string().min(1).max(80).optional().openapi({ description: 'Whose work' }),
  reviewer: z.string().min(1).max(80).optional(),
  ticket: z.uuid().optional(),
})

const toFilter = (query: z.output<typeof ListQuery>): ReviewFilter => {
  const { state, dispute, subject, form, agent, reviewer, ticket } = query
  return {
    ...(state === undefined ? {} : { states: [state] }),
    ...(dispute === undefined ? {} : { disputes: [dispute] }),
    ...(subject === undefined ? {} : { subject }),
    ...(form === undefined ? {} : { formId: form }),
    ...(agent === undefined ? {} : { revieweeId: agent }),
    ...(reviewer === undefined ? {} : { reviewerId: reviewer }),
    ...(ticket === undefined ? {} : { ticketId: ticket }),
  }
}

/** Cuts a page of the list, the latest first. */
export const pageOfReviews = (rows: readonly WorkReview[], limit: number) => {
  const page = cutPage(rows, limit, { json: reviewJson, cursor: ({ id }) => cursors.write({ id }) })
  return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
}

/** A page's place, from its cursor. */
export const reviewPageOf = ({
  limit,
  cursor,
}: {
  readonly limit: number
  readonly cursor?: string | undefined
}) => {
  const after = cursors.read(cursor)?.id
  return { limit: limit + 1, ...(after === undefined ? {} : { after }) }
}

export const ReviewPageSchema = pageOf(ReviewSchema).openapi('WorkReviewPage')
const Shown = z.object({ review: ReviewSchema, form: FormSchema }).openapi('WorkReviewWithForm')
const Work = z
  .object({
    messages: z.array(MessageSchema).readonly(),
    articles: z
      .array(z.object({ id: z.string(), question: z.string(), answer: z.string().optional() }))
      .readonly()
      .openapi({ description: 'What the bot weighed, as the knowledge has it now' }),
  })
  .openapi('ReviewedWork')

const reading = { tag: 'quality', method: 'get', body: nothing, query: nothing } as const
const oneOf = { ...reading, permission: 'ticket.read', params: z.strictObject({ id: z.uuid() }) } as const

/** Reviews to be read. */
export const reviewRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listReviewQueue',
    path: '/quality/queue',
    permission: 'quality.review',
    summary: 'List what you are to review',
    description: 'What you claimed and what you may claim, the first due first; people only.',
    params: nothing,
    query: z.strictObject(pageQuery),
    answer: ReviewPageSchema,
    example: { data: [reviewExample] },
    handle: async ({ api, caller, query: { limit, cursor } }) => {
      const place = queueCursors.read(cursor)
      const after = place === undefined ? {} : { after: { id: place.id, dueAt: new Date(place.dueAt) } }
      const rows = await api.quality.reviews.queue(personOf(caller), { limit: limit + 1, ...after })
      const page = cutPage(rows, limit, {
        json: reviewJson,
        cursor: ({ id, dueAt }) => queueCursors.write({ id, dueAt: dueAt.toISOString() }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...reading,
    id: 'listReviews',
    path: '/quality/reviews',
    permission: 'quality.read',
    summary: 'List reviews',
    description: 'The latest first.',
    params: nothing,
    query: ListQuery,
    answer: ReviewPageSchema,
    example: { data: [reviewExample] },
    handle: async ({ api, query }) =>
      pageOfReviews(await api.quality.reviews.list(toFilter(query), reviewPageOf(query)), query.limit),
  }),
  defineRoute({
    ...reading,
    id: 'listReviewDisputes',
    path: '/quality/disputes',
    permission: 'quality.review',
    summary: 'List disputes that wait for a decision',
    description: 'The latest first; reviews of your own work, and those you made, others decide on.',
    params: nothing,
    query: z.strictObject(pageQuery),
    answer: ReviewPageSchema,
    example: { data: [reviewExample] },
    handle: async ({ api, caller, query }) => {
      const filter = { disputes: ['open'], decidableBy: caller.id } as const
      const rows = await api.quality.reviews.list(filter, reviewPageOf(query))
      return pageOfReviews(rows, query.limit)
    },
  }),
  defineRoute({
    ...oneOf,
    id: 'getReview',
    path: '/quality/reviews/{id}',
    summary: 'Read a review with its form',
    description:
      'For its reviewer, for those who may take it or decide on its dispute, for whose work it is once it is completed, and with `quality.read`; to others there is none.',
    versioned: true,
    answer: Shown,
    example: { review: reviewExample, form: formExample },
    handle: async ({ api, caller, params }) => {
      const { review, form } = await api.quality.reviews.get(params.id, personOf(caller))
      return { body: { review: reviewJson(review), form: formJson(form) }, version: review.version }
    },
  }),
  defineRoute({
    ...oneOf,
    id: 'getReviewedWork',
    path: '/quality/reviews/{id}/work',
    summary: 'Read what is reviewed',
    description:
      'What was said: of a ticket from its beginning to a day after it was solved, 200 messages at most; of a bot answer the messages around it with the decisions, and the articles it weighed.',
    answer: Work,
    example: { messages: [messageExample], articles: [] },
    handle: async ({ api, caller, params }) => {
      const { messages, articles } = await api.quality.reviews.work(params.id, personOf(caller))
      return { body: { messages: messages.map(messageJson), articles } }
    },
  }),
  defineRoute({
    ...oneOf,
    id: 'listReviewHistory',
    path: '/quality/reviews/{id}/history',
    summary: 'Read a review’s history',
    description: 'The oldest line first.',
    answer: z.object({ data: z.array(ReviewEntrySchema).readonly() }).openapi('ReviewHistory'),
    example: { data: [reviewEntryExample] },
    handle: async ({ api, caller, params }) => ({
      body: { data: (await api.quality.reviews.history(params.id, personOf(caller))).map(reviewEntryJson) },
    }),
  }),
]
