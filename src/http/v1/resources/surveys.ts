import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import { scores } from '../../../core/survey-answer.ts'
import { surveyGroupings, surveyStates } from '../../../core/survey.ts'
import { invitationJson, InvitationSchema, resultsJson, ResultsSchema } from '../../shapes/survey.ts'
import type { Caller } from '../caller.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const id = (end: string): string => `0198c0de-0000-7000-8000-0000000000${end}`

const invitationExample: z.output<typeof InvitationSchema> = {
  id: id('e0'),
  ticketId: id('0a'),
  ticketNumber: 1001,
  contactId: id('0c'),
  conversationId: id('0b'),
  inboxId: 'wechat',
  channel: 'wechat',
  agentId: 'li',
  topic: 'vip-refund',
  state: 'answered',
  dueAt: '2026-11-27T04:10:00.000Z',
  askedAt: '2026-11-27T04:10:00.000Z',
  expiresAt: '2026-11-30T04:10:00.000Z',
  answeredAt: '2026-11-27T04:11:00.000Z',
  score: 2,
  comment: '等了三天才有人回',
  reviewTicketId: id('0d'),
  version: 4,
}

const resultsExample: z.output<typeof ResultsSchema> = {
  month: '2026-11',
  timeZone: 'Asia/Shanghai',
  by: 'team',
  groups: [
    {
      key: id('0e'),
      name: '会员组',
      asked: 120,
      answered: 48,
      scores: [3, 4, 6, 15, 20],
      responseRate: { value: 0.4, low: 0.3169, high: 0.4894 },
      mean: { value: 3.9375, low: 3.5852, high: 4.2898 },
      satisfied: { value: 0.7292, low: 0.5902, high: 0.8343 },
    },
  ],
}

const month = z
  .string()
  .regex(/^20\d\d-(?:0[1-9]|1[0-2])$/, 'must be a month, e.g. 2026-11')
  .openapi({ example: '2026-11' })

/** Throws `bad_input` for a key: only people have results of their own. */
const agentOf = ({ kind, id: agentId }: Caller): string => {
  if (kind === 'agent') return agentId
  throw new TongdaError(
    'bad_input',
    'these are results of a person who is signed in; programs read /surveys/results?by=agent',
  )
}

const invitations = createCursors('surveys', z.object({ id: z.uuid() }))
const common = { tag: 'surveys', method: 'get', params: nothing, body: nothing } as const

/** How satisfied contacts are. */
export const surveyRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'getSurveyResults',
    path: '/surveys/results',
    permission: 'survey.read',
    summary: 'Read the results of a month',
    description:
      'Of the surveys asked in it: response rate, mean and share satisfied, with 95 % intervals (Wilson for shares, Student’s t for means).',
    query: z.strictObject({
      month,
      by: z.enum(surveyGroupings).default('all'),
      format: z
        .enum(['json', 'csv'])
        .default('json')
        .openapi({ description: 'CSV comes in the language of Accept-Language' }),
    }),
    answer: ResultsSchema,
    example: resultsExample,
    handle: async ({ api, context, language, query }) => {
      const results = await api.surveys.results(query.month, query.by)
      if (query.format === 'json') return { body: resultsJson(results) }
      return context.body(api.surveys.csv(results, language), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="surveys-${query.month}-${query.by}.csv"`,
        'cache-control': 'no-store',
      })
    },
  }),
  defineRoute({
    ...common,
    id: 'getOwnSurveyResults',
    path: '/surveys/results/me',
    permission: 'ticket.read',
    summary: 'Read your own results of a month',
    description: 'Of the tickets that were yours when they were solved; people only.',
    query: z.strictObject({ month }),
    answer: ResultsSchema,
    example: { ...resultsExample, by: 'all' },
    handle: async ({ api, caller, query }) => ({
      body: resultsJson(await api.surveys.results(query.month, 'all', agentOf(caller))),
    }),
  }),
  defineRoute({
    ...common,
    id: 'listSurveyInvitations',
    path: '/surveys/invitations',
    permission: 'survey.read',
    summary: 'List who was asked, and what came of it',
    description: 'The latest first. `reason` says why somebody was not asked.',
    query: z.strictObject({
      ...pageQuery,
      ticket: z.uuid().optional(),
      state: z.enum(surveyStates).optional(),
      mostScore: z.coerce
        .number()
        .pipe(z.literal([...scores]))
        .optional()
        .openapi({ type: 'integer', description: 'Scores up to this one' }),
    }),
    answer: pageOf(InvitationSchema).openapi('SurveyInvitationPage'),
    example: { data: [invitationExample] },
    handle: async ({ api, query: { limit, cursor, ticket, state, mostScore } }) => {
      const after = invitations.read(cursor)?.id
      const rows = await api.surveys.records.list(
        {
          ...(ticket === undefined ? {} : { ticketId: ticket }),
          ...(state === undefined ? {} : { states: [state] }),
          ...(mostScore === undefined ? {} : { mostScore }),
        },
        { limit: limit + 1, ...(after === undefined ? {} : { after }) },
      )
      const page = cutPage(rows, limit, {
        json: invitationJson,
        cursor: ({ id: last }) => invitations.write({ id: last }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
]
