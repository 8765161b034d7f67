import { z } from '@hono/zod-openapi'
import type { CoachingNote } from '../../core/review-coaching.ts'
import { formStates, reviewSubjects, type ReviewForm } from '../../core/review-form.ts'
import { disputeStates, reviewStates, type ReviewEntry, type WorkReview } from '../../core/review.ts'
import { toIso, type Iso } from './iso.ts'
import { Moment } from './message.ts'

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1–40 lower-case letters, digits and hyphens')
const wordsOf = (max: number) =>
  z.strictObject({
    zh: z.string().trim().min(1).max(max),
    en: z
      .string()
      .trim()
      .min(1)
      .max(2 * max)
      .optional(),
  })
export const SubjectSchema = z.enum(reviewSubjects)

/** What a person writes of a criterion. */
export const CriterionInput = z
  .strictObject({
    id: slug.openapi({ description: 'The same over all versions of the form' }),
    group: slug,
    name: wordsOf(60),
    guidance: wordsOf(1_000).optional().openapi({ description: 'What the reviewer reads beside it' }),
    kind: z.enum(['scale', 'yes-no']).openapi({ description: '`scale`: 0 to 5' }),
    weight: z.number().positive().max(100).default(1),
    mayNotApply: z.boolean().default(false),
    critical: z.boolean().default(false).openapi({ description: 'A no makes the total 0; only yes-no' }),
    wrongAnswer: z
      .boolean()
      .default(false)
      .openapi({ description: 'A no, or 0 or 1, says that the bot’s answer was wrong' }),
  })
  .openapi('ReviewCriterionInput')

/** What a person writes of a form. */
export const formFacts = {
  name: wordsOf(60),
  subject: SubjectSchema,
  groups: z
    .array(z.strictObject({ id: slug, name: wordsOf(60) }))
    .min(1)
    .max(20),
  criteria: z.array(CriterionInput).min(1).max(60),
}

const Words = z.object({ zh: z.string(), en: z.string().optional() })

/** A form as it stands, or stood at one of its numbers. */
export const FormSchema = z
  .object({
    id: z.string(),
    number: z.number().openapi({ description: 'Grows when what it asks changes; reviews keep theirs' }),
    state: z.enum(formStates),
    name: Words,
    subject: SubjectSchema,
    groups: z.array(z.object({ id: z.string(), name: Words })).readonly(),
    criteria: z
      .array(
        z.object({
          id: z.string(),
          group: z.string(),
          name: Words,
          guidance: Words.optional(),
          kind: z.enum(['scale', 'yes-no']),
          weight: z.number(),
          mayNotApply: z.boolean(),
          critical: z.boolean(),
          wrongAnswer: z.boolean(),
        }),
      )
      .readonly(),
    createdAt: Moment,
    updatedAt: Moment,
    version: z.number(),
  })
  .openapi('ReviewForm')
export const formJson = (form: ReviewForm): Iso<ReviewForm> => toIso(form)

const AnswerValue = z.union([z.number(), z.enum(['yes', 'no', 'not-applicable'])])
const Answer = z.object({
  value: AnswerValue,
  comment: z.string().optional(),
  messageId: z.string().optional().openapi({ description: 'The message it is about' }),
})
const Answers = z.record(z.string(), Answer)

/** What a reviewer writes: by criterion. */
export const AnswersInput = z
  .record(
    slug,
    z.strictObject({
      value: AnswerValue,
      comment: z.string().trim().min(1).max(2_000).optional(),
      messageId: z.uuid().optional(),
    }),
  )
  .openapi('ReviewAnswersInput')

export const ReviewSchema = z
  .object({
    id: z.string(),
    subject: SubjectSchema,
    workId: z
      .string()
      .openapi({ description: 'The ticket, the contact’s message that the bot answered, or the decision' }),
    ticketId: z.string().optional(),
    ticketNumber: z.number().optional(),
    conversationId: z.string(),
    workAt: Moment,
    revieweeId: z.string().optional().openapi({ description: 'Whose work it is; absent: the bot’s' }),
    revieweeName: z.string().optional(),
    teamId: z.string().optional(),
    channel: z.string(),
    topic: z.string(),
    articleId: z.string().optional(),
    confidence: z.number().optional().openapi({ description: 'How sure the bot was' }),
    formId: z.string(),
    formNumber: z.number(),
    round: z
      .union([z.literal(1), z.literal(2)])
      .openapi({ description: '2: the second review of the same work' }),
    ruleId: z.string().optional().openapi({ description: 'Absent: added by hand' }),
    reviewerTeamId: z.string().optional(),
    reviewerIds: z.array(z.string()).readonly().openapi({ description: 'Empty: whoever may' }),
    reviewerId: z.string().optional(),
    reviewerName: z.string().optional(),
    state: z.enum(reviewStates),
    dueAt: Moment,
    createdAt: Moment,
    completedAt: Moment.optional(),
    answers: Answers.readonly(),
    comment: z.string().optional(),
    rightArticleId: z.string().optional(),
    total: z.number().optional().openapi({ description: 'Percent' }),
    failed: z.boolean().optional().openapi({ description: 'A critical criterion was answered with no' }),
    acknowledgedAt: Moment.optional(),
    dispute: z
      .object({
        state: z.enum(disputeStates).openapi({ description: '`upheld`: the scores stand' }),
        at: Moment,
        reasons: z.record(z.string(), z.string()),
        decidedAt: Moment.optional(),
        decidedBy: z.string().optional(),
        decidedByName: z.string().optional(),
        reason: z.string().optional(),
        before: z.object({ total: z.number(), failed: z.boolean(), answers: Answers }).optional(),
      })
      .optional(),
    version: z.number(),
  })
  .openapi('WorkReview')
export const reviewJson = (review: WorkReview): Iso<WorkReview> => toIso(review)

export const ReviewEntrySchema = z
  .object({
    at: Moment,
    actorId: z.string().optional().openapi({ description: 'Absent: a rule did it' }),
    actorName: z.string().optional(),
    change: z.enum([
      ...(['drawn', 'added', 'claimed', 'released', 'saved', 'completed', 'acknowledged'] as const),
      ...(['disputed', 'decided', 'cancelled'] as const),
    ]),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('ReviewEntry')
export const reviewEntryJson = (entry: ReviewEntry): z.output<typeof ReviewEntrySchema> => ({
  ...entry,
  at: entry.at.toISOString(),
})

export const CoachingSchema = z
  .object({
    id: z.string(),
    authorId: z.string(),
    authorName: z.string().optional(),
    agentId: z.string(),
    agentName: z.string().optional(),
    text: z.string(),
    reviewId: z.string().optional(),
    ticketId: z.string().optional(),
    followUpAt: Moment.optional(),
    dueSince: Moment.optional().openapi({ description: 'Since when both are reminded' }),
    followedUpAt: Moment.optional(),
    acknowledgedAt: Moment.optional(),
    createdAt: Moment,
    updatedAt: Moment,
    version: z.number(),
  })
  .openapi('CoachingNote')
export const coachingJson = (note: CoachingNote): Iso<CoachingNote> => toIso(note)
