import { z } from '@hono/zod-openapi'
import type { ReviewFilling, WorkReview } from '../../../core/review.ts'
import { AnswersInput, reviewJson, ReviewSchema, SubjectSchema } from '../../shapes/review.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'
import { personOf, reviewWriteOf } from './review-caller.ts'
import { reviewExample } from './review-examples.ts'

type ReviewReply = Reply<z.output<typeof ReviewSchema>>

const reply = (review: WorkReview): ReviewReply => ({ body: reviewJson(review), version: review.version })

/** Writes to a review and answers it as it is then. */
const writing = async (
  call: Pick<RawCall, 'api' | 'caller' | 'version' | 'idempotencyKey' | 'body'> & {
    readonly params: { readonly id: string }
  },
  write: (id: string, facts: ReturnType<typeof reviewWriteOf>) => Promise<WorkReview>,
): Promise<ReviewReply> => {
  const { api, caller, version, params, body } = call
  return reply(
    await showingCurrent(
      () => write(params.id, reviewWriteOf(call)),
      async () => reviewJson((await api.quality.reviews.get(params.id, personOf(caller))).review),
      { version, changes: body },
    ),
  )
}

const comment = z.string().trim().min(1).max(4_000)
const NewReview = z
  .strictObject({
    subject: SubjectSchema,
    workId: z
      .uuid()
      .openapi({ description: 'The ticket, the contact’s message that the bot answered, or the decision' }),
    formId: z
      .uuid()
      .optional()
      .openapi({ description: 'Absent: the active form for the subject, where there is one' }),
    reviewerTeamId: z.uuid().optional(),
    reviewerIds: z.array(z.string().min(1).max(80)).max(50).optional(),
    dueDays: z.int().min(1).max(90).optional().openapi({ description: 'Absent: quality.dueDays' }),
    second: z
      .boolean()
      .default(false)
      .openapi({ description: 'A second review of the same work, by somebody else' }),
  })
  .openapi('NewReview')
const Filling = z.strictObject({
  answers: AnswersInput.optional().openapi({
    description: 'All so far: they take the place of those before',
  }),
  comment: comment.nullable().optional(),
  rightArticleId: z.string().min(1).max(120).nullable().optional().openapi({
    description: 'For a bot answer: the article that would have been right',
  }),
})

const fillingOf = ({ answers, comment: words, rightArticleId }: z.output<typeof Filling>): ReviewFilling => ({
  ...(answers === undefined ? {} : { answers }),
  ...(words === undefined ? {} : { comment: words }),
  ...(rightArticleId === undefined ? {} : { rightArticleId }),
})

const writingFacts = {
  tag: 'quality',
  method: 'post',
  permission: 'quality.review',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: ReviewSchema,
  example: reviewExample,
  versioned: true,
} as const
const own = { ...writingFacts, permission: 'ticket.read' } as const

/** What is done with reviews. */
export const reviewWorkRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...writingFacts,
    id: 'addReview',
    path: '/quality/reviews',
    summary: 'Have a work reviewed',
    description: 'By hand, beside what rules draw; never the same work twice under one form.',
    params: nothing,
    body: NewReview,
    status: 201,
    handle: async ({ api, body, ...call }) => {
      const { subject, workId, formId, reviewerTeamId, reviewerIds, dueDays, second } = body
      const review = await api.quality.reviews.add(
        {
          ...{ subject, workId, second },
          ...(formId === undefined ? {} : { formId }),
          ...(reviewerTeamId === undefined ? {} : { reviewerTeamId }),
          ...(reviewerIds === undefined ? {} : { reviewerIds }),
          ...(dueDays === undefined ? {} : { dueDays }),
        },
        reviewWriteOf(call),
      )
      return { ...reply(review), location: `/quality/reviews/${review.id}` }
    },
  }),
  defineRoute({
    ...writingFacts,
    id: 'claimReview',
    path: '/quality/reviews/{id}/claim',
    summary: 'Claim a review',
    description: 'Nobody reviews their own work, nor makes both reviews of one work.',
    handle: (call) => writing(call, (id, write) => call.api.quality.reviews.claim(id, write)),
  }),
  defineRoute({
    ...writingFacts,
    id: 'releaseReview',
    path: '/quality/reviews/{id}/release',
    summary: 'Give a review back',
    description: 'What was filled in is gone.',
    handle: (call) => writing(call, (id, write) => call.api.quality.reviews.release(id, write)),
  }),
  defineRoute({
    ...writingFacts,
    id: 'fillReview',
    method: 'patch',
    path: '/quality/reviews/{id}',
    summary: 'Keep what is filled in so far',
    body: Filling,
    handle: (call) =>
      writing(call, (id, write) => call.api.quality.reviews.fill(id, fillingOf(call.body), write)),
  }),
  defineRoute({
    ...writingFacts,
    id: 'completeReview',
    path: '/quality/reviews/{id}/complete',
    summary: 'Complete a review',
    description: 'Every criterion is answered; from now on it is seen by whose work it is.',
    handle: (call) => writing(call, (id, write) => call.api.quality.reviews.complete(id, write)),
  }),
  defineRoute({
    ...writingFacts,
    id: 'cancelReview',
    path: '/quality/reviews/{id}/cancel',
    permission: 'quality.manage',
    summary: 'Cancel a review that is not completed',
    body: z.strictObject({ reason: comment }),
    handle: (call) =>
      writing(call, (id, write) => call.api.quality.reviews.cancel(id, call.body.reason, write)),
  }),
  defineRoute({
    ...own,
    id: 'acknowledgeReview',
    path: '/quality/reviews/{id}/acknowledge',
    summary: 'Say that you have read the review of your work',
    handle: (call) => writing(call, (id, write) => call.api.quality.reviews.acknowledge(id, write)),
  }),
  defineRoute({
    ...own,
    id: 'disputeReview',
    path: '/quality/reviews/{id}/dispute',
    summary: 'Dispute the review of your work',
    description: 'Once, within `quality.disputeDays` of its completion, with the reason for each criterion.',
    body: z.strictObject({
      reasons: z
        .record(z.string().min(1).max(40), comment)
        .refine((reasons) => Object.keys(reasons).length > 0, 'must name a criterion at least'),
    }),
    handle: (call) =>
      writing(call, (id, write) => call.api.quality.reviews.dispute(id, call.body.reasons, write)),
  }),
  defineRoute({
    ...writingFacts,
    id: 'decideReviewDispute',
    path: '/quality/reviews/{id}/decide',
    summary: 'Decide on a dispute',
    description:
      'By somebody who neither made the review nor did the work. Answers take the place of the reviewer’s; without any the scores stand.',
    body: z.strictObject({ reason: comment, answers: AnswersInput.optional() }),
    handle: (call) =>
      writing(call, (id, write) => {
        const { reason, answers } = call.body
        return call.api.quality.reviews.decide(
          id,
          { reason, ...(answers === undefined ? {} : { answers }) },
          write,
        )
      }),
  }),
]
