import { z } from '@hono/zod-openapi'
import type { Permission } from '../../../core/agent.ts'
import { reportNames, type ReportName, type ReportSpan } from '../../../core/report.ts'
import { Problem } from '../../problem.ts'
import {
  entryJson,
  ReportEntrySchema,
  WallSchema,
  wallJson,
  WorkReportSchema,
  workReportJson,
} from '../../shapes/work-report.ts'
import { requirePermission, type Caller } from '../caller.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import type { ReportServices } from '../environment.ts'
import { entryExample, wallExample, workReportExample } from './report-examples.ts'

const date = z
  .string()
  .regex(/^20\d\d-\d\d-\d\d$/, 'must be a date, e.g. 2026-11-01')
  .openapi({ example: '2026-11-01' })

const zone = z.string().max(64).optional().openapi({
  example: 'Asia/Shanghai',
  description: 'In which days begin; absent: that of calendars.hotline',
})

const spanQuery = {
  from: date,
  to: date.openapi({ example: '2026-11-30', description: 'The last day, included' }),
  zone,
  time: z
    .enum(['calendar', 'business'])
    .default('calendar')
    .openapi({ description: '`business`: durations count only while calendars.hotline is open' }),
}
const SpanQuery = z.strictObject(spanQuery)

const spanOf = (
  { from, to, zone: named, time }: z.output<typeof SpanQuery>,
  reports: ReportServices,
): ReportSpan => ({
  ...{ from, to, time },
  zone: named ?? reports.zone,
})

/** Numbers about single people are for those who look after their work. */
const permissionOf = (name: ReportName): Permission => (name === 'agents' ? 'quality.read' : 'report.read')

const requireReport = (caller: Caller, name: ReportName): void => {
  requirePermission(caller, permissionOf(name))
}

const whats: Readonly<Record<ReportName, string>> = {
  overview: 'Sessions, what the bot solved, handoffs, first replies, satisfaction; the funnel and the hours',
  intents: 'What contacts ask for, what the bot makes of it, and what surges',
  channels: 'How channels fare: sessions, failures by code, missed windows',
  agents: 'Tickets, replies and satisfaction by agent',
  complaints: 'Complaint cases by kind and decision',
  suggestions: 'What contacts suggest, by theme',
}

const operationOf = (name: ReportName): string => `get${name.charAt(0).toUpperCase()}${name.slice(1)}Report`

const oneReport = (name: ReportName): ApiRoute =>
  defineRoute({
    id: operationOf(name),
    method: 'get',
    path: `/reports/${name}`,
    tag: 'reports',
    summary: `Read the report of ${name}`,
    description: `${whats[name]}. Every number brings its definition and that of as many days before.`,
    permission: permissionOf(name),
    params: nothing,
    query: SpanQuery,
    body: nothing,
    answer: WorkReportSchema,
    example: { ...workReportExample, report: name },
    handle: async ({ api: { reports }, query, language }) => ({
      body: workReportJson(await reports.report(name, spanOf(query, reports), language)),
    }),
  })

const cursors = createCursors('report-entries', z.int().min(0))

const files = {
  csv: { type: 'text/csv; charset=utf-8', ending: 'csv' },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ending: 'xlsx',
  },
} as const

/** How work fares over a span: numbers, what they count, files of them, and how it stands now. */
export const workReportRoutes: readonly ApiRoute[] = [
  ...reportNames.map(oneReport),
  defineRoute({
    id: 'listReportEntries',
    method: 'get',
    path: '/reports/entries',
    tag: 'reports',
    summary: 'List what a number counts',
    description:
      'Exactly as many as the number says; of durations the longest first. `section` and `key` name a row of a table. The report of agents needs `quality.read`.',
    permission: 'report.read',
    params: nothing,
    query: z.strictObject({
      ...spanQuery,
      report: z.enum(reportNames),
      metric: z.string().max(40).openapi({ example: 'bot-solved' }),
      section: z.string().max(40).optional(),
      key: z.string().max(200).optional(),
      ...pageQuery,
    }),
    body: nothing,
    answer: pageOf(ReportEntrySchema),
    example: { data: [entryExample] },
    handle: async ({ api: { reports }, caller, query, language }) => {
      const { report, metric, section, key, limit, cursor } = query
      requireReport(caller, report)
      if (!reports.isMetric(metric))
        throw new Problem('bad_input', `${metric} is no number of a report; take it from the report`, {
          errors: [{ field: 'metric', in: 'query', message: 'not a number of a report' }],
        })
      const all = await reports.entries(
        {
          report,
          metric,
          ...(section === undefined ? {} : { section }),
          ...(key === undefined ? {} : { key }),
        },
        spanOf(query, reports),
        language,
      )
      const start = cursors.read(cursor) ?? 0
      const page = cutPage(all.slice(start, start + limit + 1), limit, {
        json: entryJson,
        cursor: () => cursors.write(start + limit),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    id: 'exportReport',
    method: 'get',
    path: '/reports/export',
    tag: 'reports',
    summary: 'Write a report into a file',
    description:
      'CSV with a byte order mark, or XLSX with a sheet for each table; definitions included. The report of agents needs `quality.read`.',
    permission: 'report.read',
    params: nothing,
    query: z.strictObject({
      ...spanQuery,
      report: z.enum(reportNames),
      format: z.enum(['csv', 'xlsx']).default('csv'),
    }),
    body: nothing,
    produces: 'application/octet-stream',
    answer: nothing,
    example: {},
    handle: async ({ api: { reports }, caller, query, language }) => {
      const { report: name, format, from, to } = query
      requireReport(caller, name)
      const report = await reports.report(name, spanOf(query, reports), language)
      const { type, ending } = files[format]
      return new Response(Buffer.from(await reports.write[format](report, language)), {
        headers: {
          'content-type': type,
          'content-disposition': `attachment; filename="${name}-${from}-${to}.${ending}"`,
          'cache-control': 'no-store',
        },
      })
    },
  }),
  defineRoute({
    id: 'getReportWall',
    method: 'get',
    path: '/reports/wall',
    tag: 'reports',
    summary: 'Read how things stand now',
    description: 'What waits, who is there, and today so far beside yesterday until the same time.',
    permission: 'report.read',
    params: nothing,
    query: z.strictObject({ zone }),
    body: nothing,
    answer: WallSchema,
    example: wallExample,
    handle: async ({ api: { reports }, query, language }) => ({
      body: wallJson(await reports.wall(query.zone ?? reports.zone, language)),
    }),
  }),
]
