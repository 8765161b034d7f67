import { z } from '@hono/zod-openapi'
import {
  campaignChanges,
  campaignReasons,
  campaignStates,
  type Campaign,
  type CampaignEntry,
  type CampaignInvitation,
  type SurveyConsent,
} from '../../core/campaign.ts'
import { questionTypes } from '../../core/survey-answer.ts'
import { surveyStates } from '../../core/survey.ts'
import { ActorSchema, ChannelSchema } from './incident.ts'
import { toIso, type Iso } from './iso.ts'
import { Moment } from './message.ts'
import { EstimateSchema } from './survey.ts'

const words = (max: number) =>
  z.strictObject({
    zh: z.string().trim().min(1).max(max),
    en: z.string().trim().min(1).max(max).optional(),
  })

const mostOptions = 8
/** A label of an option is a button: longer ones are cut off on some channels. */
const maxLabel = 20

interface Label {
  readonly zh: string
  readonly en?: string | undefined
}

const folded = (words: string): string => words.normalize('NFKC').toLowerCase()

/** Both languages are understood, whoever answers. */
const hasOwnWords = (options: readonly Label[]): boolean => {
  const all = options.flatMap(({ zh, en }) => [
    ...new Set([folded(zh), ...(en === undefined ? [] : [folded(en)])]),
  ])
  return new Set(all).size === all.length
}

const isNoOtherPlace = ({ zh, en }: Label, at: number): boolean =>
  [zh, en ?? zh].every((label) => !/^\d+$/.test(folded(label)) || Number(folded(label)) === at + 1)

export const QuestionSchema = z
  .strictObject({
    type: z
      .enum(questionTypes)
      .openapi({ description: 'csat: 1 to 5; nps: 0 to 10; choice: one of the options' }),
    wording: words(300),
    options: z.array(words(maxLabel)).min(2).max(mostOptions).readonly().optional(),
    followUp: words(300).optional().openapi({ description: 'Asked once after the answer' }),
  })
  .refine(({ type, options }) => (type === 'choice') === (options !== undefined), {
    message: 'a choice needs options, and nothing else has any',
    path: ['options'],
  })
  .refine(({ options = [] }) => hasOwnWords(options), {
    message: 'two options have the same words, of which an answer could mean either',
    path: ['options'],
  })
  .refine(({ options = [] }) => options.every(isNoOtherPlace), {
    message: 'an option that is a number stands at that place: people answer with the number of the place',
    path: ['options'],
  })
  .openapi('CampaignQuestion')

const names = z.array(z.string().min(1).max(80)).min(1).max(100).readonly()
export const AudienceSchema = z
  .strictObject({
    channels: z.array(ChannelSchema).min(1).readonly().optional(),
    topics: names
      .optional()
      .openapi({ description: 'Of tickets solved from solvedFrom until before solvedTo' }),
    solvedFrom: Moment.optional(),
    solvedTo: Moment.optional(),
    tiers: names.optional(),
    contactIds: z.array(z.uuid()).min(1).max(5_000).readonly().optional(),
  })
  .refine(
    ({ topics, solvedFrom, solvedTo }) =>
      new Set([topics, solvedFrom, solvedTo].map((one) => one === undefined)).size === 1,
    {
      message: 'topics, solvedFrom and solvedTo go together: give all of them or none',
      path: ['topics'],
    },
  )
  .refine(
    ({ solvedFrom, solvedTo }) =>
      solvedFrom === undefined || solvedTo === undefined || Date.parse(solvedFrom) < Date.parse(solvedTo),
    { message: 'solvedTo must lie after solvedFrom: nothing was solved in between', path: ['solvedTo'] },
  )
  .openapi('CampaignAudience')

export const CampaignSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    question: QuestionSchema,
    audience: AudienceSchema,
    state: z.enum(campaignStates),
    startsAt: Moment,
    endsAt: Moment,
    share: z.number(),
    mostADay: z.number(),
    createdAt: Moment,
    version: z.number(),
  })
  .openapi('SurveyCampaign')

export const CampaignEntrySchema = z
  .object({
    at: Moment,
    actor: ActorSchema,
    change: z.enum(campaignChanges),
    reason: z.string().optional(),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('SurveyCampaignEntry')

export const PreviewSchema = z
  .object({
    audience: z.number().openapi({ description: 'Contacts' }),
    consenting: z.number(),
    reachable: z.number().openapi({ description: 'Who can be invited now' }),
    reasons: z
      .partialRecord(z.enum(campaignReasons), z.number())
      .openapi({ description: 'Why the others cannot, each contact once' }),
    quiet: z.boolean().openapi({ description: 'Nobody is written to at this hour' }),
  })
  .openapi('SurveyCampaignPreview')

export const CampaignResultsSchema = z
  .object({
    asked: z.number(),
    answered: z.number(),
    refused: z.number().openapi({ description: 'Said to be asked no more instead of answering' }),
    undelivered: z.number().openapi({ description: 'Of those asked: the question did not get through' }),
    responseRate: EstimateSchema.optional(),
    answers: z
      .array(
        z.object({
          value: z.number(),
          label: z.string().optional(),
          count: z.number(),
          share: EstimateSchema.optional(),
        }),
      )
      .readonly(),
    mean: EstimateSchema.optional(),
    satisfied: EstimateSchema.optional(),
    nps: EstimateSchema.extend({ standardError: z.number().optional() }).optional(),
  })
  .openapi('SurveyCampaignResults')

export const CampaignInvitationSchema = z
  .object({
    id: z.string(),
    contactId: z.string(),
    conversationId: z.string(),
    channel: z.string(),
    state: z.enum(surveyStates),
    askedAt: Moment,
    expiresAt: Moment,
    answeredAt: Moment.optional(),
    score: z.number().optional().openapi({ description: 'Of a choice: the place of the option' }),
    comment: z.string().optional(),
  })
  .openapi('SurveyCampaignInvitation')

export const ConsentSchema = z
  .object({
    id: z.string(),
    at: Moment,
    way: z.enum(['conversation', 'elsewhere']),
    conversationId: z.string(),
    proof: z.string().optional(),
    by: ActorSchema.optional(),
    withdrawnAt: Moment.optional(),
    withdrawnBy: ActorSchema.optional().openapi({ description: 'Absent: the contact' }),
    withdrawal: z.string().optional(),
  })
  .openapi('SurveyConsent')

// JSON of the database: what stands in it was checked by these shapes on its way in.
export const campaignJson = (campaign: Campaign): z.output<typeof CampaignSchema> =>
  toIso(campaign) as z.output<typeof CampaignSchema>
export const campaignEntryJson = (entry: CampaignEntry): z.output<typeof CampaignEntrySchema> => toIso(entry)
export const campaignInvitationJson = (invitation: CampaignInvitation): Iso<CampaignInvitation> =>
  toIso(invitation)
export const consentJson = (consent: SurveyConsent): z.output<typeof ConsentSchema> => toIso(consent)
