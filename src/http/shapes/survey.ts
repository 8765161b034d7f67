import { z } from '@hono/zod-openapi'
import {
  surveyGroupings,
  surveyReasons,
  surveyStates,
  type SurveyInvitation,
  type SurveyResults,
} from '../../core/survey.ts'
import { toIso, type Iso } from './iso.ts'
import { Moment } from './message.ts'

const ScoreSchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)])

export const InvitationSchema = z
  .object({
    id: z.string(),
    ticketId: z.string(),
    ticketNumber: z.number(),
    contactId: z.string(),
    conversationId: z.string(),
    inboxId: z.string(),
    channel: z.string(),
    agentId: z.string().optional().openapi({ description: 'Whose ticket it was when it was solved' }),
    teamId: z.string().optional(),
    topic: z.string(),
    state: z.enum(surveyStates),
    reason: z.enum(surveyReasons).optional().openapi({ description: 'Why nobody was asked' }),
    dueAt: Moment,
    askedAt: Moment.optional(),
    expiresAt: Moment.optional(),
    answeredAt: Moment.optional(),
    score: ScoreSchema.optional(),
    comment: z.string().optional(),
    reviewTicketId: z.string().optional(),
    version: z.number(),
  })
  .openapi('SurveyInvitation')

export const EstimateSchema = z
  .object({
    value: z.number(),
    low: z
      .number()
      .optional()
      .openapi({ description: 'Where the true value lies with 95 %; absent below 5 answers' }),
    high: z.number().optional(),
  })
  .openapi('Estimate')

const ResultSchema = z.object({
  key: z.string().optional().openapi({ description: 'Id of the team or agent, the channel or topic' }),
  name: z.string().optional(),
  asked: z.number(),
  answered: z.number(),
  scores: z
    .array(z.number())
    .readonly()
    .openapi({ description: 'Answers of 1, 2, 3, 4 and 5; empty for one agent with fewer than 5' }),
  responseRate: EstimateSchema.optional(),
  mean: EstimateSchema.optional(),
  satisfied: EstimateSchema.optional().openapi({ description: 'Share of 4 and 5' }),
})

export const ResultsSchema = z
  .object({
    month: z.string(),
    timeZone: z.string(),
    by: z.enum(surveyGroupings),
    groups: z.array(ResultSchema).readonly(),
  })
  .openapi('SurveyResults')

export const invitationJson = (invitation: SurveyInvitation): Iso<SurveyInvitation> => toIso(invitation)
export const resultsJson = (results: SurveyResults): Iso<SurveyResults> => toIso(results)
