import { z } from '@hono/zod-openapi'
import { PreviewSchema } from '../../shapes/feedback.ts'
import {
  incidentNoticeJson,
  IncidentNoticeSchema,
  incidentReportJson,
  IncidentReportSchema,
} from '../../shapes/incident.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { incidentExample, incidentReportExample } from './incident-examples.ts'

const cursors = createCursors('incident-notices', z.object({ id: z.uuid() }))

const reading = {
  tag: 'incidents',
  method: 'get',
  permission: 'incident.read',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
} as const

/** Who hears of incidents, and what was. */
export const incidentTellingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    permission: 'incident.manage',
    id: 'previewIncidentTelling',
    path: '/incidents/{id}/telling',
    summary: 'See how many would be told, and through what',
    description: 'Changes nothing.',
    query: z.strictObject({
      kind: z.enum(['update', 'closed']).default('update').openapi({
        description: 'closed: as when it is closed, and tickets under it keep nobody busy any more',
      }),
    }),
    answer: PreviewSchema,
    example: {
      ...{ people: 31, now: 8, fallback: 0, waits: 23, never: 0 },
      reasons: { 'quota-used': 23 },
      inboxes: { web: 8 },
    },
    handle: async ({ api, params, query: { kind } }) => ({
      body: await api.incidents.desk.preview(params.id, kind),
    }),
  }),
  defineRoute({
    ...reading,
    id: 'listIncidentNotices',
    path: '/incidents/{id}/notices',
    summary: 'See who was told',
    query: z.strictObject(pageQuery),
    answer: pageOf(IncidentNoticeSchema).openapi('IncidentNoticePage'),
    example: {
      data: [
        {
          id: '0198c0de-0000-7000-8000-0000000000e2',
          updateId: '0198c0de-0000-7000-8000-0000000000e3',
          contactId: '0198c0de-0000-7000-8000-00000000000c',
          conversationId: '0198c0de-0000-7000-8000-00000000000b',
          state: 'waits',
          reason: 'window-closed',
          createdAt: incidentExample.declaredAt,
        },
      ],
    },
    handle: async ({ api, params, query: { limit, cursor } }) => {
      const { id } = await api.incidents.reading.get(params.id)
      const after = cursors.read(cursor)?.id
      const rows = await api.incidents.notices.list(id, {
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      })
      const page = cutPage(rows, limit, {
        json: incidentNoticeJson,
        cursor: ({ id: last }) => cursors.write({ id: last }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getIncidentReport',
    path: '/incidents/{id}/report',
    summary: 'Read an incident’s report',
    description: 'What happened, messages beside what is usual, tickets, who was told.',
    query: z.strictObject({
      format: z
        .enum(['json', 'markdown'])
        .default('json')
        .openapi({ description: 'Markdown comes in the language of Accept-Language' }),
    }),
    answer: IncidentReportSchema,
    example: incidentReportExample,
    handle: async ({ api, context, language, params, query: { format } }) => {
      const report = await api.incidents.desk.report(params.id)
      if (format === 'json') return { body: incidentReportJson(report) }
      return context.body(api.incidents.markdown(report, language), 200, {
        'content-type': 'text/markdown; charset=utf-8',
        'content-disposition': `attachment; filename="incident-${String(report.incident.number)}.md"`,
        'cache-control': 'no-store',
      })
    },
  }),
]
