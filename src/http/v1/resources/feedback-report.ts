import { z } from '@hono/zod-openapi'
import { reportJson, ReportSchema } from '../../shapes/feedback.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { reportExample } from './feedback-examples.ts'

const contentTypes = { csv: 'text/csv; charset=utf-8', markdown: 'text/markdown; charset=utf-8' } as const
const endings = { csv: 'csv', markdown: 'md' } as const

const Query = z.strictObject({
  month: z
    .string()
    .regex(/^20\d\d-(?:0[1-9]|1[0-2])$/, 'must be a month, e.g. 2026-11')
    .openapi({ example: '2026-11' }),
  format: z
    .enum(['json', 'csv', 'markdown'])
    .default('json')
    .openapi({ description: 'CSV and Markdown come in the language of Accept-Language' }),
})

/** What a month brought. */
export const feedbackReportRoutes: readonly ApiRoute[] = [
  defineRoute({
    tag: 'feedback',
    id: 'getSuggestionReport',
    method: 'get',
    path: '/feedback/report',
    permission: 'feedback.read',
    summary: 'Read the report of a month',
    description:
      'New themes, what was asked for most, what rises, what shipped or was declined, who was told.',
    params: nothing,
    query: Query,
    body: nothing,
    answer: ReportSchema,
    example: reportExample,
    handle: async ({ api, context, language, query: { month, format } }) => {
      const report = await api.suggestions.report(month)
      if (format === 'json') return { body: reportJson(report) }
      return context.body(api.suggestions.write[format](report, language), 200, {
        'content-type': contentTypes[format],
        'content-disposition': `attachment; filename="suggestions-${month}.${endings[format]}"`,
        'cache-control': 'no-store',
      })
    },
  }),
]
