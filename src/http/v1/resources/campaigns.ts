import { z } from '@hono/zod-openapi'
import type { Campaign, CampaignFacts, CampaignMove, CampaignWrite } from '../../../core/campaign.ts'
import {
  AudienceSchema,
  campaignEntryJson,
  CampaignEntrySchema,
  campaignInvitationJson,
  CampaignInvitationSchema,
  campaignJson,
  CampaignResultsSchema,
  CampaignSchema,
  PreviewSchema,
  QuestionSchema,
} from '../../shapes/campaign.ts'
import { Moment } from '../../shapes/message.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import {
  campaignEntryExample,
  campaignExample,
  campaignInvitationExample,
  campaignResultsExample,
  previewExample,
} from './campaign-examples.ts'
import { actorOf, showingCurrent } from '../writing.ts'

const title = z.string().trim().min(1).max(100)
const share = z.number().gt(0).max(1)
const mostADay = z.int().min(1).max(100_000)
const reason = z.string().trim().min(1).max(500).optional().openapi({ description: 'Stands in the history' })

const Draft = z.strictObject({
  ...{ title, question: QuestionSchema, audience: AudienceSchema },
  startsAt: Moment.optional().openapi({ description: 'Absent: once it is started' }),
  endsAt: Moment,
  share: share.default(1).openapi({ description: 'Share of the audience, chosen by chance' }),
  mostADay: mostADay.default(200).openapi({ description: 'Most invitations on one day of the brand' }),
})
const Changes = z.strictObject({
  title: title.optional(),
  question: QuestionSchema.optional().openapi({ description: 'While it is a draft' }),
  audience: AudienceSchema.optional(),
  startsAt: Moment.optional(),
  endsAt: Moment.optional(),
  share: share.optional(),
  mostADay: mostADay.optional(),
  reason,
})

const factsOf = ({ startsAt, endsAt, ...facts }: z.output<typeof Changes>): Partial<CampaignFacts> =>
  Object.fromEntries(
    Object.entries({
      ...facts,
      ...(startsAt === undefined ? {} : { startsAt: new Date(startsAt) }),
      ...(endsAt === undefined ? {} : { endsAt: new Date(endsAt) }),
    }).filter(([name, value]) => name !== 'reason' && value !== undefined),
  )

type CampaignReply = Reply<z.output<typeof CampaignSchema>>
const reply = (campaign: Campaign): CampaignReply => ({
  body: campaignJson(campaign),
  version: campaign.version,
})

type WriteCall = Pick<RawCall, 'api' | 'caller' | 'version' | 'idempotencyKey'> & {
  readonly params: { readonly id: string }
  readonly body: { readonly reason?: string | undefined }
}

/** Writes to a campaign and answers it as it is then. */
const writing = async (
  call: WriteCall,
  write: (facts: CampaignWrite) => Promise<Campaign>,
): Promise<CampaignReply> => {
  const { api, version, idempotencyKey, params, body } = call
  return reply(
    await showingCurrent(
      () => write({ actor: actorOf(call), reason: body.reason, version, idempotencyKey }),
      async () => campaignJson(await api.surveys.campaigns.get(params.id)),
      { version, changes: body },
    ),
  )
}

const common = {
  tag: 'surveys',
  permission: 'survey.manage',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: CampaignSchema,
  example: campaignExample,
} as const
const reading = { ...common, method: 'get', permission: 'survey.read' } as const

const moving = (
  path: 'start' | 'pause' | 'end',
  move: CampaignMove,
  texts: { readonly summary: string; readonly description: string },
): ApiRoute =>
  defineRoute({
    ...{ ...common, ...texts, method: 'post', versioned: true },
    id: `${path}SurveyCampaign`,
    path: `/surveys/campaigns/{id}/${path}`,
    body: z.strictObject({ reason }),
    handle: (call) =>
      writing(call, (write) =>
        call.api.surveys.campaigns.move(call.params.id, move, write, call.api.clock.now()),
      ),
  })

const campaigns = createCursors('survey-campaigns', z.object({ id: z.uuid() }))
const invitations = createCursors('survey-campaign-invitations', z.object({ id: z.uuid() }))

/** Making campaigns, and letting them run. */
const writes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'createSurveyCampaign',
    method: 'post',
    path: '/surveys/campaigns',
    summary: 'Make a campaign',
    description: 'It is a draft: nobody is asked before it is started.',
    params: nothing,
    body: Draft,
    status: 201,
    handle: async ({ api, body, idempotencyKey, ...call }) => {
      const now = api.clock.now()
      const { startsAt, endsAt, ...facts } = body
      const campaign = await api.surveys.campaigns.create(
        { ...facts, startsAt: startsAt === undefined ? now : new Date(startsAt), endsAt: new Date(endsAt) },
        { actor: actorOf(call), idempotencyKey },
        now,
      )
      return { ...reply(campaign), location: `/surveys/campaigns/${campaign.id}` }
    },
  }),
  defineRoute({
    ...common,
    id: 'changeSurveyCampaign',
    method: 'patch',
    path: '/surveys/campaigns/{id}',
    summary: 'Change a campaign',
    description: 'Until it has ended; the question only while it is a draft.',
    body: Changes,
    versioned: true,
    handle: (call) => {
      return writing(call, (write) =>
        call.api.surveys.campaigns.change(call.params.id, factsOf(call.body), write, call.api.clock.now()),
      )
    },
  }),
  moving('start', 'started', {
    summary: 'Start a campaign, or go on with it',
    description: 'From its start on, contacts who agreed are asked, as many a day as it may.',
  }),
  moving('pause', 'paused', {
    summary: 'Pause a campaign',
    description: 'Nobody else is asked; who was asked can still answer.',
  }),
  moving('end', 'ended', {
    summary: 'End a campaign',
    description: 'For good. Who was asked can still answer.',
  }),
]

/** What campaigns are, and what came of them. */
const reads: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listSurveyCampaigns',
    path: '/surveys/campaigns',
    summary: 'List campaigns',
    description: 'The latest first.',
    params: nothing,
    query: z.strictObject(pageQuery),
    answer: pageOf(CampaignSchema).openapi('SurveyCampaignPage'),
    example: { data: [campaignExample] },
    handle: async ({ api, query: { limit, cursor } }) => {
      const after = campaigns.read(cursor)?.id
      const rows = await api.surveys.campaigns.list({
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      })
      const page = cutPage(rows, limit, { json: campaignJson, cursor: ({ id }) => campaigns.write({ id }) })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getSurveyCampaign',
    path: '/surveys/campaigns/{id}',
    summary: 'Read a campaign',
    versioned: true,
    handle: async ({ api, params }) => reply(await api.surveys.campaigns.get(params.id)),
  }),
  defineRoute({
    ...reading,
    id: 'listSurveyCampaignHistory',
    path: '/surveys/campaigns/{id}/history',
    summary: 'Read a campaign’s history',
    description: 'The oldest line first.',
    answer: z.object({ data: z.array(CampaignEntrySchema).readonly() }),
    example: { data: [campaignEntryExample] },
    handle: async ({ api, params }) => ({
      body: { data: (await api.surveys.campaigns.history(params.id)).map(campaignEntryJson) },
    }),
  }),
  defineRoute({
    ...reading,
    id: 'previewSurveyCampaign',
    path: '/surveys/campaigns/{id}/preview',
    summary: 'See whom a campaign would ask now',
    description: 'How many there are, how many agreed, how many can be asked now, and why not the others.',
    answer: PreviewSchema,
    example: previewExample,
    handle: async ({ api, params }) => ({
      body: await api.surveys.preview(await api.surveys.campaigns.get(params.id)),
    }),
  }),
  defineRoute({
    ...reading,
    id: 'getSurveyCampaignResults',
    path: '/surveys/campaigns/{id}/results',
    summary: 'Read the results of a campaign',
    description: 'With 95 % intervals: Wilson for shares, Student’s t for means, normal for NPS.',
    query: z.strictObject({ format: z.enum(['json', 'csv']).default('json') }),
    answer: CampaignResultsSchema,
    example: campaignResultsExample,
    handle: async ({ api: { surveys }, context, language, params, query }) => {
      const { id, question } = await surveys.campaigns.get(params.id)
      const results = surveys.campaignResults(question, await surveys.campaignRecords.count(id), language)
      if (query.format === 'json') return { body: results }
      return context.body(surveys.campaignCsv(results, language), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="survey-campaign-${id}.csv"`,
        'cache-control': 'no-store',
      })
    },
  }),
  defineRoute({
    ...reading,
    id: 'listSurveyCampaignInvitations',
    path: '/surveys/campaigns/{id}/invitations',
    summary: 'List whom a campaign asked, and what they said',
    description: 'The latest first.',
    query: z.strictObject(pageQuery),
    answer: pageOf(CampaignInvitationSchema).openapi('SurveyCampaignInvitationPage'),
    example: { data: [campaignInvitationExample] },
    handle: async ({ api: { surveys }, params, query: { limit, cursor } }) => {
      const { id } = await surveys.campaigns.get(params.id)
      const after = invitations.read(cursor)?.id
      const rows = await surveys.campaignRecords.invitations(id, {
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      })
      const page = cutPage(rows, limit, {
        json: campaignInvitationJson,
        cursor: (last) => invitations.write({ id: last.id }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
]

/** Questions to contacts who agreed to be asked. */
export const campaignRoutes: readonly ApiRoute[] = [...writes, ...reads]
